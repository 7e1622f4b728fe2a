"""The watching of one model version on one camera from its first event on.

A pure function of its buckets and of what people decided: replayed at any time, after any order of
arrival, it comes to the same.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from common.instants import HOUR_MS, floor_to
from drift.domain.detector import Alarm, Found, watch
from drift.domain.inputs import FOREVER, MODEL_REPLACED, NEW_NORMAL, Inputs
from drift.domain.points import Point, Rows, by_hour, local_day, points_of
from drift.domain.reference import (
    FULL_DAYS,
    PROVISIONAL_DAYS,
    Points,
    Reference,
    fit,
    grain_for,
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A while in which one reference and one set of rules held, and what was found."""

    start: int
    end: int
    reference: Reference
    found: Found


class History:
    """Everything that the rows of quarters say that had ended by `until`."""

    def __init__(self, rows: Rows, time_zone: ZoneInfo, inputs: Inputs, *, until: int) -> None:
        self._rows, self._time_zone, self._inputs = rows, time_zone, inputs
        self._last_hour = floor_to(until, HOUR_MS)
        self._by_grain: dict[int, dict[str, list[Point]]] = {}

    @cached_property
    def hours(self) -> Rows:
        """The rows, put together to hours; the one that has not ended is left out."""
        return {
            kind: [hour for hour in by_hour(own) if hour[0] < self._last_hour]
            for kind, own in self._rows.items()
        }

    @property
    def grain(self) -> int:
        """Of the buckets in which it is watched now, in milliseconds."""
        return self.stretches[-1].reference.grain if self.stretches else HOUR_MS

    @cached_property
    def stretches(self) -> list[Stretch]:
        """In order of time; none while too few days were seen."""
        return [
            stretch
            for era in self._eras()
            for stretch in self._watched(era.learns_from, era.end)
            if stretch.start >= era.start
        ]

    @property
    def alarms(self) -> list[Alarm]:
        """All of them, in no order."""
        return [alarm for stretch in self.stretches for alarm in stretch.found.alarms]

    def _eras(self) -> list["_Era"]:
        """Each decision that makes what is seen the usual begins one."""
        first = min((rows[0][0] for rows in self._rows.values() if rows), default=0)
        starts = [(first, first)]
        for decision in self._inputs.decisions:
            if decision.resolution == NEW_NORMAL:
                starts.append((max(first, decision.onset_at), decision.at))
            elif decision.resolution == MODEL_REPLACED:
                starts.append((decision.at, decision.at))
        ends = [*(start for _, start in starts[1:]), FOREVER]
        return [_Era(*start, end) for start, end in zip(starts, ends, strict=True)]

    def _watched(self, learns_from: int, end: int) -> list[Stretch]:
        """By a provisional reference first, then by a full one.

        A day of alarm is not learnt from, so that a fall in the first week is not taken for usual.
        """
        hours = _between(self._points(HOUR_MS), learns_from, end)
        days = _days(hours)
        if len(days) <= PROVISIONAL_DAYS:
            return []
        provisional = self._fit(learns_from, end, days[:PROVISIONAL_DAYS])
        start = _first_after(hours, days[PROVISIONAL_DAYS - 1])
        first_week = end if len(days) <= FULL_DAYS else _first_after(hours, days[FULL_DAYS - 1])
        stretches = self._cut(provisional, start, first_week)
        learnt = self._learnt(days[:FULL_DAYS], stretches)
        if len(learnt) < FULL_DAYS < len(days):
            stretches = self._cut(provisional, start, end)
            learnt = self._learnt(days, stretches)
        if len(learnt) < FULL_DAYS or learnt[-1] == days[-1]:
            return stretches
        middle = _first_after(hours, learnt[-1])
        full = self._fit(learns_from, end, learnt)
        return self._cut(provisional, start, middle) + self._cut(full, middle, end)

    def _learnt(self, days: Sequence[int], provisional: Sequence[Stretch]) -> list[int]:
        """The first days, and of those after them the ones without an alarm."""
        alarms = [alarm for stretch in provisional for alarm in stretch.found.alarms]
        calm = [
            day
            for day in days[PROVISIONAL_DAYS:]
            if not any(self._strays_on(day, alarm) for alarm in alarms)
        ]
        return [*days[:PROVISIONAL_DAYS], *calm][:FULL_DAYS]

    def _fit(self, start: int, end: int, days: Sequence[int]) -> Reference:
        grain = grain_for(_between(self._points(HOUR_MS), start, end), days)
        return fit(_between(self._points(grain), start, end), days, grain=grain)

    def _cut(self, reference: Reference, start: int, end: int) -> list[Stretch]:
        """Where people decided something, sums begin at zero again."""
        points = self._points(reference.grain)
        borders = [border for border in self._inputs.borders() if start < border < end]
        stretches = []
        for low, high in pairwise([start, *borders, end]):
            rules = self._inputs.rules_at(low)
            found = watch(
                _between(points, low, high - reference.grain + 1),
                reference,
                preset=rules.preset,
                least_shift=rules.least_shift,
            )
            stretches.append(Stretch(low, high, reference, _ended(found, high)))
        return stretches

    def _points(self, grain: int) -> Points:
        if grain not in self._by_grain:
            rows = self.hours if grain == HOUR_MS else self._rows
            self._by_grain[grain] = {
                kind: points_of(own, self._time_zone) for kind, own in rows.items()
            }
        return self._by_grain[grain]

    def _strays_on(self, day: int, alarm: Alarm) -> bool:
        first = local_day(self._time_zone, alarm.begins - 1)
        return first <= day and (
            alarm.ends is None or day <= local_day(self._time_zone, alarm.ends - 1)
        )


class _Era(NamedTuple):
    """Learns from an instant, watches from another on."""

    learns_from: int
    start: int
    end: int


def _between(points: Points, start: int, end: int) -> Points:
    """Those that begin in [start, end)."""
    return {
        kind: each[bisect_left(each, start, key=_at) : bisect_left(each, end, key=_at)]
        for kind, each in points.items()
    }


_at = attrgetter("at")


def _days(points: Points) -> list[int]:
    return sorted({point.day for each in points.values() for point in each})


def _first_after(points: Points, day: int) -> int:
    """The first instant seen on a later day."""
    return min(point.at for each in points.values() for point in each if point.day > day)


def _ended(found: Found, end: int) -> Found:
    """What still strayed when its stretch ended has ended with it."""
    if end >= FOREVER:
        return found
    return found._replace(
        alarms=[replace(alarm, ends=end) if alarm.ends is None else alarm for alarm in found.alarms]
    )
