"""Precision from a sample of known probabilities: intervals that are right, at a cost that is fair.

Simulated review weeks: 5,000 events, about 100 of them reviewed.
"""

from dataclasses import dataclass
from random import Random
from statistics import fmean
from typing import Any

import pytest

from drift.domain.precision import Reviewed, precision, wilson
from drift.domain.sampling import budget, doubt, draw, probability, shared_out

WEEKS = 2_000
REVIEWS = 100
EVENTS = 5_000


@dataclass(frozen=True)
class World:
    """A model: how sure it is (a beta distribution), and how often it is right when it is so."""

    sure: tuple[float, float]
    right: tuple[float, float]  # P(right) = a + b·confidence

    def week(self, dice: Random) -> list[tuple[float, bool]]:
        """A week's events: confidence, and whether it was right."""
        a, b = self.right
        confidences = [dice.betavariate(*self.sure) for _ in range(EVENTS)]
        return [(c, dice.random() < a + b * c) for c in confidences]


WORLDS = [
    pytest.param(World((18, 1.5), (0.0, 1.0)), id="calibrated"),
    pytest.param(World((18, 1.5), (-0.1, 1.0)), id="too sure of itself"),
    pytest.param(World((8, 1), (0.1, 0.85)), id="often doubtful"),
]


def truth_of(week: list[tuple[float, bool]]) -> float:
    return fmean(right for _, right in week)


def odds_of(week: list[tuple[float, bool]]) -> list[Reviewed]:
    """All events, each as it would be reviewed if it were drawn."""
    b = budget(wanted=REVIEWS, events=EVENTS, total_doubt=sum(doubt(c) for c, _ in week))
    return [Reviewed(probability(c, b), right) for c, right in week]


def sampled(odds: list[Reviewed], dice: Random) -> Any:
    return precision([each for each in odds if dice.random() < each.probability])


@pytest.mark.parametrize("world", WORLDS)
def test_intervals_cover_the_truth_in_95_of_100_weeks(world: World) -> None:
    dice = Random(11)
    week = world.week(dice)
    truth, odds = truth_of(week), odds_of(week)
    found = [sampled(odds, dice) for _ in range(WEEKS)]
    assert 0.93 <= fmean(each.low <= truth <= each.high for each in found) <= 0.97
    assert abs(fmean(each.estimate for each in found) - truth) < 0.005
    assert abs(fmean(each.n for each in found) - REVIEWS) < 2


@pytest.mark.parametrize("world", WORLDS)
def test_looking_at_the_least_sure_first_would_mislead(world: World) -> None:
    week = world.week(Random(11))
    least_sure = sorted(week)[:REVIEWS]
    plain: Any = precision(Reviewed(1.0, right) for _, right in least_sure)
    assert plain.estimate < truth_of(week) - 0.15
    assert plain.high < truth_of(week)


def test_half_a_queue_worked_off_at_random_covers_as_well() -> None:
    """Nearly every event is drawn, and every second of those is reviewed before it expires."""
    dice = Random(5)
    world = World((8, 1), (0.1, 0.85))
    week = world.week(dice)[:200]
    truth, hits = truth_of(week), 0
    for _ in range(WEEKS):
        drawn = [(0.9, right) for _, right in week if dice.random() < 0.9]
        done = [each for each in drawn if dice.random() < 0.5]
        found: Any = precision(
            (Reviewed(p, right) for p, right in done), answered=len(done) / len(drawn)
        )
        hits += found.low <= truth <= found.high
    assert 0.93 <= hits / WEEKS <= 0.97


def test_rare_draws_weigh_more() -> None:
    found: Any = precision([Reviewed(0.1, is_right=True), Reviewed(0.5, is_right=False)])
    assert found.estimate == pytest.approx(10 / 12)


def test_equal_probabilities_give_wilsons_interval_of_the_plain_count() -> None:
    rows = [Reviewed(1e-9, n < 90) for n in range(100)]
    found: Any = precision(rows)
    assert found.n_effective == pytest.approx(100)
    assert (found.low, found.high) == pytest.approx((0.8256, 0.9448), abs=1e-4)


@pytest.mark.parametrize("right", [True, False])
def test_reviews_that_all_agree_still_leave_room(right: bool) -> None:
    found: Any = precision([Reviewed(0.02, right)] * 40)
    assert (found.n, found.n_effective) == (40, pytest.approx(40))
    assert found.high - found.low > 0.05


@pytest.mark.parametrize("reviews, is_enough", [(29, False), (30, True)])
def test_below_thirty_effective_reviews_it_is_not_enough(reviews: int, is_enough: bool) -> None:
    assert precision([Reviewed(0.02, is_right=True)] * reviews).is_enough is is_enough


def test_what_nobody_could_tell_bounds_the_estimate() -> None:
    rows = [Reviewed(0.1, is_right=True)] * 6 + [Reviewed(0.1, is_right=False)] * 2
    found: Any = precision([*rows, *[Reviewed(0.1, is_right=None)] * 2])
    assert (found.n, found.estimate, found.unclear) == (8, 0.75, pytest.approx(0.2))
    assert (found.worst, found.best) == (pytest.approx(0.6), pytest.approx(0.8))


def test_unclear_reviews_alone_say_nothing() -> None:
    found: Any = precision([Reviewed(0.1, is_right=None)])
    assert (found.estimate, found.low, found.unclear, found.is_enough) == (None, None, 1.0, False)


def test_no_reviews_say_nothing() -> None:
    found: Any = precision([])
    assert (found.n, found.estimate, found.unclear) == (0, None, None)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_an_interval_holds_its_share_and_stays_a_share(share: float) -> None:
    low, high = wilson(share, 12.5)
    assert 0 <= low <= share <= high <= 1


def test_a_draw_can_be_repeated_and_is_spread_evenly() -> None:
    draws = [draw(f"F1 C1 W1 S1 working {n}") for n in range(4_000)]
    assert draws == [draw(f"F1 C1 W1 S1 working {n}") for n in range(4_000)]
    counts = [sum(low <= each < low + 0.25 for each in draws) for low in (0.0, 0.25, 0.5, 0.75)]
    assert all(900 < count < 1_100 for count in counts)


def test_draws_of_two_purposes_have_nothing_to_do_with_each_other() -> None:
    both = [(draw(str(n)), draw(str(n), salt="train")) for n in range(4_000)]
    assert abs(fmean((a - 0.5) * (b - 0.5) for a, b in both)) < 0.005


@pytest.mark.parametrize(
    "confidence, expected",
    [(0.5, 0.05), (0.9, 0.03), (None, 0.05), (1.0, 0.0141), (0.0, 0.0141)],
)
def test_doubtful_events_are_drawn_more_often_and_sure_ones_too(
    confidence: float | None, expected: float
) -> None:
    assert probability(confidence, 0.1) == pytest.approx(expected, abs=1e-4)


def test_a_probability_is_at_most_one() -> None:
    assert probability(0.5, 10) == 1.0


@pytest.mark.parametrize("confidence", [0.0, 0.5, 0.99, None])
def test_where_there_are_fewer_events_than_wanted_all_are_chosen(confidence: float) -> None:
    b = budget(wanted=100, events=3, total_doubt=0.9)
    assert probability(confidence, b) == 1.0


def test_what_is_wanted_is_shared_out_evenly_among_event_types() -> None:
    assert shared_out(90, {"working": 5_000, "idle": 10, "absent": 2_000}) == {
        "working": 40,
        "absent": 40,
        "idle": 10,
    }


def test_nothing_is_wanted_of_no_event_types() -> None:
    assert shared_out(90, {}) == {}
