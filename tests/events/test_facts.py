"""What an event becomes when it is stored, and what makes it the same as another."""

from datetime import date, datetime

import pytest
from time_machine import TimeMachineFixture

from common import clock
from events.models import Event
from tests.floor import Floor, after, at, count, event
from workers.registry import save_camera


def fact(floor: Floor) -> Event:
    """The only one."""
    return Event.objects.get(site=floor.site)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


# --- instants ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent, stored",
    [
        ("2026-06-16T08:00:00Z", "2026-06-16T08:00:00+00:00"),
        ("2026-06-16T08:00:00.5Z", "2026-06-16T08:00:00.500+00:00"),
        ("2026-06-16T08:00:00.123Z", "2026-06-16T08:00:00.123+00:00"),
        ("2026-06-16T08:00:00.123999Z", "2026-06-16T08:00:00.123+00:00"),
        ("2026-06-16T08:00:00.9999999Z", "2026-06-16T08:00:00.999+00:00"),
        ("2026-06-16T08:00:00.999999999999Z", "2026-06-16T08:00:00.999+00:00"),
        ("2026-06-16T10:15:00+02:15", "2026-06-16T08:00:00+00:00"),
        ("2026-06-16T00:00:00-08:00", "2026-06-16T08:00:00+00:00"),
    ],
)
def test_instant_is_utc_cut_to_milliseconds(floor: Floor, sent: str, stored: str) -> None:
    floor.put(event(sent))
    assert fact(floor).occurred_at == instant(stored)


@pytest.mark.parametrize(
    "again",
    [
        "2026-06-16T10:00:00.250+02:00",
        "2026-06-16t08:00:00.250z",
        "2026-06-16 08:00:00.250000Z",
        "2026-06-16T08:00:00.2509999Z",
    ],
)
def test_same_instant_in_other_words_is_a_duplicate(floor: Floor, again: str) -> None:
    floor.put(event("2026-06-16T08:00:00.250Z"))
    assert floor.post(event("08:00") | {"timestamp": again})["duplicate"] == 1


def test_next_millisecond_is_another_event(floor: Floor) -> None:
    floor.put(event("08:00:00.250"), event("08:00:00.251"))


# --- the same ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        {"confidence": 0.1},
        {"confidence": None},
        {"restated": True},
        {"model_version": "other"},
        {"snapshot_id": "other"},
        {"extra": 1},
        {"count": 7},
    ],
    ids="-".join,
)
def test_same_state_with_other_content_is_a_duplicate(
    floor: Floor, other: dict[str, object]
) -> None:
    floor.put(event("08:00"))
    assert floor.post(event("08:00") | other)["duplicate"] == 1


def test_first_fact_stands(floor: Floor) -> None:
    floor.put(event("08:00", confidence=0.9))
    floor.post(event("08:00", confidence=0.1))
    assert fact(floor).confidence == 0.9


@pytest.mark.parametrize(
    "other",
    [
        event("08:00", worker="W2"),
        event("08:00", station="S2"),
        event("08:00", kind="idle"),
        event("08:01"),
    ],
    ids=["worker", "workstation", "type", "time"],
)
def test_other_key_is_another_event(floor: Floor, other: dict[str, object]) -> None:
    floor.put(event("08:00"), other)


def test_other_camera_sees_another_event(floor: Floor) -> None:
    floor.put(*(event("08:00", camera_id=code) for code in ("C1", "C2")), key=floor.gateway)


def test_same_event_twice_in_a_batch_is_stored_once(floor: Floor) -> None:
    answer = floor.post(event("08:00"), event("08:00"))
    assert (answer["accepted"], answer["duplicate"], floor.events()) == (1, 1, 1)


def test_duplicate_of_a_worker_who_has_left_is_a_duplicate(floor: Floor) -> None:
    floor.put(event("08:00"))
    floor.retire(floor.workers["W1"], date(2026, 6, 1))
    assert floor.post(event("08:00"))["duplicate"] == 1


def test_duplicate_at_a_workstation_taken_down_is_a_duplicate(floor: Floor) -> None:
    floor.put(event("08:00"))
    floor.retire(floor.stations["S1"], date(2026, 6, 1))
    assert floor.post(event("08:00"))["duplicate"] == 1


def test_duplicate_that_has_expired_since_is_a_duplicate(
    floor: Floor, still_clock: TimeMachineFixture
) -> None:
    floor.put(event("08:00"))
    still_clock.shift(500 * 86_400)
    assert floor.post(event("08:00"))["duplicate"] == 1


# --- counts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["working", "idle", "absent"])
@pytest.mark.parametrize("sent", [1, 0, -5, 1.5, "many", None])
def test_count_of_a_state_is_ignored(floor: Floor, kind: str, sent: object) -> None:
    floor.put(event("08:00", kind=kind, count=sent))
    assert fact(floor).count == 0


@pytest.mark.parametrize("sent, stored", [(None, 1), (0, 0), (7, 7), (100_000, 100_000)])
def test_units_are_stored(floor: Floor, sent: int | None, stored: int) -> None:
    floor.put(count("08:00", sent))
    assert fact(floor).count == stored


def test_product_count_without_a_count_is_one_unit(floor: Floor) -> None:
    floor.put(event("08:00", kind="product_count"))
    assert fact(floor).count == 1


@pytest.mark.parametrize("sent", [-1, 100_001, True, 1.0, 1.5, "1"])
def test_count_that_is_none_is_invalid(floor: Floor, sent: object) -> None:
    assert floor.code_of(event("08:00", kind="product_count", count=sent)) == "invalid"


