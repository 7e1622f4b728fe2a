"""The derived tables: how spans, statuses and buckets are read and written as plain values."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from common import dialect
from common.instants import DAY_MS, floor_to
from metrics.domain import sums
from metrics.domain.timeline import Piece, Point
from metrics.models import Bucket, DayMark, Grain, Span, WorkerStatus, WorkstationBucket
from workers.domain.master import OPEN

SPAN = ("worker_id", "started_at", "ended_at", "state", "workstation_id")
STATUS = ("worker_id", "started_at", "state", "workstation_id", "holds_until")
BUCKET_KEY = ("site_id", "grain", "start_at", "worker_id", "workstation_id")
PRESENCE_KEY = ("site_id", "grain", "start_at", "workstation_id")

Presence = Mapping[tuple[int, int], list[int]]


def statuses(worker_ids: Iterable[int]) -> dict[int, Point]:
    """The newest state event of each worker, by worker."""
    rows = dialect.matching(
        WorkerStatus, STATUS, ["worker_id"], [(worker_id,) for worker_id in sorted(worker_ids)]
    )
    return {worker_id: Point(*point) for worker_id, *point in rows}


def tails(found: Mapping[int, Point], horizon: int) -> dict[int, Piece]:
    """The open part of each worker's timeline, by worker: what no stored piece covers yet.

    `found` are the workers' newest state events. What lies before their site's horizon is stored.
    """
    return {
        worker_id: Piece(max(point.at, horizon), point.until, point.state, point.workstation_id)
        for worker_id, point in found.items()
        if point.until > horizon
    }


def write_statuses(points: Mapping[int, Point | None]) -> None:
    """Sets each worker's newest state event, or clears it."""
    rows = [(worker_id, *point) for worker_id, point in sorted(points.items()) if point is not None]
    dialect.upsert(WorkerStatus, ["worker_id"], rows, dialect.Merge(replace=STATUS[1:]))
    gone = [(worker_id,) for worker_id, point in sorted(points.items()) if point is None]
    dialect.delete(WorkerStatus, ["worker_id"], gone)


def pieces(group: str, regions: Sequence[tuple[int, int, int, int]]) -> dict[int, list[Piece]]:
    """Stored pieces by worker, in order.

    Each region is (worker or workstation, earliest start, latest start, earliest end).
    """
    found: defaultdict[int, list[Piece]] = defaultdict(list)
    at = (group, "started_at")
    rows = dialect.within(Span, SPAN, at, regions, until="ended_at") if regions else []
    for worker_id, *piece in sorted(set(rows)):
        found[worker_id].append(Piece(*piece))
    return found


def pieces_at(workstation_id: int, *, since: int) -> list[Piece]:
    """All stored pieces at a workstation that began at an instant or later, of all workers."""
    region = (workstation_id, since, OPEN)
    rows = dialect.within(Span, SPAN[1:], ("workstation_id", "started_at"), [region])
    return [Piece(*row) for row in rows]


def replace_spans(
    *, removed: Sequence[tuple[int, Piece]], written: Sequence[tuple[int, Piece]]
) -> None:
    """Deletes and writes pieces of (worker, piece).

    A written piece may take the place of one with the same start.
    """
    starts = {(worker_id, piece.start) for worker_id, piece in written}
    gone = {(worker_id, piece.start) for worker_id, piece in removed} - starts
    dialect.delete(Span, ["worker_id", "started_at"], sorted(gone))
    rows = sorted((worker_id, *piece) for worker_id, piece in written)
    dialect.upsert(Span, SPAN[:2], rows, dialect.Merge(replace=SPAN[2:]))


def add_sums(site_id: int, delta: sums.Delta, presence: Presence) -> None:
    """Adds changes to the buckets of both grains; rows in which nothing is left vanish.

    `presence`: changes of [present, working] clock time by (5-minute start, workstation).
    """
    _mark(site_id, {floor_to(start, DAY_MS) for start, *_ in (*delta.rows, *presence)})
    _add_to_buckets(bucket_rows(site_id, delta))
    _add_presence(presence_rows(site_id, presence))


def _add_to_buckets(rows: Sequence[dialect.Row]) -> None:
    dialect.upsert(Bucket, BUCKET_KEY, rows, dialect.Merge(add=sums.ADDED, greatest=[sums.NEWEST]))
    width = len(BUCKET_KEY)
    lessened = [row[:width] for row in rows if min(row[width:-1]) < 0]
    dialect.delete(Bucket, BUCKET_KEY, lessened, only_zero=sums.ADDED)


def mark_all_days(site_id: int) -> None:
    """Whatever is kept of the site's days is void."""
    days = dialect.matching(DayMark, ["start_at"], ["site_id"], [(site_id,)])
    _mark(site_id, [day for (day,) in days])


def _mark(site_id: int, days: Iterable[int]) -> None:
    rows = [(site_id, day, secrets.randbits(62)) for day in sorted(days)]
    dialect.upsert(DayMark, ("site_id", "start_at"), rows, dialect.Merge(replace=["mark"]))


def set_newest(site_id: int, newest: Iterable[tuple[int, int, int, int, int]]) -> None:
    """Corrects stored buckets: rows of (grain, start, worker, workstation, newest event at)."""
    rows = sorted((site_id, *row) for row in newest)
    dialect.assign(Bucket, BUCKET_KEY, [sums.NEWEST], rows)


def bucket_rows(site_id: int, delta: sums.Delta) -> list[dialect.Row]:
    """The rows of both grains that a change touches, in the order of their keys."""
    return sorted(
        (site_id, grain, *key, *row)
        for grain, rows in (
            (Grain.FIVE_MINUTES.value, delta.rows),
            (Grain.HOUR.value, delta.by_hour()),
        )
        for key, row in rows.items()
        if any(row)
    )


def _add_presence(rows: Sequence[dialect.Row]) -> None:
    dialect.upsert(WorkstationBucket, PRESENCE_KEY, rows, dialect.Merge(add=sums.PRESENCE))
    lessened = [row[:4] for row in rows if min(row[4:]) < 0]
    dialect.delete(WorkstationBucket, PRESENCE_KEY, lessened, only_zero=sums.PRESENCE)


def presence_rows(site_id: int, changes: Presence) -> list[dialect.Row]:
    """The rows of both grains that a change of presence touches."""
    return sorted(
        (site_id, grain, *key, *row)
        for grain, rows in (
            (Grain.FIVE_MINUTES.value, changes),
            (Grain.HOUR.value, sums.folded(changes)),
        )
        for key, row in rows.items()
        if any(row)
    )
