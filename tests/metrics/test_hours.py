"""Hour × workstation: hours of the site's clock, one by one or of all days together."""

import csv
import io
from datetime import UTC, datetime

import pytest
from time_machine import TimeMachineFixture

from tests.floor import HOUR, Floor, Json, count, event


def cell(answer: Json, hour: str, code: str = "S1") -> Json:
    return next(
        row for row in answer["results"] if (row["workstation_id"], row["hour"]) == (code, hour)
    )


def clocks(answer: Json) -> list[str]:
    return [hour["hour"] for hour in answer["hours"]]


def test_each_hour_of_a_day_is_told(day: Floor) -> None:
    found = cell(day.figures("hours", "08:00", "15:00"), "10:00")
    assert (found["working_ms"], found["idle_ms"], found["utilization_pct"]) == (
        HOUR / 2,
        HOUR / 2,
        50.0,
    )


def test_units_stand_against_scheduled_time_and_target(day: Floor) -> None:
    found = cell(day.figures("hours", "08:00", "15:00"), "14:00")
    names = ("units", "units_per_scheduled_hour", "target_units", "target_attainment_pct")
    assert [found[name] for name in names] == [6, 6.0, 10.0, 60.0]


def test_an_hour_in_which_nothing_was_seen_has_no_utilization(day: Floor) -> None:
    found = cell(day.figures("hours", "08:00", "15:00"), "10:00", "S2")
    assert (found["scheduled_ms"], found["utilization_pct"]) == (HOUR, None)


def test_hours_in_which_nothing_is_scheduled_are_left_out_around(floor: Floor) -> None:
    floor.add_shift("Early", "06:00", "08:00")
    floor.add_shift("Late", "10:00", "12:00")
    answer = floor.figures("hours", "00:00", "20:00")
    assert clocks(answer) == ["06:00", "07:00", "08:00", "09:00", "10:00", "11:00"]
    assert cell(answer, "08:00")["scheduled_ms"] == 0


def test_a_break_is_not_scheduled(floor: Floor) -> None:
    floor.add_shift("Early", "06:00", "14:00", ("10:00", "10:30"))
    floor.put(event("10:00"), count("10:15", 9), count("10:45", 2), event("11:00", kind="absent"))
    found = cell(floor.figures("hours", "06:00", "14:00"), "10:00")
    assert [found[name] for name in ("scheduled_ms", "working_ms", "units")] == [
        HOUR / 2,
        HOUR / 2,
        2,
    ]


def test_a_target_counts_in_its_own_time(floor: Floor) -> None:
    floor.retire(floor.stations["S2"], datetime(2026, 6, 16, tzinfo=UTC).date())
    answer = floor.figures("hours", "2026-06-15T23:00:00Z", "2026-06-16T01:00:00Z")
    targets = [row["target_units"] for row in answer["results"] if row["workstation_id"] == "S2"]
    assert targets == [10.0, 0.0]


def test_of_several_days_the_same_hour_is_one(floor: Floor) -> None:
    floor.add_shift("Early", "06:00", "14:00")
    for day in (0, 1):
        at = [f"2026-06-{15 + day}T0{hour}:00:00Z" for hour in (6, 7, 8)]
        floor.put(event(at[0]), count(at[1], 5 + day), event(at[2], kind="absent"))
    answer = floor.figures("hours", "2026-06-15T00:00:00Z", "2026-06-17T00:00:00Z")
    found = cell(answer, "07:00")
    assert (found["units"], found["working_ms"], found["scheduled_ms"]) == (11, 2 * HOUR, 2 * HOUR)
    assert (found["start"], found["end"]) == (None, None)
    assert clocks(answer)[0] == "06:00"


@pytest.mark.parametrize(
    "window, hours",
    [
        (("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"), ["01:00", "02:00", "02:00", "03:00"]),
        (("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"), ["00:00", "01:00", "03:00", "04:00"]),
    ],
    ids=["back", "forward"],
)
def test_hours_follow_the_clock_on_the_wall(
    berlin: Floor, still_clock: TimeMachineFixture, window: tuple[str, str], hours: list[str]
) -> None:
    still_clock.move_to(datetime(2026, 10, 27, 9, tzinfo=UTC), tick=False)
    found = clocks(berlin.figures("hours", *window))
    first = found.index(hours[0])
    assert found[first : first + 4] == hours


def test_an_hour_that_comes_twice_is_one_of_several_days(
    berlin: Floor, still_clock: TimeMachineFixture
) -> None:
    still_clock.move_to(datetime(2026, 10, 27, 9, tzinfo=UTC), tick=False)
    answer = berlin.figures("hours", "2026-10-23T22:00:00Z", "2026-10-25T23:00:00Z")
    assert cell(answer, "02:00")["scheduled_ms"] == 3 * HOUR


def test_clocks_half_an_hour_off_have_hours_of_their_own(
    db: None, still_clock: TimeMachineFixture
) -> None:
    floor = Floor("K1", zone="Asia/Kathmandu")
    answer = floor.figures("hours", "2026-06-16T02:15:00Z", "2026-06-16T04:15:00Z")
    assert clocks(answer) == ["08:00", "09:00"]
    assert {row["scheduled_ms"] for row in answer["results"]} == {HOUR}


def test_hours_can_be_asked_of_one_worker(day: Floor) -> None:
    day.put(event("09:00", "W2"), event("10:00", "W2", kind="absent"))
    found = cell(day.figures("hours", "08:00", "15:00", worker_id="W2"), "09:00")
    assert found["working_ms"] == HOUR


def test_more_hours_than_a_page_could_hold_are_refused(floor: Floor) -> None:
    assert floor.ask("hours", "2025-01-01T00:00:00Z", "2026-06-01T00:00:00Z").status_code == 400


def test_a_table_has_a_row_per_hour_and_workstation(day: Floor) -> None:
    raw = day.ask("hours", "08:00", "15:00", format="csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(raw)))
    assert len(rows) == 5 * 7
    assert (rows[1]["workstation_id"], rows[1]["hour"], rows[1]["units"]) == ("S1", "09:00", "10")
