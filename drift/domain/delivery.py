"""How a delivery went, and when the next one is tried."""

from typing import NamedTuple

from common.instants import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS

CLAIM_MS = MINUTE_MS  # longer than any try takes; then a message of a dead worker is tried again
FIRST_REST_MS = 10 * SECOND_MS  # doubled with each failure
LONGEST_REST_MS = HOUR_MS
GIVE_UP_AFTER_MS = 3 * DAY_MS  # a long weekend without the receiver


class Outcome(NamedTuple):
    """What came of one try, in words for people."""

    is_sent: bool
    said: str
    is_final: bool = False  # another try would end the same
    is_gone: bool = False  # the receiver wants nothing more, ever
    rest_s: int = 0  # the receiver asked to be left alone for so long


def sent(said: str) -> Outcome:
    """It has arrived."""
    return Outcome(True, said)  # noqa: FBT003


def failed(said: str, *, is_final: bool = False, is_gone: bool = False, rest_s: int = 0) -> Outcome:
    """It has not, or nobody knows."""
    return Outcome(False, said, is_final, is_gone, rest_s)  # noqa: FBT003


def rest_ms(failures: int, *, chance: float) -> int:
    """How long to wait after so many failures: doubling, and spread by a chance in [0, 1)."""
    doublings = min(failures - 1, 30)
    full = min(FIRST_REST_MS * 2**doublings, LONGEST_REST_MS)
    return int(full * (0.75 + chance / 2))
