"""Settles what will lie before a site's new horizon, so that it stands without its events."""

from common.instants import HOUR_MS
from metrics import tables
from metrics.domain import sums
from metrics.domain.timeline import Point, Ruling
from metrics.rollup import replace_spans
from metrics.stretches import Stretch
from workers.domain.master import MasterData


def close_tails(master: MasterData, horizon: int) -> None:
    """Stores the open part of each worker's timeline up to the new horizon.

    What a later event or a new ttl says of it counts from the horizon on.
    """
    if horizon % HOUR_MS:
        raise ValueError("a horizon is a full hour, at which pieces and buckets end")
    statuses = tables.statuses(master.workers_by_id)
    regions = {
        worker_id: [Stretch(tail.start, horizon, _until(statuses[worker_id], horizon))]
        for worker_id, tail in tables.tails(statuses, master.horizon_at).items()
        if tail.start < horizon
    }
    if not regions:
        return
    delta = sums.Delta()
    presence = replace_spans(regions, statuses, delta)
    tables.add_sums(master.site_id, delta, presence)


def _until(point: Point, horizon: int) -> Ruling:
    """The point's state, as if another one began at the horizon."""
    return Ruling([point, point._replace(at=horizon)], [])
