"""Messages to people and servers: written down with what they tell of, so that none is lost.

`drift.notifying.dispatch` sends them, in the worker; nobody who announces something waits for that.
"""

import secrets
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet

from common.instants import DAY_MS
from drift.domain.delivery import CLAIM_MS, GIVE_UP_AFTER_MS
from drift.models import Kind, OutboxMessage, Recipient, Webhook

KEPT_MS = 90 * DAY_MS  # they hold addresses of people
MAX_SUBJECT = 200


class _News(NamedTuple):
    kind: str
    subject: str
    text: str
    data: dict[str, Any]
    at: int


def announce(
    *, site_id: int, kind: str, subject: str, text: str, data: dict[str, Any], at: int
) -> None:
    """One message to each of the site's recipients and webhooks that are told of this kind.

    In the caller's transaction: either both happen or neither. Three statements. `data` is JSON;
    its "path" is the page that shows what this is about, and goes out as a whole address. Workers
    are named by their codes: what leaves the house can't be called back.
    """
    wanted = {"site_id": site_id, "is_active": True}
    receivers: list[Recipient | Webhook] = [
        *Recipient.objects.filter(**wanted).select_related("user").order_by("id"),
        *Webhook.objects.filter(**wanted).order_by("id"),
    ]
    news = _News(kind, subject, text, data, at)
    OutboxMessage.objects.bulk_create(_to(each, news) for each in receivers if kind in each.kinds)


def send_test(receiver: Recipient | Webhook, *, at: int) -> OutboxMessage:
    """A message of no importance; one try, at once, however the receiver has done so far."""
    subject = f"Test message of {receiver.site.name}"
    text = "This is a test: messages of this site arrive here."
    message = _to(receiver, _News(Kind.TEST, subject, text, {"test": True}, at))
    message.save()
    return message


def try_again(messages: "QuerySet[OutboxMessage]", *, now_ms: int) -> int:
    """Messages that have not arrived are tried now, and for another three days: how many."""
    waiting = messages.filter(sent_at=None)
    with transaction.atomic():
        for model in (Recipient, Webhook):
            model.objects.filter(messages__in=waiting).update(rests_until=None, failures=0)
        waiting.filter(_is_far(now_ms) | Q(gave_up=True)).update(gave_up=False, next_try_at=now_ms)
        return waiting.update(give_up_at=now_ms + GIVE_UP_AFTER_MS)


def wake(receiver: Recipient | Webhook, *, now_ms: int) -> None:
    """It works again, or was changed: it rests no longer, and what waits for it is due."""
    type(receiver)._default_manager.filter(pk=receiver.pk).update(rests_until=None, failures=0)
    waiting = receiver.messages.filter(sent_at=None, gave_up=False)
    waiting.filter(_is_far(now_ms)).update(next_try_at=now_ms)


def remove_old(now_ms: int) -> None:
    """A background task: what has been sent or given up is kept for a while, and no longer."""
    done = Q(sent_at__isnull=False) | Q(gave_up=True)
    OutboxMessage.objects.filter(done, announced_at__lt=now_ms - KEPT_MS).delete()


def _is_far(now_ms: int) -> Q:
    """Of messages that are due sooner some may be under way."""
    return Q(next_try_at__gt=now_ms + CLAIM_MS)


def _to(receiver: Recipient | Webhook, news: _News) -> OutboxMessage:
    recipient = receiver if isinstance(receiver, Recipient) else None
    webhook = receiver if isinstance(receiver, Webhook) else None
    return OutboxMessage(
        site_id=receiver.site_id,
        channel=OutboxMessage.Channel.MAIL if recipient else OutboxMessage.Channel.WEBHOOK,
        recipient=recipient,
        webhook=webhook,
        to=webhook.url if webhook else str(recipient),
        kind=news.kind,
        subject=_one_line(news.subject),
        text=news.text,
        data=news.data,
        message_id=f"msg_{secrets.token_hex(16)}",
        announced_at=news.at,
        next_try_at=news.at,
        give_up_at=news.at + GIVE_UP_AFTER_MS,
    )


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_SUBJECT else f"{line[: MAX_SUBJECT - 1]}…"
