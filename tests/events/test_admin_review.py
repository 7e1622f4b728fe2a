"""Verdicts from the admin, on many events or on one: after a page that says what follows."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events.admin import sayings
from events.models import Event, Verdict
from tests.events.listing import LIST, browser
from tests.floor import HOUR, Floor, count, event
from tests.laws.stored import stored_rows
from workers.models import Membership, Role, User

ACTIONS = {"confirm": "Confirm", "relabel": "Relabel", "reject": "Reject", "take_back": "Take back"}


@pytest.fixture
def idle(floor: Floor) -> list[Event]:
    """W1 idle at eight and half past, by confidence .5; working from nine."""
    floor.put(*(event(f"08:{m}", kind="idle", confidence=0.5) for m in ("00", "30")))
    floor.put(event("09:00"))
    return list(Event.objects.filter(event_type="idle").order_by("occurred_at"))


def act(client: Client, name: str, *rows: Event, query: str = "", **form: Any) -> Any:
    """An action on selected rows; `confirmed=1` presses the button on its page."""
    chosen = {"action": name, "_selected_action": [row.pk for row in rows], **form}
    return client.post(f"{LIST}{query}", chosen, follow=True)


def told(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def idle_ms(floor: Floor) -> int:
    return int(floor.worker("W1", "08:00", "09:00")["idle_ms"])


# --- asked first ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name, button", ACTIONS.items())
def test_page_says_how_many_and_what(
    floor: Floor, idle: list[Event], name: str, button: str
) -> None:
    page = act(browser(floor), name, *idle).content.decode()
    assert f"{button} 2 events" in page
    assert "2026-06-16 08:30:00 · idle · W1 at S1 · C1 · 0.50" in page


@pytest.mark.parametrize("name", ACTIONS)
def test_nothing_happens_before_the_button_is_pressed(
    floor: Floor, idle: list[Event], name: str
) -> None:
    floor.say(idle[0], "unclear")
    before = stored_rows(), list(Verdict.objects.values())
    act(browser(floor), name, *idle)
    assert (stored_rows(), list(Verdict.objects.values())) == before


def test_page_says_what_was_said_before(floor: Floor, idle: list[Event]) -> None:
    floor.say(idle[0], "relabelled", event_type="absent")
    page = act(browser(floor), "reject", idle[0]).content.decode()
    assert "relabelled absent by rosa" in page


def test_page_of_many_costs_what_a_page_of_one_costs(floor: Floor, idle: list[Event]) -> None:
    client = browser(floor)
    act(client, "reject", idle[0])
    with CaptureQueriesContext(connection) as one:
        act(client, "reject", idle[0])
    with CaptureQueriesContext(connection) as two:
        act(client, "reject", *idle)
    assert len(two) == len(one)


# --- done ----------------------------------------------------------------------------------------


def test_confirmed_events_are_confirmed(floor: Floor, idle: list[Event]) -> None:
    answer = act(browser(floor), "confirm", *idle, confirmed=1)
    assert told(answer) == ["2 events confirmed. Figures follow at once."]
    assert list(Verdict.objects.values_list("verdict", "purpose").distinct()) == [
        ("confirmed", "manual")
    ]


def test_rejected_events_leave_the_figures(floor: Floor, idle: list[Event]) -> None:
    act(browser(floor), "reject", *idle, confirmed=1, reason="A shadow")
    assert idle_ms(floor) == 0
    assert set(Verdict.objects.values_list("reason", flat=True)) == {"A shadow"}


def test_relabelled_events_change_the_figures(floor: Floor, idle: list[Event]) -> None:
    form = {"event_type": "working", "worker_id": "W2", "workstation_id": "", "count": ""}
    act(browser(floor), "relabel", *idle, confirmed=1, **form)
    record = floor.worker("W2", "08:00", "09:00")
    assert (idle_ms(floor), record["working_ms"]) == (0, HOUR)


def test_relabelled_count_has_its_units(floor: Floor) -> None:
    floor.put(count("08:00", 7))
    form = {"event_type": "", "worker_id": "", "workstation_id": "", "count": "5"}
    act(browser(floor), "relabel", Event.objects.get(), confirmed=1, **form)
    assert floor.worker("W1", "08:00", "09:00")["units"] == 5


def test_what_was_said_is_taken_back(floor: Floor, idle: list[Event]) -> None:
    before, client = stored_rows(), browser(floor)
    act(client, "reject", *idle, confirmed=1)
    answer = act(client, "take_back", *idle, confirmed=1)
    assert told(answer) == ["Took your word back on 2 events."]
    assert stored_rows() == before


def test_what_others_said_stays(floor: Floor, idle: list[Event]) -> None:
    floor.say(idle[0], "rejected")
    answer = act(browser(floor), "take_back", idle[0], confirmed=1)
    assert told(answer) == ["1 event left as it is: There is no verdict of yours."]
    assert Verdict.objects.get().in_force


def test_page_tells_what_could_not_be_said(floor: Floor, idle: list[Event]) -> None:
    rows = Event.objects.order_by("pk")
    form = {"event_type": "working", "worker_id": "", "workstation_id": "", "count": ""}
    assert told(act(browser(floor), "relabel", *rows, confirmed=1, **form)) == [
        "2 events relabelled. Figures follow at once.",
        "1 event left as it is: That is what was reported: confirm it instead.",
    ]


NOTHING = {"event_type": "", "worker_id": "", "workstation_id": "", "count": ""}


@pytest.mark.parametrize(
    "form, problem",
    [
        (NOTHING, "Say what was right"),
        (NOTHING | {"event_type": "asleep"}, "valid choice"),
        (NOTHING | {"worker_id": "W9"}, "valid choice"),
        (NOTHING | {"count": "-1"}, "greater than or equal to 0"),
        (NOTHING | {"event_type": "idle", "reason": "x" * 501}, "at most 500"),
    ],
)
def test_form_that_says_nothing_right_is_shown_again(
    floor: Floor, idle: list[Event], form: dict, problem: str
) -> None:
    page = act(browser(floor), "relabel", *idle, confirmed=1, **form).content.decode()
    assert problem in page
    assert "Relabel 2 events" in page
    assert not Verdict.objects.exists()


def test_who_was_not_active_then_is_no_choice(floor: Floor, idle: list[Event]) -> None:
    floor.retire(floor.workers["W2"], idle[0].occurred_at.date())
    page = act(browser(floor), "relabel", *idle).content.decode()
    assert 'value="W3"' in page
    assert 'value="W2"' not in page


def test_list_worked_through_grows_shorter(floor: Floor, idle: list[Event]) -> None:
    query = "?confidence=waiting"
    answer = act(browser(floor), "confirm", idle[0], query=query, confirmed=1)
    assert [row.pk for row in answer.context["cl"].result_list] == [idle[1].pk]


# --- who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize("role, offered", [("manager", False), ("reviewer", True), ("admin", True)])
def test_actions_are_for_reviewers(
    floor: Floor, idle: list[Event], role: str, offered: bool
) -> None:
    client = browser(floor, role)
    assert ('value="reject"' in client.get(LIST).content.decode()) is offered
    act(client, "reject", *idle, confirmed=1)
    assert Verdict.objects.exists() is offered


def test_events_of_other_sites_are_left_alone(floor: Floor, idle: list[Event]) -> None:
    other = Floor("F2")
    other.put(event("08:00"))
    theirs = Event.objects.get(site=other.site)
    act(browser(floor), "reject", *idle, theirs, confirmed=1)
    assert not theirs.verdicts.exists()
    assert Verdict.objects.count() == 2


def test_events_where_the_role_does_not_suffice_are_left_alone(
    floor: Floor, idle: list[Event]
) -> None:
    other = Floor("F2")
    other.put(event("08:00"))
    theirs, client = Event.objects.get(site=other.site), browser(floor)
    user = User.objects.get(username="reviewer")
    Membership.objects.create(user=user, site=other.site, role=Role.MANAGER)
    page = act(client, "reject", *idle, theirs).content.decode()
    assert "Reject 2 events" in page
    answer = act(client, "reject", theirs, confirmed=1)
    assert told(answer) == ["Choose some of the sites you review at."]
    assert not Verdict.objects.exists()


def test_events_of_two_sites_are_relabelled_by_type_alone(floor: Floor) -> None:
    other, client = Floor("F2"), browser(floor)
    for each in (floor, other):
        each.put(event("08:00", kind="idle"), event("09:00"))
    user = User.objects.get(username="reviewer")
    Membership.objects.create(user=user, site=other.site, role=Role.REVIEWER)
    rows = Event.objects.filter(event_type="idle")
    assert 'name="worker_id"' not in act(client, "relabel", *rows).content.decode()
    act(client, "relabel", *rows, confirmed=1, event_type="absent", count="")
    assert [each.worker("W1", "08:00", "09:00")["absent_ms"] for each in (floor, other)] == [
        HOUR,
        HOUR,
    ]


def test_too_many_at_once_are_refused(
    floor: Floor, idle: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sayings, "MOST_AT_ONCE", 1)
    answer = act(browser(floor), "reject", *idle, confirmed=1)
    assert told(answer) == ["Choose at most 1 at once."]


# --- from an event's own page --------------------------------------------------------------------


def here(client: Client, name: str, row: Event, **form: Any) -> Any:
    path = f"{LIST}{row.pk}/{name}/"
    return client.post(path, form, follow=True) if form else client.get(path)


def test_one_event_is_reviewed_from_its_page(floor: Floor, idle: list[Event]) -> None:
    client = browser(floor)
    assert "Reject 1 event" in here(client, "reject", idle[0]).content.decode()
    assert not Verdict.objects.exists()
    answer = here(client, "reject", idle[0], confirmed=1, reason="A shadow")
    assert told(answer) == ["1 event rejected. Figures follow at once."]
    assert "A shadow" in answer.content.decode()


def test_one_event_is_relabelled_from_its_page(floor: Floor, idle: list[Event]) -> None:
    form = NOTHING | {"event_type": "absent"}
    here(browser(floor), "relabel", idle[0], confirmed=1, **form)
    assert Verdict.objects.get().event_type == "absent"


def test_word_is_taken_back_from_an_events_page(floor: Floor, idle: list[Event]) -> None:
    client = browser(floor)
    here(client, "confirm", idle[0], confirmed=1)
    here(client, "take-back", idle[0], confirmed=1)
    assert not Verdict.objects.filter(in_force=True).exists()


@pytest.mark.parametrize("name", ["confirm", "relabel", "reject", "take-back"])
def test_manager_reviews_nothing_from_an_events_page(
    floor: Floor, idle: list[Event], name: str
) -> None:
    client = browser(floor, "manager")
    assert here(client, name, idle[0]).status_code == 403
    assert here(client, name, idle[0], confirmed=1, event_type="absent").status_code == 403
    assert f"/{name}/" not in client.get(f"{LIST}{idle[0].pk}/change/").content.decode()


@pytest.mark.parametrize("name", ["confirm", "relabel", "reject", "take-back"])
def test_event_of_another_site_is_not_reviewed(floor: Floor, name: str) -> None:
    other = Floor("F2")
    other.put(event("08:00"))
    theirs, client = Event.objects.get(), browser(floor)
    answer = here(client, name, theirs, confirmed=1, event_type="absent")
    assert answer.status_code in (403, 404)
    assert not Verdict.objects.exists()
