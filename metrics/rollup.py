"""Keeps spans, statuses and sums in step with the facts, in the transaction that stores them.

A change of buckets is sums(new pieces) − sums(old stored pieces), whole numbers, added in key
order: retrying can't count twice, since it happens only for facts that this transaction really
inserted.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from common.instants import HOUR_MS
from common.intervals import Interval, union
from events.domain.change import Change
from events.domain.observation import COUNT, Observation
from metrics import tables
from metrics.domain import sums
from metrics.domain.timeline import Piece, Point, clip, spliced
from metrics.models import Span
from metrics.stretches import Stretch, stretches


def project(change: Change) -> None:
    """The projection: called once per site and transaction, after the facts are stored."""
    delta = sums.Delta()
    for fact in change.added:
        delta.add_fact(fact, change.master.acceptance_threshold)
    for fact in change.removed:
        delta.add_fact(fact, change.master.acceptance_threshold, sign=-1)
    states = [fact for fact in (*change.added, *change.removed) if fact.event_type != COUNT]
    presence = _project_states(change, states, delta) if states else {}
    tables.add_sums(change.master.site_id, delta, presence)


def _project_states(
    change: Change, states: list[Observation], delta: sums.Delta
) -> tables.Presence:
    """Replaces spans and statuses; the change of presence that follows."""
    statuses = tables.statuses({fact.worker_id for fact in states})
    regions = stretches(change, states, statuses, delta)
    stored = _stored_pieces(change, regions, statuses)
    pieces = {worker_id: _apply(stored[worker_id], mine) for worker_id, mine in regions.items()}
    _add_times(delta, regions, stored, pieces)
    tables.replace_spans(
        removed=_changes(stored, pieces, regions), written=_changes(pieces, stored, regions)
    )
    tables.write_statuses(_new_statuses(regions, statuses))
    return _presence_changes(regions, stored, pieces)


def _stored_pieces(
    change: Change, regions: dict[int, list[Stretch]], statuses: dict[int, Point]
) -> dict[int, list[Piece]]:
    """All workers' stored pieces at the workstations and in the times that the regions touch."""
    left = {fact.workstation_id for fact in change.removed}
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
    pieces = stored
    for region in regions:
        touching = [
            piece for piece in pieces if piece.start <= region.high and piece.end >= region.low
        ]
        apart = [piece for piece in pieces if piece.start > region.high or piece.end < region.low]
        pieces = apart + spliced(touching, region.ruling.points, low=region.low, high=region.high)
    return pieces


Pieces = dict[int, list[Piece]]


def _add_times(
    delta: sums.Delta, regions: dict[int, list[Stretch]], stored: Pieces, pieces: Pieces
) -> None:
    for worker_id, mine in regions.items():
        for region in mine:
            before, after = (
                clip(each[worker_id], region.low, region.high) for each in (stored, pieces)
            )
            if before == after:
                continue
            for piece in before:
                delta.add_piece(worker_id, piece, sign=-1)
            for piece in after:
                delta.add_piece(worker_id, piece)


def _presence_changes(
    regions: dict[int, list[Stretch]], stored: Pieces, pieces: Pieces
) -> dict[tuple[int, int], list[int]]:
    """Per (5-minute start, workstation): how its [present, working] clock time changes."""
    touched: dict[int, list[Interval]] = defaultdict(list)
    for worker_id, mine in regions.items():
        for region in mine:
            for piece in clip([*stored[worker_id], *pieces[worker_id]], region.low, region.high):
                touched[piece.workstation_id].append((piece.start, piece.end))
    before, after = _by_workstation(stored, touched), _by_workstation({**stored, **pieces}, touched)
    changes: dict[tuple[int, int], list[int]] = {}
    for workstation_id, intervals in touched.items():
        where = union(intervals)
        for sign, at in ((-1, before[workstation_id]), (1, after[workstation_id])):
            inside = [part for low, high in where for part in clip(at, low, high)]
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
    return found


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
