"""What could not be stored is kept with its reason, and can be tried again."""

import json
from datetime import date

import pytest
from time_machine import TimeMachineFixture

from common import clock
from common.instants import DAY_MS, to_ms
from events import refusals
from events.models import Event, RefusedEvent
from events.retry import retry
from tests.floor import NOW, Floor, count, event
from workers.models import Site

STRANGER = event("08:00", worker="W9")


def kept(floor: Floor) -> RefusedEvent:
    """The only one."""
    return floor.refused().get()


# --- kept ----------------------------------------------------------------------------------------


def test_refused_item_is_kept_as_it_was_sent(floor: Floor) -> None:
    raw = json.dumps(STRANGER).replace(", ", " ,\t").encode()
    floor.send(b"[" + raw + b"]")
    assert bytes(kept(floor).payload) == raw


def test_refused_object_is_kept_as_it_was_sent(floor: Floor) -> None:
    floor.send(STRANGER)
    assert bytes(kept(floor).payload) == json.dumps(STRANGER).encode()


def test_refused_line_is_kept_as_it_was_sent(floor: Floor) -> None:
    floor.send(b'{}\n{"half": \n', Content_Type="application/x-ndjson")
    assert {bytes(row.payload) for row in floor.refused()} == {b"{}", b'{"half": '}


def test_bytes_that_are_no_text_are_kept_as_they_were_sent(floor: Floor) -> None:
    raw = json.dumps(event("08:00", worker="?")).encode().replace(b"?", b"\xff")
    floor.send(b"[" + raw + b"]")
    assert bytes(kept(floor).payload) == raw


def test_reason_is_kept(floor: Floor) -> None:
    floor.post(STRANGER)
    assert (kept(floor).code, "W9" in kept(floor).detail) == ("unknown_worker", True)


def test_reason_that_quotes_a_nul_is_kept_without_it(floor: Floor) -> None:
    floor.post(event("08:00", kind="work\0ing"))
    assert (kept(floor).code, "\0" in kept(floor).detail) == ("invalid", False)


def test_camera_of_the_key_is_named(floor: Floor) -> None:
    floor.post(STRANGER)
    assert kept(floor).camera_code == "C1"


def test_camera_that_the_item_names_is_named(floor: Floor) -> None:
    floor.post(STRANGER | {"camera_id": "C2"}, key=floor.gateway)
    assert kept(floor).camera_code == "C2"


def test_camera_beside_the_events_is_named(floor: Floor) -> None:
    floor.send({"events": [STRANGER], "camera_id": "C2"}, key=floor.gateway)
    assert kept(floor).camera_code == "C2"


def test_camera_that_nobody_knows_is_named(floor: Floor) -> None:
    floor.post(STRANGER | {"camera_id": "blind"}, key=floor.gateway)
    assert (kept(floor).camera_code, kept(floor).code) == ("blind", "unknown_camera")


def test_refused_heartbeat_is_not_kept(floor: Floor) -> None:
    floor.send({"events": [], "camera_id": "blind"}, key=floor.gateway)
    assert not floor.refused().exists()


def test_refusal_changes_no_figure(floor: Floor) -> None:
    floor.site.refresh_from_db()
    before = floor.site.revision
    floor.post(STRANGER)
    floor.site.refresh_from_db()
    assert (floor.events(), floor.site.revision) == (0, before)


# --- kept once -----------------------------------------------------------------------------------


def test_same_thing_again_only_counts_up(floor: Floor) -> None:
    floor.post(STRANGER)
    floor.post(STRANGER)
    assert kept(floor).count == 2


def test_same_thing_twice_in_a_batch_counts_twice(floor: Floor) -> None:
    floor.post(STRANGER, STRANGER)
    assert kept(floor).count == 2


def test_first_and_last_time_are_kept(floor: Floor, still_clock: TimeMachineFixture) -> None:
    first = clock.now()
    floor.post(STRANGER)
    still_clock.shift(60)
    floor.post(STRANGER)
    assert (kept(floor).first_received_at, kept(floor).last_received_at) == (first, clock.now())


def test_same_thing_by_another_camera_is_another_row(floor: Floor) -> None:
    for camera in ("C1", "C2"):
        floor.send({"events": [STRANGER], "camera_id": camera}, key=floor.gateway)
    assert [row.camera_code for row in floor.refused()] == ["C1", "C2"]


def test_same_thing_for_another_reason_is_another_row(floor: Floor) -> None:
    floor.post(event("08:00", worker="W9", station="S9"))
    floor.add_worker("W9")
    floor.post(event("08:00", worker="W9", station="S9"))
    assert [row.code for row in floor.refused()] == ["unknown_worker", "unknown_workstation"]


# --- cut -----------------------------------------------------------------------------------------


def sized(size: int) -> bytes:
    """A refused item of so many bytes."""
    return json.dumps(STRANGER).encode()[:-1].ljust(size - 1) + b"}"


@pytest.mark.parametrize("size, is_cut", [(8_192, False), (8_193, True)])
def test_payload_is_whole_up_to_8_kb(floor: Floor, size: int, is_cut: bool) -> None:
    floor.send(sized(size))
    assert (kept(floor).is_cut, len(kept(floor).payload)) == (is_cut, 8_192)


def test_long_payloads_that_differ_at_their_end_are_two(floor: Floor) -> None:
    for end in ("a", "b"):
        floor.post(STRANGER | {"extra": "x" * 9_000 + end})
    assert floor.refused().count() == 2


