"""What is announced is written down once for each receiver, together with what it tells of."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from common.instants import DAY_MS
from drift.models import Kind, OutboxMessage, Recipient, Webhook
from drift.notifying import outbox
from tests.drift.postbox import Postbox, now_ms
from workers.models import Site


def test_each_receiver_gets_its_own_message(postbox: Postbox) -> None:
    postbox.recipient("desk@example.com")
    postbox.member("ada")
    postbox.webhook("https://hooks.example.com/a")
    postbox.announce()
    told = OutboxMessage.objects.values_list("channel", "to").order_by("id")
    assert list(told) == [
        ("mail", "desk@example.com"),
        ("mail", "ada"),
        ("webhook", "https://hooks.example.com/a"),
    ]
    assert len(set(OutboxMessage.objects.values_list("message_id", flat=True))) == 3


def test_who_wants_other_kinds_or_is_off_or_elsewhere_gets_none(postbox: Postbox) -> None:
    postbox.recipient("a@example.com", kinds=[Kind.ALERT_RESOLVED])
    postbox.recipient("b@example.com", is_active=False)
    postbox.webhook("https://hooks.example.com/c", kinds=[Kind.RETRAINING_REQUESTED])
    elsewhere = Site.objects.create(code="F2", name="Plant F2")
    Recipient.objects.create(site=elsewhere, address="d@example.com")
    postbox.announce()
    assert not OutboxMessage.objects.exists()


def test_what_is_rolled_back_was_never_announced(postbox: Postbox) -> None:
    postbox.recipient("desk@example.com")
    with _taken_back():
        postbox.announce()
        assert OutboxMessage.objects.count() == 1
    assert not OutboxMessage.objects.exists()


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("receivers", [1, 20])
def test_announcing_costs_three_statements(
    postbox: Postbox, receivers: int, django_assert_num_queries: Any
) -> None:
    for number in range(receivers):
        postbox.webhook(f"https://hooks.example.com/{number}")
        postbox.recipient(f"desk{number}@example.com")
    with django_assert_num_queries(3):
        postbox.announce()


def test_a_subject_is_one_line_that_fits(postbox: Postbox) -> None:
    postbox.recipient("desk@example.com")
    postbox.announce("a\r\nBcc: b@example.com " + "x" * 300)
    subject = postbox.message().subject
    assert subject.startswith("a Bcc: b@example.com xxx")
    assert (len(subject), subject[-1]) == (200, "…")


def test_old_messages_are_removed_when_they_are_done(postbox: Postbox) -> None:
    postbox.recipient("desk@example.com")
    for _ in range(3):
        postbox.announce()
    sent, given_up, waiting = OutboxMessage.objects.order_by("id")
    OutboxMessage.objects.filter(pk=sent.pk).update(sent_at=now_ms())
    OutboxMessage.objects.filter(pk=given_up.pk).update(gave_up=True)
    outbox.remove_old(now_ms() + 90 * DAY_MS)
    assert OutboxMessage.objects.count() == 3
    outbox.remove_old(now_ms() + 90 * DAY_MS + 1)
    assert list(OutboxMessage.objects.all()) == [waiting]


@pytest.mark.parametrize(
    "fields",
    [{}, {"user": True, "address": "a@example.com"}],
    ids=["neither user nor address", "both"],
)
def test_a_recipient_is_a_member_or_an_address(postbox: Postbox, fields: dict[str, Any]) -> None:
    user = postbox.member("ada").user if fields.get("user") else None
    Recipient.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Recipient.objects.create(site=postbox.site, **(fields | {"user": user}))


def test_nobody_is_told_twice(postbox: Postbox) -> None:
    postbox.recipient("desk@example.com")
    postbox.recipient("other@example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        postbox.recipient("desk@example.com")


def test_a_removed_receiver_leaves_its_messages_behind(postbox: Postbox) -> None:
    postbox.webhook("https://hooks.example.com/a")
    postbox.announce()
    Webhook.objects.all().delete()
    assert postbox.message().to == "https://hooks.example.com/a"


def test_after_a_move_of_time_nothing_is_announced_by_itself(postbox: Postbox) -> None:
    postbox.recipient("desk@example.com")
    postbox.move(timedelta(days=1))
    postbox.send()
    assert not OutboxMessage.objects.exists()
