"""What a worker was seen to do around an instant: for those who judge a single event."""

from common.instants import HOUR_MS
from common.intervals import Interval
from metrics import tables
from metrics.domain.timeline import clip, joined
from workers.domain.master import MasterData


def states_around(
    worker_id: int, window: Interval, master: MasterData
) -> list[tuple[int, int, str, int]]:
    """Stretches of (start, end, state, workstation id) in the window; gaps are not seen."""
    start, end = window
    pieces = tables.pieces("worker_id", [(worker_id, start - HOUR_MS, end, start + 1)])
    stored = pieces.get(worker_id, [])
    stored += tables.tails(tables.statuses([worker_id]), master.horizon_at).values()
    return list(joined(clip(stored, start, end)))
