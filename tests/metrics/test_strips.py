"""Strips of the timeline: what was seen, what was not, breaks, units beside; of a day at most."""

from datetime import UTC, datetime

import pytest
from time_machine import TimeMachineFixture

from tests.floor import HOUR, MINUTE, NOW, Floor, Json, after, count, event
from workers.models import Worker

Told = tuple[str, float, float]  # state, and hours from the window's start


def strip(answer: Json, code: str = "W1") -> list[Told]:
    record = next(each for each in answer["results"] if each["worker_id"] == code)
    return [
        (answer["states"][state], start / HOUR, end / HOUR)
        for start, end, state, _ in record["spans"]
    ]


@pytest.fixture
def early(floor: Floor) -> Floor:
    """A shift with a break."""
    floor.add_shift("Early", "06:00", "14:00", ("10:00", "10:30"))
    return floor


# --- gaps -----------------------------------------------------------------------------------------


def test_scheduled_time_in_which_nothing_was_seen_is_not_seen(early: Floor) -> None:
    early.put(event("08:00"), event("09:00", kind="absent"), event("09:30", kind="idle"))
    assert strip(early.figures("strips", "06:00", "14:00")) == [
        ("unknown", 0, 2),
        ("working", 2, 3),
        ("absent", 3, 3.5),
        ("idle", 3.5, 8),
    ]


def test_a_break_is_no_gap(early: Floor) -> None:
    assert strip(early.figures("strips", "06:00", "14:00")) == [
        ("unknown", 0, 4),
        ("break", 4, 4.5),
        ("unknown", 4.5, 8),
    ]


def test_time_off_is_blank(early: Floor) -> None:
    assert strip(early.figures("strips", "04:00", "07:00")) == [("unknown", 2, 3)]


def test_a_closure_is_no_break(early: Floor) -> None:
    early.close("09:00", "11:00")
    assert strip(early.figures("strips", "06:00", "14:00")) == [
        ("unknown", 0, 3),
        ("unknown", 5, 8),
    ]


def test_work_in_a_break_is_shown_as_it_was_seen(early: Floor) -> None:
    early.put(event("09:00"), event("10:15", kind="idle"))
    assert strip(early.figures("strips", "09:30", "10:30")) == [
        ("working", 0, 0.75),
        ("idle", 0.75, 1),
    ]


def test_who_is_absent_in_a_break_has_it_and_is_off_after_work(early: Floor) -> None:
    early.put(event("09:00"), event("09:45", kind="absent"), event("10:45", kind="absent"))
    answer = early.figures("strips", "09:30", "16:00")
    assert strip(answer) == [
        ("working", 0, 0.25),
        ("absent", 0.25, 0.5),
        ("break", 0.5, 1),
        ("absent", 1, 4.5),
    ]


def test_the_break_of_a_shift_that_somebody_does_not_have_is_not_theirs(early: Floor) -> None:
    early.add_shift("Office", "08:00", "16:00", ("12:00", "12:30"))
    early.workers["W1"].shift_assignments.create(shift_name="Early")
    early.workers["W2"].shift_assignments.create(shift_name="Office")
    answer = early.figures("strips", "06:00", "16:00")
    assert [each for each in strip(answer) if each[0] == "break"] == [("break", 4, 4.5)]
    assert [each for each in strip(answer, "W2") if each[0] == "break"] == [("break", 6, 6.5)]


def test_whose_camera_was_lost_is_not_seen_from_its_last_word_on(early: Floor) -> None:
    early.cameras["C2"].state_ttl_s = 600
    early.cameras["C2"].save()
    dark = event("06:00", camera_id="C2")
    early.put(dark, Authorization=f"Bearer {early.gateway}")
    found = strip(early.figures("strips", "06:00", "10:00"))
    assert found == [("working", 0, pytest.approx(1 / 6)), ("unknown", pytest.approx(1 / 6), 4)]


def test_who_was_neither_scheduled_nor_seen_has_no_strip(early: Floor) -> None:
    early.workers["W1"].shift_assignments.create(shift_name="Another")
    answer = early.figures("strips", "06:00", "14:00")
    assert [each["worker_id"] for each in answer["results"]] == ["W2", "W3", "W4", "W5"]


def test_strips_of_a_workstation_have_what_happened_there_alone(early: Floor) -> None:
    early.put(event("08:00"), event("09:00", station="S2"), event("10:00", kind="absent"))
    answer = early.figures("strips", "08:00", "09:30", workstation_id="S2")
    assert [each["worker_id"] for each in answer["results"]] == ["W1"]
    assert strip(answer) == [("working", 1, 1.5)]


# --- over clock changes ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "now, start, hours",
    [
        (datetime(2026, 3, 30, 9, tzinfo=UTC), "2026-03-28T21:00:00Z", 7),
        (datetime(2026, 10, 26, 9, tzinfo=UTC), "2026-10-24T20:00:00Z", 9),
    ],
    ids=["forward", "back"],
)
def test_a_night_shift_is_as_long_as_it_was(
    berlin: Floor, still_clock: TimeMachineFixture, now: datetime, start: str, hours: int
) -> None:
    still_clock.move_to(now, tick=False)
    berlin.add_shift("Night", "22:00", "06:00")
    end = after(datetime.fromisoformat(start), hours=hours)
    assert strip(berlin.figures("strips", start, end)) == [("unknown", 0, hours)]


# --- up to now ------------------------------------------------------------------------------------


def test_the_axis_of_a_running_shift_ends_with_the_shift(floor: Floor) -> None:
    floor.add_shift("Late", "14:00", "22:00")
    answer = floor.figures("strips", period="shift")
    assert (answer["as_of"], answer["axis_end"]) == ("2026-06-17T18:00:00Z", "2026-06-17T22:00:00Z")
    assert strip(answer) == [("unknown", 0, 4)]


def test_what_a_camera_says_ahead_of_time_is_not_drawn_yet(
    floor: Floor, still_clock: TimeMachineFixture
) -> None:
    still_clock.shift(60)
    floor.put(event(after(NOW, minutes=-10)), count(after(NOW, minutes=4), 7))
    answer = floor.figures("strips", period="live")
    (record,) = [each for each in answer["results"] if each["worker_id"] == "W1"]
    assert record["counts"] == []
    assert record["spans"][-1][1] == HOUR + MINUTE


def test_more_than_a_day_is_not_drawn(floor: Floor) -> None:
    assert floor.ask("strips", period="7d").status_code == 400


# --- beside the states ----------------------------------------------------------------------------


def test_units_are_told_in_steps_of_5_minutes(floor: Floor) -> None:
    floor.put(event("08:00"), count("08:07", 3), count("08:09", 2), count("08:10", 1))
    record = floor.figures("strips", "08:00", "09:00")["results"][0]
    assert record["counts"] == [[5 * MINUTE, 5, 0], [10 * MINUTE, 1, 0]]


def test_a_workstation_has_the_cameras_that_are_assigned_to_it(floor: Floor) -> None:
    for code in ("C2", "C1"):
        floor.cameras[code].workstations.add(floor.stations["S1"])
    stations = floor.figures("strips", "08:00", "09:00")["workstations"]
    assert [each["cameras"] for each in stations[:2]] == [["C1", "C2"], []]


def test_two_hundred_workers_have_a_strip_each(floor: Floor) -> None:
    Worker.objects.bulk_create(Worker(site=floor.site, code=f"X{n}", name="") for n in range(195))
    floor.site.refresh_from_db()
    floor.site.save()
    floor.put(*(event("08:00", f"X{n}") for n in range(195)))
    assert len(floor.figures("strips", "08:00", "09:00")["results"]) == 200
