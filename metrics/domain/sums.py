"""Additive sums: what buckets hold, and how pieces of the timeline and facts change them.

Whole numbers only.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from common.instants import FIVE_MINUTES_MS, HOUR_MS
from common.intervals import Interval, union
from events.domain.observation import COUNT, LATE_MS, Observation
from metrics.domain.timeline import Piece

# The order of columns in a bucket's sums.
TIMES = ("working_ms", "idle_ms", "absent_ms")
COUNTS = (
    "working_events",
    "idle_events",
    "absent_events",
    "count_events",
    "units",
    "confidence_events",
    "confidence_sum",
    "low_confidence_events",
    "late_events",
    "lag_ms_sum",
    "overruled_events",
)
ADDED = TIMES + COUNTS
NEWEST = "newest_event_at"
PRESENCE = ("present_any_ms", "working_any_ms")

_TIME_OF = {"working": 0, "idle": 1, "absent": 2}
_COUNT_OF = {"working": 3, "idle": 4, "absent": 5, COUNT: 6}
_UNITS, _CONFIDENT, _CONFIDENCE, _LOW, _LATE, _LAG, _OVERRULED = range(7, 14)
_NEWEST = 14
_ZERO = [0] * 15

PRESENT = ("working", "idle")
CONFIDENCE_SCALE = 10_000  # a confidence is summed as a whole number of ten-thousandths

FIVE_MINUTES, HOUR = 5, 60  # the two grains of buckets, in minutes

BucketKey = tuple[int, int, int]  # start, worker, workstation


class Delta:
    """Changes of 5-minute buckets, gathered; hours follow from them."""

    def __init__(self) -> None:
        self.rows: defaultdict[BucketKey, list[int]] = defaultdict(_ZERO.copy)

    def add_piece(self, worker_id: int, piece: Piece, sign: int = 1) -> None:
        """Adds (or takes off) the piece's time."""
        column = _TIME_OF[piece.state]
        for start, milliseconds in per_bucket(piece.start, piece.end):
            self.rows[start, worker_id, piece.workstation_id][column] += sign * milliseconds

    def add_fact(self, fact: Observation, threshold: float, sign: int = 1) -> None:
        """Adds (or takes off) what one event counts; a restated event counts in nothing."""
        if fact.restated:
            return
        at = fact.occurred_at
        row = self.rows[at - at % FIVE_MINUTES_MS, fact.worker_id, fact.workstation_id]
        row[_COUNT_OF[fact.event_type]] += sign
        row[_UNITS] += sign * fact.count
        confidence = fact.confidence
        if confidence is not None:
            row[_CONFIDENT] += sign
            row[_CONFIDENCE] += sign * round(confidence * CONFIDENCE_SCALE)
            if confidence < threshold:
                row[_LOW] += sign
        lag = fact.received_at - at
        row[_LAG] += sign * lag
        if lag > LATE_MS:
            row[_LATE] += sign
        if sign > 0 and at > row[_NEWEST]:
            row[_NEWEST] = at

    def add_newest(self, at: int, worker_id: int, workstation_id: int) -> None:
        """An event is known to have been there at an instant."""
        row = self.rows[at - at % FIVE_MINUTES_MS, worker_id, workstation_id]
        row[_NEWEST] = max(row[_NEWEST], at)

    def add_overruled(self, fact: Observation, sign: int = 1) -> None:
        """A state event lost (or no longer loses) a tie; a restated one counts in nothing."""
        if not fact.restated:
            at = fact.occurred_at
            key = (at - at % FIVE_MINUTES_MS, fact.worker_id, fact.workstation_id)
            self.rows[key][_OVERRULED] += sign

    def by_hour(self) -> dict[BucketKey, list[int]]:
        """The same changes in buckets of an hour."""
        hours: dict[BucketKey, list[int]] = {}
        for (start, worker_id, workstation_id), row in self.rows.items():
            key = (start - start % HOUR_MS, worker_id, workstation_id)
            hour = hours.get(key)
            if hour is None:
                hours[key] = row.copy()
                continue
            newest = max(hour[_NEWEST], row[_NEWEST])
            hours[key] = [*map(int.__add__, hour, row)]
            hours[key][_NEWEST] = newest
        return hours


def per_bucket(start: int, end: int) -> list[tuple[int, int]]:
    """An interval's milliseconds in each 5-minute bucket that it meets."""
    first = start - start % FIVE_MINUTES_MS
    if end <= first + FIVE_MINUTES_MS:
        return [(first, end - start)]
    return [
        (mark, min(end, mark + FIVE_MINUTES_MS) - max(start, mark))
        for mark in range(first, end, FIVE_MINUTES_MS)
    ]


class Presence(NamedTuple):
    """Clock time at a workstation with at least one worker present, and working."""

    present: list[Interval]
    working: list[Interval]


def presence(pieces: Iterable[Piece]) -> Presence:
    """The unions over all workers' pieces at one workstation."""
    working, idle = [], []
    for piece in pieces:
        if piece.state == "working":
            working.append((piece.start, piece.end))
        elif piece.state == "idle":
            idle.append((piece.start, piece.end))
    return Presence(union(working + idle), union(working))


def presence_sums(of: Presence) -> dict[int, list[int]]:
    """[present, working] milliseconds by start of the 5-minute bucket."""
    rows: dict[int, list[int]] = {}
    for column, intervals in enumerate(of):
        for interval in intervals:
            for start, milliseconds in per_bucket(*interval):
                rows.setdefault(start, [0, 0])[column] += milliseconds
    return rows


def folded(rows: Mapping[tuple[int, int], list[int]]) -> dict[tuple[int, int], list[int]]:
    """Rows by (5-minute start, workstation), summed by (hour, workstation)."""
    hours: dict[tuple[int, int], list[int]] = {}
    for (start, workstation_id), row in rows.items():
        key = (start - start % HOUR_MS, workstation_id)
        hours[key] = [*map(int.__add__, hours.get(key, [0, 0]), row)]
    return hours
