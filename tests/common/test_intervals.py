"""Arithmetic on intervals equals that on plain sets of instants."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from common.intervals import Interval, covers, difference, intersection, length, union

instants = st.integers(0, 40)
raw = st.lists(st.tuples(instants, instants), max_size=8)  # empty and reversed ones too
sets = raw.map(union)


def points(intervals: list[Interval]) -> set[int]:
    return {point for start, end in intervals for point in range(start, end)}


def is_canonical(intervals: list[Interval]) -> bool:
    """Sorted, none empty, none touching the next."""
    marks = [mark for interval in intervals for mark in interval]
    return all(a < b for a, b in pairwise(marks))


@given(raw)
def test_union_covers_what_any_interval_covers(intervals: list[Interval]) -> None:
    assert points(union(intervals)) == points(intervals)


@given(raw)
def test_union_is_sorted_and_disjoint(intervals: list[Interval]) -> None:
    assert is_canonical(union(intervals))


@given(sets)
def test_union_of_a_set_is_the_set(intervals: list[Interval]) -> None:
    assert union(intervals) == intervals


@given(sets, sets)
def test_intersection_covers_what_both_cover(left: list[Interval], right: list[Interval]) -> None:
    assert points(intersection(left, right)) == points(left) & points(right)


@given(sets, sets)
def test_intersection_is_sorted_and_disjoint(left: list[Interval], right: list[Interval]) -> None:
    assert is_canonical(intersection(left, right))


@given(sets, sets)
def test_difference_covers_what_only_the_first_covers(
    left: list[Interval], right: list[Interval]
) -> None:
    assert points(difference(left, right)) == points(left) - points(right)


@given(sets, sets)
def test_difference_is_sorted_and_disjoint(left: list[Interval], right: list[Interval]) -> None:
    assert is_canonical(difference(left, right))


@given(sets)
def test_length_is_the_number_of_instants(intervals: list[Interval]) -> None:
    assert length(intervals) == len(points(intervals))


@given(sets, instants)
def test_set_covers_an_instant_that_is_in_it(intervals: list[Interval], instant: int) -> None:
    assert covers(intervals, instant) == (instant in points(intervals))
