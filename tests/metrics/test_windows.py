"""Which window a question names."""

from datetime import UTC, datetime

import pytest
from time_machine import TimeMachineFixture

from tests.floor import NOW, Floor, after

ENDLESS = "2027-01-01T00:00:00Z"


def window(floor: Floor, **more: str) -> tuple[str, str]:
    answer = floor.figures("factory", **more)
    return answer["start"], answer["end"]


def refusal(floor: Floor, **more: str) -> str:
    response = floor.ask("factory", **more)
    assert response.status_code == 400
    return response.json()["fields"]["window"][0]


# --- explicit ------------------------------------------------------------------------------------


def test_window_that_reaches_into_the_future_ends_now(floor: Floor) -> None:
    found = window(floor, start="2026-06-17T00:00:00Z", end=ENDLESS)
    assert found == ("2026-06-17T00:00:00Z", "2026-06-17T18:00:00Z")


def test_now_is_cut_to_five_seconds(floor: Floor, still_clock: TimeMachineFixture) -> None:
    still_clock.shift(14.9)
    assert floor.figures("factory", "08:00", ENDLESS)["as_of"] == "2026-06-17T18:00:10Z"


def test_window_of_the_past_is_as_of_its_end(floor: Floor) -> None:
    assert floor.figures("factory", "08:00", "09:00")["as_of"] == "2026-06-16T09:00:00Z"


def test_envelope_names_site_and_zone(berlin: Floor) -> None:
    answer = berlin.figures("factory", "08:00", "09:00")
    assert (answer["site"], answer["time_zone"]) == ("B1", "Europe/Berlin")


def test_offset_of_a_border_does_not_matter(floor: Floor) -> None:
    found = window(floor, start="2026-06-16T10:00:00+02:00", end="2026-06-16T14:30:00+05:30")
    assert found == ("2026-06-16T08:00:00Z", "2026-06-16T09:00:00Z")


@pytest.mark.parametrize(
    "start, end, reason",
    [
        ("2026-06-16T08:01:00Z", "2026-06-16T09:00:00Z", "start must lie on a 5-minute mark"),
        ("2026-06-16T08:00:00.001Z", "2026-06-16T09:00:00Z", "start must lie on a 5-minute mark"),
        ("2026-06-16T08:00:00Z", "2026-06-16T09:01:00Z", "end must lie on a 5-minute mark"),
        ("2026-06-16T08:00:00Z", "2026-06-16T08:00:00Z", "end must lie after start"),
        ("2026-06-16T09:00:00Z", "2026-06-16T08:00:00Z", "end must lie after start"),
        ("2026-06-18T08:00:00Z", "2026-06-18T09:00:00Z", "end must lie after start"),
        ("2020-06-16T08:00:00Z", "2026-06-16T09:00:00Z", "at most 800 days"),
        ("2026-06-16T08:00:00", "2026-06-16T09:00:00Z", "start must be an RFC 3339 time"),
        ("yesterday", "2026-06-16T09:00:00Z", "start must be an RFC 3339 time"),
        ("2026-06-16T08:00:00Z", "9999-99-99T00:00:00Z", "end must be an RFC 3339 time"),
        ("0001-01-01T00:00:00+14:00", "2026-06-16T09:00:00Z", "start"),
        ("2026-06-16T08:00:00Z", "\x00", "end must be an RFC 3339 time"),
    ],
)
def test_wrong_border_is_400(floor: Floor, start: str, end: str, reason: str) -> None:
    assert reason in refusal(floor, start=start, end=end)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"period": "decade"},
        {"start": "2026-06-16T08:00:00Z"},
        {"end": "2026-06-16T08:00:00Z"},
        {"period": "today", "start": "2026-06-16T08:00:00Z", "end": "2026-06-16T09:00:00Z"},
        {"period": "today", "shift": "Nobody's"},
    ],
)
def test_incomplete_or_double_window_is_400(floor: Floor, more: dict[str, str]) -> None:
    assert refusal(floor, **more)