def test_cut_payload_is_not_retried(floor: Floor) -> None:
    floor.send(sized(8_193))
    floor.add_worker("W9")
    assert (retry(floor.refused()), floor.refused().count()) == ({"cut": 1}, 1)


# --- tried again ---------------------------------------------------------------------------------


def test_retry_stores_what_was_refused_once_the_cause_is_mended(floor: Floor) -> None:
    floor.post(STRANGER)
    floor.add_worker("W9")
    assert (retry(floor.refused()), floor.events()) == ({"accepted": 1}, 1)


def test_retried_row_is_gone(floor: Floor) -> None:
    floor.post(STRANGER)
    floor.add_worker("W9")
    retry(floor.refused())
    assert not floor.refused().exists()


def test_retry_keeps_the_first_time_of_receipt(
    floor: Floor, still_clock: TimeMachineFixture
) -> None:
    first = clock.now()
    floor.post(STRANGER)
    still_clock.shift(3_600)
    floor.post(STRANGER)
    floor.add_worker("W9")
    retry(floor.refused())
    assert Event.objects.get().received_at == first


def test_retry_keeps_the_camera_that_sent_it(floor: Floor) -> None:
    floor.send({"events": [STRANGER], "camera_id": "C2"}, key=floor.gateway)
    floor.add_worker("W9")
    retry(floor.refused())
    assert Event.objects.get().camera.code == "C2"


def test_retry_before_the_cause_is_mended_leaves_the_row(floor: Floor) -> None:
    floor.post(STRANGER)
    assert (retry(floor.refused()), floor.refused().count()) == ({"refused": 1}, 1)


def test_retry_of_what_came_in_since_is_a_duplicate(floor: Floor) -> None:
    floor.post(STRANGER)
    floor.add_worker("W9")
    floor.put(STRANGER)
    assert (retry(floor.refused()), floor.refused().count()) == ({"duplicate": 1}, 0)


def test_retry_twice_stores_once(floor: Floor) -> None:
    floor.post(STRANGER)
    rows = list(floor.refused())
    floor.add_worker("W9")
    retry(rows)
    retry(floor.refused())
    assert floor.events() == 1


def test_one_that_stays_refused_does_not_stop_the_others(floor: Floor) -> None:
    floor.post({"no": "event"}, STRANGER)
    floor.add_worker("W9")
    assert retry(floor.refused()) == {"refused": 1, "accepted": 1}


def test_retry_of_an_item_over_several_lines_is_stored(floor: Floor) -> None:
    floor.send(json.dumps([STRANGER], indent=2).replace("\n", "\r\n").encode())
    floor.add_worker("W9")
    assert retry(floor.refused()) == {"accepted": 1}


def test_retried_event_that_was_refused_as_future_is_stored_when_its_time_has_come(
    floor: Floor, still_clock: TimeMachineFixture
) -> None:
    floor.post(event("2026-06-17T19:00:00Z"))
    still_clock.shift(3_600)
    assert retry(floor.refused()) == {"accepted": 1}


def test_retry_after_a_worker_is_made_active_again(floor: Floor) -> None:
    floor.retire(floor.workers["W1"], date(2026, 6, 1))
    floor.post(event("08:00"))
    floor.workers["W1"].active_until = None
    floor.workers["W1"].save()
    assert retry(floor.refused()) == {"accepted": 1}


def test_conflict_stays_refused(floor: Floor) -> None:
    floor.put(count("08:00", 2))
    floor.post(count("08:00", 3))
    assert retry(floor.refused()) == {"refused": 1}


# --- listed --------------------------------------------------------------------------------------


def test_refused_events_are_listed_for_the_manager(floor: Floor) -> None:
    floor.post(STRANGER)
    floor.client.force_authenticate(floor.manager)
    answer = floor.client.get("/api/v1/refused-events/", {"site": "F1", "code": "unknown_worker"})
    assert [row["code"] for row in answer.json()["results"]] == ["unknown_worker"]


# --- removed -------------------------------------------------------------------------------------


@pytest.mark.parametrize("days, left", [(90, 1), (90.001, 0)])
def test_refused_event_is_kept_for_ninety_days(floor: Floor, days: float, left: int) -> None:
    floor.post(STRANGER)
    removed = refusals.remove_old(to_ms(clock.now()) + int(days * DAY_MS))
    assert (removed, floor.refused().count()) == (1 - left, left)


def test_what_still_comes_is_kept(floor: Floor, still_clock: TimeMachineFixture) -> None:
    floor.post(STRANGER)
    still_clock.shift(89 * 86_400)
    floor.post(STRANGER)
    assert refusals.remove_old(to_ms(clock.now()) + 89 * DAY_MS) == 0


def test_many_are_removed_step_by_step(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "STEP", 2)
    floor.post(*(event("08:00", worker=f"nobody {n}") for n in range(5)))
    later = to_ms(clock.now()) + 91 * DAY_MS
    assert [refusals.remove_old(later), refusals.remove_old(later)] == [5, 0]


def test_each_site_says_how_long_refused_events_are_kept(floor: Floor) -> None:
    other = Floor("F2")
    Site.objects.filter(pk=other.site.pk).update(refused_days=7)
    for each in (floor, other):
        each.post(event("08:00", "nobody"))
    assert refusals.remove_old(to_ms(NOW) + 8 * DAY_MS) == 1
    assert (floor.refused().count(), other.refused().count()) == (1, 0)
