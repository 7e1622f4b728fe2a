"""Which events people are asked about: by chance, each once, and no longer than a week."""

from statistics import fmean

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import TimeMachineFixture

from common import clock
from drift.models import ReviewFrame, ReviewItem
from drift.reviewing import queue
from events.models import Event, Snapshot
from tests.drift.review_desk import Desk, later, now_ms, statuses
from tests.floor import Floor, after, count, event


@pytest.fixture
def desk(floor: Floor) -> Desk:
    return Desk(floor)


def test_a_few_events_are_all_chosen(desk: Desk) -> None:
    desk.see(3)
    desk.tend()
    assert {item.event_id for item in desk.items()} == set(
        Event.objects.values_list("pk", flat=True)
    )


def test_tending_again_changes_nothing(desk: Desk) -> None:
    desk.many(5)
    frames = list(ReviewFrame.objects.values())
    desk.tend()
    assert len(desk.items()) == 5
    assert list(ReviewFrame.objects.values()) == frames


def test_of_many_events_about_as_many_are_chosen_as_the_site_wants(
    desk: Desk, time_machine: TimeMachineFixture
) -> None:
    """A week of 6,720 events, looked at day by day; 210 are wanted."""
    desk.plan(per_week=210)
    time_machine.shift(-7 * 24 * 3600)
    chosen = []
    for _ in range(7):
        for _ in range(24):
            time_machine.shift(3600)
            desk.floor.put(*(event(after(clock.now(), seconds=-80 * n)) for n in range(40)))
        desk.tend()
        chosen.append(ReviewItem.objects.filter(purpose="measure").count())
    assert 140 < chosen[-1] < 280  # five standard deviations
    probabilities = [item.probability for item in desk.items()]
    assert 0 < min(probabilities) < 0.1


def test_a_rare_event_type_is_chosen_from_as_often_as_a_frequent_one(desk: Desk) -> None:
    desk.plan(per_week=20_000)
    desk.see(400)
    desk.see(60, kind="idle", worker="W2")
    desk.tend()
    kinds = [item.event_type for item in desk.items()]
    assert 25 < kinds.count("idle") <= 60
    assert 25 < kinds.count("working") < 120


def test_the_doubtful_are_chosen_more_often_and_the_probability_is_kept(desk: Desk) -> None:
    desk.plan(per_week=20_000)
    desk.see(300, confidence=0.99)
    desk.see(300, confidence=0.5, worker="W2")
    desk.tend()
    odds = {item.event.confidence: item.probability for item in desk.items()}
    assert odds[0.5] == pytest.approx(odds[0.99] * 0.5 / 0.02**0.5)
    chosen = [item.event.confidence for item in desk.items()]
    for confidence, probability in odds.items():
        assert abs(chosen.count(confidence) / 300 - probability) < 0.145  # five deviations


def test_late_events_have_their_chance_too(desk: Desk) -> None:
    desk.many(2)
    desk.floor.put(event(after(clock.now(), days=-2)))
    desk.tend()
    assert len(desk.items()) == 3


def test_what_is_older_than_a_week_is_not_asked_about(desk: Desk) -> None:
    desk.floor.put(event(after(clock.now(), days=-8)))
    desk.tend()
    assert desk.items() == []


def test_a_restated_event_is_no_sighting(desk: Desk) -> None:
    desk.see(1, restated=True)
    desk.tend()
    assert desk.items() == []


def test_an_event_without_a_confidence_can_be_chosen(desk: Desk) -> None:
    assert desk.one(confidence=None).probability > 0


def test_a_plan_of_none_chooses_none(desk: Desk) -> None:
    desk.plan(per_week=0, per_week_to_train=0)
    desk.see(5, confidence=0.61)
    desk.tend()
    assert desk.items() == []


def test_events_near_the_threshold_are_examples_to_train_with_and_come_last(desk: Desk) -> None:
    desk.plan(per_week_to_train=1_000)
    desk.see(3, confidence=0.61)
    desk.tend()
    assert [item.purpose for item in desk.items()] == ["measure"] * 3 + ["train"] * 3


def test_events_far_from_the_threshold_are_none(desk: Desk) -> None:
    desk.many(3)
    assert desk.items(purpose="train") == []


def add_picture(desk: Desk, name: str) -> None:
    Snapshot.objects.create(
        public_id=name,
        site=desk.site,
        camera=desk.floor.cameras["C1"],
        taken_at=now_ms(),
        received_at=now_ms(),
        width=1,
        height=1,
        size=1,
        sha256=name,
    )


