"""Arithmetic on sets of half-open intervals `(start, end)` in milliseconds.

A set is a list of intervals, sorted, disjoint and not touching: what `union` returns. The other
functions take and give sets.
"""

from collections.abc import Iterable

Interval = tuple[int, int]


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The set that covers what any of the intervals covers; empty or reversed ones vanish."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def intersection(left: list[Interval], right: list[Interval]) -> list[Interval]:
    """What both sets cover."""
    common: list[Interval] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if start < end:
            common.append((start, end))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return common


def difference(left: list[Interval], right: list[Interval]) -> list[Interval]:
    """What the first set covers and the second does not."""
    if not left:
        return []
    borders = [left[0][0], *(mark for interval in right for mark in interval), left[-1][1]]
    gaps = [(a, b) for a, b in zip(borders[::2], borders[1::2], strict=True) if a < b]
    return intersection(left, gaps)


def length(intervals: Iterable[Interval]) -> int:
    """Milliseconds that a set covers."""
    return sum(end - start for start, end in intervals)


def covers(intervals: list[Interval], instant: int) -> bool:
    """Whether the set covers the instant."""
    return any(start <= instant < end for start, end in intervals)
