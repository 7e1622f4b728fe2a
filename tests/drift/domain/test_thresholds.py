"""Advice on the acceptance threshold: seldom too low, close to the best, and silent when unsure."""

from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from drift.domain.sampling import budget, doubt, probability
from drift.domain.thresholds import Answer, Bin, Judged, advise

TARGET = 0.9
EDGES = [round(n * 0.04, 2) for n in range(20)] + [round(0.8 + n * 0.005, 3) for n in range(41)]
Right = Callable[[float], float]


def histogram(confidences: list[float]) -> list[Bin]:
    return [
        Bin(low, (low + high) / 2, sum(low <= c < high for c in confidences))
        for low, high in pairwise(EDGES)
    ]


def events(right: Right, dice: Random, n: int = 4_000) -> list[Judged]:
    confidences = [dice.betavariate(6, 1.5) for _ in range(n)]
    return [Judged(c, dice.random() < right(c)) for c in confidences]


def reviewed(week: list[Judged], dice: Random, wanted: int) -> list[Judged]:
    b = budget(
        wanted=wanted, events=len(week), total_doubt=sum(doubt(each.confidence) for each in week)
    )
    return [each for each in week if dice.random() < probability(each.confidence, b)]


def precision_from(week: list[Judged], threshold: float) -> float:
    kept = [each.is_right for each in week if each.confidence >= threshold]
    return sum(kept) / len(kept)


@pytest.mark.parametrize(
    "right", [pytest.param(lambda c: c, id="calibrated"), pytest.param(lambda c: c * c, id="bold")]
)
def test_an_advised_threshold_is_good_enough_in_nine_of_ten_weeks(right: Right) -> None:
    dice = Random(2)
    week = events(right, dice)
    bins = histogram([each.confidence for each in week])
    found = [advise(reviewed(week, dice, 150), bins, target=TARGET) for _ in range(200)]
    too_low = [
        each.threshold
        for each in found
        if each.threshold is not None and precision_from(week, each.threshold) < TARGET
    ]
    assert sum(each.answer is Answer.OK for each in found) > 150
    assert len(too_low) < 30


def test_more_reviews_bring_it_closer_to_the_best() -> None:
    dice = Random(2)
    week = events(lambda c: c, dice, 20_000)
    bins = histogram([each.confidence for each in week])
    best = next(low for low in EDGES if precision_from(week, low) >= TARGET)
    advice: Any = advise(reviewed(week, dice, 4_000), bins, target=TARGET)
    assert best <= advice.threshold <= best + 0.05
    assert advice.bound >= TARGET
    assert advice.kept == pytest.approx(
        sum(each.confidence >= advice.threshold for each in week) / len(week)
    )


def test_a_model_that_is_always_right_needs_no_threshold() -> None:
    week = events(lambda _c: 1.0, Random(1), 100)
    advice = advise(week, histogram([each.confidence for each in week]), target=TARGET)
    assert (advice.answer, advice.threshold, advice.kept) == (Answer.OK, 0.0, 1.0)


def test_a_model_that_guesses_has_none() -> None:
    week = events(lambda _c: 0.5, Random(1), 500)
    advice = advise(week, histogram([each.confidence for each in week]), target=TARGET)
    assert (advice.answer, advice.threshold) == (Answer.UNREACHED, None)


def test_a_few_reviews_are_not_enough() -> None:
    week = events(lambda _c: 1.0, Random(1), 29)
    advice = advise(week, histogram([each.confidence for each in week]), target=TARGET)
    assert advice.answer is Answer.NOT_ENOUGH


def test_without_events_there_is_nothing_to_advise_on() -> None:
    assert advise(events(lambda c: c, Random(1), 100), [], target=TARGET).threshold is None


def test_reviews_all_at_one_confidence_do_not_upset_it() -> None:
    rows = [Judged(1.0, is_right=True)] * 60 + [Judged(1.0, is_right=False)] * 40
    assert advise(rows, [Bin(0.995, 0.9975, 10)], target=TARGET).answer is Answer.UNREACHED
