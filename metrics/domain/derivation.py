"""All that follows from a worker's facts, computed at once.

What the projection keeps step by step must equal this.
"""

from collections.abc import Sequence
from typing import NamedTuple

from events.domain.observation import COUNT, Observation
from metrics.domain import sums
from metrics.domain.timeline import Piece, Point, Rules, canonical, in_force, pieces_between


class Derived(NamedTuple):
    """A worker's closed timeline, their newest state event (None.

    Never seen), and the sums of their buckets.
    """

    pieces: list[Piece]
    status: Point | None
    delta: sums.Delta


def derive(
    worker_id: int, facts: Sequence[Observation], rules: Rules, *, threshold: float
) -> Derived:
    """From all facts of one worker, in any order."""
    delta = sums.Delta()
    for fact in facts:
        delta.add_fact(fact, threshold)
    points, overruled = in_force((fact for fact in facts if fact.event_type != COUNT), rules)
    for fact in overruled:
        delta.add_overruled(fact)
    pieces = canonical(pieces_between(points))
    for piece in pieces:
        delta.add_piece(worker_id, piece)
    return Derived(pieces, points[-1] if points else None, delta)
