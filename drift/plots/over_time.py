"""What an alert's page draws: mean with what is usual, sums with their limit, volume, spread."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from zoneinfo import ZoneInfo

from common.instants import HOUR_MS, to_datetime
from drift.domain.buckets import SCALE
from drift.domain.detector import CAP
from drift.domain.floor import totals_of
from drift.domain.history import Stretch
from drift.domain.reference import DISPERSION, EVERY_TYPE, MEAN
from drift.plots import geometry
from drift.plots.geometry import Curve, Line, Mark, Plot, Scale
from drift.queries.recognition import Watched

SURE = 2  # standard deviations on either side of what is usual
LEAST_RANGE = 0.1  # of confidences, so that a calm camera does not look wild


@dataclass(frozen=True, slots=True)
class View:
    """What is drawn: which segment, from when to when, and the moments worth a mark."""

    seen: Watched
    kind: str
    window: tuple[int, int]
    moments: Sequence[tuple[int, str]] = ()
    since: int = 0  # from when on the spread of confidences is that of now
    since_label: str = "since the onset"

    @property
    def zone(self) -> ZoneInfo:
        """The site's clock."""
        return ZoneInfo(self.seen.camera.site.time_zone)

    @property
    def gap(self) -> int:
        """Longer without news, and a line is broken."""
        return 2 * HOUR_MS

    def local(self, at: int) -> datetime:
        """An instant on the site's clock."""
        return to_datetime(at).astimezone(self.zone)

    def stretches(self) -> Iterator[Stretch]:
        """Those in which the segment was watched."""
        return (
            each for each in self.seen.history.stretches if (self.kind, MEAN) in each.found.traces
        )

    def cut(self, curve: Curve) -> Curve:
        """What lies in the window."""
        start, end = self.window
        return [(at, value) for at, value in curve if start <= at < end]


def mean_plot(view: View) -> Plot:
    """The mean hour by hour, in the band of what is usual, above the floor."""
    values, usual, lower, upper = (view.cut(curve) for curve in _means(view))
    floor = view.seen.inputs.rules_at(view.window[1]).floor / SCALE
    shown = [value for curve in (values, lower, upper) for _, value in curve] + [floor]
    scale = _confidences(view, min(shown), max(shown))
    return Plot(
        "Mean confidence",
        lines=[
            Line(
                geometry.band_of(lower, upper, scale, gap=view.gap),
                "band",
                "usual" if usual else "",
            ),
            Line(geometry.path_of(usual, scale, gap=view.gap), "usual", ""),
            Line(geometry.rule_of(floor, scale), "floor", f"floor {floor:.2f}"),
            Line(geometry.path_of(values, scale, gap=view.gap), "seen", "seen"),
        ],
        across=geometry.marks_across(scale, view.zone),
        up=geometry.marks_up(scale, _steps(scale), ".2f"),
        moments=_moments(view, scale),
        moment_marks=_moment_marks(view, scale),
        shades=_shades(view, scale),
        heading=("Time", "Mean", "Usual"),
        rows=_rows(view, values, dict(usual)),
    )


def sums_plot(view: View) -> Plot:
    """How far it has strayed, added up, in both channels."""
    limit = view.seen.limits.limit
    scale = Scale(*view.window, 0, CAP * limit)
    curves = {channel: view.cut(_sums(view, channel)) for channel in (MEAN, DISPERSION)}
    other = dict(curves[DISPERSION])
    return Plot(
        "Drift, added up (CUSUM)",
        lines=[
            Line(geometry.rule_of(limit, scale), "limit", f"limit {limit:g}"),
            *(
                Line(geometry.path_of(curve, scale, gap=view.gap), channel, channel)
                for channel, curve in curves.items()
                if curve
            ),
        ],
        across=geometry.marks_across(scale, view.zone),
        up=geometry.marks_up(scale, (0, limit, CAP * limit), "g"),
        moments=_moments(view, scale),
        shades=_shades(view, scale),
        heading=("Time", "Mean", "Dispersion"),
        rows=[
            (f"{view.local(at):%a %d %b %H:%M}", f"{value:.1f}", f"{other.get(at, 0):.1f}")
            for at, value in curves[MEAN]
        ],
    )


