"""Reads effective events for those who compute from them.

Facts as they were reported, except where a verdict is in force or the site waits for one. Each read
is a probe of an index, of events and of verdicts; nothing is scanned.
"""

from collections.abc import Collection, Sequence

from common import dialect
from events.domain.observation import COLUMNS, COUNT, Observation
from events.domain.verdict import Label
from events.models import Event, Verdict
from workers.domain.master import MasterData

Region = tuple[int, int, int]  # worker, first instant, last instant (both inside)


def state_events(regions: Sequence[Region], master: MasterData) -> list[Observation]:
    """The state events of each worker from one instant to another."""
    if not regions:
        return []
    rows = dialect.corrected_within(_effective(master), COLUMNS, regions)
    return [Observation(*row) for row in rows if row[_TYPE] != COUNT]


def regions_around(instants: Sequence[tuple[int, int]], master: MasterData) -> list[Region]:
    """For each (worker, instant): from the state event before it to the one after it.

    Where there is none, the region begins with the first, or ends with the last, of the worker's
    given instants. They are sorted.
    """
    if not instants:
        return []
    last = dict(instants)
    first = dict(reversed(instants))
    rows = dialect.corrected_neighbours(_effective(master), instants, exclude=("event_type", COUNT))
    return [
        (
            worker_id,
            first[worker_id] if before is None else before,
            last[worker_id] if after is None else after,
        )
        for worker_id, _, before, after in rows
    ]


def events_of(worker_id: int, master: MasterData) -> list[Observation]:
    """All that counts of a worker since the site's horizon, and what is carried in."""
    carried = state_events(carried_in([worker_id], master), master)
    return carried + events_between([worker_id], master.horizon_at, 2**62, master)


def carried_in(worker_ids: Collection[int], master: MasterData) -> list[Region]:
    """Of each worker the last instant before the site's horizon with a state event that counts.

    Its state reaches beyond the horizon, so it stays. Who has none before is left out.
    """
    if not worker_ids or not master.horizon_at:
        return []
    instants = [(worker_id, master.horizon_at) for worker_id in sorted(worker_ids)]
    rows = dialect.corrected_neighbours(_effective(master), instants, exclude=("event_type", COUNT))
    return [(worker_id, at, at) for worker_id, _, at, _ in rows if at is not None]


def ids_carried_in(master: MasterData) -> set[int]:
    """The events that stay although they happened before the site's horizon."""
    regions = carried_in(master.workers_by_id, master)
    if not regions:
        return set()
    rows = dialect.corrected_within(_effective(master), ("id", "event_type"), regions)
    return {event_id for event_id, event_type, _ in rows if event_type != COUNT}


def events_between(
    worker_ids: Sequence[int], start: int, end: int, master: MasterData
) -> list[Observation]:
    """All that counts of some workers in [start, end)."""
    return events_in([(worker_id, start, end - 1) for worker_id in worker_ids], master)


def events_in(regions: Sequence[Region], master: MasterData) -> list[Observation]:
    """All that counts in these regions; also of other sites at which equally sure events count."""
    rows = dialect.corrected_within(_effective(master), COLUMNS, regions)
    return [Observation(*row) for row in rows]


def last_counted(
    regions: Sequence[tuple[int, int, int, int]], master: MasterData
) -> list[tuple[int, int, int, int, int | None]]:
    """When, in each (worker, workstation, first, last instant), the last event was.

    None where there is none; restated events are passed over. Rows of the region and the instant.
    """
    if not regions:
        return []
    rows = dialect.corrected_last(
        _effective(master), ("worker_id", "workstation_id"), regions, unless="restated"
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


_TYPE = COLUMNS.index("event_type")


def _effective(master: MasterData) -> dialect.Corrected:
    return dialect.Corrected(
        Event,
        Verdict,
        of="event_id",
        in_force="in_force",
        columns=Label.__struct_fields__,
        group="worker_id",
        instant="occurred_at",
        least=("confidence", master.least_confidence),
    )
