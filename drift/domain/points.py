"""Sums of confidences as points of a series: their place in the local day, mean, dispersion."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import log
from typing import NamedTuple
from zoneinfo import ZoneInfo

from common.instants import DAY_MS, HOUR_MS, SECOND_MS, to_datetime
from drift.domain.buckets import SCALE

Row = tuple[int, int, int, int]  # start, n, Σ c, Σ c²
Rows = Mapping[str, Sequence[Row]]  # of one camera and model version, by event type, in order

MIN_FOR_MEAN = 5  # events in a bucket whose mean is looked at
MIN_FOR_DISPERSION = 15


class Point(NamedTuple):
    """A segment in one bucket of time.

    `dispersion` is log(s² / (m(1 − m))): how widely confidences lie, whatever their mean.
    """

    at: int
    n: int
    mean: float
    variance: float
    dispersion: float
    hour: int  # of the local day
    day: int  # local, counted


def points_of(rows: Sequence[Row], time_zone: ZoneInfo) -> list[Point]:
    """The points of a segment, without those too thin."""
    return [_point(row, time_zone) for row in rows if row[1] >= MIN_FOR_MEAN]


def by_hour(rows: Sequence[Row]) -> list[Row]:
    """Quarters put together to hours."""
    hours: list[Row] = []
    end = n = s1 = s2 = 0
    for start, n_more, s1_more, s2_more in rows:
        if start >= end:
            if n:
                hours.append((end - HOUR_MS, n, s1, s2))
            end = start - start % HOUR_MS + HOUR_MS
            n = s1 = s2 = 0
        n += n_more
        s1 += s1_more
        s2 += s2_more
    return [*hours, (end - HOUR_MS, n, s1, s2)] if n else hours


def local_day(time_zone: ZoneInfo, instant: int) -> int:
    """The local day of an instant, counted as in `Point.day`."""
    return (instant + offset_at(time_zone, instant // HOUR_MS)) // DAY_MS


def _point(row: Row, time_zone: ZoneInfo) -> Point:
    at, n, s1, s2 = row
    mean = s1 / n / SCALE
    variance = (n * s2 - s1 * s1) / (n * (n - 1)) / SCALE**2
    local = at + offset_at(time_zone, at // HOUR_MS)
    hour, day = local % DAY_MS // HOUR_MS, local // DAY_MS
    return Point(at, n, mean, variance, _dispersion(mean, variance), hour, day)


def _dispersion(mean: float, variance: float) -> float:
    """Clamped where a mean or a variance at its limit would let it run away."""
    inside = 0.02 if mean < 0.02 else 0.98 if mean > 0.98 else mean
    ratio = variance / (inside * (1 - inside))
    return log(1e-3 if ratio < 1e-3 else 10 if ratio > 10 else ratio)


@lru_cache(maxsize=50_000)
def offset_at(time_zone: ZoneInfo, hour: int) -> int:
    """What local clocks are ahead of UTC, in an hour since 1970."""
    ahead = to_datetime(hour * HOUR_MS).astimezone(time_zone).utcoffset()
    return 0 if ahead is None else int(ahead.total_seconds()) * SECOND_MS
