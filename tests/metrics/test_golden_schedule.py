"""Golden cases of DOMAIN.md §5 about scheduled time: 10, 11, 17 and 21."""

from collections.abc import Sequence
from datetime import datetime

import pytest
from time_machine import TimeMachineFixture

from tests.floor import HOUR, MINUTE, Floor, Json, after, count, event


def hours(floor: Floor, start: str, end: str) -> float:
    return floor.worker("W1", start, end)["scheduled_ms"] / HOUR


NIGHTS = [
    pytest.param(("2026-03-28T18:00:00Z", "2026-03-29T12:00:00Z"), 7, id="spring"),
    pytest.param(("2025-10-25T18:00:00Z", "2025-10-26T12:00:00Z"), 9, id="autumn"),
]


@pytest.mark.parametrize("night, length", NIGHTS)
def test_golden_10_night_shift_over_the_clock_change(
    berlin: Floor, night: tuple[str, str], length: float
) -> None:
    berlin.add_shift("Night", "22:00", "06:00")
    assert hours(berlin, *night) == length


@pytest.mark.parametrize("night, length", NIGHTS)
def test_golden_10_its_break_is_taken_off(
    berlin: Floor, night: tuple[str, str], length: float
) -> None:
    berlin.add_shift("Night", "22:00", "06:00", ("00:30", "01:00"))
    assert hours(berlin, *night) == length - 0.5


@pytest.fixture
def early(floor: Floor) -> Floor:
    """A shift with a break, worked through.

    An hour of work before it and two units in the break.
    """
    floor.add_shift("Early", "08:00", "14:00", ("10:00", "10:30"))
    floor.put(event("07:00"), event("15:00", kind="absent"), count("10:10", 2), count("11:00", 5))
    return floor


def test_golden_11_break_is_cut_out_although_events_say_working(early: Floor) -> None:
    record = early.worker("W1", "08:00", "14:00")
    assert (record["working_ms"], record["scheduled_ms"]) == (5.5 * HOUR, 5.5 * HOUR)


def test_golden_11_work_in_the_break_shows_as_unscheduled(early: Floor) -> None:
    assert early.worker("W1", "08:00", "14:00")["unscheduled_ms"] == 30 * MINUTE


def test_golden_11_work_before_and_after_the_shift_shows_as_unscheduled(early: Floor) -> None:
    assert early.worker("W1", "00:00", "23:55")["unscheduled_ms"] == 2.5 * HOUR


def test_golden_11_units_in_the_break_are_said_apart(early: Floor) -> None:
    record = early.worker("W1", "08:00", "14:00")
    assert (record["units"], record["units_unscheduled"]) == (5, 2)


ADDITIVE = [
    "working_ms",
    "idle_ms",
    "absent_ms",
    "unknown_ms",
    "scheduled_ms",
    "unscheduled_ms",
    "units",
    "units_unscheduled",
    "working_events",
    "idle_events",
    "absent_events",
    "count_events",
    "late_events",
]
MONTH = ("2026-05-16T22:00:00Z", "2026-06-16T22:00:00Z")  # local days of Berlin


@pytest.fixture
def month(berlin: Floor) -> Floor:
    """Two shifts, and a worker who has been busy, off and on, for a month."""
    berlin.add_shift("Early", "06:00", "14:00", ("10:00", "10:30"))
    berlin.add_shift("Late", "14:00", "22:00", ("18:00", "18:30"), weekdays="12345")
    kinds = ("working", "idle", "working", "product_count", "absent")
    first = datetime.fromisoformat(MONTH[0])
    berlin.put(
        *(
            event(
                after(first, days=day, hours=2 + 3 * n, minutes=(17 * n + day) % 60, seconds=day),
                kind=kinds[(n + day) % 5],
            )
            for day in range(31)
            for n in range(7)
        )
    )
    return berlin


def sums(records: list[Json], names: Sequence[str] = ADDITIVE) -> dict[str, int]:
    return {name: sum(record[name] for record in records) for name in names}


@pytest.mark.parametrize("bucket", ["1h", "1d"])
def test_golden_17_month_by_hours_or_days_sums_to_the_month(month: Floor, bucket: str) -> None:
    results = month.figures("series", *MONTH, bucket=bucket)["results"]
    assert sums(results) == sums([month.factory(*MONTH)])


def test_golden_17_month_by_shifts_sums_to_the_month(month: Floor) -> None:
    inside = [name for name in ADDITIVE if "unscheduled" not in name]
    by_shift = [month.factory(*MONTH, shift=shift) for shift in ("Early", "Late")]
    assert sums(by_shift, inside) == sums([month.factory(*MONTH)], inside)


def test_golden_17_month_by_workers_sums_to_the_month(month: Floor) -> None:
    assert sums(month.figures("workers", *MONTH)["results"]) == sums([month.factory(*MONTH)])


@pytest.mark.parametrize(
    "start, end, length",
    [
        # There is neither 02:30 nor a piece of the break that follows from it.
        pytest.param("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 23, id="spring"),
        pytest.param("2025-10-25T22:00:00Z", "2025-10-26T23:00:00Z", 24.5, id="autumn"),
    ],
)
def test_golden_21_break_in_the_clock_change_of_berlin(
    berlin: Floor, start: str, end: str, length: float
) -> None:
    berlin.add_shift("A", "00:00", "12:00", ("02:30", "03:00"))
    berlin.add_shift("B", "12:00", "00:00")
    assert hours(berlin, start, end) == length


@pytest.mark.parametrize(
    "start, end, length",
    [
        # At 02:00 the clocks go to 02:30, or back to 01:30.
        pytest.param("2025-10-04T13:30:00Z", "2025-10-05T13:00:00Z", 23.5, id="spring"),
        pytest.param("2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z", 24.25, id="autumn"),
    ],
)
def test_golden_21_break_in_the_clock_change_of_lord_howe(
    db: None, still_clock: TimeMachineFixture, start: str, end: str, length: float
) -> None:
    island = Floor(zone="Australia/Lord_Howe")
    island.add_shift("A", "00:00", "12:00", ("02:15", "02:30"))
    island.add_shift("B", "12:00", "00:00")
    assert hours(island, start, end) == length
