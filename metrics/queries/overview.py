"""The figures of a window: factory, workers, workstations, and what needs attention."""

from collections.abc import Collection

from metrics.domain.kpis import Record
from metrics.queries.attention import attention, bottlenecks
from metrics.queries.comparison import COMPARISONS
from metrics.queries.figures import Figures, read, statuses_of
from metrics.queries.question import Question, envelope
from metrics.queries.records import factory_record, worker_record, workstation_record
from metrics.queries.scene import scene


def overview(question: Question, *, compare: Collection[str] = ()) -> Record:
    """Everything that the pages show, in one answer, and what it is compared with."""
    statuses = statuses_of(question)
    figures = read(question, statuses)
    answer = {
        **_whole(figures),
        **{name: COMPARISONS[name](question, statuses) for name in compare},
    }
    return {**answer, "workers": _workers(figures)} if question.people_shown else answer


def _whole(figures: Figures) -> Record:
    question, stations = figures.question, _workstations(figures)
    behind = bottlenecks(stations, question)
    return {
        **scene(question),
        "factory": factory_record(figures),
        "workstations": stations,
        "bottleneck": behind[0] if behind else None,
        "bottlenecks": behind,
        "attention": attention(stations, question),
    }


def factory(question: Question) -> Record:
    """The pooled figures of all workers."""
    return {**envelope(question), "factory": factory_record(_read(question))}


def workers(question: Question) -> Record:
    """A record per worker."""
    return {**envelope(question), "results": _workers(_read(question))}


def workstations(question: Question) -> Record:
    """A record per workstation."""
    return {**envelope(question), "results": _workstations(_read(question))}


def _read(question: Question) -> Figures:
    return read(question, statuses_of(question))


def _workers(figures: Figures) -> list[Record]:
    """Who is anonymous comes last."""
    workers = sorted(figures.question.workers, key=lambda worker: worker.is_anonymous)
    return [worker_record(figures, worker) for worker in workers]


def _workstations(figures: Figures) -> list[Record]:
    return [workstation_record(figures, station) for station in figures.question.workstations]
