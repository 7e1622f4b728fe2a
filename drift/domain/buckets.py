"""What is kept of confidences: sums per quarter of an hour and bins per hour.

All of it is whole numbers that only grow, so that any order of arrival adds up to the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

from common.instants import HOUR_MS, MINUTE_MS

QUARTER_MS = 15 * MINUTE_MS
SCALE = 10_000  # a confidence is kept as a whole number of ten-thousandths
BINS = 60  # 20 of .04 up to .8, then 40 of .005: most confidences lie there

# Three bins share a column: 20 additions cost half of what 60 do. A bin would have to count two
# million events of one kind in an hour, from one camera, to run into the next.
_SHARING = 3
_BITS = 21
_MASK = (1 << _BITS) - 1
COLUMNS = tuple(f"bins_{first}" for first in range(0, BINS, _SHARING))

SegmentKey = tuple[int, str, str]  # camera, model version, event type
QuarterKey = tuple[int, str, str, int]  # and the start of the quarter


class Seen(Protocol):
    """What is asked of a fact."""

    @property
    def camera_id(self) -> int: ...
    @property
    def model_version(self) -> str: ...
    @property
    def event_type(self) -> str: ...
    @property
    def occurred_at(self) -> int: ...
    @property
    def confidence(self) -> float | None: ...
    @property
    def restated(self) -> bool: ...


def grouped(facts: Iterable[Seen]) -> dict[QuarterKey, list[int]]:
    """The confidences of each segment and quarter; facts restated or without one are left out."""
    groups: defaultdict[QuarterKey, list[int]] = defaultdict(list)
    for fact in facts:
        confidence = fact.confidence
        if confidence is not None and not fact.restated:
            at = fact.occurred_at
            start = at - at % QUARTER_MS
            groups[fact.camera_id, fact.model_version, fact.event_type, start].append(
                round(confidence * SCALE)
            )
    return groups


def sums(confidences: list[int]) -> tuple[int, int, int]:
    """How many, their sum, and the sum of their squares."""
    return len(confidences), sum(confidences), sum([each * each for each in confidences])


def count(confidences: list[int], row: list[int]) -> None:
    """Adds confidences to the columns of an hour's bins."""
    for each in confidences:
        column, one = _PLACES[each]
        row[column] += one


def hour_of(start: int) -> int:
    """The start of the hour in which a quarter lies."""
    return start - start % HOUR_MS


def bins_of(row: Sequence[int]) -> list[int]:
    """The counts of all bins, from the columns that they share."""
    return [
        column >> shift & _MASK for column in row for shift in range(0, _SHARING * _BITS, _BITS)
    ]


def bin_of(confidence: int) -> int:
    """The bin in which a confidence, in ten-thousandths, is counted."""
    return confidence // 400 if confidence < 8_000 else min(BINS - 1, (confidence - 7_000) // 50)


def edge_of(number: int) -> float:
    """Where a bin begins."""
    return round(number * 0.04 if number < 20 else 0.7 + number * 0.005, 3)


_PLACE_OF_BIN = [(number // _SHARING, 1 << number % _SHARING * _BITS) for number in range(BINS)]
_PLACES = [_PLACE_OF_BIN[bin_of(confidence)] for confidence in range(SCALE + 1)]
