"""Golden cases of DOMAIN.md §5 about states in time: 1, 2, 5, 8, 9, 12 and 13."""

import pytest

from tests.floor import HOUR, MINUTE, Floor, count, event


def times(record: dict) -> dict[str, int]:
    """The times of a record that are not zero, in minutes."""
    names = ("working", "idle", "absent", "unknown")
    return {name: record[f"{name}_ms"] // MINUTE for name in names if record[f"{name}_ms"]}


def test_golden_01_state_in_force_reaches_into_the_window(floor: Floor) -> None:
    floor.put(event("08:00"), event("09:00", kind="idle"))
    assert times(floor.worker("W1", "08:30", "09:30")) == {"working": 30, "idle": 30}


@pytest.mark.parametrize("kind", ["working", "idle", "absent"])
def test_golden_02_bucket_without_events_is_full_of_the_state_in_force(
    floor: Floor, kind: str
) -> None:
    floor.put(event("08:00", kind=kind), event("11:00", kind="absent"))
    (bucket,) = floor.figures("series", "09:00", "10:00", worker_id="W1")["results"]
    assert times(bucket) == {kind: 60}


def test_golden_05_count_between_two_states_changes_no_duration(floor: Floor) -> None:
    floor.put(event("08:00"), event("09:00"), event("10:00", kind="absent"))
    before = times(floor.worker("W1", "08:00", "10:00"))
    floor.put(count("08:30", 3))
    assert times(floor.worker("W1", "08:00", "10:00")) == before == {"working": 120}


def test_golden_08_higher_confidence_is_in_force(floor: Floor) -> None:
    floor.put(event("08:00", confidence=0.9), event("08:00", kind="idle", confidence=0.8))
    assert times(floor.worker("W1", "08:00", "09:00")) == {"working": 60}


def test_golden_08_overruled_event_counts_as_an_event(floor: Floor) -> None:
    floor.put(event("08:00", confidence=0.9), event("08:00", kind="idle", confidence=0.8))
    record = floor.worker("W1", "08:00", "09:00")
    assert (record["idle_events"], record["overruled_events"]) == (1, 1)


@pytest.mark.parametrize(
    "one, other, in_force",
    [
        ({"kind": "absent"}, {"kind": "idle"}, "absent"),
        ({"kind": "idle"}, {"kind": "working"}, "idle"),
        ({"kind": "idle", "station": "S2"}, {"kind": "working", "station": "S1"}, "idle"),
        ({"confidence": 0.0}, {"kind": "idle", "confidence": None}, "working"),
        ({"confidence": None}, {"kind": "idle", "confidence": None}, "idle"),
    ],
    ids=["absent-idle", "idle-working", "type before station", "none is last", "none and none"],
)
@pytest.mark.parametrize("turn", [1, -1], ids=["in order", "reversed"])
def test_golden_08_ties_fall_in_the_fixed_order(
    floor: Floor, one: dict, other: dict, in_force: str, turn: int
) -> None:
    for each in (one, other)[::turn]:
        floor.put(event("08:00", **each))
    assert times(floor.worker("W1", "08:00", "09:00")) == {in_force: 60}


def test_golden_08_at_equal_types_the_smaller_workstation_is_in_force(floor: Floor) -> None:
    floor.put(event("08:00", station="S2"), event("08:00", station="S1"))
    (stretch,) = floor.figures("timeline", "08:00", "09:00")["results"]
    assert stretch["workstation_id"] == "S1"


def test_golden_09_silence_is_unknown_after_the_ttl(floor: Floor) -> None:
    floor.add_camera("C3", ttl=180)
    key = floor.gateway
    floor.put(event("11:10", camera_id="C3"), event("12:40", camera_id="C3"), key=key)
    record = floor.worker("W1", "11:00", "12:40")
    assert times(record) == {"working": 3, "unknown": 97}


def test_golden_09_timeline_has_a_gap_where_nothing_is_known(floor: Floor) -> None:
    floor.add_camera("C3", ttl=180)
    key = floor.gateway
    floor.put(event("11:10", camera_id="C3"), event("12:40", camera_id="C3"), key=key)
    assert floor.timeline("11:00", "12:45") == [
        ("W1", "working", "11:10", "11:13"),
        ("W1", "working", "12:40", "12:43"),
    ]


def test_golden_12_first_event_elsewhere_ends_the_state_at_the_first_place(floor: Floor) -> None:
    floor.put(
        event("08:00"), event("09:00", station="S2"), event("10:00", kind="absent", station="S2")
    )
    stations = {code: floor.station(code, "08:00", "11:00") for code in ("S1", "S2")}
    assert times(stations["S1"]) == {"working": 60}
    assert times(stations["S2"]) == {"working": 60, "absent": 60}


def test_golden_12_total_of_a_worker_who_moves_is_at_most_the_clock(floor: Floor) -> None:
    floor.put(*(event(f"08:{n:02}", station=f"S{n % 3 + 1}") for n in range(60)))
    record = floor.worker("W1", "08:00", "09:00")
    assert times(record) == {"working": 60}


def test_golden_13_two_at_one_workstation_are_labour_time_twice(floor: Floor) -> None:
    floor.put(event("08:00"), event("08:00", "W2"))
    floor.put(event("09:00", kind="absent"), event("09:00", "W2", kind="absent"))
    assert floor.station("S1", "08:00", "09:00")["working_ms"] == 2 * HOUR


def test_golden_13_two_at_one_workstation_occupy_it_once(floor: Floor) -> None:
    floor.put(event("08:00"), event("08:30", "W2", kind="idle"))
    floor.put(event("09:00", kind="absent"), event("09:30", "W2", kind="absent"))
    record = floor.station("S1", "08:00", "10:00")
    assert (record["present_any_ms"], record["working_any_ms"]) == (90 * MINUTE, 60 * MINUTE)
