"""What is usual: how sure a model was in its first days on a camera, hour by hour of the day."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from common.instants import HOUR_MS
from drift.domain.buckets import QUARTER_MS
from drift.domain.points import MIN_FOR_DISPERSION, Point

MEAN, DISPERSION = "mean", "dispersion"  # the two channels in which a segment is watched
EVERY_TYPE = "*"  # the segment of all event types together

PROVISIONAL_DAYS, FULL_DAYS = 3, 7
BUSY = 5_000  # events in a day, from which quarters of an hour say as much as hours do
CORRELATED = 2.0  # events come in runs: a mean of n varies as one of n / 2 independent ones would
PRIOR_EVENTS = 20  # of the overall level, on which an hour with few events leans
LEAST_POINTS = 12  # to learn a channel from: with fewer, what is usual is a guess
LEAST_BETWEEN = 1e-7  # a variance, so that a camera that never varies divides by something
LEAST_POOLED_DISPERSION = 1e-4

Points = Mapping[str, Sequence[Point]]  # by event type


# One channel of a segment in a bucket: its start, n, what was seen, what is usual, and the sampling
# variance. Plain tuples, since a replay makes thousands of them.
Observed = tuple[int, int, float, float, float]


@dataclass(frozen=True, slots=True)
class Usual:
    """A channel's levels by hour of the day, and how far buckets vary around them beyond chance."""

    levels: tuple[float, ...]
    between: float = 0.0


@dataclass(frozen=True, slots=True)
class SegmentReference:
    """What is usual for one type of event, in the channels of which enough was seen.

    `noise` / n is the sampling variance of a mean.
    """

    share: float
    noise: float
    channels: Mapping[str, Usual]


@dataclass(frozen=True, slots=True)
class Reference:
    """What is usual for a model version on a camera, learnt on some local days."""

    learnt: tuple[int, ...]
    grain: int
    segments: Mapping[str, SegmentReference]
    between_pooled: Mapping[str, float]  # by channel, for the segment of every type

    @property
    def days(self) -> int:
        """How many."""
        return len(self.learnt)

    @property
    def is_provisional(self) -> bool:
        """Whether it still rests on a few days only."""
        return self.days < FULL_DAYS

    @property
    def widening(self) -> float:
        """By how much more the variance between buckets counts.

        Levels are estimates themselves. And what an hour has to itself (light, dirt, crew) its
        quarters share: added up as if each were news, four would count as sixteen.
        """
        together = HOUR_MS // self.grain
        return (1 + 1 / self.days) * together


def grain_for(points: Points, days: Collection[int]) -> int:
    """The buckets in which to watch what was that busy, in milliseconds."""
    events = sum(point.n for each in points.values() for point in each if point.day in days)
    return QUARTER_MS if events >= BUSY * len(days) else HOUR_MS


def fit(points: Points, days: Collection[int], *, grain: int) -> Reference:
    """Learns from the points of these local days."""
    learnt = {
        kind: own
        for kind in sorted(points)
        if (own := [point for point in points[kind] if point.day in days])
    }
    total = sum(point.n for own in learnt.values() for point in own)
    segments = {kind: _fit_segment(own, total, len(days)) for kind, own in learnt.items()}
    mean, dispersion = (
        _between(pooled(observed_all(learnt, segments, channel), segments), len(days))
        for channel in (MEAN, DISPERSION)
    )
    between = {MEAN: mean, DISPERSION: max(dispersion, LEAST_POOLED_DISPERSION)}
    return Reference(tuple(sorted(days)), grain, segments, between)


def observed_all(
    points: Points, segments: Mapping[str, SegmentReference], channel: str
) -> dict[str, list[Observed]]:
    """The points of every segment that has a reference, in one channel."""
    return {
        kind: _observed(points.get(kind, ()), of, channel)
        for kind, of in segments.items()
        if channel in of.channels
    }


def pooled(
    seen: Mapping[str, Sequence[Observed]], segments: Mapping[str, SegmentReference]
) -> list[Observed]:
    """All types together, each weighted with its usual share: blind to a change of the mix.

    Without the buckets in which less than half of what is usual is seen.
    """
    sums: dict[int, list[float]] = {}
    for kind, segment in segments.items():
        share = segment.share
        for at, n, value, usual, noise in seen.get(kind, ()):
            row = sums.get(at)
            if row is None:
                row = sums[at] = [0.0] * 5
            row[0] += share
            row[1] += n
            row[2] += share * value
            row[3] += share * usual
            row[4] += share * share * noise
    return [
        (at, int(n), value / weight, usual / weight, noise / weight**2)
        for at, (weight, n, value, usual, noise) in sorted(sums.items())
        if weight > 0.5
    ]


def _observed(points: Sequence[Point], of: SegmentReference, channel: str) -> list[Observed]:
    levels = of.channels[channel].levels
    if channel == MEAN:
        return [(at, n, mean, levels[hour], of.noise / n) for at, n, mean, _, _, hour, _ in points]
    return [
        (at, n, dispersion, levels[hour], 2 * CORRELATED / n)
        for at, n, _, _, dispersion, hour, _ in points
        if n >= MIN_FOR_DISPERSION
    ]


def _fit_segment(points: list[Point], total: int, days: int) -> SegmentReference:
    n = sum(point.n for point in points)
    noise = CORRELATED * sum(point.n * point.variance for point in points) / n
    thick = [point for point in points if point.n >= MIN_FOR_DISPERSION]
    values = {
        MEAN: [(point.hour, point.n, point.mean) for point in points],
        DISPERSION: [(point.hour, point.n, point.dispersion) for point in thick],
    }
    channels = {
        channel: Usual(_levels(own)) for channel, own in values.items() if len(own) >= LEAST_POINTS
    }
    draft = SegmentReference(n / total, noise, channels)
    fitted = {
        channel: Usual(usual.levels, _between(_observed(points, draft, channel), days))
        for channel, usual in channels.items()
    }
    return SegmentReference(draft.share, noise, fitted)


def _levels(values: Iterable[tuple[int, int, float]]) -> tuple[float, ...]:
    """Means of (hour, n, value) by hour of the day, thin hours drawn to the mean of all.

    Each hour leans on its neighbours with a quarter.
    """
    weights, sums = [0] * 24, [0.0] * 24
    for hour, n, value in values:
        weights[hour] += n
        sums[hour] += n * value
    overall = sum(sums) / max(sum(weights), 1)
    own = [
        (of_hour + PRIOR_EVENTS * overall) / (weight + PRIOR_EVENTS)
        for of_hour, weight in zip(sums, weights, strict=True)
    ]
    return tuple(
        0.25 * own[hour - 1] + 0.5 * own[hour] + 0.25 * own[(hour + 1) % 24] for hour in range(24)
    )


def _between(seen: Sequence[Observed], days: int) -> float:
    """By moments: what residuals vary beyond sampling, made up for the fitted levels."""
    if not seen:
        return LEAST_BETWEEN
    fitted = days / max(days - 1, 0.5)
    excess = sum([fitted * (value - usual) ** 2 - noise for _, _, value, usual, noise in seen])
    return max(excess / len(seen), LEAST_BETWEEN)
