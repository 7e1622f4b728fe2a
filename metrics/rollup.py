"""Keeps spans, statuses and sums in step with the facts, in the transaction that stores them.

A change of buckets is sums(new pieces) − sums(old stored pieces), whole numbers, added in key
order: retrying can't count twice, since it happens only for facts that this transaction really
inserted.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from common.instants import FIVE_MINUTES_MS, HOUR_MS, floor_to
from common.intervals import Interval, union
from events.domain.change import Change
from events.domain.observation import COUNT
from events.queries import last_counted
from metrics import tables
from metrics.domain import sums
from metrics.domain.timeline import Piece, Point, begun, clip, spliced, touching
from metrics.models import Span
from metrics.stretches import Stretch, stretches


def project(change: Change) -> None:
    """The projection: called once per site and transaction, after the facts are stored."""
    delta = sums.Delta()
    for fact in change.added:
        delta.add_fact(fact, change.master.acceptance_threshold)
    for fact in change.removed:
        delta.add_fact(fact, change.master.acceptance_threshold, sign=-1)
    workers = {
        fact.worker_id for fact in (*change.added, *change.removed) if fact.event_type != COUNT
    }
    presence = _project_states(change, workers, delta) if workers else {}
    tables.add_sums(change.master.site_id, delta, presence)
    tables.set_newest(change.master.site_id, _newest_left(change))


def _newest_left(change: Change) -> Iterator[tuple[int, int, int, int, int]]:
    """What is the newest event now in the buckets that an event has left: no sum tells."""
    left = {
        (fact.worker_id, fact.workstation_id, low, low + length - 1): grain
        for fact in change.removed
        if not fact.restated
        for grain, length in ((sums.FIVE_MINUTES, FIVE_MINUTES_MS), (sums.HOUR, HOUR_MS))
        for low in [floor_to(fact.occurred_at, length)]
    }
    for worker_id, workstation_id, low, high, at in last_counted(sorted(left), change.master):
        grain = left[worker_id, workstation_id, low, high]
        yield grain, low, worker_id, workstation_id, at or 0


def _project_states(change: Change, workers: set[int], delta: sums.Delta) -> tables.Presence:
    """Replaces spans and statuses; the change of presence that follows."""
    statuses = tables.statuses(workers)
    regions = stretches(change, statuses, delta)
    left = {fact.workstation_id for fact in change.removed}
    presence = replace_spans(regions, statuses, delta, left=left)
    tables.write_statuses(_new_statuses(regions, statuses))
    return presence


def replace_spans(
    regions: dict[int, list[Stretch]],
    statuses: dict[int, Point],
    delta: sums.Delta,
    *,
    left: Collection[int] = (),
) -> tables.Presence:
    """Puts each worker's stretches in the place of what is stored; the change of presence.

    `statuses` are those before, `left` the workstations that events have left.
    """
    stored = _stored_pieces(regions, statuses, {*left})
    pieces = {worker_id: _apply(stored[worker_id], mine) for worker_id, mine in regions.items()}
    _add_times(delta, regions, stored, pieces)
    tables.replace_spans(
        removed=_changes(stored, pieces, regions), written=_changes(pieces, stored, regions)
    )
    return _presence_changes(regions, stored, pieces)


def _stored_pieces(
    regions: dict[int, list[Stretch]], statuses: dict[int, Point], left: set[int]
) -> dict[int, list[Piece]]:
    """All workers' stored pieces at the workstations and in the times that the regions touch."""
    given = {
        (workstation_id, region.low - HOUR_MS, region.high, region.low)
        for worker_id, mine in regions.items()
        for region in mine
        for workstation_id in left | _workstations_of(region, statuses.get(worker_id))
    }
    return tables.pieces(Span.workstation.field.attname, sorted(given))


def _workstations_of(region: Stretch, status: Point | None) -> set[int]:
    found = {point.workstation_id for point in region.ruling.points}
    found.update(fact.workstation_id for fact in region.ruling.overruled)
    found.update(region.left)
    return found if status is None else found | {status.workstation_id}


def _apply(stored: list[Piece], regions: list[Stretch]) -> list[Piece]:
    """The worker's pieces after all replacements, in order, each seeing what the last one left."""
    pieces = stored.copy()
    for low, high, ruling, _ in regions:
        where = touching(pieces, low, high)
        pieces[where] = spliced(pieces[where], ruling.points, low=low, high=high)
    return pieces


Pieces = dict[int, list[Piece]]


def _add_times(
    delta: sums.Delta, regions: dict[int, list[Stretch]], stored: Pieces, pieces: Pieces
) -> None:
    for worker_id, mine in regions.items():
        for region in mine:
            before, after = (_inside(each[worker_id], region) for each in (stored, pieces))
            if before == after:
                continue
            for piece in before:
                delta.add_piece(worker_id, piece, sign=-1)
            for piece in after:
                delta.add_piece(worker_id, piece)


def _inside(pieces: list[Piece], region: Stretch) -> list[Piece]:
    """The parts of a worker's pieces, in order, that lie in the region."""
    return clip(pieces[touching(pieces, region.low, region.high)], region.low, region.high)


def _presence_changes(
    regions: dict[int, list[Stretch]], stored: Pieces, pieces: Pieces
) -> dict[tuple[int, int], list[int]]:
    """Per (5-minute start, workstation): how its [present, working] clock time changes."""
    touched: dict[int, list[Interval]] = defaultdict(list)
    for worker_id, mine in regions.items():
        for region in mine:
            for piece in (*_inside(stored[worker_id], region), *_inside(pieces[worker_id], region)):
                touched[piece.workstation_id].append((piece.start, piece.end))
    before, after = _by_workstation(stored, touched), _by_workstation({**stored, **pieces}, touched)
    changes: dict[tuple[int, int], list[int]] = {}
    for workstation_id, intervals in touched.items():
        where = union(intervals)
        for sign, at in ((-1, before[workstation_id]), (1, after[workstation_id])):
            inside = [
                part for low, high in where for part in clip(at[begun(at, low, high)], low, high)
            ]
            for start, row in sums.presence_sums(sums.presence(inside)).items():
                change = changes.setdefault((start, workstation_id), [0, 0])
                change[0] += sign * row[0]
                change[1] += sign * row[1]
    return {key: change for key, change in changes.items() if any(change)}


def _by_workstation(pieces: Pieces, wanted: Iterable[int]) -> dict[int, list[Piece]]:
    found: dict[int, list[Piece]] = {workstation_id: [] for workstation_id in wanted}
    for mine in pieces.values():
        for piece in mine:
            if piece.workstation_id in found:
                found[piece.workstation_id].append(piece)
    return {workstation_id: sorted(mine) for workstation_id, mine in found.items()}


def _changes(of: Pieces, against: Pieces, workers: Iterable[int]) -> list[tuple[int, Piece]]:
    """(worker, piece) of the pieces that stand in one and not in the other."""
    return [
        (worker_id, piece)
        for worker_id in workers
        for piece in set(of[worker_id]) - set(against[worker_id])
    ]


def _new_statuses(
    regions: dict[int, list[Stretch]], statuses: dict[int, Point]
) -> dict[int, Point | None]:
    """The newest point of each worker whose newest stretch was replaced.

    None where nothing is left.
    """
    changed: dict[int, Point | None] = {}
    for worker_id, mine in regions.items():
        last, status = mine[-1], statuses.get(worker_id)
        if status is None or last.high >= status.at:
            points: Sequence[Point] = last.ruling.points
            changed[worker_id] = points[-1] if points else None
    return changed
