"""What figures are held against: the period before, and all workers together."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from common.instants import to_rfc3339
from metrics.before import window_before
from metrics.domain.kpis import Record
from metrics.domain.timeline import Point
from metrics.queries.figures import Figures, read
from metrics.queries.question import Question
from metrics.queries.records import factory_figures, worker_figures, workstation_figures

Statuses = dict[int, Point]

OF_WORKERS = ("scheduled_ms", "utilization_pct", "coverage_pct", "units", "units_per_hour")
OF_WORKSTATIONS = (
    "scheduled_ms",
    "utilization_pct",
    "occupancy_pct",
    "availability_pct",
    "units",
    "target_attainment_pct",
)
_SEEN = ("working_ms", "idle_ms", "absent_ms", "units")


def before(question: Question, statuses: Statuses) -> Record | None:
    """The figures of the period before (metrics.before); None where nothing was seen in it.

    Of workers and workstations those are left out of whom, or where, nothing was seen.
    """
    window = window_before(question.master, question.window)
    if window is None:
        return None
    figures = read(replace(question, window=window), statuses)
    factory = factory_figures(figures)
    if not _is_seen(factory):
        return None
    answer = {
        "start": to_rfc3339(window.start),
        "end": to_rfc3339(window.end),
        "factory": factory,
        "workstations": _workstations(figures),
    }
    return {**answer, "workers": _workers(figures)} if question.people_shown else answer


def pooled(question: Question, statuses: Statuses) -> Record:
    """The figures of all workers everywhere at the site, whomever the question is about."""
    everyone = replace(question, worker_code=None, workstation_code=None)
    return factory_figures(read(everyone, statuses))


COMPARISONS: Mapping[str, Callable[[Question, Statuses], Record | None]] = {
    "before": before,
    "pooled": pooled,
}


def _is_seen(record: Record) -> bool:
    return any(record[name] for name in _SEEN)


def _workers(figures: Figures) -> list[Record]:
    told = ((worker, worker_figures(figures, worker)) for worker in figures.question.workers)
    return [
        {"worker_id": worker.code, **{name: record[name] for name in OF_WORKERS}}
        for worker, record in told
        if _is_seen(record)
    ]


def _workstations(figures: Figures) -> list[Record]:
    stations = figures.question.workstations
    told = ((station, workstation_figures(figures, station)) for station in stations)
    return [
        {"workstation_id": station.code, **{name: record[name] for name in OF_WORKSTATIONS}}
        for station, record in told
        if _is_seen(record)
    ]
