"""A worker who is nobody in particular counts at workstations, and in no figure about workers."""

import pytest

from tests.floor import HOUR, Floor, count, event

HOURS = ("08:00", "10:00")


@pytest.fixture
def hall(floor: Floor) -> Floor:
    """W1 works for an hour at S1 and idles for another; a stranger works for both at S2."""
    floor.add_worker("anon-S2", is_anonymous=True)
    floor.put(
        event("08:00"),
        event("09:00", kind="idle"),
        count("08:30", 10),
        event("08:00", "anon-S2", "S2"),
        count("08:30", 6, worker="anon-S2", station="S2"),
        event("10:00", "anon-S2", "S2", kind="absent"),
        event("10:00", kind="absent"),
    )
    return floor


def test_time_counts_at_the_workstation(hall: Floor) -> None:
    station = hall.station("S2", *HOURS)
    assert (station["working_ms"], station["occupancy_pct"]) == (2 * HOUR, 100)


def test_units_count_at_the_workstation(hall: Floor) -> None:
    assert hall.station("S2", *HOURS)["units"] == 6


def test_figures_asked_for_the_workstation_have_the_time(hall: Floor) -> None:
    assert hall.factory(*HOURS, workstation_id="S2")["working_ms"] == 2 * HOUR


@pytest.mark.parametrize(
    "figure, value",
    [
        ("working_ms", HOUR),
        ("idle_ms", HOUR),
        ("utilization_pct", 50),
        ("utilization_mean_pct", 50),
        ("scheduled_ms", 5 * 2 * HOUR),
        ("coverage_pct", 20),
        ("units_per_hour", 5),
        ("working_events", 1),
    ],
)
def test_figures_about_workers_leave_out_who_is_anonymous(
    hall: Floor, figure: str, value: float
) -> None:
    assert hall.factory(*HOURS)[figure] == value


def test_what_was_made_counts_for_the_factory(hall: Floor) -> None:
    assert hall.factory(*HOURS)["units"] == 16


def test_target_is_held_against_all_that_was_made(hall: Floor) -> None:
    record = hall.factory(*HOURS)
    assert record["units_with_target"] == record["units"]


@pytest.mark.parametrize("name", ["working_ms", "scheduled_ms", "units"])
def test_series_sums_up_to_the_factory(hall: Floor, name: str) -> None:
    results = hall.figures("series", *HOURS, bucket="1h")["results"]
    assert sum(row[name] for row in results) == hall.factory(*HOURS)[name]


@pytest.mark.parametrize("figure, number", [("workers_present", 1), ("workers_scheduled", 6 - 1)])
def test_present_of_scheduled_leaves_out_who_is_anonymous(
    floor: Floor, figure: str, number: int
) -> None:
    floor.add_worker("anon-S2", is_anonymous=True)
    floor.put(event("08:00"), event("08:00", "anon-S2", "S2"))
    assert floor.factory("08:00", "09:00")[figure] == number


def test_who_is_anonymous_is_listed_last_and_marked(hall: Floor) -> None:
    results = hall.figures("workers", *HOURS)["results"]
    assert [(row["worker_id"], row["anonymous"]) for row in results[-2:]] == [
        ("W5", False),
        ("anon-S2", True),
    ]


def test_own_figures_of_who_is_anonymous_are_told(hall: Floor) -> None:
    assert hall.factory(*HOURS, worker_id="anon-S2")["utilization_pct"] == 100


def test_mark_that_is_set_later_counts_for_the_past(hall: Floor) -> None:
    worker = hall.site.workers.get(code="W1")
    worker.is_anonymous = True
    worker.save()
    assert hall.factory(*HOURS)["utilization_pct"] is None


def test_sums_do_not_depend_on_the_mark(hall: Floor) -> None:
    assert hall.difference() is None


def test_workstation_where_a_stranger_works_is_working(hall: Floor) -> None:
    assert hall.station("S2", "08:00", "09:00")["state"] == "working"
