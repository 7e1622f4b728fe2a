"""Figures of one shift, one workstation, one worker; and what leaves as a table."""

import csv
import io

import pytest

from tests.floor import HOUR, MINUTE, Floor, count, event

DAY = ("00:00", "23:55")


@pytest.fixture
def shifts(day: Floor) -> Floor:
    """The day's work falls into Early (W6's) and Late; W1 has none named, and so has both."""
    day.add_shift("Early", "06:00", "14:00")
    day.add_shift("Late", "14:00", "22:00")
    day.add_worker("W6", shifts=["Early"])
    return day


# --- over time ---------------------------------------------------------------------------------


def test_a_workstation_s_series_knows_when_the_site_is_off(shifts: Floor) -> None:
    rows = shifts.figures("series", "04:00", "08:00", workstation_id="S1")["results"]
    assert [row["is_scheduled"] for row in rows] == [False, False, True, True]
    assert {row["scheduled_ms"] for row in rows} == {None}


# --- shift ---------------------------------------------------------------------------------------


def test_worker_without_a_shift_of_their_own_has_all(shifts: Floor) -> None:
    assert shifts.worker("W1", *DAY)["scheduled_ms"] == 16 * HOUR


def test_worker_with_a_shift_has_that_one(shifts: Floor) -> None:
    assert shifts.worker("W6", *DAY)["scheduled_ms"] == 8 * HOUR


def test_shift_counts_alone_when_it_is_asked_for(shifts: Floor) -> None:
    record = shifts.worker("W1", *DAY, shift="Late")
    assert (record["scheduled_ms"], record["units"], record["units_unscheduled"]) == (
        8 * HOUR,
        6,
        10,
    )


def test_shift_is_that_of_the_workers_who_have_it(shifts: Floor) -> None:
    results = shifts.figures("workers", *DAY, shift="Late")["results"]
    assert "W6" not in [row["worker_id"] for row in results]


def test_workers_scheduled_are_those_with_a_shift_now(shifts: Floor) -> None:
    answer = shifts.factory(start="2026-06-17T00:00:00Z", end="2027-01-01T00:00:00Z")
    assert answer["workers_scheduled"] == 5  # at 18:00 it is Late, and W6 is not


# --- workstation ---------------------------------------------------------------------------------


@pytest.fixture
def moved(floor: Floor) -> Floor:
    """W1 works an hour at S1, then an hour at S2, and makes a unit at each."""
    floor.put(
        event("08:00"),
        count("08:30"),
        event("09:00", station="S2"),
        count("09:30", station="S2"),
        event("10:00", station="S2", kind="absent"),
    )
    return floor


def test_workstation_filters_times_events_and_units_of_a_worker(moved: Floor) -> None:
    record = moved.worker("W1", *DAY, workstation_id="S1")
    assert (record["working_ms"], record["working_events"], record["units"]) == (HOUR, 1, 1)


@pytest.mark.parametrize("what", ["workers", "factory", "series"])
def test_scheduled_time_has_no_meaning_at_one_workstation(moved: Floor, what: str) -> None:
    answer = moved.figures(what, *DAY, workstation_id="S1")
    record = answer["factory"] if what == "factory" else answer["results"][0]
    names = ("scheduled_ms", "unknown_ms", "coverage_pct", "utilization_low_pct")
    assert [record[name] for name in names] == [None] * 4


def test_timeline_of_a_workstation_has_what_happened_there(moved: Floor) -> None:
    stretches = moved.timeline("08:00", "11:00", workstation_id="S2")
    assert stretches == [("W1", "working", "09:00", "10:00"), ("W1", "absent", "10:00", "11:00")]


def test_worker_filters_a_workstation(moved: Floor) -> None:
    moved.put(event("08:00", "W2"), event("11:00", "W2", kind="absent"))
    record = moved.station("S1", "08:00", "11:00", worker_id="W1")
    assert (record["working_ms"], record["working_any_ms"]) == (HOUR, HOUR)


def test_times_of_a_worker_are_the_sum_of_those_at_workstations(moved: Floor) -> None:
    parts = [moved.worker("W1", *DAY, workstation_id=f"S{n}")["working_ms"] for n in range(1, 6)]
    assert sum(parts) == moved.worker("W1", *DAY)["working_ms"] == 2 * HOUR