def test_where_a_camera_sends_pictures_people_see_them(desk: Desk) -> None:
    add_picture(desk, "one")
    desk.see(5)
    desk.see(1, worker="W2", snapshot_id="one")
    desk.tend()
    assert [item.event.snapshot_id for item in desk.items()] == ["one"]


def test_another_camera_without_pictures_is_asked_about_all_the_same(desk: Desk) -> None:
    add_picture(desk, "one")
    desk.floor.put(event(after(clock.now(), seconds=-9), camera_id="C2"), key=desk.floor.gateway)
    desk.tend()
    assert [item.camera.code for item in desk.items()] == ["C2"]


def test_an_item_expires_after_a_week(desk: Desk, time_machine: TimeMachineFixture) -> None:
    items = desk.many(2)
    time_machine.shift(7 * 24 * 3600 - 1)
    desk.tend()
    assert statuses(items) == ["waiting"] * 2
    time_machine.shift(2)
    desk.tend()
    assert statuses(items) == ["expired"] * 2


def test_what_somebody_looks_at_does_not_expire_under_their_eyes(
    desk: Desk, time_machine: TimeMachineFixture
) -> None:
    items = desk.many(2)
    time_machine.shift(7 * 24 * 3600 - 10)
    (seen,) = desk.claim(desk.grace, count=1)
    time_machine.shift(20)
    desk.tend()
    assert {item.pk for item in desk.items(status="waiting")} == {seen}
    assert len(items) == 2


def test_who_gets_through_half_of_a_queue_has_seen_a_fair_half(desk: Desk) -> None:
    """The order is by chance: not that of time, not that of confidence."""
    desk.plan(per_week=200_000)
    desk.see(200, confidence=0.99)
    desk.see(200, confidence=0.5, worker="W2")
    desk.tend()
    first = [item.event.confidence for item in desk.items(purpose="measure")][:200]
    assert abs(fmean(confidence == 0.5 for confidence in first) - 0.5) < 0.12


def test_two_reviewers_get_different_items(desk: Desk) -> None:
    desk.many(4)
    mine, yours = desk.claim(desk.grace), desk.claim(desk.joan)
    assert len({*mine, *yours}) == 4


def test_a_reviewer_keeps_their_items_while_they_look(
    desk: Desk, time_machine: TimeMachineFixture
) -> None:
    desk.many(4)
    mine = desk.claim(desk.grace)
    time_machine.shift(120)
    assert desk.claim(desk.grace) == mine
    time_machine.shift(120)
    assert set(desk.claim(desk.joan)).isdisjoint(mine)


def test_who_went_for_a_coffee_gives_them_up(desk: Desk, time_machine: TimeMachineFixture) -> None:
    desk.many(2)
    mine = desk.claim(desk.grace)
    assert desk.claim(desk.joan) == []
    time_machine.shift(200)
    assert desk.claim(desk.joan) == mine


def test_nobody_gets_items_of_another_site(desk: Desk) -> None:
    other = Desk(Floor("F2"))
    desk.many(2)
    assert other.claim(other.grace) == []


def test_tending_costs_nearly_the_same_for_few_and_for_many(desk: Desk) -> None:
    desk.see(1)
    desk.tend()
    costs: list[int] = []
    for number in (2, 200):
        desk.see(number, worker=f"W{2 + len(costs)}")
        with CaptureQueriesContext(connection) as queries:
            desk.tend()
        costs.append(len(queries))
    assert costs[0] <= 20
    assert costs[1] <= costs[0] + 3  # SQLite takes so many rows in one statement and no more


def test_an_event_of_each_type_is_chosen(desk: Desk) -> None:
    now = clock.now()
    desk.floor.put(
        *(event(after(now, seconds=-n), kind=kind) for n, kind in enumerate(("idle", "absent"), 1)),
        count(after(now, seconds=-5), 4),
    )
    desk.tend()
    assert {item.event_type for item in desk.items()} == {"idle", "absent", "product_count"}


def test_a_claim_ends_with_the_answer(desk: Desk) -> None:
    desk.many(3)
    first, second = desk.claim(desk.grace)
    desk.say(ReviewItem.objects.get(pk=first), "confirmed")
    assert desk.claim(desk.grace)[0] == second
    assert queue.claim(desk.site, desk.grace, now_ms=later(minutes=1), count=9)[-1].pk != first
