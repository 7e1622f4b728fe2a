"""Covers a window by buckets: hours where a whole hour is alike, 5 minutes around its borders.

A window falls into stretches in which nothing changes: neither who is scheduled, nor the bucket of
a series. Each stretch has a label; sums are asked for by label, so that one pass over the buckets
answers for every cohort at once.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from common.instants import FIVE_MINUTES_MS, HOUR_MS, ceil_to, floor_to
from common.intervals import Interval
from metrics.domain.sums import FIVE_MINUTES, HOUR


class Label(NamedTuple):
    """What is the same all through a stretch:

    `mask` has a bit for each cohort scheduled; `bucket` counts a series' buckets.
    """

    mask: int
    bucket: int


@dataclass(frozen=True)
class Cover:
    """The stretches of a window, in order, and the bucket rows that make them up."""

    starts: tuple[int, ...] = field(repr=False)
    labels: tuple[int, ...] = field(repr=False)
    meaning: tuple[Label, ...] = field(repr=False)
    rows: tuple[tuple[int, int, int, int], ...] = field(repr=False)

    def label_at(self, instant: int) -> Label:
        """The label of the stretch in which an instant of the window lies."""
        return self.meaning[self.labels[bisect_right(self.starts, instant) - 1]]


def cover(
    window: Interval, cohorts: Sequence[Sequence[Interval]], marks: Sequence[int] = ()
) -> Cover:
    """Covers a window.

    `cohorts`: each one's scheduled time in it; `marks`: the borders of a series' buckets, in order.

    The window's end may lie inside a 5-minute bucket: that bucket is covered whole, as a stretch of
    its own, and the reader takes off what lies past the end.
    """
    return _cover(window, tuple(map(tuple, cohorts)), tuple(marks))


@lru_cache(maxsize=64)  # all that a page asks about its window is covered alike
def _cover(
    window: Interval, cohorts: tuple[tuple[Interval, ...], ...], marks: tuple[int, ...]
) -> Cover:
    start, end = window
    changes, last = _changes(cohorts), floor_to(end, FIVE_MINUTES_MS)
    borders = sorted({start, *(at for at in (*changes, *marks, last) if start < at < end)})
    known: dict[tuple[Label, bool], int] = {}
    labels: list[int] = []
    rows: list[tuple[int, int, int, int]] = []
    mask = changes.get(start, 0)
    for low, high in zip(borders, [*borders[1:], ceil_to(end, FIVE_MINUTES_MS)], strict=True):
        mask = mask if low == start else mask ^ changes.get(low, 0)
        meant = Label(mask, bisect_right(marks, low) - 1)
        label = known.setdefault((meant, low == last), len(known))
        labels.append(label)
        rows += _bucket_rows(low, high, label)
    return Cover(tuple(borders), tuple(labels), tuple(meant for meant, _ in known), tuple(rows))


def _changes(cohorts: Sequence[Sequence[Interval]]) -> dict[int, int]:
    """At each border of scheduled time: the bits of the cohorts that begin or end there."""
    changes: dict[int, int] = {}
    for number, intervals in enumerate(cohorts):
        for interval in intervals:
            for at in interval:
                changes[at] = changes.get(at, 0) ^ 1 << number
    return changes


def _bucket_rows(low: int, high: int, label: int) -> list[tuple[int, int, int, int]]:
    """(grain, low, high, label): the full hours inside, and the 5 minutes before and after."""
    first, last = ceil_to(low, HOUR_MS), floor_to(high, HOUR_MS)
    if first >= last:
        return [(FIVE_MINUTES, low, high, label)]
    parts = (
        (FIVE_MINUTES, low, first, label),
        (HOUR, first, last, label),
        (FIVE_MINUTES, last, high, label),
    )
    return [part for part in parts if part[1] < part[2]]