# --- KPIs that need a sentence --------------------------------------------------------------------


def test_utilization_is_presence_times_active(day: Floor) -> None:
    record = day.worker("W1", "08:00", "15:00")
    product = record["presence_pct"] * record["active_pct"] / 100
    assert record["utilization_pct"] == pytest.approx(product)


def test_truth_lies_between_low_and_high(floor: Floor) -> None:
    floor.put(event("08:00"), event("09:00", kind="idle"), event("09:30", kind="absent"))
    record = floor.worker("W1", "07:00", "10:00")
    found = [record[f"utilization_{end}pct"] for end in ("low_", "", "high_")]
    assert found == pytest.approx([100 / 3, 50, 200 / 3])


def test_target_is_per_scheduled_hour(day: Floor) -> None:
    record = day.station("S1", "08:00", "15:00")
    assert record["target_attainment_pct"] == pytest.approx(100 * 16 / 70)


def test_dated_target_counts_in_its_own_time(day: Floor) -> None:
    first = day.stations["S1"].targets.get()
    first.valid_until = "2026-06-16"
    first.save()
    day.stations["S1"].targets.create(per_hour=20, valid_from="2026-06-16")
    record = day.station("S1", "2026-06-15T23:00:00Z", "2026-06-16T01:00:00Z")
    assert record["target_units"] == 30


def test_workstation_without_a_target_has_no_attainment(day: Floor) -> None:
    day.stations["S1"].targets.all().delete()
    assert day.station("S1", "08:00", "15:00")["target_attainment_pct"] is None


def test_restated_event_holds_the_timeline(floor: Floor) -> None:
    floor.put(event("08:00"), event("08:30", kind="idle", restated=True))
    floor.put(event("09:00", kind="absent"))
    assert floor.worker("W1", "08:00", "09:00")["idle_ms"] == 30 * MINUTE


@pytest.mark.parametrize("name", ["events", "idle_events", "late_events", "overruled_events"])
def test_restated_event_counts_in_nothing(floor: Floor, name: str) -> None:
    floor.put(event("08:30", kind="idle", restated=True))
    assert floor.worker("W1", "08:00", "09:00")[name] == 0


def test_late_share_and_lag_speak_of_arrival(floor: Floor) -> None:
    floor.put(event("2026-06-17T17:59:00Z"), event("2026-06-17T17:57:00Z"))
    record = floor.worker("W1", "2026-06-17T17:00:00Z", "2026-06-17T18:00:00Z")
    assert (record["late_pct"], record["lag_avg_s"]) == (50, 120)


def test_low_confidence_is_what_lies_under_the_threshold(floor: Floor) -> None:
    shares = (0.59, 0.6, 0.61, None)
    floor.put(*(event(f"08:0{n}", confidence=share) for n, share in enumerate(shares)))
    record = floor.worker("W1", "08:00", "09:00")
    assert record["low_confidence_pct"] == pytest.approx(100 / 3)
    assert record["confidence_avg"] == pytest.approx(0.6)


# --- tables --------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["workers", "workstations", "series", "timeline", "hours"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_results_leave_as_a_table(day: Floor, what: str, kind: str) -> None:
    response = day.ask(what, "08:00", "15:00", format=kind)
    marks = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats"}
    assert response.headers["Content-Type"].startswith(marks[kind])


def test_table_has_the_same_numbers(day: Floor) -> None:
    raw = day.ask("workers", "08:00", "15:00", format="csv").content.decode("utf-8-sig")
    first = next(csv.DictReader(io.StringIO(raw)))
    assert (first["worker_id"], first["units"], first["working_ms"]) == ("W1", "16", "19800000")


@pytest.mark.parametrize("what", ["factory", "overview"])
def test_what_is_no_list_has_no_table(day: Floor, what: str) -> None:
    assert day.ask(what, "08:00", "15:00", format="csv").status_code == 404


def test_unknown_format_is_404(day: Floor) -> None:
    assert day.ask("workers", "08:00", "15:00", format="pdf").status_code == 404
