"""What the newest events say about their camera: does its ttl fit, is its clock right."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import pairwise
from statistics import median_low
from typing import NamedTuple

from common.instants import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, ceil_to
from events.domain.observation import COUNT, LATE_MS

GAPS_NEEDED = 3  # fewer say nothing about a rhythm
AHEAD_MS = 5 * SECOND_MS  # clocks that are kept differ by less
ZONE_STEP_MS = 30 * MINUTE_MS  # time zones differ by multiples of it (a few by 15 min)
ZONE_SLACK_MS = 90 * SECOND_MS
TTL_OF_GAP = 3  # as for the reporting interval: two reports may be lost
_STEPS = (MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 4 * HOUR_MS, 12 * HOUR_MS, DAY_MS)


class Seen(NamedTuple):
    """What is looked at of an event."""

    worker_id: int
    event_type: str
    occurred_at: int
    received_at: int


class HintKind(StrEnum):
    """What seems to be wrong."""

    TTL = "ttl"  # states end long before the next report
    BEHIND = "behind"  # events come late, or the clock is slow
    AHEAD = "ahead"  # the clock is fast
    ZONE = "zone"  # off by whole half hours: local time sent as UTC


class Hint(NamedTuple):
    """By how much, and for a ttl what would fit."""

    kind: HintKind
    by_ms: int
    ttl_s: int | None = None


def hints(seen: Sequence[Seen], *, ttl_ms: int, max_ttl_ms: int) -> list[Hint]:
    """What the events suggest to look at; nothing where all is well or little is known."""
    found = [_of_gap(seen, ttl_ms, max_ttl_ms), *([of_lag(_lag(seen))] if seen else [])]
    return [hint for hint in found if hint is not None]


def of_lag(lag_ms: int) -> Hint | None:
    """What a time between happening and arriving suggests; negative: it came before its time."""
    if -AHEAD_MS < lag_ms <= LATE_MS:
        return None
    nearest = round(lag_ms / ZONE_STEP_MS) * ZONE_STEP_MS
    if nearest and abs(lag_ms - nearest) <= ZONE_SLACK_MS:
        return Hint(HintKind.ZONE, lag_ms)
    return Hint(HintKind.BEHIND if lag_ms > 0 else HintKind.AHEAD, abs(lag_ms))


def median_gap(seen: Iterable[Seen]) -> int | None:
    """The usual time between two state events of the same worker; None if too few are known."""
    instants: dict[int, set[int]] = defaultdict(set)
    for event in seen:
        if event.event_type != COUNT:
            instants[event.worker_id].add(event.occurred_at)
    gaps = [after - before for own in instants.values() for before, after in pairwise(sorted(own))]
    return median_low(gaps) if len(gaps) >= GAPS_NEEDED else None


def fitting_ttl_s(gap_ms: int, *, max_ttl_ms: int) -> int:
    """A ttl that outlasts three such gaps, rounded up to a length that people would choose."""
    wanted = TTL_OF_GAP * gap_ms
    step = max((step for step in _STEPS if step <= wanted), default=SECOND_MS)
    return int(min(ceil_to(wanted, step), max_ttl_ms) // SECOND_MS)


def _of_gap(seen: Sequence[Seen], ttl_ms: int, max_ttl_ms: int) -> Hint | None:
    gap = median_gap(seen)
    if gap is None or gap <= ttl_ms or ttl_ms >= max_ttl_ms:
        return None
    return Hint(HintKind.TTL, gap, fitting_ttl_s(gap, max_ttl_ms=max_ttl_ms))


def _lag(seen: Iterable[Seen]) -> int:
    return median_low(event.received_at - event.occurred_at for event in seen)
