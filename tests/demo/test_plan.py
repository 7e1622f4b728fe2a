"""The demo factory's plan: at any hour people work, and nobody at two places."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from common.instants import DAY_MS, FIVE_MINUTES_MS, HOUR_MS, to_ms
from common.intervals import covers, difference, intersection, union
from demo.domain.edge_plan import edge_plan
from demo.domain.factory import PLAN
from demo.domain.plan import ShiftDay, shift_days
from edge.plan_check import check
from edge.plan_file import parse_plan

MONDAY = to_ms(datetime(2026, 6, 15, tzinfo=UTC))
WEEK = (MONDAY, MONDAY + 7 * DAY_MS)
DAYS = [date(2026, 6, 16), date(2026, 3, 28), date(2026, 10, 24)]  # two nights with a clock change
KEYS = {station.camera: "key" for station in PLAN.stations}


def on_at(instant: int) -> set[str]:
    """Who has a post at an instant."""
    return {
        post.worker
        for shift_day in shift_days(PLAN, (instant, instant + 1))
        for post in shift_day.shift.posts
        if covers([shift_day.interval(post.hours)], instant)
    }


def test_at_least_four_are_on_at_every_moment_of_the_week() -> None:
    assert min(len(on_at(instant)) for instant in range(*WEEK, FIVE_MINUTES_MS)) >= 4


def test_sunday_at_three_in_the_morning_at_least_four_work() -> None:
    sunday = to_ms(datetime(2026, 6, 21, 3, tzinfo=PLAN.zone))
    breaks = [pause for found in shift_days(PLAN, (sunday, sunday + 1)) for pause in found.breaks]
    assert len(on_at(sunday)) >= 4
    assert not covers(breaks, sunday)


def test_the_seventh_has_no_post() -> None:
    posts = [post for shift in PLAN.shifts for post in shift.posts]
    assert {post.worker for post in posts} == {f"W{n}" for n in range(1, 7)}
    assert {post.station for post in posts} == {f"S{n}" for n in range(1, 7)}


def test_shifts_follow_each_other_without_a_gap() -> None:
    windows = [found.window for found in shift_days(PLAN, WEEK)]
    assert all(before[1] == after[0] for before, after in pairwise(windows))
    assert union(windows)[0][0] <= WEEK[0]
    assert union(windows)[0][1] >= WEEK[1]


def test_every_shift_has_a_meal_and_two_short_breaks() -> None:
    for shift_day in list(shift_days(PLAN, WEEK))[:2]:
        lengths = sorted((end - start) // 60_000 for start, end in shift_day.breaks)
        assert lengths == [15, 15, 30]


def test_marks_lie_on_five_minutes() -> None:
    for shift in PLAN.shifts:
        for stretch in (shift.hours, *shift.breaks, *(post.hours for post in shift.posts)):
            assert all(mark.minute % 5 == 0 and mark.second == 0 for mark in stretch)


def test_breaks_of_the_shifts_are_at_different_times_of_the_clock() -> None:
    early, late = PLAN.shifts
    assert not {(pause.start.hour % 12, pause.start.minute) for pause in early.breaks} & {
        (pause.start.hour % 12, pause.start.minute) for pause in late.breaks
    }


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_worker_is_posted_throughout_the_shift_at_one_place_at_a_time(day: date) -> None:
    for shift in PLAN.shifts:
        shift_day = ShiftDay(shift, day, PLAN.zone)
        for worker in {post.worker for post in shift.posts}:
            posts = sorted(
                shift_day.interval(post.hours) for post in shift.posts if post.worker == worker
            )
            assert all(before[1] == after[0] for before, after in pairwise(posts))
            assert union(posts) == [shift_day.window]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_each_break_lies_in_one_post_after_its_start(day: date) -> None:
    for shift in PLAN.shifts:
        shift_day = ShiftDay(shift, day, PLAN.zone)
        for post in shift.posts:
            start, end = shift_day.interval(post.hours)
            for pause in shift_day.breaks:
                inside = intersection([pause], [(start, end)])
                assert inside in ([], [pause])
                assert pause[0] != start


def test_the_night_of_a_clock_change_is_an_hour_shorter_or_longer() -> None:
    late = PLAN.shifts[1]
    hours = [difference([ShiftDay(late, day, PLAN.zone).window], []) for day in DAYS]
    assert [(end - start) // HOUR_MS for ((start, end),) in hours] == [12, 11, 13]


def test_simulated_cameras_accept_the_plan() -> None:
    plan = check(parse_plan(edge_plan(PLAN, KEYS)))
    assert [camera.camera_id for camera in plan.cameras] == [f"CAM-{n}" for n in range(1, 7)]


def test_two_cameras_sink_and_go_on_from_where_they_are() -> None:
    plan = check(parse_plan(edge_plan(PLAN, KEYS, {"CAM-6": 0.12})))
    sinking = {
        each.camera_id: each.confidence_sunk
        for each in plan.cameras
        if each.confidence_drift_per_hour
    }
    assert sinking == {"CAM-2": 0, "CAM-6": 0.12}


def test_simulated_cameras_see_who_is_posted() -> None:
    plan = check(parse_plan(edge_plan(PLAN, KEYS)))
    for hour in range(7 * 24):
        moment = datetime(2026, 6, 15, 0, 10, tzinfo=UTC) + timedelta(hours=hour)
        local = moment.astimezone(PLAN.zone)
        seen = {
            duty.worker_id for each in plan.cameras for duty in each.rotation if duty.covers(local)
        }
        assert seen == on_at(to_ms(moment))


def test_simulated_cameras_know_every_break() -> None:
    plan = check(parse_plan(edge_plan(PLAN, KEYS)))
    local = datetime(2026, 6, 15, 0, 40, tzinfo=PLAN.zone)  # the night's meal
    on = [duty for each in plan.cameras for duty in each.rotation if duty.covers(local)]
    assert on
    assert all(duty.pauses(local) for duty in on)
