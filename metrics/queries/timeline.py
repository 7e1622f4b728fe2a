"""The state timeline: what each worker was seen to do, from spans and open tails.

Gaps are what was not seen.
"""

from common.instants import HOUR_MS, to_rfc3339
from metrics import tables
from metrics.domain.kpis import Record
from metrics.domain.timeline import Piece, clip, joined
from metrics.queries.question import Question, envelope


def timeline(question: Question) -> Record:
    """Stretches clipped to the window, by worker and start."""
    start, end = question.window.interval
    worker_ids = [worker.id for worker in question.workers]
    stored = tables.pieces(
        "worker_id", [(worker_id, start - HOUR_MS, end, start + 1) for worker_id in worker_ids]
    )
    tails = tables.tails(tables.statuses(worker_ids), question.master.horizon_at)
    for worker_id, tail in tails.items():
        stored[worker_id].append(tail)
    results = [
        _present(question, worker.code, piece)
        for worker in question.workers
        for piece in joined(clip(stored.get(worker.id, []), start, end))
    ]
    wanted = question.workstation_code
    return {
        **envelope(question),
        "results": [row for row in results if wanted in (None, row["workstation_id"])],
    }


def _present(question: Question, worker_code: str, piece: Piece) -> Record:
    return {
        "worker_id": worker_code,
        "workstation_id": question.master.workstations_by_id[piece.workstation_id].code,
        "state": piece.state,
        "start": to_rfc3339(piece.start),
        "end": to_rfc3339(piece.end),
    }
