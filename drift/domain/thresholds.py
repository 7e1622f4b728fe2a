"""Advice on the acceptance threshold: from which confidence on a model is right often enough.

A logistic curve of "right" over confidence, held back by a penalty so that few reviews bend it
little, is averaged over the events that there are. Advice is given on its lower bound.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log, sqrt
from typing import NamedTuple

Z_90 = 1.281552  # one-sided 90 %
DOUBTFUL = (0.0, 0.5)  # one more review, half right: reviews that all agree have a curve too
SLOPE_PENALTY = 0.1
ROUNDS = 60  # of Newton's method, which needs about six
CLOSE = 1e-9
LEAST_REVIEWS = 30
EDGE = 0.005  # confidences are kept this far from 0 and 1, where their logit has no bounds


class Judged(NamedTuple):
    """One review as the curve sees it."""

    confidence: float
    is_right: bool


class Bin(NamedTuple):
    """So many events from this confidence on, up to the next bin."""

    low: float
    middle: float
    n: int


class Answer(StrEnum):
    """What advice may say."""

    OK = "ok"
    NOT_ENOUGH = "not_enough"
    UNREACHED = "unreached"


@dataclass(frozen=True, slots=True)
class Advice:
    """The smallest threshold that is good enough, the bound that it reaches, what it keeps."""

    answer: Answer
    threshold: float | None = None
    bound: float | None = None
    kept: float | None = None


def advise(reviews: Iterable[Judged], histogram: Iterable[Bin], *, target: float) -> Advice:
    """The smallest threshold whose precision reaches the target with 90 % confidence."""
    judged = list(reviews)
    bins = sorted(each for each in histogram if each.n > 0)
    if len(judged) < LEAST_REVIEWS or not bins:
        return Advice(Answer.NOT_ENOUGH)
    curve = _fit(judged)
    total = sum(each.n for each in bins)
    for place, first in enumerate(bins):
        bound = curve.lower_bound(bins[place:])
        if bound >= target:
            kept = sum(each.n for each in bins[place:]) / total
            return Advice(Answer.OK, 0.0 if place == 0 else first.low, bound, kept)
    return Advice(Answer.UNREACHED)


@dataclass(frozen=True, slots=True)
class _Curve:
    """P(right) = 1 / (1 + exp(−level − slope·x)), with the covariance of both."""

    level: float
    slope: float
    centre: float
    covariance: tuple[float, float, float]  # of level, of both, of slope

    def lower_bound(self, bins: Sequence[Bin]) -> float:
        """Of the mean over the bins, one-sided 90 %, on the scale of logits."""
        n = sum(each.n for each in bins)
        mean = by_level = by_slope = 0.0
        for each in bins:
            x = _logit(each.middle) - self.centre
            p = _share(self.level + self.slope * x)
            steep = p * (1 - p) * each.n / n
            mean += p * each.n / n
            by_level += steep
            by_slope += steep * x
        a, b, c = self.covariance
        variance = by_level**2 * a + 2 * by_level * by_slope * b + by_slope**2 * c
        spread = max(mean * (1 - mean), CLOSE)
        return _share(_logit(mean, edge=CLOSE) - Z_90 * sqrt(max(variance, 0.0)) / spread)


def _fit(judged: Sequence[Judged]) -> _Curve:
    """By Newton's method; the penalty makes the best curve the only one."""
    xs = [_logit(each.confidence) for each in judged]
    centre = sum(xs) / len(xs)
    points = [(x - centre, float(each.is_right)) for x, each in zip(xs, judged, strict=True)]
    points.append(DOUBTFUL)
    level = slope = 0.0
    for _ in range(ROUNDS):
        pull, bend = _derivatives(points, level, slope)
        inverse = _inverse(bend)
        step = (
            inverse[0] * pull[0] + inverse[1] * pull[1],
            inverse[1] * pull[0] + inverse[2] * pull[1],
        )
        longest = max(abs(step[0]), abs(step[1]), 1.0)  # never more than 1: it can't overshoot
        level, slope = level + step[0] / longest, slope + step[1] / longest
        if max(map(abs, step)) < CLOSE:
            break
    return _Curve(level, slope, centre, _inverse(_derivatives(points, level, slope)[1]))


_Pull = tuple[float, float]
_Bend = tuple[float, float, float]


def _derivatives(
    points: Sequence[tuple[float, float]], level: float, slope: float
) -> tuple[_Pull, _Bend]:
    """The first and second derivatives of the penalised likelihood."""
    pull = [0.0, -SLOPE_PENALTY * slope]
    bend = [0.0, 0.0, SLOPE_PENALTY]
    for x, right in points:
        p = _share(level + slope * x)
        pull[0] += right - p
        pull[1] += (right - p) * x
        steep = p * (1 - p)
        bend[0] += steep
        bend[1] += steep * x
        bend[2] += steep * x * x
    return (pull[0], pull[1]), (bend[0], bend[1], bend[2])


def _inverse(bend: _Bend) -> _Bend:
    a, b, c = bend
    scale = a * c - b * b
    return c / scale, -b / scale, a / scale


def _share(logit: float) -> float:
    if logit >= 0:
        return 1 / (1 + exp(-logit))
    return exp(logit) / (1 + exp(logit))


def _logit(share: float, *, edge: float = EDGE) -> float:
    kept = min(max(share, edge), 1 - edge)
    return log(kept / (1 - kept))
