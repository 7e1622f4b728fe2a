"""What is so now: states and since when, the calendar, what needs attention, the bottleneck."""

import pytest
from time_machine import TimeMachineFixture

from tests.floor import NOW, Floor, Json, after, count, event

TODAY = {"start": after(NOW, hours=-18), "end": after(NOW, hours=6)}  # NOW is 18:00 on a Wednesday


def ago(minutes: float, worker: str = "W1", **more: object) -> Json:
    return event(after(NOW, minutes=-minutes), worker, **more)


def now(floor: Floor, worker: str = "W1") -> tuple[str, str | None, str | None]:
    """State, since when (hours and minutes of today), workstation."""
    record = floor.worker(worker, **TODAY)
    since = record["since"]
    return record["state"], since and since[11:16], record["workstation_id"]


# --- workers -------------------------------------------------------------------------------------


def test_worker_who_was_never_seen_is_unknown(floor: Floor) -> None:
    assert now(floor) == ("unknown", None, None)


def test_state_is_that_of_the_newest_event(floor: Floor) -> None:
    floor.put(ago(30), ago(10, kind="idle"))
    assert now(floor) == ("idle", "17:50", "S1")


def test_since_is_the_start_of_the_run(floor: Floor) -> None:
    floor.put(ago(130, kind="idle"), ago(100), ago(50), ago(5))
    assert now(floor) == ("working", "16:20", "S1")


def test_run_begins_anew_elsewhere(floor: Floor) -> None:
    floor.put(ago(30), ago(10, station="S2"))
    assert now(floor) == ("working", "17:50", "S2")


def test_run_begins_anew_after_a_gap(berlin: Floor) -> None:
    berlin.put(ago(300), ago(60))  # the first one holds for three hours
    assert now(berlin) == ("working", "17:00", "S1")


def test_unknown_is_since_the_state_ran_out(berlin: Floor) -> None:
    berlin.put(ago(300))
    assert now(berlin) == ("unknown", "16:00", "S1")


def test_state_of_a_window_of_the_past_is_that_at_its_end(floor: Floor) -> None:
    floor.put(event("08:00"), event("10:00", kind="idle"))
    assert floor.worker("W1", "08:00", "09:00")["state"] == "working"


def test_workers_present_work_or_are_idle(floor: Floor) -> None:
    floor.put(ago(5), ago(5, "W2", kind="idle"), ago(5, "W3", kind="absent"))
    assert floor.factory(**TODAY)["workers_present"] == 2


# --- workstations --------------------------------------------------------------------------------


def station(floor: Floor, code: str = "S1") -> tuple[str, list[str]]:
    record = floor.station(code, **TODAY)
    return record["state"], record["worker_ids"]


@pytest.mark.parametrize(
    "kinds, state, present",
    [
        ([], "unknown", []),
        (["absent"], "absent", []),
        (["absent", "idle"], "idle", ["W2"]),
        (["idle", "working", "absent"], "working", ["W1", "W2"]),
    ],
    ids=["nobody", "left", "waiting", "at work"],
)
def test_workstation_shows_the_busiest_of_its_workers(
    floor: Floor, kinds: list[str], state: str, present: list[str]
) -> None:
    for number, kind in enumerate(kinds, start=1):
        floor.put(ago(5, f"W{number}", kind=kind))
    assert station(floor) == (state, present)


def test_worker_who_moved_is_no_longer_at_the_first_workstation(floor: Floor) -> None:
    floor.put(ago(30), ago(5, station="S2"))
    assert station(floor) == ("unknown", [])


# --- calendar ------------------------------------------------------------------------------------


def schedule(floor: Floor) -> tuple[str, str | None, list[str]]:
    found = floor.figures("overview", **TODAY)["schedule"]
    return found["state"], found["until"], found["shift_names"]


def test_site_without_shifts_always_works(floor: Floor) -> None:
    assert schedule(floor) == ("always", None, [])


def test_shift_runs_until_its_end(floor: Floor) -> None:
    floor.add_shift("Late", "14:00", "22:00")
    assert schedule(floor) == ("shift", "2026-06-17T22:00:00Z", ["Late"])