def test_unknown_bucket_is_400(floor: Floor) -> None:
    assert floor.ask("series", "08:00", "09:00", bucket="1w").status_code == 400


def test_too_many_buckets_are_400(floor: Floor) -> None:
    more = {"start": "2026-04-01T00:00:00Z", "end": "2026-06-16T00:00:00Z", "bucket": "5m"}
    assert floor.ask("series", **more).status_code == 400


# --- periods -------------------------------------------------------------------------------------


def test_live_is_the_last_hour(floor: Floor) -> None:
    assert window(floor, period="live") == ("2026-06-17T17:00:00Z", "2026-06-17T18:00:00Z")


def test_live_begins_on_a_mark(floor: Floor, still_clock: TimeMachineFixture) -> None:
    still_clock.shift(130)
    assert window(floor, period="live") == ("2026-06-17T17:00:00Z", "2026-06-17T18:02:10Z")


@pytest.mark.parametrize(
    "period, start, end",
    [
        ("today", "2026-06-16T22:00:00Z", "2026-06-17T18:00:00Z"),
        ("yesterday", "2026-06-15T22:00:00Z", "2026-06-16T22:00:00Z"),
        ("7d", "2026-06-10T22:00:00Z", "2026-06-17T18:00:00Z"),
        ("30d", "2026-05-18T22:00:00Z", "2026-06-17T18:00:00Z"),
    ],
)
def test_days_are_the_site_s(berlin: Floor, period: str, start: str, end: str) -> None:
    assert window(berlin, period=period) == (start, end)


def test_yesterday_of_a_clock_change_has_23_hours(
    berlin: Floor, still_clock: TimeMachineFixture
) -> None:
    still_clock.move_to(datetime(2026, 3, 30, 12, tzinfo=UTC), tick=False)
    found = window(berlin, period="yesterday")
    assert found == ("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")


def test_shift_is_the_running_one(floor: Floor) -> None:
    floor.add_shift("Early", "06:00", "14:00")
    floor.add_shift("Late", "14:00", "22:00")
    answer = floor.figures("overview", period="shift")
    assert (answer["start"], answer["end"], answer["shift_names"]) == (
        "2026-06-17T14:00:00Z",
        "2026-06-17T18:00:00Z",
        ["Late"],
    )


def test_shift_is_the_last_that_ended_when_none_runs(floor: Floor) -> None:
    floor.add_shift("Early", "06:00", "14:00")
    assert window(floor, period="shift") == ("2026-06-17T06:00:00Z", "2026-06-17T14:00:00Z")


def test_two_shifts_at_once_are_both_named(floor: Floor) -> None:
    floor.add_shift("Day", "08:00", "20:00")
    floor.add_shift("Late", "14:00", "22:00")
    answer = floor.figures("overview", period="shift")
    assert (answer["start"], answer["shift_names"]) == ("2026-06-17T08:00:00Z", ["Day", "Late"])


def test_shift_that_is_asked_for_by_name_is_the_last_of_that_name(floor: Floor) -> None:
    floor.add_shift("Early", "06:00", "14:00")
    floor.add_shift("Late", "14:00", "22:00")
    found = window(floor, period="shift", shift="Early")
    assert found == ("2026-06-17T06:00:00Z", "2026-06-17T14:00:00Z")


def test_site_without_shifts_has_its_day_as_shift(berlin: Floor) -> None:
    assert window(berlin, period="shift") == window(berlin, period="today")


def test_night_shift_is_one_window(floor: Floor, still_clock: TimeMachineFixture) -> None:
    floor.add_shift("Night", "22:00", "06:00")
    still_clock.move_to(after(NOW, hours=9), tick=False)
    assert window(floor, period="shift") == ("2026-06-17T22:00:00Z", "2026-06-18T03:00:00Z")
