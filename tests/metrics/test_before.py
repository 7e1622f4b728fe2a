"""The period before: which window a period is compared with."""

from datetime import UTC, datetime

import pytest
from time_machine import TimeMachineFixture

from tests.floor import DAY, NOW, Floor, after, at, count, event

WORKDAYS = "12345"


@pytest.fixture
def shifts(floor: Floor) -> Floor:
    """NOW is a Wednesday, 18:00, four hours into the late shift."""
    floor.add_shift("Early", "06:00", "14:00", ("10:00", "10:30"))
    floor.add_shift("Late", "14:00", "22:00")
    return floor


def before(floor: Floor, **asked: str) -> tuple[str, str] | None:
    """Start and end of the period before, in which something was seen wherever it lies."""
    answer = floor.figures("overview", compare="before", **asked)["before"]
    return None if answer is None else (answer["start"], answer["end"])


def seen_all_along(floor: Floor, *, days: int = 70) -> None:
    """Every day from 08:00 into the night, for weeks."""
    hours = (after(NOW, days=-day, hours=hour) for day in range(1, days) for hour in (-10, -3))
    floor.put(*(event(hour, kind="idle") for hour in hours))


def test_running_shift_is_compared_with_the_same_part_of_it_on_the_day_before(
    shifts: Floor,
) -> None:
    seen_all_along(shifts)
    assert before(shifts, period="shift") == ("2026-06-16T14:00:00Z", "2026-06-16T18:00:00Z")


def test_shift_that_is_over_is_compared_with_the_whole_one_before(shifts: Floor) -> None:
    shifts.put(event("08:00"))
    found = before(shifts, period="shift", shift="Early")
    assert found == ("2026-06-16T06:00:00Z", "2026-06-16T14:00:00Z")


@pytest.mark.parametrize("period, start", [("shift", "14:00"), ("today", "00:00")])
def test_days_without_work_are_passed_over(
    floor: Floor, still_clock: TimeMachineFixture, period: str, start: str
) -> None:
    floor.add_shift("Late", "14:00", "22:00", weekdays=WORKDAYS)
    floor.put(event(at("16:00", day=-4)))  # Friday
    still_clock.move_to(datetime(2026, 6, 15, 18, tzinfo=UTC), tick=False)  # Monday
    assert before(floor, period=period) == (f"2026-06-12T{start}:00Z", "2026-06-12T18:00:00Z")


@pytest.mark.parametrize("period", ["shift", "today", "live"])
def test_closed_days_are_passed_over(shifts: Floor, period: str) -> None:
    seen_all_along(shifts)
    shifts.close("00:00", after(DAY, days=1))
    start, end = before(shifts, period=period) or ("", "")
    assert (start[:10], end) == ("2026-06-15", "2026-06-15T18:00:00Z")


@pytest.mark.parametrize(
    "asked, start, end",
    [
        ({"period": "today"}, "2026-06-16T00:00:00Z", "2026-06-16T18:00:00Z"),
        ({"period": "yesterday"}, "2026-06-15T00:00:00Z", "2026-06-16T00:00:00Z"),
        ({"period": "live"}, "2026-06-16T17:00:00Z", "2026-06-16T18:00:00Z"),
        ({"period": "7d"}, "2026-06-04T00:00:00Z", "2026-06-10T18:00:00Z"),
        ({"period": "30d"}, "2026-04-19T00:00:00Z", "2026-05-18T18:00:00Z"),
        (
            {"start": "2026-06-17T06:00:00Z", "end": "2026-06-17T10:00:00Z"},
            "2026-06-16T06:00:00Z",
            "2026-06-16T10:00:00Z",
        ),
        (
            {"start": "2026-06-10T00:00:00Z", "end": "2026-06-13T00:00:00Z"},
            "2026-06-07T00:00:00Z",
            "2026-06-10T00:00:00Z",
        ),
    ],
    ids=["today", "yesterday", "live", "7d", "30d", "hours", "days"],
)
def test_other_periods_are_compared_with_the_same_hours_or_as_many_days_before(
    shifts: Floor, asked: dict[str, str], start: str, end: str
) -> None:
    seen_all_along(shifts)
    assert before(shifts, **asked) == (start, end)