def test_break_lasts_until_work_goes_on(floor: Floor) -> None:
    floor.add_shift("Late", "14:00", "22:00", ("17:45", "18:15"))
    assert schedule(floor) == ("break", "2026-06-17T18:15:00Z", ["Late"])


def test_site_is_closed_until_the_next_shift(floor: Floor) -> None:
    floor.add_shift("Early", "06:00", "14:00")
    assert schedule(floor) == ("closed", "2026-06-18T06:00:00Z", [])


def test_closure_is_no_break(floor: Floor) -> None:
    floor.add_shift("Late", "14:00", "22:00")
    floor.close(after(NOW, hours=-1), after(NOW, hours=1))
    assert schedule(floor)[:2] == ("closed", "2026-06-17T19:00:00Z")


def test_site_that_will_not_open_soon_says_no_time(floor: Floor) -> None:
    floor.add_shift("Past", "06:00", "14:00", valid_until="2026-01-01")
    assert schedule(floor) == ("closed", None, [])


# --- attention -----------------------------------------------------------------------------------


def attention(floor: Floor) -> list[tuple[str, str]]:
    found = floor.figures("overview", **TODAY)["attention"]
    return [(each["kind"], each["workstation_id"]) for each in found]


@pytest.fixture
def busy(floor: Floor) -> Floor:
    """A late shift in which S1 to S3 have been seen and made enough; at S4 nobody is.

    S5 is dark.
    """
    floor.add_shift("Late", "14:00", "22:00")
    for number in (1, 2, 3):
        floor.put(
            ago(200, f"W{number}", station=f"S{number}"),
            count(after(NOW, minutes=-60), 50, worker=f"W{number}", station=f"S{number}"),
        )
    floor.stations["S4"].targets.all().delete()
    floor.put(ago(30, "W4", station="S4", kind="absent"))
    return floor


def test_attention_goes_to_what_is_not_seen_and_then_to_what_is_empty(busy: Floor) -> None:
    assert attention(busy) == [("not_seen", "S5"), ("empty", "S4")]


def test_attention_goes_to_what_is_under_its_target(busy: Floor) -> None:
    target = busy.stations["S2"].targets.get()
    target.per_hour = 20
    target.save()
    assert ("under_target", "S2") in attention(busy)


def test_target_is_not_judged_in_the_first_half_hour(
    busy: Floor, still_clock: TimeMachineFixture
) -> None:
    still_clock.move_to(after(NOW, hours=20, minutes=20), tick=False)
    today = {"start": after(NOW, hours=20), "end": after(NOW, hours=24)}
    found = busy.figures("overview", **today)["attention"]
    assert "under_target" not in [each["kind"] for each in found]


def test_nobody_is_missed_out_of_scheduled_time(
    busy: Floor, still_clock: TimeMachineFixture
) -> None:
    still_clock.move_to(after(NOW, hours=5), tick=False)
    assert {kind for kind, _ in attention(busy)} == {"under_target"}


def test_a_target_that_was_missed_needs_attention_after_the_shift(
    busy: Floor, still_clock: TimeMachineFixture
) -> None:
    still_clock.move_to(after(NOW, hours=5), tick=False)
    assert ("under_target", "S1") in attention(busy)


def test_nobody_is_missed_in_a_period_that_is_over(busy: Floor) -> None:
    past = {"start": after(NOW, hours=-4), "end": after(NOW, minutes=-5)}
    found = busy.figures("overview", **past)["attention"]
    assert {each["kind"] for each in found} == {"under_target"}


def test_bottleneck_is_furthest_under_its_target(busy: Floor) -> None:
    for code, per_hour in (("S1", 14), ("S2", 20)):
        busy.stations[code].targets.update(per_hour=per_hour)
    busy.site.save()
    found = busy.figures("overview", **TODAY)["bottleneck"]
    assert (found["workstation_id"], found["target_attainment_pct"]) == ("S2", 62.5)


def test_where_all_reach_their_targets_there_is_no_bottleneck(busy: Floor) -> None:
    assert busy.figures("overview", **TODAY)["bottleneck"] is None
