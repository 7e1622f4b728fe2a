"""Who is where, doing what, since when.

At one instant, from the newest states and the stored timeline.
"""

from collections.abc import Mapping
from typing import NamedTuple

from common import dialect
from metrics.domain.timeline import Piece, Point
from metrics.models import Span
from metrics.tables import SPAN
from workers.domain.master import WorkerInfo, WorkstationInfo

UNKNOWN = "unknown"
_ORDER = ("working", "idle", "absent", UNKNOWN)  # what a workstation shows when its workers differ


class Whereabouts(NamedTuple):
    """A worker's state at an instant.

    `since` is the start of its run; for unknown, when it began. None: never seen.
    """

    state: str
    since: int | None
    workstation_id: int | None


NEVER_SEEN = Whereabouts(UNKNOWN, None, None)


def whereabouts(
    workers: list[WorkerInfo], statuses: Mapping[int, Point], *, at: int
) -> dict[int, Whereabouts]:
    """The state of each worker, by id."""
    return whereabouts_each({worker.id: at for worker in workers}, statuses)


def whereabouts_each(
    asked: Mapping[int, int], statuses: Mapping[int, Point]
) -> dict[int, Whereabouts]:
    """The same, each at an instant of their own: sites have as many clocks."""
    known = [worker_id for worker_id in asked if worker_id in statuses]
    highs = [(each, min(asked[each], statuses[each].at - 1)) for each in known]
    rows = dialect.last_before(Span, SPAN, ("worker_id", "started_at"), highs) if highs else []
    last = {worker_id: Piece(*piece) for worker_id, *piece in rows}
    starts = run_starts(highs)
    found = dict.fromkeys(asked, NEVER_SEEN)
    for each in known:
        found[each] = _at(asked[each], statuses[each], last.get(each), starts.get(each))
    return found


def run_starts(highs: list[tuple[int, int]]) -> dict[int, int]:
    """Where the run began that each worker's last piece before an instant belongs to."""
    if not highs:
        return {}
    at = ("worker_id", "started_at", "ended_at")
    return dialect.run_starts(Span, at, ("state", "workstation_id"), highs)


def _at(at: int, status: Point, piece: Piece | None, run_start: int | None) -> Whereabouts:
    if status.at <= at:
        if at >= status.until:
            return Whereabouts(UNKNOWN, status.until, status.workstation_id)
        goes_on = piece is not None and (piece.end, *piece[2:]) == (
            status.at,
            status.state,
            status.workstation_id,
        )
        return Whereabouts(status.state, run_start if goes_on else status.at, status.workstation_id)
    if piece is None:
        return NEVER_SEEN
    if piece.end > at:
        return Whereabouts(piece.state, run_start, piece.workstation_id)
    return Whereabouts(UNKNOWN, piece.end, piece.workstation_id)


class StationState(NamedTuple):
    """A workstation's state.

    Working if anyone works there, else idle, else absent, else unknown; and who is there.
    """

    state: str
    since: int | None
    worker_ids: list[int]


def station_states(
    stations: list[WorkstationInfo], workers: dict[int, Whereabouts]
) -> dict[int, StationState]:
    """The state of each workstation, by id."""
    at: dict[int, list[tuple[int, Whereabouts]]] = {station.id: [] for station in stations}
    for worker_id, where in workers.items():
        if where.workstation_id in at:
            at[where.workstation_id].append((worker_id, where))
    return {station_id: _station(found) for station_id, found in at.items()}


def _station(found: list[tuple[int, Whereabouts]]) -> StationState:
    for state in _ORDER:
        alike = [(worker_id, where) for worker_id, where in found if where.state == state]
        if alike:
            sinces = [where.since for _, where in alike if where.since is not None]
            since = (min if state in ("working", "idle") else max)(sinces, default=None)
            present = [
                worker_id for worker_id, where in found if where.state in ("working", "idle")
            ]
            return StationState(state, since, present)
    return StationState(UNKNOWN, None, [])
