"""What is asked: a site, a window, and whom it is about; and who is scheduled then."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from common.instants import to_rfc3339
from common.intervals import Interval, intersection, length
from metrics.windows import Window
from workers.domain.calendar import has_shift, scheduled, scheduled_for
from workers.domain.master import MasterData, WorkerInfo, WorkstationInfo

_Cohort = tuple[tuple[Interval, ...], bool]  # those of one S, whether they are pooled


@dataclass(frozen=True)
class Question:
    """One question about figures. Codes narrow it to one worker or one workstation."""

    master: MasterData
    window: Window
    worker_code: str | None = None
    workstation_code: str | None = None
    names_shown: bool = False
    people_shown: bool = True
    recalculating: bool = False

    @cached_property
    def workers(self) -> list[WorkerInfo]:
        """The workers it is about.

        Active at some time in the window, having the shift that is asked for.
        """
        return [
            worker
            for worker in self.master.workers.values()
            if self.worker_code in (None, worker.code)
            and intersection([self.window.interval], [worker.active])
            and (self.window.shifts is None or has_shift(worker, self.window.shifts))
        ]

    @cached_property
    def pool(self) -> list[WorkerInfo]:
        """Those of them whose figures are pooled into one.

        Who is anonymous is in no figure about workers, but in one about them or about a place.
        """
        if self.worker_code is not None or self.workstation_code is not None:
            return self.workers
        return [worker for worker in self.workers if not worker.is_anonymous]

    @cached_property
    def workstations(self) -> list[WorkstationInfo]:
        """The workstations it is about: active at some time in the window."""
        return [
            station
            for station in self.master.workstations.values()
            if self.workstation_code in (None, station.code)
            and intersection([self.window.interval], [station.active])
        ]

    @cached_property
    def site_schedule(self) -> list[Interval]:
        """S of a workstation: the site's scheduled time in the window."""
        return scheduled(self.master, self.window.interval, shifts=self.window.shifts)

    def site_scheduled_ms(self, *within: Interval) -> int:
        """How much of S of a workstation lies in all of these intervals."""
        if within not in self._scheduled_ms:
            low = max((start for start, _ in within), default=self.window.start)
            high = min((end for _, end in within), default=self.window.end)
            inside = intersection(self.site_schedule, [(low, high)] if low < high else [])
            self._scheduled_ms[within] = length(inside)
        return self._scheduled_ms[within]

    @cached_property
    def _scheduled_ms(self) -> dict[tuple[Interval, ...], int]:
        return {}

    @cached_property
    def schedules(self) -> list[list[Interval]]:
        """S of each cohort, the site's first."""
        return [list(schedule) for schedule, _ in self._cohorts]

    @cached_property
    def cohort_of(self) -> dict[int, int]:
        """The number of each worker's S in `schedules`, by worker id."""
        numbers = {cohort: number for number, cohort in enumerate(self._cohorts)}
        return {worker_id: numbers[cohort] for worker_id, cohort in self._cohort_of.items()}

    @cached_property
    def pooled_cohorts(self) -> set[int]:
        """The numbers of the cohorts of those who are pooled."""
        return {self.cohort_of[worker.id] for worker in self.pool}

    @cached_property
    def _cohorts(self) -> list[_Cohort]:
        whole: _Cohort = (tuple(self.site_schedule), True)
        return list(dict.fromkeys([whole, *self._cohort_of.values()]))

    @cached_property
    def _cohort_of(self) -> dict[int, _Cohort]:
        pooled = {worker.id for worker in self.pool}
        return {
            worker_id: (tuple(schedule), worker_id in pooled)
            for worker_id, schedule in self._schedule_of.items()
        }

    def schedule_of(self, worker: WorkerInfo) -> list[Interval]:
        """A worker's S in the window."""
        return self._schedule_of[worker.id]

    @cached_property
    def _schedule_of(self) -> dict[int, list[Interval]]:
        window, shifts = self.window.interval, self.window.shifts
        alike: dict[object, list[Interval]] = {}
        schedules = {}
        for worker in self.workers:
            kind = (worker.assignments, worker.active)
            if kind not in alike:
                alike[kind] = scheduled_for(self.master, worker, window, shifts=shifts)
            schedules[worker.id] = alike[kind]
        return schedules

    def name_of(self, worker: WorkerInfo) -> str:
        """What the worker is called: the site decides between name and code."""
        return worker.name if self.names_shown else worker.code


def envelope(question: Question) -> dict[str, Any]:
    """What every answer carries besides its figures."""
    window = question.window
    return {
        "site": question.master.code,
        "start": to_rfc3339(window.start),
        "end": to_rfc3339(window.end),
        "time_zone": question.master.time_zone.key,
        "as_of": to_rfc3339(window.as_of),
    }