def test_two_shifts_at_once_are_compared_together(floor: Floor) -> None:
    floor.add_shift("Day", "08:00", "20:00")
    floor.add_shift("Late", "14:00", "22:00")
    floor.put(event("15:00"))
    assert before(floor, period="shift") == ("2026-06-16T08:00:00Z", "2026-06-16T18:00:00Z")


def test_no_shift_goes_on_longer_before_than_it_lasts(
    floor: Floor, still_clock: TimeMachineFixture
) -> None:
    floor.add_shift("Late", "14:00", "16:00", valid_until="2026-06-17")
    floor.add_shift("Late", "14:00", "22:00", valid_from="2026-06-17")
    floor.put(event("15:00"))
    assert before(floor, period="shift") == ("2026-06-16T14:00:00Z", "2026-06-16T16:00:00Z")


# --- clock changes (Europe/Berlin: 29 March and 25 October 2026) ---------------------------------


def test_day_after_a_clock_change_is_compared_by_the_clock_on_the_wall(
    db: None, still_clock: TimeMachineFixture
) -> None:
    floor = Floor(zone="Europe/Berlin")
    still_clock.move_to(datetime(2026, 10, 26, 9, tzinfo=UTC), tick=False)  # Monday, 10:00
    floor.put(event("2026-10-25T06:00:00Z"))
    assert before(floor, period="today") == ("2026-10-24T22:00:00Z", "2026-10-25T09:00:00Z")


def test_a_day_of_25_hours_is_one_day(db: None, still_clock: TimeMachineFixture) -> None:
    floor = Floor(zone="Europe/Berlin")
    still_clock.move_to(datetime(2026, 10, 26, 9, tzinfo=UTC), tick=False)
    floor.put(event("2026-10-24T06:00:00Z"))
    assert before(floor, period="yesterday") == ("2026-10-23T22:00:00Z", "2026-10-24T22:00:00Z")


def test_night_shift_of_a_clock_change_is_compared_by_what_has_passed_of_it(
    db: None, still_clock: TimeMachineFixture
) -> None:
    floor = Floor(zone="Europe/Berlin")
    floor.add_shift("Night", "22:00", "06:00")
    still_clock.move_to(datetime(2026, 10, 25, 4, tzinfo=UTC), tick=False)  # 8 h into 9 h
    floor.put(event("2026-10-23T21:00:00Z"))
    assert before(floor, period="shift") == ("2026-10-23T20:00:00Z", "2026-10-24T04:00:00Z")


# --- how much of it ------------------------------------------------------------------------------


def test_where_the_site_never_worked_before_there_is_none(floor: Floor) -> None:
    floor.add_shift("Late", "14:00", "22:00", valid_from="2026-06-17")
    assert before(floor, period="shift") is None
    assert before(floor, period="today") is None


def test_where_nothing_was_seen_before_there_is_none(shifts: Floor) -> None:
    assert before(shifts, period="shift") is None


def test_its_last_minutes_count_to_the_second(
    shifts: Floor, still_clock: TimeMachineFixture
) -> None:
    """18:03:20 lies between two marks: of the day before, what came later does not count."""
    shifts.put(
        event(at("18:00")),
        count(at("18:03:19"), 3),
        count(at("18:03:20"), 5),
        event(at("18:03:25"), kind="idle"),
        event(at("18:04"), "W2", "S2", "idle"),
    )
    still_clock.shift(200)
    then = shifts.figures("overview", compare="before", period="shift")["before"]
    factory = then["factory"]
    assert then["end"] == "2026-06-16T18:03:20Z"
    assert (factory["working_ms"], factory["idle_ms"], factory["units"]) == (200_000, 0, 3)
    assert (factory["working_events"], factory["events"]) == (1, 2)
    assert factory["newest_event_at"] == "2026-06-16T18:03:19Z"
    assert [each["worker_id"] for each in then["workers"]] == ["W1"]
