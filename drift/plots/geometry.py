"""Plots as geometry: series in, paths and marks out, in percent of the drawing's width and height.

Pages draw them as SVG, which stretches; labels are HTML beside it, which does not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from common.instants import HOUR_MS, to_datetime, to_ms

WIDTH, HEIGHT = 1_000.0, 200.0  # units of the drawing
MAX_MARKS = 8  # below a plot; more would run into each other
EDGE = 0.03  # of the width, where a label would stick out

Curve = Sequence[tuple[int, float]]  # instants and values, in order


@dataclass(frozen=True, slots=True)
class Scale:
    """What the drawing shows: from and to, in time and in value."""

    start: int
    end: int
    low: float
    high: float

    def x(self, at: float) -> float:
        """In units of the drawing."""
        return round((at - self.start) / (self.end - self.start) * WIDTH, 1)

    def y(self, value: float) -> float:
        """In units of the drawing, from its top."""
        inside = min(max(value, self.low), self.high)
        return round((self.high - inside) / (self.high - self.low) * HEIGHT, 1)


@dataclass(frozen=True, slots=True)
class Mark:
    """A label at a place: percent from the left, or from the top; `row` keeps two apart."""

    place: float
    label: str
    row: int = 0

    @property
    def is_late(self) -> bool:
        """So far to the right that its text goes to the left."""
        return self.place > 75


@dataclass(frozen=True, slots=True)
class Line:
    """A path; `kind` is how it looks, `label` what it is."""

    path: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """One drawing with its marks. `rows` are the same numbers, for those who do not see it."""

    title: str
    lines: list[Line]
    across: list[Mark]
    up: list[Mark]
    moments: list[Line] = field(default_factory=list)
    shades: list[Line] = field(default_factory=list)
    moment_marks: list[Mark] = field(default_factory=list)
    heading: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)


def path_of(curve: Curve, scale: Scale, *, gap: int) -> str:
    """A line that is broken where nothing was seen for longer than `gap`."""
    parts: list[str] = []
    before: int | None = None
    for at, value in curve:
        pen = "L" if before is not None and at - before <= gap else "M"
        parts.append(f"{pen}{scale.x(at)} {scale.y(value)}")
        if pen == "M":
            parts.append("h0.1")  # so that a lonely point is seen
        before = at
    return "".join(parts)


def band_of(lower: Curve, upper: Curve, scale: Scale, *, gap: int) -> str:
    """The area between two curves of the same instants."""
    return "".join(
        "M"
        + "L".join(f"{scale.x(at)} {scale.y(value)}" for at, value in (*above, *reversed(below)))
        + "Z"
        for below, above in zip(_runs(lower, gap), _runs(upper, gap), strict=True)
    )


def bars_of(curve: Curve, scale: Scale, *, width: int) -> str:
    """A bar from the ground for each instant and the time after it."""
    ground = scale.y(scale.low)
    return "".join(
        f"M{scale.x(at)} {ground}V{scale.y(value)}H{scale.x(at + width)}V{ground}Z"
        for at, value in curve
    )


def rule_of(value: float, scale: Scale) -> str:
    """A level line from side to side."""
    return f"M0 {scale.y(value)}H{WIDTH:g}"


def moment_of(at: int, scale: Scale) -> str:
    """An upright line."""
    return f"M{scale.x(at)} 0V{HEIGHT:g}"


def shade_of(start: int, end: int, scale: Scale) -> str:
    """The whole height for a while."""
    left, right = scale.x(max(start, scale.start)), scale.x(min(end, scale.end))
    return f"M{left} 0H{right}V{HEIGHT:g}H{left}Z"


def marks_up(scale: Scale, values: Iterable[float], form: str) -> list[Mark]:
    """Labels at values that lie on the scale."""
    return [
        Mark(round(scale.y(value) / HEIGHT * 100, 1), format(value, form).removeprefix("0"))
        for value in values
        if scale.low <= value <= scale.high
    ]


def marks_across(scale: Scale, time_zone: ZoneInfo) -> list[Mark]:
    """Local midnights, or full hours where the time is short."""
    length = scale.end - scale.start
    first = to_datetime(scale.start).astimezone(time_zone)
    days = length > 48 * HOUR_MS
    step = _step(length, 24 if days else 1)
    moment = first.replace(hour=0, minute=0, second=0, microsecond=0)
    marks: list[Mark] = []
    while (at := to_ms(moment)) <= scale.end:
        if scale.start <= at <= scale.end - length * EDGE:
            label = f"{moment:%a} {moment.day}" if days else f"{moment:%H:%M}"
            marks.append(Mark(round(scale.x(at) / WIDTH * 100, 1), label))
        moment = _later(moment, step)
    return marks


def _step(length: int, least: int) -> int:
    """Hours between marks."""
    for hours in (1, 2, 3, 6, 12, 24, 48, 96, 168, 336):
        if hours >= least and length / (hours * HOUR_MS) <= MAX_MARKS:
            return hours
    return 672


def _later(moment: datetime, hours: int) -> datetime:
    """On the local clock."""
    return (moment.replace(tzinfo=None) + timedelta(hours=hours)).replace(tzinfo=moment.tzinfo)


def _runs(curve: Curve, gap: int) -> list[list[tuple[int, float]]]:
    runs: list[list[tuple[int, float]]] = []
    for at, value in curve:
        if not runs or at - runs[-1][-1][0] > gap:
            runs.append([])
        runs[-1].append((at, value))
    return runs
