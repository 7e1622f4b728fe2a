"""What is announced arrives: signed, once where all goes well, and again and again where not."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import standardwebhooks
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from common.instants import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, to_ms
from drift.domain.delivery import rest_ms
from drift.models import OutboxMessage, Webhook
from drift.notifying import dispatch, outbox, signing, webhooks
from tests.drift.postbox import Postbox, now_ms
from tests.drift.receivers import OK, Server, status


def test_a_message_arrives_signed(postbox: Postbox, receiver: Server, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://factory.example.com"
    webhook = postbox.webhook(receiver)
    postbox.announce(data={"camera_id": "C1", "path": "/admin/drift/alert/7/change/"})
    postbox.send()
    (request,) = receiver.requests
    content = standardwebhooks.Webhook(postbox.secrets[webhook.pk]).verify(
        request.body, request.headers
    )
    assert content["type"] == "alert.opened"
    assert content["timestamp"] == "2026-06-17T18:00:00Z"
    assert content["data"] == {
        "site": "F1",
        "camera_id": "C1",
        "subject": "Camera C1 sees worse",
        "text": "The mean fell from .93 to .85.",
        "path": "/admin/drift/alert/7/change/",
        "url": "https://factory.example.com/admin/drift/alert/7/change/",
    }
    assert (postbox.states(), postbox.message().attempts) == (["sent"], 1)


def test_what_has_arrived_is_not_sent_again(postbox: Postbox, receiver: Server) -> None:
    postbox.webhook(receiver)
    postbox.announce()
    for _ in range(3):
        postbox.send()
        postbox.move(timedelta(hours=1))
    assert len(receiver.requests) == 1


def test_many_messages_of_one_receiver_arrive_in_order_one_at_a_time(
    postbox: Postbox, receiver: Server
) -> None:
    postbox.webhook(receiver)
    for number in range(10):
        postbox.announce(f"Number {number}")
    postbox.send()
    subjects = [json.loads(each.body)["data"]["subject"] for each in receiver.requests]
    assert subjects == [f"Number {number}" for number in range(10)]
    assert receiver.most_at_once == 1


def test_a_failure_is_tried_again_later_with_the_same_id(
    postbox: Postbox, receiver: Server
) -> None:
    postbox.webhook(receiver)
    postbox.announce()
    receiver.answer = status(500)
    postbox.send()
    assert (postbox.states(), postbox.message().error) == (["trying again"], "Answered 500.")
    postbox.send()
    assert len(receiver.requests) == 1  # not yet
    receiver.answer = OK
    postbox.move_to_next_try()
    postbox.send()
    ids = [each.headers["webhook-id"] for each in receiver.requests]
    assert (postbox.states(), len(ids), len(set(ids))) == (["sent"], 2, 1)


def test_each_try_is_signed_anew(postbox: Postbox, receiver: Server) -> None:
    """Receivers refuse signatures that are minutes old."""
    webhook = postbox.webhook(receiver)
    postbox.announce()
    receiver.answer = status(500)
    for _ in range(7):
        postbox.send()
        postbox.move_to_next_try()
    postbox.send()
    last = receiver.requests[-1]
    verify = standardwebhooks.Webhook(postbox.secrets[webhook.pk]).verify
    assert verify(last.body, last.headers)["type"] == "alert.opened"


def test_after_three_days_it_is_given_up_and_says_so(
    postbox: Postbox, receiver: Server, caplog: pytest.LogCaptureFixture
) -> None:
    postbox.webhook(receiver)
    postbox.announce()
    begun = now_ms()
    receiver.answer = status(503)
    while postbox.waiting():
        postbox.send()
        if postbox.waiting():
            postbox.move_to_next_try()
    assert 3 * DAY_MS <= now_ms() - begun < 3 * DAY_MS + 2 * HOUR_MS
    assert 60 < len(receiver.requests) < 120
    message = postbox.message()
    assert (message.state, message.attempts) == ("failed", len(receiver.requests))
    assert message.error == f"Answered 503. Given up after {message.attempts} tries."
    assert f"{message.message_id} was given up: Answered 503." in caplog.text


@given(failures=st.integers(1, 200), chance=st.floats(0, 1, exclude_max=True))
def test_rests_double_up_to_an_hour_and_are_spread(failures: int, chance: float) -> None:
    full = min(10 * SECOND_MS * 2 ** (failures - 1), HOUR_MS)
    assert 0.75 * full - 1 <= rest_ms(failures, chance=chance) <= 1.25 * full
    assert rest_ms(failures, chance=0) <= rest_ms(failures, chance=chance)


def test_many_that_failed_together_do_not_come_back_together(
    postbox: Postbox, receiver: Server
) -> None:
    receiver.answer = status(500)
    for number in range(8):
        postbox.webhook(f"{receiver.url}/{number}")
    postbox.announce()
    postbox.send()
    assert len({each.next_try_at for each in postbox.waiting()}) > 4


def test_gone_switches_the_webhook_off(postbox: Postbox, receiver: Server) -> None:
    postbox.webhook(receiver)
    postbox.announce()
    receiver.answer = status(410)
    postbox.send()
    assert not Webhook.objects.get().is_active
    assert postbox.states() == ["failed"]
    postbox.announce()
    assert OutboxMessage.objects.count() == 1


def test_a_receiver_that_asks_for_rest_gets_it_and_no_more_than_an_hour(
    postbox: Postbox, receiver: Server
) -> None:
    postbox.webhook(receiver)
    for asked_s, rest in ((600, 600 * SECOND_MS), (999_999, HOUR_MS)):
        OutboxMessage.objects.all().delete()
        Webhook.objects.update(failures=0, rests_until=None)
        postbox.announce()
        receiver.answer = status(429, f"Retry-After: {asked_s}")
        postbox.send()
        wait = to_ms(postbox.message().next_try_at) - now_ms()
        assert rest <= wait < rest + SECOND_MS


def test_what_is_switched_off_or_removed_gets_nothing_more(
    postbox: Postbox, receiver: Server
) -> None:
    off, removed = postbox.webhook(f"{receiver.url}/off"), postbox.webhook(f"{receiver.url}/rm")
    postbox.announce()
    Webhook.objects.filter(pk=off.pk).update(is_active=False)
    removed.delete()
    postbox.send()
    errors = set(OutboxMessage.objects.values_list("error", flat=True))
    assert errors == {
        "The webhook is switched off. Given up after one try.",
        "The receiver has been removed. Given up after one try.",
    }
    assert receiver.connections == 0


def test_an_address_inside_is_refused_when_it_is_sent(
    postbox: Postbox, receiver: Server, settings: Settings
) -> None:
    postbox.webhook(receiver)
    postbox.announce()
    settings.WEBHOOK_NETWORKS = []
    postbox.send()
    assert postbox.message().error == "Refused: The host is not a public one."
    assert receiver.connections == 0


# --- one receiver and the others ------------------------------------------------------------------


def test_a_message_that_is_never_accepted_does_not_hold_up_the_next(
    postbox: Postbox, receiver: Server
) -> None:
    def refuses_poison(line: Any) -> None:
        is_poison = b"Poison" in receiver.requests[-1].body
        line.sendall(status(422) if is_poison else OK)

    receiver.answer = refuses_poison
    postbox.webhook(receiver)
    postbox.announce("Poison")
    postbox.announce("Sound")
    for _ in range(4):
        postbox.send()
        postbox.move_to_next_try()
    assert postbox.states() == ["trying again", "sent"]


def test_a_dead_receiver_is_asked_for_all_its_messages_together(
    postbox: Postbox, receiver: Server
) -> None:
    """Else a hundred messages would mean a hundred waits for nothing."""
    receiver.answer = status(500)
    postbox.webhook(receiver)
    for _ in range(50):
        postbox.announce()
    postbox.send()
    assert len(receiver.requests) == 1


def test_when_it_is_back_all_that_waited_comes_at_once(postbox: Postbox, receiver: Server) -> None:
    receiver.answer = status(500)
    postbox.webhook(receiver)
    postbox.announce()
    for number in range(8):
        postbox.announce(f"Number {number}")
        postbox.send()
        postbox.move_to(Webhook.objects.get().rests_until)
    receiver.answer = OK
    postbox.send()
    assert postbox.states() == ["sent"] * 9
    assert (Webhook.objects.get().failures, Webhook.objects.get().rests_until) == (0, None)


def test_a_slow_receiver_does_not_hold_up_the_others(
    postbox: Postbox, receiver: Server, other: Server
) -> None:
    receiver.answer = receiver.hangs
    postbox.webhook(receiver)
    postbox.webhook(other)
    for _ in range(5):
        postbox.announce()
    with released_when(receiver, lambda: len(other.requests) == 5) as seen:
        postbox.send()
    assert seen == ["while it was waited for"]
    assert postbox.states() == ["sent"] * 10


def test_the_dead_leave_room_for_the_living(
    postbox: Postbox, receiver: Server, other: Server
) -> None:
    receiver.answer = receiver.hangs
    for number in range(120):  # more than there are lanes, and than are looked at in one go
        postbox.webhook(f"{receiver.url}/{number}", failures=3)
    postbox.webhook(other)
    postbox.announce()
    with released_when(receiver, lambda: bool(other.requests)) as seen:
        postbox.send()
    assert seen == ["while it was waited for"]
    assert receiver.most_at_once <= 6
    assert postbox.states() == ["sent"] * 121


@contextmanager
def released_when(one: Server, is_reached: Callable[[], bool]) -> Iterator[list[str]]:
    """Who hangs answers as soon as something is reached, which must happen while they hang."""
    seen: list[str] = []

    def watch() -> None:
        give_up_at = time.monotonic() + 5  # sooner than anybody's deadline
        while time.monotonic() < give_up_at and not (is_reached() and one.requests):
            time.sleep(0.01)
        if is_reached() and one.requests:
            seen.append("while it was waited for")
        one.released.set()

    thread = threading.Thread(target=watch)
    thread.start()
    yield seen
    thread.join()


def test_it_ends_though_there_is_always_something_new(
    postbox: Postbox, receiver: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "TAKING_MS", 50)
    postbox.webhook(receiver)
    for _ in range(200):
        postbox.announce()
    begun = time.monotonic()
    postbox.send()
    assert time.monotonic() - begun < 5
    assert 0 < postbox.states().count("sent") < 200


def test_a_fault_of_ours_is_a_failure_like_others(
    postbox: Postbox, receiver: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "MAX_BODY", None)  # raises TypeError in the lane
    postbox.webhook(receiver)
    postbox.announce()
    postbox.send()
    assert postbox.message().error == "A fault of ours; it has been logged."
    assert postbox.states() == ["trying again"]


@pytest.mark.parametrize("messages", [1, 20])
def test_the_cost_of_a_message_does_not_grow_with_those_that_wait(
    postbox: Postbox, receiver: Server, messages: int, django_assert_max_num_queries: Any
) -> None:
    postbox.webhook(receiver)
    for _ in range(messages):
        postbox.announce()
    each = 1 + 1 + 5  # look, claim, and note how it went in a transaction of its own
    with django_assert_max_num_queries(1 + messages * each):
        postbox.send()


def test_with_nothing_to_do_it_costs_one_statement(
    postbox: Postbox, receiver: Server, django_assert_num_queries: Any
) -> None:
    postbox.webhook(receiver)
    with django_assert_num_queries(1):
        postbox.send()


# --- claims ---------------------------------------------------------------------------------------


def test_a_claimed_message_is_nobody_elses(postbox: Postbox, receiver: Server) -> None:
    postbox.webhook(receiver)
    postbox.announce()
    (first,) = dispatch._due(now_ms(), [])
    (second,) = dispatch._due(now_ms(), [])
    assert [dispatch._claim(first, now_ms()), dispatch._claim(second, now_ms())] == [True, False]


def test_what_a_killed_worker_had_claimed_is_sent_after_a_minute(
    postbox: Postbox, receiver: Server
) -> None:
    postbox.webhook(receiver)
    postbox.announce()
    (message,) = dispatch._due(now_ms(), [])
    dispatch._claim(message, now_ms())
    postbox.move(timedelta(seconds=59))
    postbox.send()
    assert receiver.requests == []
    postbox.move(timedelta(seconds=1))
    postbox.send()
    assert (len(receiver.requests), postbox.states()) == (1, ["sent"])


# --- tests and second chances ---------------------------------------------------------------------


def test_a_test_message_goes_at_once_and_once(postbox: Postbox, receiver: Server) -> None:
    webhook = postbox.webhook(
        receiver,
        failures=9,
        rests_until=now_ms() + HOUR_MS,
        is_active=False,
        kinds=["alert.opened"],
    )
    receiver.answer = status(404)
    outbox.send_test(webhook, at=now_ms())
    postbox.send()
    webhook.refresh_from_db()
    assert (postbox.states(), webhook.last_result) == (["failed"], "Answered 404.")
    receiver.answer = OK
    outbox.send_test(webhook, at=now_ms())
    postbox.send()
    webhook.refresh_from_db()
    assert (webhook.last_result, webhook.failures) == ("Answered 204.", 0)
    assert json.loads(receiver.requests[-1].body)["type"] == "test"


def test_what_was_given_up_can_be_tried_again(postbox: Postbox, receiver: Server) -> None:
    postbox.webhook(receiver, rests_until=now_ms() + HOUR_MS, failures=7)
    postbox.announce()
    OutboxMessage.objects.update(gave_up=True, give_up_at=now_ms())
    assert outbox.try_again(OutboxMessage.objects.all(), now_ms=now_ms()) == 1
    postbox.send()
    assert postbox.states() == ["sent"]
    assert outbox.try_again(OutboxMessage.objects.all(), now_ms=now_ms()) == 0


# --- secrets --------------------------------------------------------------------------------------


def verifies(text: str, one: Server) -> bool:
    try:
        standardwebhooks.Webhook(text).verify(one.requests[-1].body, one.requests[-1].headers)
    except standardwebhooks.WebhookVerificationError:
        return False
    return True


def test_a_rotated_secret_overlaps_for_a_day(postbox: Postbox, receiver: Server) -> None:
    webhook = postbox.webhook(receiver)
    former = postbox.secrets[webhook.pk]
    present = signing.rotate(webhook, now_ms=now_ms())
    seen = []
    for hours in (0, 23, 1):
        postbox.move(timedelta(hours=hours))
        postbox.announce()
        postbox.send()
        seen.append((verifies(former, receiver), verifies(present, receiver)))
    assert seen == [(True, True), (True, True), (False, True)]


def test_rotating_twice_at_once_closes_the_first_one_out(
    postbox: Postbox, receiver: Server
) -> None:
    webhook = postbox.webhook(receiver)
    signing.rotate(webhook, now_ms=now_ms())
    signing.rotate(webhook, now_ms=now_ms())
    postbox.announce()
    postbox.send()
    assert not verifies(postbox.secrets[webhook.pk], receiver)


def test_another_server_key_is_said_rather_than_signed_with(
    postbox: Postbox, receiver: Server, settings: Settings
) -> None:
    postbox.webhook(receiver)
    postbox.announce()
    settings.SECRET_KEY = "another one, since the first was lost"
    postbox.send()
    assert "SECRET_KEY has changed: rotate" in postbox.message().error
    assert receiver.connections == 0


def test_no_secret_is_stored(postbox: Postbox, receiver: Server) -> None:
    webhook = postbox.webhook(receiver)
    secret = postbox.secrets[webhook.pk].removeprefix("whsec_")
    stored = [str(value) for row in Webhook.objects.values() for value in row.values()]
    assert not [
        value for value in stored if len(value) > 8 and (value in secret or secret in value)
    ]


def test_minutes_are_minutes() -> None:
    assert dispatch.CLAIM_MS == MINUTE_MS > webhooks.DEADLINE_S * SECOND_MS
