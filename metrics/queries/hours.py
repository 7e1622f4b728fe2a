"""Hour × workstation: sums of each hour of the site's clock, from buckets alone.

Of up to a day each hour is a column of its own; of more, the same hour of all days is one.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from common import dialect
from common.dialect import Totals
from common.instants import HOUR_MS, MINUTE_MS, to_datetime, to_rfc3339
from common.intervals import Interval, intersection
from metrics import tables
from metrics.domain import sums
from metrics.domain.cover import Cover, cover
from metrics.domain.kpis import Record, per_hour, percent
from metrics.local_time import local_at
from metrics.models import Bucket
from metrics.queries.buckets import Corrections
from metrics.queries.question import Question
from metrics.queries.scene import scene
from metrics.windows import WindowError
from workers.domain.master import WorkstationInfo

LONGEST_DAY_MS = 26 * HOUR_MS  # one on which the clocks go back, and an hour
MAX_HOURS = 10_000  # more than the default retention

_SUMS = (*sums.TIMES, "units")
_WHERE = tuple(sums.ADDED.index(name) for name in _SUMS)
_NOTHING = (0,) * len(_SUMS)

Sums = dict[tuple[int, int], Sequence[int]]  # by workstation and column


class Hour(NamedTuple):
    """A column: an hour of the clock; without start and end where it is that of many days."""

    clock: int
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class Hours:
    """The hours of a window: where each begins, and the column to which it belongs."""

    marks: list[int]
    column_of: list[int]
    columns: list[Hour]

    def shares(self, intervals: Sequence[Interval]) -> list[int]:
        """How many milliseconds of a set of intervals lie in each column."""
        found = [0] * len(self.columns)
        for start, end in intervals:
            at = start
            while at < end:
                number = bisect_right(self.marks, at) - 1
                until = min(end, self.marks[number + 1])
                found[self.column_of[number]] += until - at
                at = until
        return found


def hours(question: Question) -> Record:
    """A record per workstation and hour. Raises WindowError."""
    found = hours_of(question)
    made = _sums(question, found)
    scheduled = {each.id: _scheduled(question, found, each) for each in question.workstations}
    shown = _shown(scheduled)
    results = []
    for station in question.workstations:
        target = _target(question, found, station)
        for column in shown:
            aimed = target[column] if target else None
            figures = _figures(
                made.get((station.id, column), _NOTHING), scheduled[station.id][column], aimed
            )
            named = {"workstation_id": station.code, "name": station.name}
            results.append({**named, **_hour(found.columns[column]), **figures})
    return {
        **scene(question),
        "hours": [_hour(found.columns[column]) for column in shown],
        "results": results,
    }


def hours_of(question: Question) -> Hours:
    """The hours of the question's window, by the site's clock."""
    start, end = question.window.interval
    if end - start > MAX_HOURS * HOUR_MS:
        raise WindowError(f"That would be more than {MAX_HOURS:,} hours: ask for fewer days.")
    marks, clocks = _marks(question, start, end)
    if end - start > LONGEST_DAY_MS:
        return Hours(marks, clocks, [Hour(clock) for clock in range(24)])
    columns = [Hour(clock, marks[number], marks[number + 1]) for number, clock in enumerate(clocks)]
    return Hours(marks, list(range(len(columns))), columns)


def _marks(question: Question, start: int, end: int) -> tuple[list[int], list[int]]:
    """Where the hours begin and the last one ends, and what the clock shows in each.

    Clocks that change by half an hour give an hour of half an hour.
    """
    marks, clocks = [], []
    at = start - local_at(question.master.time_zone, to_datetime(start)).minute * MINUTE_MS
    while at < end:
        local = local_at(question.master.time_zone, to_datetime(at))
        marks.append(at)
        clocks.append(local.hour)
        at += (60 - local.minute) * MINUTE_MS
    return [*marks, at], clocks


def _sums(question: Question, found: Hours) -> Sums:
    """What lies in scheduled time, of each workstation and column."""
    made: defaultdict[tuple[int, int], list[int]] = defaultdict(lambda: [*_NOTHING])
    covered = cover(question.window.interval, [question.site_schedule], found.marks[:-1])
    for column, station_id, *row in dialect.totals(Bucket, _asked(question, found, covered)):
        made[station_id, column] = row
    statuses = tables.statuses(worker.id for worker in question.workers)
    for label, _, station_id, row in Corrections(question, statuses).rows(question, covered):
        if label.mask:
            key = (station_id, found.column_of[label.bucket])
            made[key] = [old + row[place] for old, place in zip(made[key], _WHERE, strict=True)]
    return dict(made)


def _asked(question: Question, found: Hours, covered: Cover) -> Totals:
    """The days are summed by the database, where each hour is labelled by its column."""
    rows = [
        (grain, low, high, found.column_of[meant.bucket])
        for grain, low, high, label in covered.rows
        if (meant := covered.meaning[label]).mask
    ]
    people = ("worker_id", [worker.id for worker in question.workers])
    places = ("workstation_id", [station.id for station in question.workstations])
    by = ["workstation_id"]
    return Totals(question.master.site_id, rows, _SUMS, group_by=by, only=[people, places])


def _scheduled(question: Question, found: Hours, station: WorkstationInfo) -> list[int]:
    return found.shares(intersection(question.site_schedule, [station.active]))


def _target(question: Question, found: Hours, station: WorkstationInfo) -> list[float]:
    """Target units in each column; empty where there is no target."""
    aimed = [0.0] * len(found.columns) if station.targets else []
    for rate, valid in station.targets:
        when = intersection(intersection(question.site_schedule, [station.active]), [valid])
        for column, milliseconds in enumerate(found.shares(when)):
            aimed[column] += rate * milliseconds / HOUR_MS
    return aimed


def _shown(scheduled: dict[int, list[int]]) -> range:
    """The columns from the first to the last in which something was scheduled."""
    used = [
        column for column, each in enumerate(zip(*scheduled.values(), strict=True)) if any(each)
    ]
    return range(used[0], used[-1] + 1) if used else range(0)


def _hour(hour: Hour) -> Record:
    return {
        "hour": f"{hour.clock:02}:00",
        "start": None if hour.start is None else to_rfc3339(hour.start),
        "end": None if hour.end is None else to_rfc3339(hour.end),
    }


def _figures(row: Sequence[int], scheduled_ms: int, target_units: float | None) -> Record:
    working, idle, absent, units = row
    observed = working + idle + absent
    return {
        "scheduled_ms": scheduled_ms,
        "working_ms": working,
        "idle_ms": idle,
        "absent_ms": absent,
        "units": units,
        "utilization_pct": percent(working, observed),
        "units_per_hour": per_hour(units, working + idle),
        "units_per_scheduled_hour": per_hour(units, scheduled_ms),
        "target_units": target_units,
        "target_attainment_pct": percent(units, target_units or 0),
    }
