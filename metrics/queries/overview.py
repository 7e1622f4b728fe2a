"""The figures of a window.

Factory, workers, workstations, and what needs attention; one pass over the buckets for all.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial

from common.instants import HOUR_MS, to_rfc3339
from common.intervals import length
from metrics import tables
from metrics.domain import kpis, sums
from metrics.domain.cover import cover
from metrics.domain.kpis import EMPTY, Record, plus
from metrics.queries.attention import attention, bottleneck
from metrics.queries.buckets import Corrections, presence_by_station, sums_by_worker
from metrics.queries.marks import less_sure_since
from metrics.queries.question import Question, envelope
from metrics.queries.schedule import is_scheduled, schedule_now
from metrics.queries.states import StationState, Whereabouts, station_states, whereabouts
from workers.domain.master import WorkerInfo, WorkstationInfo

Sums = Sequence[int]


@dataclass
class Figures:
    """All that one pass over the buckets gives.

    Sums in and out of scheduled time, states, clock time at workstations.
    """

    question: Question
    by_worker: dict[int, tuple[Sums, Sums]] = field(default_factory=dict)
    by_station: dict[int, tuple[Sums, Sums]] = field(default_factory=dict)
    presence: Callable[[], dict[int, list[int]]] = dict  # asked for by who shows workstations
    less_sure_since: Callable[[], dict[int, int]] = dict  # likewise
    workers_now: dict[int, Whereabouts] = field(default_factory=dict)
    stations_now: dict[int, StationState] = field(default_factory=dict)


def read(question: Question) -> Figures:
    """Reads everything once; the answers below are made of it."""
    everyone = list(question.master.workers.values())
    statuses = tables.statuses(worker.id for worker in everyone)
    corrections = Corrections(question, statuses)
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
    now = whereabouts(everyone, statuses, at=question.window.as_of)
    return Figures(
        question,
        {worker_id: (inside, outside) for worker_id, (inside, outside) in workers.items()},
        {station_id: (inside, outside) for station_id, (inside, outside) in stations.items()},
        cache(partial(presence_by_station, question, covered, corrections)),
        cache(partial(less_sure_since, question.master.site_id)),
        now,
        station_states(question.workstations, now),
    )


def overview(question: Question) -> Record:
    """Everything that the dashboard shows, in one answer."""
    figures = read(question)
    stations = _workstations(figures)
    answer = {
        **envelope(question),
        "site_name": question.master.name,
        "period": question.window.period,
        "reaches_now": question.window.reaches_now,
        "shift_names": list(question.window.shifts or ()),
        "schedule": schedule_now(question.master, question.window.as_of),
        "recalculating": question.recalculating,
        "people_shown": "names" if question.names_shown else "codes",
        "factory": _factory(figures),
        "workstations": stations,
        "bottleneck": bottleneck(stations, question),
        "attention": attention(stations, question),
    }
    return {**answer, "workers": _workers(figures)} if question.people_shown else answer


def factory(question: Question) -> Record:
    """The pooled figures of all workers."""
    figures = read(question)
    return {**envelope(question), "factory": _factory(figures)}


def workers(question: Question) -> Record:
    """A record per worker."""
    return {**envelope(question), "results": _workers(read(question))}


def workstations(question: Question) -> Record:
    """A record per workstation."""
    return {**envelope(question), "results": _workstations(read(question))}


def _workers(figures: Figures) -> list[Record]:
    return [_worker(figures, worker) for worker in figures.question.workers]


def _worker(figures: Figures, worker: WorkerInfo) -> Record:
    question = figures.question
    inside, outside = figures.by_worker.get(worker.id, (EMPTY, EMPTY))
    where = figures.workers_now[worker.id]
    station = question.master.workstations_by_id.get(where.workstation_id or 0)
    return {
        "worker_id": worker.code,
        "name": question.name_of(worker),
        "state": where.state,
        "since": _rfc3339(where.since),
        "workstation_id": station.code if station else None,
        "shift_names": list(dict.fromkeys(each.shift_name for each in worker.assignments)),
        **kpis.record(inside, outside, _scheduled_ms(question, worker)),
    }


def _scheduled_ms(question: Question, worker: WorkerInfo) -> int | None:
    return None if question.workstation_code is not None else length(question.schedule_of(worker))


def _workstations(figures: Figures) -> list[Record]:
    return [_workstation(figures, station) for station in figures.question.workstations]


def _workstation(figures: Figures, station: WorkstationInfo) -> Record:
    question = figures.question
    inside, outside = figures.by_station.get(station.id, (EMPTY, EMPTY))
    now = figures.stations_now[station.id]
    present = figures.presence().get(station.id, [0, 0])
    if question.worker_code is not None:  # one worker's time at a workstation is its own union
        present = [inside[0] + inside[1], inside[0]]
    return {
        "workstation_id": station.code,
        "name": station.name,
        "state": now.state,
        "since": _rfc3339(now.since),
        **({"worker_ids": _codes(question, now.worker_ids)} if question.people_shown else {}),
        "less_sure_since": _rfc3339(figures.less_sure_since().get(station.id)),
        "target_per_hour": _target_at(station, question.window.end - 1),
        **kpis.station_record(
            inside,
            outside,
            question.site_scheduled_ms(station.active),
            present,
            _target_units(question, station),
        ),
    }


def _codes(question: Question, worker_ids: list[int]) -> list[str]:
    return [question.master.workers_by_id[worker_id].code for worker_id in worker_ids]


def _target_at(station: WorkstationInfo, instant: int) -> float | None:
    return next((rate for rate, (start, end) in station.targets if start <= instant < end), None)


def _target_units(question: Question, station: WorkstationInfo) -> float | None:
    """Target per hour · hours of S, each dated target in its own time."""
    if not station.targets:
        return None
    return sum(
        rate * question.site_scheduled_ms(station.active, valid) / HOUR_MS
        for rate, valid in station.targets
    )


def _factory(figures: Figures) -> Record:
    question, window = figures.question, figures.question.window
    total: list[Sums] = [EMPTY, EMPTY]
    for both in figures.by_worker.values():
        total = [plus(mine, more) for mine, more in zip(total, both, strict=True)]
    scheduled = [_scheduled_ms(question, worker) for worker in question.workers]
    scheduled_ms = None if question.workstation_code is not None else sum(s or 0 for s in scheduled)
    own = [
        kpis.record(*figures.by_worker[worker.id], s)["utilization_pct"]
        for worker, s in zip(question.workers, scheduled, strict=True)
        if worker.id in figures.by_worker
    ]
    states = [figures.workers_now[worker.id].state for worker in question.workers]
    return {
        **kpis.record(total[0], total[1], scheduled_ms),
        "utilization_mean_pct": kpis.simple_mean(own),
        "workers_present": sum(state in ("working", "idle") for state in states),
        "workers_scheduled": sum(
            is_scheduled(question.master, worker, window.as_of, shifts=window.shifts)
            for worker in question.workers
        ),
        **_against_target(figures),
    }


def _against_target(figures: Figures) -> Record:
    """Units against target, of the workstations that have one."""
    targets = [_target_units(figures.question, each) for each in figures.question.workstations]
    aimed = [
        (target, figures.by_station.get(station.id, (EMPTY, EMPTY))[0][_UNITS])
        for station, target in zip(figures.question.workstations, targets, strict=True)
        if target is not None
    ]
    target_units = sum(target for target, _ in aimed) if aimed else None
    units = sum(units for _, units in aimed)
    return {
        "target_units": target_units,
        "units_with_target": units,
        "target_attainment_pct": kpis.percent(units, target_units or 0),
    }


_UNITS = sums.ADDED.index("units")


def _rfc3339(instant: int | None) -> str | None:
    return None if instant is None else to_rfc3339(instant)
