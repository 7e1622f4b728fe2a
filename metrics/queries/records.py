"""The KPI records of a factory, its workers and its workstations."""

from collections.abc import Collection

from common.instants import HOUR_MS, to_rfc3339
from common.intervals import length
from metrics.domain import kpis, sums
from metrics.domain.kpis import Record, plus
from metrics.queries.figures import NOTHING, Both, Figures
from metrics.queries.question import Question
from metrics.queries.schedule import number_scheduled
from workers.domain.master import WorkerInfo, WorkstationInfo

_UNITS = sums.ADDED.index("units")


def worker_figures(figures: Figures, worker: WorkerInfo) -> Record:
    """A worker's KPI record."""
    return kpis.record(*figures.of_worker(worker.id), _scheduled_ms(figures.question, worker))


def worker_record(figures: Figures, worker: WorkerInfo) -> Record:
    """The same with who that is, and where they are now."""
    question = figures.question
    where = figures.workers_now()[worker.id]
    station = question.master.workstations_by_id.get(where.workstation_id or 0)
    return {
        "worker_id": worker.code,
        "name": question.name_of(worker),
        "state": where.state,
        "since": _rfc3339(where.since),
        "workstation_id": station.code if station else None,
        "anonymous": worker.is_anonymous,
        "shift_names": list(dict.fromkeys(each.shift_name for each in worker.assignments)),
        **worker_figures(figures, worker),
    }


def _scheduled_ms(question: Question, worker: WorkerInfo) -> int | None:
    return None if question.workstation_code is not None else length(question.schedule_of(worker))


def workstation_figures(figures: Figures, station: WorkstationInfo) -> Record:
    """A workstation's KPI record."""
    question = figures.question
    inside, outside = figures.of_station(station.id)
    present = figures.presence().get(station.id, [0, 0])
    if question.worker_code is not None:  # one worker's time at a workstation is its own union
        present = [inside[0] + inside[1], inside[0]]
    return kpis.station_record(
        inside,
        outside,
        question.site_scheduled_ms(station.active),
        present,
        _target_units(question, station),
    )


def workstation_record(figures: Figures, station: WorkstationInfo) -> Record:
    """The same with what that is, and how it is there now."""
    question, now = figures.question, figures.stations_now()[station.id]
    return {
        "workstation_id": station.code,
        "name": station.name,
        "state": now.state,
        "since": _rfc3339(now.since),
        **({"worker_ids": _codes(question, now.worker_ids)} if question.people_shown else {}),
        "less_sure_since": _rfc3339(figures.less_sure_since().get(station.id)),
        "target_per_hour": _target_at(station, question.window.end - 1),
        **workstation_figures(figures, station),
    }


def workstation_now(figures: Figures, station: WorkstationInfo) -> Record:
    """What says whether a workstation needs attention; without its clock time."""
    now, target_units = figures.stations_now()[station.id], _target_units(figures.question, station)
    units = figures.of_station(station.id)[0][_UNITS]
    return {
        "workstation_id": station.code,
        "state": now.state,
        "since": _rfc3339(now.since),
        "units": units,
        "target_attainment_pct": kpis.percent(units, target_units or 0),
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


def factory_figures(figures: Figures) -> Record:
    """The pooled KPI record of all workers that are asked about, and what all of them made."""
    question = figures.question
    pooled = {worker.id for worker in question.pool}
    inside, outside = _together(figures, pooled)
    scheduled = [_scheduled_ms(question, worker) for worker in question.pool]
    scheduled_ms = None if question.workstation_code is not None else sum(s or 0 for s in scheduled)
    own = [
        kpis.record(*figures.by_worker[worker.id], s)["utilization_pct"]
        for worker, s in zip(question.pool, scheduled, strict=True)
        if worker.id in figures.by_worker
    ]
    return {
        **kpis.with_units_of(
            kpis.record(inside, outside, scheduled_ms),
            *_together(figures, figures.by_worker.keys() - pooled),
        ),
        "utilization_mean_pct": kpis.simple_mean(own),
        **_against_target(figures),
    }


def _together(figures: Figures, worker_ids: Collection[int]) -> Both:
    inside, outside = NOTHING
    for worker_id, (mine, other) in figures.by_worker.items():
        if worker_id in worker_ids:
            inside, outside = plus(inside, mine), plus(outside, other)
    return inside, outside


def factory_record(figures: Figures) -> Record:
    """The same with how many are there now."""
    question, window = figures.question, figures.question.window
    states = [figures.workers_now()[worker.id].state for worker in question.pool]
    return {
        **factory_figures(figures),
        "workers_present": sum(state in ("working", "idle") for state in states),
        "workers_scheduled": number_scheduled(
            question.master, question.pool, window.as_of, shifts=window.shifts
        ),
    }


def _against_target(figures: Figures) -> Record:
    """Units against target, of the workstations that have one."""
    targets = [_target_units(figures.question, each) for each in figures.question.workstations]
    aimed = [
        (target, figures.of_station(station.id)[0][_UNITS])
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


def _rfc3339(instant: int | None) -> str | None:
    return None if instant is None else to_rfc3339(instant)
