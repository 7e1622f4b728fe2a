"""One worker's shift as the cameras see it: arrives, works, moves, goes on breaks, leaves."""

from collections.abc import Iterator
from itertools import pairwise
from random import Random
from typing import NamedTuple

from common.instants import MINUTE_MS, SECOND_MS
from common.intervals import difference
from demo.domain.pace import ABSENT, Pace
from demo.domain.plan import Plan, Post, ShiftDay, Station
from demo.domain.work import Look, Work, reports

LATEST_ARRIVAL_MS = 5 * MINUTE_MS  # at the start of a shift
EARLIEST_LEAVE_MS = 2 * MINUTE_MS  # before its end


class Stay(NamedTuple):
    """A part of a shift that belongs to one workstation: worked there, or a break from there."""

    start: int
    end: int
    station: Station
    is_break: bool


def routine(
    plan: Plan, shift_day: ShiftDay, worker: str, dice: Random
) -> Iterator[tuple[Station, Look]]:
    """All that is seen of the worker in the shift, in order of time, at one place at a time."""
    stay = None
    for stay in _lived(list(_planned(plan, shift_day, worker)), dice):
        for look in _looks(plan, shift_day, worker, stay, dice):
            yield stay.station, look
    if stay:
        yield stay.station, Look(stay.end, ABSENT)  # said once: who has left is not looked for


def _looks(
    plan: Plan, shift_day: ShiftDay, worker: str, stay: Stay, dice: Random
) -> Iterator[Look]:
    if stay.is_break:
        return reports(stay.start, stay.end, ABSENT, dice)
    pace = Pace(plan, shift_day, worker, stay.station)
    return Work(pace, dice).looks(stay.start, stay.end)


def _planned(plan: Plan, shift_day: ShiftDay, worker: str) -> Iterator[Stay]:
    for post in shift_day.shift.posts:
        if post.worker == worker:
            yield from sorted(_at_post(plan, shift_day, post))


def _at_post(plan: Plan, shift_day: ShiftDay, post: Post) -> Iterator[Stay]:
    whole = [shift_day.interval(post.hours)]
    present = difference(whole, shift_day.breaks)
    station = plan.station(post.station)
    yield from (Stay(start, end, station, is_break=False) for start, end in present)
    yield from (
        Stay(start, end, station, is_break=True) for start, end in difference(whole, present)
    )


def _lived(planned: list[Stay], dice: Random) -> list[Stay]:
    """The same stays as people keep them: not to the millisecond, but never beyond the shift."""
    if not planned:
        return []
    arrival = planned[0].start + dice.randrange(LATEST_ARRIVAL_MS)
    moves = [stay.start + dice.randrange(-30 * SECOND_MS, MINUTE_MS) for stay in planned[1:]]
    leave = planned[-1].end - 1 - dice.randrange(EARLIEST_LEAVE_MS)
    borders = pairwise([arrival, *moves, leave])
    return [
        stay._replace(start=start, end=end)
        for stay, (start, end) in zip(planned, borders, strict=True)
    ]
