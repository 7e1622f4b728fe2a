"""What is stored past the end of windows that reach now: events of the last seconds, and of
cameras whose clocks are ahead. The buckets hold it already.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from common.instants import FIVE_MINUTES_MS, HOUR_MS, ceil_to
from events.domain.observation import Observation
from events.queries import events_in, last_counted
from metrics import tables
from metrics.domain.timeline import Piece
from metrics.queries.question import Question

Place = tuple[int, int]  # worker, workstation


@dataclass(frozen=True)
class Ahead:
    """Of any number of sites; workers belong to one."""

    pieces: Mapping[int, list[Piece]]  # by worker
    facts: Mapping[int, list[Observation]]  # by worker
    newest: Mapping[Place, int]  # the last event before, where there are facts


def ahead_of(questions: Sequence[Question]) -> Ahead:
    """Of all these questions in as many statements as of one, where the same counts at the sites.

    Each is about another site.
    """
    running = [each for each in questions if each.window.reaches_now]
    regions = [
        (worker_id, as_of - HOUR_MS, end_of(each), as_of + 1)
        for each in running
        for as_of in (each.window.as_of,)
        for worker_id in each.master.workers_by_id
    ]
    found: defaultdict[int, list[Observation]] = defaultdict(list)
    newest: dict[Place, int] = {}
    for alike in _alike(running):
        for fact in _facts(alike):
            found[fact.worker_id].append(fact)
        newest |= _newest(alike, found)
    return Ahead(tables.pieces("worker_id", regions), found, newest)


def end_of(question: Question) -> int:
    """Where the bucket ends in which the window does."""
    return ceil_to(question.window.as_of, FIVE_MINUTES_MS)


def _alike(questions: Sequence[Question]) -> Iterator[list[Question]]:
    """Of sites at which equally sure events count."""
    by_least: defaultdict[float, list[Question]] = defaultdict(list)
    for each in questions:
        by_least[each.master.least_confidence].append(each)
    yield from by_least.values()


def _facts(alike: list[Question]) -> list[Observation]:
    regions = [
        (worker_id, each.window.as_of, end_of(each) - 1)
        for each in alike
        for worker_id in each.master.workers_by_id
    ]
    return events_in(regions, alike[0].master)


def _newest(alike: list[Question], facts: Mapping[int, list[Observation]]) -> dict[Place, int]:
    regions = [
        (*place, each.window.start, each.window.as_of - 1)
        for each in alike
        for place in sorted(
            {
                (fact.worker_id, fact.workstation_id)
                for worker_id in each.master.workers_by_id
                for fact in facts.get(worker_id, ())
            }
        )
    ]
    rows = last_counted(regions, alike[0].master)
    return {(worker_id, place): at for worker_id, place, _, _, at in rows if at is not None}
