"""Draws how confidences are spread now against how they were while the reference was learnt."""

from collections.abc import Sequence
from itertools import pairwise

from drift.domain.buckets import BINS, SCALE, edge_of
from drift.plots import geometry
from drift.plots.geometry import Line, Mark, Plot, Scale
from drift.plots.over_time import View
from drift.queries import recognition

EDGES = [*(edge_of(n) for n in range(20)), *(edge_of(n) for n in range(20, BINS, 4)), 1.0]
FAINT = 0.002  # a share that would not be seen


def spread_plot(view: View) -> Plot | None:
    """How confidences are spread now, and were while the reference was learnt."""
    learnt = recognition.learnt_in(view.seen)
    if not learnt:
        return None
    before, now = (
        _coarse(recognition.shares_of(view.seen, view.kind, window))
        for window in ((learnt[0][0], learnt[-1][1]), (view.since, view.seen.until))
    )
    lowest = next((n for n, _ in enumerate(before) if before[n] + now[n] > FAINT), 0)
    first = min(EDGES[lowest], 0.6)
    top = max(*_densities(before), *_densities(now))
    scale = Scale(round(first * SCALE), SCALE, 0, top or 1)
    return Plot(
        "Spread of confidences",
        lines=[
            Line(_stairs(_densities(before), scale), "before", "reference"),
            Line(_stairs(_densities(now), scale), "now", view.since_label),
        ],
        across=[
            Mark(round(scale.x(tenth * SCALE / 10) / geometry.WIDTH * 100, 1), f"{tenth / 10:.1f}")
            for tenth in range(11)
            if first <= tenth / 10
        ],
        up=[],
        heading=("From", "Reference", view.since_label.capitalize()),
        rows=[
            (f"{EDGES[n]:.2f}", f"{before[n]:.1%}", f"{now[n]:.1%}")
            for n in range(lowest, len(before))
        ],
    )


def _coarse(shares: Sequence[float]) -> list[float]:
    """The fine bins four by four: a week's few thousand events do not fill them."""
    return [*shares[:20], *(sum(shares[n : n + 4]) for n in range(20, BINS, 4))]


def _densities(shares: Sequence[float]) -> list[float]:
    return [
        share / (right - left) for share, (left, right) in zip(shares, pairwise(EDGES), strict=True)
    ]


def _stairs(densities: Sequence[float], scale: Scale) -> str:
    ground = scale.y(0)
    steps = [
        f"V{scale.y(density)}H{scale.x(right * SCALE)}"
        for density, right in zip(densities, EDGES[1:], strict=True)
        if right * SCALE > scale.start
    ]
    return f"M{scale.x(scale.start)} {ground}{''.join(steps)}V{ground}Z"
