"""One pass over the buckets, for everything that is told of a window."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

from metrics import tables
from metrics.domain.cover import cover
from metrics.domain.kpis import EMPTY, plus
from metrics.domain.timeline import Point
from metrics.queries.ahead import Ahead, ahead_of
from metrics.queries.buckets import Corrections, presence_by_station, sums_by_worker
from metrics.queries.marks import less_sure_since
from metrics.queries.question import Question
from metrics.queries.states import (
    StationState,
    Whereabouts,
    station_states,
    whereabouts,
    whereabouts_each,
)

Sums = Sequence[int]
Both = tuple[Sums, Sums]  # in scheduled time, and out of it
NOTHING: Both = (EMPTY, EMPTY)


@dataclass(frozen=True)
class Figures:
    """Sums of workers and workstations; the rest is read when it is asked for, and once."""

    question: Question
    by_worker: Mapping[int, Both]
    by_station: Mapping[int, Both]
    presence: Callable[[], dict[int, list[int]]]  # clock time at workstations
    workers_now: Callable[[], dict[int, Whereabouts]]
    stations_now: Callable[[], dict[int, StationState]]
    less_sure_since: Callable[[], dict[int, int]]

    def of_worker(self, worker_id: int) -> Both:
        """A worker's sums."""
        return self.by_worker.get(worker_id, NOTHING)

    def of_station(self, station_id: int) -> Both:
        """A workstation's sums, of all workers that are asked about."""
        return self.by_station.get(station_id, NOTHING)


@dataclass(frozen=True)
class Known:
    """What was read for the questions about several sites together."""

    ahead: Ahead
    workers_now: Mapping[int, Whereabouts]


def statuses_of(*questions: Question) -> dict[int, Point]:
    """The newest state of each worker: the same for every window."""
    return tables.statuses(
        worker_id for question in questions for worker_id in question.master.workers_by_id
    )


def known_of(questions: Sequence[Question], statuses: Mapping[int, Point]) -> Known:
    """In as many statements as for one question."""
    instants = {
        worker_id: question.window.as_of
        for question in questions
        for worker_id in question.master.workers_by_id
    }
    return Known(ahead_of(questions), whereabouts_each(instants, statuses))


def read(question: Question, statuses: Mapping[int, Point], known: Known | None = None) -> Figures:
    """The figures of the question's window."""
    corrections = Corrections(question, statuses, known.ahead if known else None)
    covered = cover(question.window.interval, question.schedules)
    workers: dict[int, list[Sums]] = defaultdict(lambda: [EMPTY, EMPTY])
    stations: dict[int, list[Sums]] = defaultdict(lambda: [EMPTY, EMPTY])
    for label, worker_id, workstation_id, row in sums_by_worker(question, covered, corrections):
        if worker_id not in question.cohort_of:
            continue
        out = not label.mask >> question.cohort_of[worker_id] & 1
        workers[worker_id][out] = plus(workers[worker_id][out], row)
        out = not label.mask & 1
        stations[workstation_id][out] = plus(stations[workstation_id][out], row)
    now = cache(partial(_workers_now, question, statuses, known))
    return Figures(
        question,
        {worker_id: (inside, outside) for worker_id, (inside, outside) in workers.items()},
        {station_id: (inside, outside) for station_id, (inside, outside) in stations.items()},
        cache(partial(presence_by_station, question, covered, corrections)),
        now,
        cache(lambda: station_states(question.workstations, now())),
        cache(partial(less_sure_since, question.master.site_id)),
    )


def _workers_now(
    question: Question, statuses: Mapping[int, Point], known: Known | None
) -> dict[int, Whereabouts]:
    everyone = list(question.master.workers.values())
    if known is not None:
        return {worker.id: known.workers_now[worker.id] for worker in everyone}
    return whereabouts(everyone, statuses, at=question.window.as_of)