def test_other_count_of_the_same_event_is_a_conflict(floor: Floor) -> None:
    floor.put(count("08:00", 2))
    assert floor.code_of(count("08:00", 3)) == "conflict"


def test_conflict_leaves_the_first_count(floor: Floor) -> None:
    floor.put(count("08:00", 2))
    floor.post(count("08:00", 3))
    assert fact(floor).count == 2


def test_conflict_within_a_batch_is_the_second_ones(floor: Floor) -> None:
    answer = floor.post(count("08:00", 2), count("08:00", 3), count("08:00", 2))
    assert (answer["accepted"], answer["duplicate"]) == (1, 1)
    assert [(each["index"], each["code"]) for each in answer["refused"]] == [(1, "conflict")]


def test_null_repeats_one_unit(floor: Floor) -> None:
    floor.put(count("08:00", 1))
    assert floor.post(count("08:00", None))["duplicate"] == 1


def test_null_contradicts_two_units(floor: Floor) -> None:
    floor.put(count("08:00", 2))
    assert floor.code_of(count("08:00", None)) == "conflict"


def test_conflict_of_a_worker_who_has_left_is_a_conflict(floor: Floor) -> None:
    floor.put(count("08:00", 2))
    floor.retire(floor.workers["W1"], date(2026, 6, 1))
    assert floor.code_of(count("08:00", 3)) == "conflict"


# --- confidence, restated, model ------------------------------------------------------------------


@pytest.mark.parametrize("sent", [0, 0.0, 0.5, 1, 1.0, None])
def test_confidence_is_stored_as_sent(floor: Floor, sent: float | None) -> None:
    floor.put(event("08:00", confidence=sent))
    assert fact(floor).confidence == sent


@pytest.mark.parametrize("sent", [True, False])
def test_restated_is_stored_as_sent(floor: Floor, sent: bool) -> None:
    floor.put(event("08:00", restated=sent))
    assert fact(floor).restated is sent


def test_restated_event_counts_in_no_number_of_events(floor: Floor) -> None:
    floor.put(event("08:00"), event("08:05", restated=True))
    assert floor.factory("08:00", "09:00")["working_events"] == 1


def test_restated_event_holds_the_timeline(floor: Floor) -> None:
    floor.put(event("08:00", restated=True), event("08:30", kind="idle"))
    assert floor.factory("08:00", "09:00")["working_ms"] == 30 * 60_000


def test_model_version_is_stored_as_sent(floor: Floor) -> None:
    floor.put(event("08:00", model_version="yolo-11s"))
    assert fact(floor).model_version == "yolo-11s"


@pytest.mark.parametrize(
    "when, version",
    [("07:59:59.999", "old"), ("08:00", "old"), ("08:59:59.999", "old"), ("09:00", "new")],
)
def test_model_version_is_by_default_the_one_that_ran_then(
    floor: Floor, when: str, version: str
) -> None:
    for start, name in (("08:00", "old"), ("09:00", "new")):
        save_camera(floor.cameras["C1"], at=instant(at(start)), model_version=name)
    floor.put(event(when))
    assert fact(floor).model_version == version


def test_model_version_of_a_camera_that_runs_none_is_empty(floor: Floor) -> None:
    floor.put(event("08:00"))
    assert fact(floor).model_version == ""


# --- active, in time ------------------------------------------------------------------------------


@pytest.mark.parametrize("day, code", [(17, None), (16, "unknown_worker")])
def test_worker_is_known_until_the_day_of_leaving(floor: Floor, day: int, code: str | None) -> None:
    floor.retire(floor.workers["W1"], date(2026, 6, day))
    assert floor.code_of(event("23:59")) == code


def test_worker_who_comes_tomorrow_is_unknown_today(floor: Floor) -> None:
    floor.add_worker("new", active_from=date(2026, 6, 17))
    assert floor.code_of(event("23:59", worker="new")) == "unknown_worker"


def test_workstation_taken_down_is_unknown(floor: Floor) -> None:
    floor.retire(floor.stations["S1"], date(2026, 6, 16))
    assert floor.code_of(event("08:00")) == "unknown_workstation"


def test_camera_taken_down_is_unknown(floor: Floor) -> None:
    floor.retire(floor.cameras["C1"], date(2026, 6, 16))
    assert floor.code_of(event("08:00")) == "unknown_camera"


@pytest.mark.parametrize("ahead, code", [(9, None), (10, None), (10.001, "future"), (11, "future")])
def test_camera_may_be_ten_minutes_ahead(floor: Floor, ahead: float, code: str | None) -> None:
    assert floor.code_of(event(after(clock.now(), minutes=ahead))) == code


@pytest.mark.parametrize("days, code", [(399, None), (400, None), (400.001, "expired")])
def test_event_older_than_the_site_keeps_them_is_expired(
    floor: Floor, days: float, code: str | None
) -> None:
    assert floor.code_of(event(after(clock.now(), days=-days))) == code


@pytest.mark.parametrize("seconds, late", [(119, 0), (120, 0), (121, 1)])
def test_event_is_late_after_two_minutes(floor: Floor, seconds: int, late: int) -> None:
    floor.put(event(after(clock.now(), seconds=-seconds)))
    assert floor.factory("12:00", after(clock.now()))["late_events"] == late


def test_late_event_is_listed_as_late(floor: Floor) -> None:
    floor.put(event("08:00"))
    floor.client.force_authenticate(floor.manager)
    answer = floor.client.get("/api/v1/events/", {"site": "F1", "late": "true"})
    assert len(answer.json()["results"]) == 1


def test_time_of_receipt_is_the_servers(floor: Floor) -> None:
    floor.put(event("08:00"))
    assert fact(floor).received_at == clock.now()
