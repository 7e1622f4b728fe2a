"""Keeps spans, statuses and sums in step with the facts, in the transaction that stores them.

A change of buckets is sums(new pieces) − sums(old stored pieces), whole numbers, added in key order: retrying can't count twice, since it
happens only for facts that this transaction really inserted.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from common import dialect
from common.instants import HOUR_MS
from common.intervals import Interval, union
from events.domain.observation import COUNT, Observation
from events.queries import Region, regions_around, state_events
from events.store import Change
from metrics import tables
from metrics.domain import sums
from metrics.domain.timeline import Piece, Point, Rules, Ruling, clip, in_force, spliced
from metrics.models import Span
from workers.domain.master import MasterData


def project(change: Change) -> None:
    """The projection: called once per site and transaction, after the facts are stored."""
    rules = rules_of(change.master)
    delta = sums.Delta()
    for fact in change.added:
        delta.add_fact(fact, change.master.acceptance_threshold)
    for fact in change.removed:
        delta.add_fact(fact, change.master.acceptance_threshold, sign=-1)
    states = [fact for fact in (*change.added, *change.removed) if fact.event_type != COUNT]
    if states:
        _project_states(change, states, rules, delta)
    tables.add(change.master.site_id, delta)


def rules_of(master: MasterData) -> Rules:
    """The timeline's settings out of a site's master data."""
    return Rules(
        ttl_ms={camera.id: camera.state_ttl_ms for camera in master.cameras.values()},
        camera_codes={camera.id: camera.code for camera in master.cameras.values()},
        workstation_codes={station.id: station.code for station in master.workstations.values()},
    )


class _Region:
    """A stretch of one worker's timeline to be replaced: from `low` to `high`, by the points of a ruling."""

    def __init__(self, low: int, high: int, ruling: Ruling) -> None:
        self.low, self.high, self.ruling = low, high, ruling


def _project_states(change: Change, states: list[Observation], rules: Rules, delta: sums.Delta) -> None:
    statuses = tables.statuses({fact.worker_id for fact in states})
    regions = _regions(change, states, statuses, rules, delta)
    stored = _stored_pieces(regions, statuses)
    pieces = {worker_id: _apply(stored[worker_id], mine) for worker_id, mine in regions.items()}
    _add_times(delta, regions, stored, pieces)
    tables.add_presence(change.master.site_id, _presence_changes(regions, stored, pieces))
    tables.replace_spans(
        removed=_changes(stored, pieces, regions), written=_changes(pieces, stored, regions)
    )
    tables.write_statuses(_new_statuses(regions, statuses))


def _regions(
    change: Change, states: list[Observation], statuses: dict[int, Point], rules: Rules, delta: sums.Delta
) -> dict[int, list[_Region]]:
    """What is to be replaced, by worker, in order of time; overruled events are counted on the way."""
    newest: dict[int, list[Observation]] = defaultdict(list)
    late: list[Observation] = []
    removed = {fact.key for fact in change.removed}
    for fact in states:
        status = statuses.get(fact.worker_id)
        if (status is None or fact.occurred_at > status.at) and fact.key not in removed:
            newest[fact.worker_id].append(fact)
        else:
            late.append(fact)
    regions: dict[int, list[_Region]] = defaultdict(list)
    loaded, reloaded = _late_regions(late, newest, statuses)
    for worker_id, facts in newest.items():
        if worker_id not in reloaded:
            regions[worker_id].append(_newest_region(worker_id, facts, statuses.get(worker_id), rules, delta))
    for (worker_id, low, high), facts in _facts_in(loaded).items():
        regions[worker_id].append(_late_region(worker_id, (low, high), facts, change, rules, delta))
    for mine in regions.values():
        mine.sort(key=lambda region: region.low)
    return regions


def _newest_region(
    worker_id: int, facts: list[Observation], status: Point | None, rules: Rules, delta: sums.Delta
) -> _Region:
    """The usual case: events after the newest one. The status says all that must be known of the past."""
    ruling = in_force(facts, rules)
    for at, workstation_id in ruling.overruled:
        delta.add_overruled(at, worker_id, workstation_id)
    points = ruling.points if status is None else [status, *ruling.points]
    return _Region(points[0].at, points[-1].at, Ruling(points, ruling.overruled))


