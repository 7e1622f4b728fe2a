"""Figures over time: one record per 5 minutes, hour or local day, pooled over the workers."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from common.instants import FIVE_MINUTES_MS, HOUR_MS, floor_to, to_rfc3339
from common.intervals import Interval, intersection, length
from metrics import tables
from metrics.domain import kpis
from metrics.domain.cover import cover
from metrics.domain.kpis import EMPTY, Record, plus
from metrics.queries.buckets import Corrections, sums_by_cohort
from metrics.queries.figures import Both
from metrics.queries.question import Question, envelope
from metrics.queries.scene import shifts
from metrics.windows import WindowError
from workers.domain.calendar import day_start, local_day

MAX_BUCKETS = 10_000  # a month in 5-minute steps; more is an export, not a chart
BUCKETS = ("5m", "1h", "1d")


def series(question: Question, bucket: str) -> Record:
    """One record per bucket, empty ones too.

    The first and last are clipped to the window. Raises WindowError.
    """
    marks = _marks(question, bucket)
    statuses = tables.statuses(worker.id for worker in question.workers)
    corrections = Corrections(question, statuses)
    covered = cover(question.window.interval, question.schedules, marks[:-1])
    pooled, others = (_Buckets.empty(len(marks) - 1) for _ in range(2))
    for label, cohort, row in sums_by_cohort(question, covered, corrections):
        mine = pooled if cohort in question.pooled_cohorts else others
        mine.add(row, label.bucket, is_inside=bool(label.mask >> cohort & 1))
    scheduled = _scheduled_per_bucket(question, marks)
    is_known = question.workstation_code is None  # S of people has no meaning at one workstation
    results = [
        {
            "start": start,
            "end": end,
            **kpis.with_units_of(
                kpis.record(*pooled.sums(number), scheduled[number] if is_known else None),
                *others.sums(number),
            ),
            "is_scheduled": scheduled[number] > 0,
        }
        for number, (start, end) in enumerate(pairwise(map(to_rfc3339, marks)))
    ]
    return {**envelope(question), "shifts": shifts(question), "results": results}


class _Buckets(NamedTuple):
    """The sums of each bucket, in scheduled time and out of it."""

    inside: list[Sequence[int]]
    outside: list[Sequence[int]]

    @classmethod
    def empty(cls, number: int) -> "_Buckets":
        return cls([EMPTY] * number, [EMPTY] * number)

    def add(self, row: Sequence[int], bucket: int, *, is_inside: bool) -> None:
        into = self.inside if is_inside else self.outside
        into[bucket] = plus(into[bucket], row)

    def sums(self, bucket: int) -> Both:
        return self.inside[bucket], self.outside[bucket]


def _marks(question: Question, bucket: str) -> list[int]:
    """The borders of the buckets: one more than there are buckets."""
    if bucket not in BUCKETS:
        raise WindowError(f"bucket must be one of {', '.join(BUCKETS)}.")
    start, end = question.window.interval
    if bucket == "1d":
        return _days(question, start, end)
    step = FIVE_MINUTES_MS if bucket == "5m" else HOUR_MS
    if (end - start) // step > MAX_BUCKETS:
        raise WindowError(f"That would be more than {MAX_BUCKETS:,} buckets: take longer ones.")
    first = floor_to(start, step)
    return [*range(first, end, step), floor_to(end - 1, step) + step]


def _days(question: Question, start: int, end: int) -> list[int]:
    zone = question.master.time_zone
    day, marks = local_day(zone, start), [day_start(zone, local_day(zone, start))]
    while marks[-1] < end:
        day += timedelta(days=1)
        marks.append(day_start(zone, day))
    return marks


def _scheduled_per_bucket(question: Question, marks: list[int]) -> list[int]:
    """S of all who are pooled, in each bucket; of the site where a workstation filters times."""
    totals = [0] * (len(marks) - 1)
    for schedule, workers in _schedules(question):
        for start, end in schedule if workers else ():
            first, last = bisect_right(marks, start) - 1, bisect_right(marks, end - 1) - 1
            for each in range(first, last + 1):
                inside = intersection([(start, end)], [(marks[each], marks[each + 1])])
                totals[each] += workers * length(inside)
    return totals


def _schedules(question: Question) -> list[tuple[list[Interval], int]]:
    """What is scheduled, and for how many."""
    if question.workstation_code is not None:
        return [(question.site_schedule, 1)]
    cohorts = [question.cohort_of[worker.id] for worker in question.pool]
    return [(each, cohorts.count(number)) for number, each in enumerate(question.schedules)]
