"""A site may let events under its acceptance threshold wait until a reviewer has spoken."""

import pytest
from django.db import connection
from rest_framework.test import APIClient

from events.models import Event
from tests.events.test_statement_counts import IN_ORDER, in_order, statements
from tests.floor import HOUR, Floor, Json, count, event
from tests.laws.stored import stored_rows
from workers.models import Role


@pytest.fixture
def choosy(floor: Floor) -> Floor:
    """What is less sure than .6 waits."""
    choose(floor, below_threshold="exclude")
    return floor


def choose(floor: Floor, **settings: object) -> None:
    """The site's admin changes its settings over HTTP."""
    client = APIClient()
    client.force_authenticate(floor.add_member("otto", Role.ADMIN))
    answer = client.patch(f"/api/v1/sites/{floor.site.pk}/", settings)
    assert answer.status_code == 200, answer.content


def record(floor: Floor) -> Json:
    return floor.worker("W1", "08:00", "09:00")


def unsure(when: str, **more: object) -> Json:
    return event(when, **{"kind": "idle", "confidence": 0.5, **more})


def test_by_default_all_events_count(floor: Floor) -> None:
    floor.put(unsure("08:00"), event("09:00"))
    assert (record(floor)["idle_ms"], record(floor)["idle_events"]) == (HOUR, 1)


def test_unsure_event_waits(choosy: Floor) -> None:
    choosy.put(event("08:00"), unsure("08:30"), event("09:00"))
    found = record(choosy)
    assert (found["working_ms"], found["idle_ms"], found["idle_events"]) == (HOUR, 0, 0)


def test_unsure_event_that_comes_late_waits(choosy: Floor) -> None:
    choosy.put(event("08:00"), event("09:00"))
    before = stored_rows()
    choosy.put(unsure("08:30"))
    assert stored_rows() == before


def test_unsure_units_wait(choosy: Floor) -> None:
    choosy.put(count("08:00", 7, confidence=0.5), count("08:01", 2))
    assert record(choosy)["units"] == 2


def test_unsure_newest_event_is_not_what_the_worker_does(choosy: Floor) -> None:
    choosy.put(event("2026-06-17T17:50:00Z"), unsure("2026-06-17T17:59:00Z"))
    assert choosy.figures("workers", period="live")["results"][0]["state"] == "working"


@pytest.mark.parametrize("confidence", [0.6, 0.9, None])
def test_what_is_sure_enough_counts_at_once(choosy: Floor, confidence: float | None) -> None:
    choosy.put(unsure("08:00", confidence=confidence), event("09:00"))
    assert record(choosy)["idle_ms"] == HOUR


@pytest.mark.parametrize(
    "verdict, more, idle, absent",
    [
        ("confirmed", {}, HOUR, 0),
        ("relabelled", {"event_type": "absent"}, 0, HOUR),
        ("rejected", {}, 0, 0),
        ("unclear", {}, 0, 0),
    ],
)
def test_unsure_event_counts_once_a_reviewer_has_spoken(
    choosy: Floor, verdict: str, more: Json, idle: int, absent: int
) -> None:
    choosy.put(unsure("08:00"), event("09:00"))
    choosy.say(Event.objects.get(event_type="idle"), verdict, **more)
    assert (record(choosy)["idle_ms"], record(choosy)["absent_ms"]) == (idle, absent)


def test_undo_lets_it_wait_again(choosy: Floor) -> None:
    choosy.put(unsure("08:00"), event("09:00"))
    before = stored_rows()
    choosy.say(Event.objects.get(event_type="idle"), "confirmed")
    choosy.unsay(Event.objects.get(event_type="idle"))
    assert stored_rows() == before


def test_verify_finds_nothing(choosy: Floor) -> None:
    choosy.put(event("08:00"), unsure("08:30"), unsure("08:40"), event("09:00"))
    choosy.say(Event.objects.order_by("pk")[1], "confirmed")
    assert choosy.difference() is None


def test_batch_in_order_costs_no_statement_more(choosy: Floor) -> None:
    choosy.put(*in_order(100, hour=7))
    batch = [*in_order(100, hour=8), unsure("08:59", kind="working")]
    assert statements(lambda: choosy.put(*batch)) == IN_ORDER[connection.vendor]


# --- a change of the setting ---------------------------------------------------------------------


@pytest.fixture
def stored(transactional_db: None, floor: Floor) -> Floor:
    """An unsure event, one that is confirmed, and a sure one."""
    floor.put(unsure("08:00"), unsure("08:30"), event("09:00"))
    floor.say(Event.objects.order_by("pk")[1], "confirmed")
    return floor


def test_new_choice_changes_all_of_history_at_once(stored: Floor) -> None:
    choose(stored, below_threshold="exclude")
    assert record(stored)["idle_ms"] == HOUR // 2
    assert stored.difference() is None


def test_choice_taken_back_restores_every_row(stored: Floor) -> None:
    before = stored_rows()
    choose(stored, below_threshold="exclude")
    choose(stored, below_threshold="include")
    assert stored_rows() == before


def test_lower_threshold_lets_more_count(stored: Floor) -> None:
    choose(stored, below_threshold="exclude")
    choose(stored, acceptance_threshold=0.5)
    assert record(stored)["idle_ms"] == HOUR


@pytest.mark.parametrize("wrong", ["maybe", "", None, 1])
def test_there_are_two_choices(floor: Floor, wrong: object) -> None:
    client = APIClient()
    client.force_authenticate(floor.add_member("otto", Role.ADMIN))
    answer = client.patch(f"/api/v1/sites/{floor.site.pk}/", {"below_threshold": wrong})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["below_threshold"])