def _late_regions(
    late: list[Observation], newest: dict[int, list[Observation]], statuses: dict[int, Point]
) -> tuple[list[Region], set[int]]:
    """Regions to be read again from the facts; and the workers whose newest events lie in one of them."""
    around = regions_around(sorted({(fact.worker_id, fact.occurred_at) for fact in late}))
    spans: dict[int, list[Interval]] = defaultdict(list)
    for worker_id, low, high in around:
        spans[worker_id].append((low, high + 1))  # + 1: a region of one instant is not empty, and neighbours overlap
    reloaded = set()
    for worker_id, facts in newest.items():
        status = statuses.get(worker_id)
        if status is not None and any(low <= status.at < end - 1 for low, end in spans.get(worker_id, ())):
            spans[worker_id].append((status.at, max(fact.occurred_at for fact in facts) + 1))
            reloaded.add(worker_id)
    return [(worker_id, low, end - 1) for worker_id in spans for low, end in union(spans[worker_id])], reloaded


def _facts_in(regions: list[Region]) -> dict[Region, list[Observation]]:
    by_worker: dict[int, list[Observation]] = defaultdict(list)
    for fact in state_events(regions):
        by_worker[fact.worker_id].append(fact)
    return {
        (worker_id, low, high): [fact for fact in by_worker[worker_id] if low <= fact.occurred_at <= high]
        for worker_id, low, high in regions
    }


def _late_region(
    worker_id: int,
    bounds: Interval,
    facts: list[Observation],
    change: Change,
    rules: Rules,
    delta: sums.Delta,
) -> _Region:
    ruling = in_force(facts, rules)
    added = {fact.key for fact in change.added}
    before = [fact for fact in facts if fact.key not in added]
    before += [
        fact
        for fact in change.removed
        if fact.worker_id == worker_id and fact.event_type != COUNT and bounds[0] <= fact.occurred_at <= bounds[1]
    ]
    for at, workstation_id in ruling.overruled:
        delta.add_overruled(at, worker_id, workstation_id)
    for at, workstation_id in in_force(before, rules).overruled:
        delta.add_overruled(at, worker_id, workstation_id, sign=-1)
    return _Region(*bounds, ruling)


def _stored_pieces(regions: dict[int, list[_Region]], statuses: dict[int, Point]) -> dict[int, list[Piece]]:
    """All stored pieces at the workstations and in the times that the regions touch, of all workers."""
    given = {
        (workstation_id, region.low - HOUR_MS, region.high, region.low)
        for worker_id, mine in regions.items()
        for region in mine
        for workstation_id in _workstations_of(region, statuses.get(worker_id))
    }
    return tables.pieces(Span.workstation.field.attname, sorted(given))


def _workstations_of(region: _Region, status: Point | None) -> set[int]:
    found = {point.workstation_id for point in region.ruling.points}
    found.update(workstation_id for _, workstation_id in region.ruling.overruled)
    return found if status is None else found | {status.workstation_id}


def _apply(stored: list[Piece], regions: list[_Region]) -> list[Piece]:
    """The worker's pieces after all replacements, in the order of time, each seeing what the one before left."""
    pieces = stored
    for region in regions:
        touching = [piece for piece in pieces if piece.start <= region.high and piece.end >= region.low]
        apart = [piece for piece in pieces if piece.start > region.high or piece.end < region.low]
        pieces = apart + spliced(touching, region.ruling.points, low=region.low, high=region.high)
    return pieces


Pieces = dict[int, list[Piece]]


def _add_times(delta: sums.Delta, regions: dict[int, list[_Region]], stored: Pieces, pieces: Pieces) -> None:
    for worker_id, mine in regions.items():
        for region in mine:
            before, after = (clip(each[worker_id], region.low, region.high) for each in (stored, pieces))
            if before == after:
                continue
            for piece in before:
                delta.add_piece(worker_id, piece, sign=-1)
            for piece in after:
                delta.add_piece(worker_id, piece)


def _presence_changes(
    regions: dict[int, list[_Region]], stored: Pieces, pieces: Pieces
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
    return [(worker_id, piece) for worker_id in workers for piece in set(of[worker_id]) - set(against[worker_id])]


def _new_statuses(regions: dict[int, list[_Region]], statuses: dict[int, Point]) -> dict[int, Point | None]:
    """The newest point of each worker whose newest stretch was replaced; None where nothing is left."""
    changed: dict[int, Point | None] = {}
    for worker_id, mine in regions.items():
        last, status = mine[-1], statuses.get(worker_id)
        if status is None or last.high >= status.at:
            points: Sequence[Point] = last.ruling.points
            changed[worker_id] = points[-1] if points else None
    return changed
