"""The simulated floor: who is seen where, when and doing what."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from statistics import mean

import pytest

from edge.floor import Floor
from edge.plan import Plan, always_on
from edge.sighting import ABSENT, IDLE, PRODUCT_COUNT, WORKING, Sighting
from tests.edge.plans import camera, duty, pause, plan_of, two_shifts

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)  # a Thursday
INTERVAL = timedelta(seconds=5)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def floor_at(began_at: datetime, plan: Plan, *, seed: int = 1, speed: float = 1.0) -> Floor:
    return Floor(plan, Random(seed), began_at=began_at, interval=INTERVAL, speed=speed)


def seen_by(floor: Floor, began_at: datetime, length: timedelta) -> list[Sighting]:
    """Everything seen in that time, asked every 30 seconds."""
    ticks = int(length / (30 * SECOND))
    asked_at = [began_at + n * 30 * SECOND for n in range(1, ticks + 1)]
    return [sighting for now in asked_at for sighting in floor.advance(now)]


def watch(
    plan: Plan,
    *,
    began_at: datetime = NOON,
    length: timedelta = HOUR,
    seed: int = 1,
    speed: float = 1.0,
) -> list[Sighting]:
    return seen_by(floor_at(began_at, plan, seed=seed, speed=speed), began_at, length)


def six() -> Plan:
    return always_on(6, ["secret"])


def states(sightings: list[Sighting], worker_id: str) -> list[Sighting]:
    return [
        sighting
        for sighting in sightings
        if sighting.worker_id == worker_id and sighting.event_type != PRODUCT_COUNT
    ]


def units(sightings: list[Sighting], worker_id: str) -> list[Sighting]:
    return [
        sighting
        for sighting in sightings
        if sighting.worker_id == worker_id and sighting.event_type == PRODUCT_COUNT
    ]


def working_share(sightings: list[Sighting], worker_id: str) -> float:
    return mean(one.event_type == WORKING for one in states(sightings, worker_id))


def test_same_seed_gives_the_same_sightings() -> None:
    assert watch(six(), seed=7) == watch(six(), seed=7)


def test_another_seed_gives_other_sightings() -> None:
    assert watch(six(), seed=7) != watch(six(), seed=8)


def test_how_often_it_is_asked_changes_nothing() -> None:
    often, seldom = floor_at(NOON, six()), floor_at(NOON, six())
    at_each_second = [one for n in range(1, 61) for one in often.advance(NOON + n * SECOND)]

    assert at_each_second == seldom.advance(NOON + MINUTE)


def test_everyone_is_seen_within_the_first_second() -> None:
    seen = floor_at(NOON, six()).advance(NOON + SECOND)

    assert {one.worker_id for one in seen} == {"W1", "W2", "W3", "W4", "W5", "W6"}


def test_most_are_working_at_first_sight() -> None:
    seen = floor_at(NOON, always_on(100, ["secret"])).advance(NOON + SECOND)

    assert 0.7 < mean(one.event_type == WORKING for one in seen) < 1


def test_first_units_are_finished_within_half_a_minute() -> None:
    seen = floor_at(NOON, six()).advance(NOON + 30 * SECOND)

    assert sum(one.event_type == PRODUCT_COUNT for one in seen) >= 3


@pytest.mark.parametrize("worker_id", ["W1", "W3", "W5"])
def test_state_is_reported_at_least_every_interval(worker_id: str) -> None:
    reported_at = [one.seen_at for one in states(watch(six()), worker_id)]

    assert all(later - earlier <= INTERVAL for earlier, later in pairwise(reported_at))


@pytest.mark.parametrize("speed", [1.0, 5000.0])
def test_no_worker_has_two_states_at_one_instant(speed: float) -> None:
    seen = watch(six(), length=10 * MINUTE, speed=speed)
    reported_at = [one.seen_at for one in states(seen, "W1")]

    assert len(reported_at) == len(set(reported_at))


def test_instants_are_whole_milliseconds() -> None:
    began_at = NOON + timedelta(microseconds=1234)

    assert {one.seen_at.microsecond % 1000 for one in watch(six(), began_at=began_at)} == {0}


def test_nothing_is_seen_before_its_time() -> None:
    floor = floor_at(NOON, six())
    for n in range(1, 600):
        now = NOON + n * 0.1 * SECOND
        assert all(one.seen_at <= now for one in floor.advance(now))


def test_clock_that_goes_back_gives_nothing_twice() -> None:
    floor = floor_at(NOON, six())
    floor.advance(NOON + 30 * SECOND)

    assert floor.advance(NOON + 10 * SECOND) == []


def test_floor_that_slept_invents_nothing() -> None:
    floor = floor_at(NOON, six())
    floor.advance(NOON + 30 * SECOND)

    floor.advance(NOON + HOUR)

    assert min(one.seen_at for one in floor.advance(NOON + HOUR + SECOND)) >= NOON + HOUR


def test_units_take_between_twenty_and_sixty_seconds_of_work() -> None:
    made_at = [one.seen_at for one in units(watch(six(), length=4 * HOUR), "W2")]

    usual = sorted(later - earlier for earlier, later in pairwise(made_at))[len(made_at) // 2]
    assert 20 * SECOND <= usual <= 60 * SECOND


def test_units_are_finished_only_by_who_is_working() -> None:
    state = ""
    for one in watch(six(), length=4 * HOUR):
        if one.worker_id != "W4":
            continue
        assert one.event_type != PRODUCT_COUNT or state == WORKING
        state = one.event_type if one.event_type != PRODUCT_COUNT else state


def test_bottleneck_rests_much_more_than_its_neighbour() -> None:
    seen = watch(six(), length=4 * HOUR)

    assert working_share(seen, "W3") < working_share(seen, "W2") - 0.2


def test_slow_worker_finishes_fewer_units_than_another_at_the_same_workstation() -> None:
    shared = camera(1, duty("W4", "00:00", "00:00"), duty("W5", "00:00", "00:00"))
    seen = watch(plan_of(shared), length=4 * HOUR)

    assert len(units(seen, "W5")) < 0.8 * len(units(seen, "W4"))


def test_workers_walk_off_for_a_little_while() -> None:
    share = mean(one.event_type == ABSENT for one in watch(six(), length=4 * HOUR))

    assert 0 < share < 0.15


def test_all_states_occur() -> None:
    kinds = {one.event_type for one in watch(six(), length=2 * HOUR)}

    assert kinds == {WORKING, IDLE, ABSENT, PRODUCT_COUNT}


def test_speed_makes_units_faster() -> None:
    slow, fast = watch(six()), watch(six(), speed=5)

    assert len(units(fast, "W1")) > 3 * len(units(slow, "W1"))


def test_confidence_lies_around_ninety_three() -> None:
    assert 0.91 < mean(one.confidence for one in watch(six())) < 0.95


def test_confidence_is_clipped() -> None:
    sinking = camera(1, duty("W1", "00:00", "00:00"), confidence_drift_per_hour=5.0)
    seen = watch(plan_of(sinking))

    assert all(0 <= one.confidence <= 1 for one in seen)


def test_confidence_sinks_where_the_plan_says_so() -> None:
    sinking = camera(1, duty("W1", "00:00", "00:00"), confidence_drift_per_hour=0.1)
    seen = watch(plan_of(sinking), length=2 * HOUR)
    last = [one.confidence for one in seen if one.seen_at > NOON + 1.9 * HOUR]

    assert 0.69 < mean(last) < 0.78


def test_worker_on_a_break_is_only_absent() -> None:
    seen = watch(two_shifts(), began_at=NOON.replace(hour=9, minute=50))
    ten = NOON.replace(hour=10)
    on_break = [one for one in seen if ten <= one.seen_at < ten + 15 * MINUTE]

    assert {one.event_type for one in on_break} == {ABSENT}


def test_worker_is_back_after_the_break() -> None:
    seen = watch(two_shifts(), began_at=NOON.replace(hour=9, minute=50))
    back_at = NOON.replace(hour=10, minute=15)
    first = next(one for one in states(seen, "W1") if one.seen_at >= back_at)

    assert first.event_type in {WORKING, IDLE}
    assert first.seen_at - back_at <= INTERVAL


def test_floor_that_starts_in_a_break_says_absent() -> None:
    seen = watch(two_shifts(), began_at=NOON.replace(hour=10, minute=5), length=MINUTE)

    assert {(one.worker_id, one.event_type) for one in seen} == {
        (f"W{n}", ABSENT) for n in range(1, 7)
    }


def test_break_across_midnight_is_kept() -> None:
    seen = watch(two_shifts(), began_at=NOON.replace(hour=23, minute=59), length=2 * MINUTE)

    assert {one.event_type for one in seen} == {ABSENT}


def test_end_of_hours_is_said_once_as_absent() -> None:
    evening = NOON.replace(hour=17, minute=50)
    after = [
        one
        for one in watch(two_shifts(), began_at=evening)
        if one.worker_id == "W1" and one.seen_at >= evening + 10 * MINUTE
    ]

    assert [(one.event_type, one.workstation_id) for one in after] == [(ABSENT, "S1")]


def test_who_is_off_duty_from_the_start_is_not_mentioned() -> None:
    assert {one.worker_id for one in watch(two_shifts())} == {f"W{n}" for n in range(1, 7)}


def test_night_shift_goes_on_across_midnight() -> None:
    seen = watch(two_shifts(), began_at=NOON.replace(hour=23), length=2 * HOUR)
    late = {one.worker_id for one in seen if one.seen_at > NOON.replace(hour=0) + 12 * HOUR}

    assert late == {f"W{n}" for n in range(7, 13)}


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(datetime(2026, 1, 15, 3, tzinfo=UTC), id="three at night"),
        pytest.param(datetime(2026, 1, 18, 12, tzinfo=UTC), id="Sunday"),
        pytest.param(datetime(2026, 1, 19, 0, 30, tzinfo=UTC), id="from Sunday to Monday"),
        pytest.param(datetime(2026, 3, 29, 1, tzinfo=UTC), id="the clock goes forward"),
        pytest.param(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), id="the clock goes back"),
    ],
)
def test_two_shifts_move_at_any_hour(moment: datetime) -> None:
    seen = watch(two_shifts(time_zone="Europe/Berlin"), began_at=moment, length=MINUTE)

    assert sum(one.event_type in {WORKING, PRODUCT_COUNT} for one in seen) > 20


def test_hours_are_those_of_the_plans_time_zone() -> None:
    plan = plan_of(camera(1, duty("W1", "06:00", "18:00")), time_zone="America/New_York")

    assert watch(plan, began_at=NOON.replace(hour=22), length=MINUTE) != []


@pytest.mark.parametrize(
    "day, hour, works",
    [(15, 23, True), (16, 3, True), (16, 23, False), (15, 3, False)],
    ids=["Thursday night", "its small hours", "Friday night", "the small hours before"],
)
def test_weekday_is_that_on_which_the_hours_start(day: int, hour: int, works: bool) -> None:
    plan = plan_of(camera(1, duty("W1", "22:00", "06:00", weekdays=[4])))
    moment = datetime(2026, 1, day, hour, tzinfo=UTC)

    assert bool(watch(plan, began_at=moment, length=MINUTE)) is works


def moving_worker() -> Plan:
    return plan_of(
        camera(1, duty("W1", "06:00", "12:30")),
        camera(2, duty("W1", "12:30", "18:00", breaks=[pause("12:40", "12:45")])),
    )


def test_worker_is_in_one_place_at_a_time() -> None:
    places = [one.workstation_id for one in watch(moving_worker())]

    assert places == sorted(places)  # all of S1, then all of S2


def test_worker_who_moves_on_is_not_absent_before() -> None:
    seen = states(watch(moving_worker()), "W1")
    first_at_s2 = next(one for one in seen if one.workstation_id == "S2")

    assert first_at_s2.event_type in {WORKING, IDLE}


@pytest.mark.parametrize("plan", [moving_worker(), two_shifts()], ids=["moving", "two shifts"])
def test_absent_is_said_only_where_the_worker_was_last_seen(plan: Plan) -> None:
    last_seen: dict[str, str] = {}
    for one in watch(plan, began_at=NOON - 3 * HOUR, length=7 * HOUR):
        if one.event_type == ABSENT:
            assert one.workstation_id == last_seen[one.worker_id]
        last_seen[one.worker_id] = one.workstation_id
