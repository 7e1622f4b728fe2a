"""A worker at a workstation: states follow each other, and units are finished while working."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from common.instants import SECOND_MS
from common.intervals import Interval
from demo.domain.pace import ABSENT, COUNT, IDLE, WORKING, Pace

REPORT_MS = 30 * SECOND_MS  # from one report of a state to the next, give or take
JITTER_MS = 2 * SECOND_MS
STARTS_WORKING = 0.85  # share of arrivals that find something to do at once
WALKS_OFF = 0.15  # share of changes that lead away from the workstation


class Look(NamedTuple):
    """What there is to see of a worker at an instant."""

    at: int
    event_type: str


class Work:
    """What goes on from an arrival; a count under way keeps its progress while hands rest."""

    def __init__(self, pace: Pace, dice: Random) -> None:
        self._pace = pace
        self._dice = dice
        self._left = pace.cycle(dice) * dice.random()

    def looks(self, start: int, end: int) -> Iterator[Look]:
        """All that is seen in [start, end), in order of time."""
        state = WORKING if self._dice.random() < STARTS_WORKING else IDLE
        at = start
        while at < end:
            vigour = self._pace.vigour_at(at)
            until = min(at + self._pace.stay(state, vigour, self._dice), end)
            looks = list(reports(at, until, state, self._dice))
            if state == WORKING:
                looks += self._units((at, until), vigour)
            yield from sorted(looks)
            at, state = until, self._next(state)

    def _units(self, window: Interval, vigour: float) -> Iterator[Look]:
        at = window[0] + self._left / vigour
        while at < window[1]:
            yield Look(int(at), COUNT)
            at += self._pace.cycle(self._dice) / vigour
        self._left = (at - window[1]) * vigour

    def _next(self, state: str) -> str:
        if state == ABSENT:
            return WORKING
        if self._dice.random() < WALKS_OFF:
            return ABSENT
        return WORKING if state == IDLE else IDLE


def reports(start: int, end: int, state: str, dice: Random) -> Iterator[Look]:
    """A state that lasts, reported again and again."""
    at = start
    while at < end:
        yield Look(at, state)
        at += REPORT_MS + int((2 * dice.random() - 1) * JITTER_MS)
