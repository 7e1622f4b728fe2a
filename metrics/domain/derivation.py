"""All that follows from a worker's facts, computed at once.

What the projection keeps step by step must equal this.
"""

from collections.abc import Sequence
from typing import NamedTuple

from events.domain.observation import COUNT, Observation
from metrics.domain import sums
from metrics.domain.timeline import (
    Piece,
    Point,
    Rules,
    canonical,
    clip,
    in_force,
    pieces_between,
)
from workers.domain.master import OPEN


class Derived(NamedTuple):
    """A worker's closed timeline, their newest state event (None.

    Never seen), and the sums of their buckets.
    """

    pieces: list[Piece]
    status: Point | None
    delta: sums.Delta


def derive(
    worker_id: int,
    facts: Sequence[Observation],
    rules: Rules,
    *,
    threshold: float,
    since: int = 0,
) -> Derived:
    """From all facts of one worker, in any order.

    What happened before `since` counts as nothing; the state that it left goes on from there.
    """
    delta = sums.Delta()
    points, overruled = in_force((fact for fact in facts if fact.event_type != COUNT), rules)
    for fact in facts:
        if fact.occurred_at >= since:
            delta.add_fact(fact, threshold)
    for fact in overruled:
        if fact.occurred_at >= since:
            delta.add_overruled(fact)
    pieces = canonical(clip(pieces_between(points), since, OPEN))
    for piece in pieces:
        delta.add_piece(worker_id, piece)
    return Derived(pieces, points[-1] if points else None, delta)