def volume_plot(view: View) -> Plot:
    """Events with a confidence, hour by hour."""
    rows = view.seen.history.hours
    chosen = rows if view.kind == EVERY_TYPE else {view.kind: rows.get(view.kind, ())}
    hours = view.cut([(start, n) for start, n, _ in totals_of(chosen)])
    most = max((n for _, n in hours), default=1)
    scale = Scale(*view.window, 0, most)
    return Plot(
        "Events an hour",
        lines=[Line(geometry.bars_of(hours, scale, width=HOUR_MS), "bars", "")],
        across=geometry.marks_across(scale, view.zone),
        up=geometry.marks_up(scale, (0, most), ",.0f"),
        moments=_moments(view, scale),
        shades=_shades(view, scale),
        heading=("Time", "Events"),
        rows=[(f"{view.local(at):%a %d %b %H:%M}", f"{n:,.0f}") for at, n in hours],
    )


def _means(view: View) -> tuple[Curve, Curve, Curve, Curve]:
    """What was seen, what is usual, and the band around it; before it was watched, as it was."""
    values: list[tuple[int, float]] = []
    usual: list[tuple[int, float]] = []
    lower: list[tuple[int, float]] = []
    upper: list[tuple[int, float]] = []
    for stretch in view.stretches():
        between = _between(stretch, view.kind)
        for at, _, value, level, noise in stretch.found.traces[view.kind, MEAN].seen:
            wide = SURE * sqrt(between + noise)
            values.append((at, value))
            usual.append((at, level))
            lower.append((at, level - wide))
            upper.append((at, level + wide))
    begins = values[0][0] if values else view.window[1]
    rows = view.seen.history.hours
    chosen = rows if view.kind == EVERY_TYPE else {view.kind: rows.get(view.kind, ())}
    learnt = [(at, s1 / n / SCALE) for at, n, s1 in totals_of(chosen) if at < begins]
    return [*learnt, *values], usual, lower, upper


def _between(stretch: Stretch, kind: str) -> float:
    reference = stretch.reference
    if kind == EVERY_TYPE:
        return reference.between_pooled[MEAN] * reference.widening
    return reference.segments[kind].channels[MEAN].between * reference.widening


def _sums(view: View, channel: str) -> Curve:
    return [
        (seen[0] + stretch.reference.grain, value)
        for stretch in view.stretches()
        if (trace := stretch.found.traces.get((view.kind, channel)))
        for seen, value in zip(trace.seen, trace.sums, strict=True)
    ]


def _confidences(view: View, low: float, high: float) -> Scale:
    middle, half = (low + high) / 2, max(high - low, LEAST_RANGE) / 2 * 1.05
    return Scale(*view.window, max(middle - half, 0.0), min(middle + half, 1.0))


def _steps(scale: Scale) -> list[float]:
    length = scale.high - scale.low
    step = next((step for step in (2, 5, 10) if length * 100 / step <= 6), 20)
    return [hundredths / 100 for hundredths in range(0, 101, step)]


def _moments(view: View, scale: Scale) -> list[Line]:
    return [
        Line(geometry.moment_of(at, scale), "moment", label)
        for at, label in view.moments
        if scale.start <= at <= scale.end
    ]


def _moment_marks(view: View, scale: Scale) -> list[Mark]:
    """Said above the first plot alone: the lines go on below."""
    return [
        Mark(round(scale.x(at) / geometry.WIDTH * 100, 1), label, row)
        for row, (at, label) in enumerate(view.moments)
        if scale.start <= at <= scale.end
    ]


def _shades(view: View, scale: Scale) -> list[Line]:
    return [
        Line(geometry.shade_of(start, end, scale), "maintenance", "maintenance")
        for start, end in view.seen.inputs.maintenance
        if start < scale.end and end > scale.start
    ]


def _rows(view: View, values: Curve, usual: dict[int, float]) -> list[tuple[str, ...]]:
    return [
        (
            f"{view.local(at):%a %d %b %H:%M}",
            f"{value:.3f}",
            f"{usual[at]:.3f}" if at in usual else "–",
        )
        for at, value in values
    ]
