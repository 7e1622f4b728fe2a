"""Sums up how far a segment strays from what is usual (CUSUM), and says when that is too much."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

from common.instants import HOUR_MS
from drift.domain.buckets import QUARTER_MS
from drift.domain.reference import (
    DISPERSION,
    EVERY_TYPE,
    MEAN,
    Observed,
    Points,
    Reference,
    observed_all,
    pooled,
)

CAP = 2  # times the limit: what was far off for days is believed again within hours


class Limits(NamedTuple):
    """What a bucket may stray without adding up, and the sum that is too much."""

    allowance: float
    limit: float


NORMAL, QUIET = "normal", "quiet"
PRESETS = {
    (NORMAL, HOUR_MS): Limits(1, 8),
    (NORMAL, QUARTER_MS): Limits(0.75, 16),
    (QUIET, HOUR_MS): Limits(1, 15),  # for fleets: a tenth of the false alarms
    (QUIET, QUARTER_MS): Limits(0.75, 25),
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """A segment that strayed too far in one channel, from `begins` to `ends` (None: still).

    `onset_at` is where the sum began to rise; `before` and `now` are what was usual and what was
    seen from there on.
    """

    event_type: str
    channel: str
    onset_at: int
    begins: int
    doubled_at: int | None
    ends: int | None
    peak: float
    before: float
    now: float


class Trace(NamedTuple):
    """The sum of one segment and channel, bucket by bucket."""

    seen: Sequence[Observed]
    sums: Sequence[float]


class Found(NamedTuple):
    """What watching a while came to. Traces are by event type and channel."""

    traces: dict[tuple[str, str], Trace]
    alarms: list[Alarm]


def watch(points: Points, reference: Reference, *, preset: str, least_shift: float) -> Found:
    """Watches every segment from where its points begin.

    `least_shift`: a fall of the mean is no alarm before it is that large.
    """
    limits = PRESETS[preset, reference.grain]
    traces = {
        (kind, channel): trace
        for channel in (MEAN, DISPERSION)
        for kind, trace in _traces(points, reference, channel, limits).items()
    }
    alarms = [
        _alarm(segment, trace, run, limits.limit, reference.grain)
        for segment, trace in traces.items()
        for run in _runs(trace, limits.limit, least_shift if segment[1] == MEAN else 0)
    ]
    return Found(traces, alarms)


def _traces(points: Points, reference: Reference, channel: str, limits: Limits) -> dict[str, Trace]:
    """By event type, and of all types together."""
    segments = reference.segments
    seen = observed_all(points, segments, channel)
    between = {kind: segments[kind].channels[channel].between for kind in seen}
    seen[EVERY_TYPE] = pooled(seen, segments)
    between[EVERY_TYPE] = reference.between_pooled[channel]
    worse = -1 if channel == MEAN else 1
    return {
        kind: Trace(own, _sums(own, between[kind] * reference.widening, worse, limits))
        for kind, own in seen.items()
    }


def _sums(seen: Sequence[Observed], between: float, worse: int, limits: Limits) -> list[float]:
    allowance, cap = limits.allowance, CAP * limits.limit
    total, sums = 0.0, []
    for _, _, value, usual, noise in seen:
        total += worse * (value - usual) / sqrt(between + noise) - allowance
        if total < 0:
            total = 0.0
        elif total > cap:
            total = cap
        sums.append(total)
    return sums


class _Run(NamedTuple):
    """Places in a trace: where the sum began to rise, passed the limit, and no longer did."""

    rise: int
    begin: int
    end: int | None


def _runs(trace: Trace, limit: float, gate: float) -> Iterator[_Run]:
    if max(trace.sums, default=0) <= limit:
        return
    rise = begin = None
    for place, total in enumerate(trace.sums):
        if begin is not None and total <= limit:
            yield _Run(rise or 0, begin, place)
            begin = None
        if total == 0:
            rise = None
        elif rise is None:
            rise = place
        if begin is None and total > limit and _has_fallen(trace, rise or 0, place, gate):
            begin = place
    if begin is not None:
        yield _Run(rise or 0, begin, None)


def _has_fallen(trace: Trace, rise: int, place: int, gate: float) -> bool:
    if not gate:
        return True
    before, now = _levels(trace.seen[rise : place + 1])
    return before - now >= gate


def _alarm(segment: tuple[str, str], trace: Trace, run: _Run, limit: float, grain: int) -> Alarm:
    """Of a run; instants of the sum are the ends of buckets."""
    ends = [at + grain for at, *_ in trace.seen]
    before, now = _levels(trace.seen[run.rise : run.end])
    sums = trace.sums[run.begin : run.end]
    doubled = next((n for n, total in enumerate(sums) if total >= CAP * limit), None)
    return Alarm(
        *segment,
        onset_at=ends[run.rise] - grain,
        begins=ends[run.begin],
        doubled_at=None if doubled is None else ends[run.begin + doubled],
        ends=None if run.end is None else ends[run.end],
        peak=max(sums),
        before=before,
        now=now,
    )


def _levels(seen: Sequence[Observed]) -> tuple[float, float]:
    """What was usual and what was seen, over all of it."""
    total = sum(n for _, n, *_ in seen)
    usual = sum(n * usual for _, n, _, usual, _ in seen)
    return usual / total, sum(n * value for _, n, value, *_ in seen) / total
