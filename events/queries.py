"""Reads facts for those who compute from them."""

from collections.abc import Sequence

from common import dialect
from events.domain.observation import COLUMNS, COUNT, Observation
from events.models import Event

Region = tuple[int, int, int]  # worker, first instant, last instant (both inside)


def state_events(regions: Sequence[Region]) -> list[Observation]:
    """The state events of each worker from one instant to another."""
    rows = dialect.within(Event, COLUMNS, _AT, regions) if regions else []
    return [Observation(*row) for row in rows if row[_TYPE] != COUNT]


def regions_around(instants: Sequence[tuple[int, int]]) -> list[Region]:
    """For each (worker, instant): from the state event before it to the one after it.

    Where there is none, the region begins with the first, or ends with the last, of the worker's
    given instants. They are sorted.
    """
    if not instants:
        return []
    last = dict(instants)
    first = dict(reversed(instants))
    rows = dialect.neighbours(Event, _AT, instants, exclude=("event_type", COUNT))
    return [
        (
            worker_id,
            first[worker_id] if before is None else before,
            last[worker_id] if after is None else after,
        )
        for worker_id, _, before, after in rows
    ]


def facts_of(worker_id: int) -> list[Observation]:
    """All of a worker's facts, in order of time."""
    ever = (worker_id, 0, 2**62)
    return sorted(map(_observation, dialect.within(Event, COLUMNS, _AT, [ever])), key=_instant)


def facts_between(worker_ids: Sequence[int], start: int, end: int) -> list[Observation]:
    """The workers' facts in [start, end): for the few minutes at most that lie past `as_of`."""
    regions = [(worker_id, start, end - 1) for worker_id in worker_ids]
    return [Observation(*row) for row in dialect.within(Event, COLUMNS, _AT, regions)]


_AT = ("worker_id", "occurred_at")
_TYPE = COLUMNS.index("event_type")


def _observation(row: dialect.Row) -> Observation:
    return Observation(*row)


def _instant(observation: Observation) -> int:
    return observation.occurred_at
