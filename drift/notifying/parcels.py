"""What goes over the line for a message of the outbox: a letter, or a signed body."""

import json
from collections.abc import Callable
from functools import partial

from django.conf import settings

from common.instants import SECOND_MS, to_ms, to_rfc3339
from drift.domain import delivery, signatures
from drift.domain.delivery import Outcome
from drift.models import Kind, OutboxMessage, Recipient, Webhook
from drift.notifying import mail, signing, webhooks
from drift.notifying.mail import Letter
from workers.models import Membership, User

Send = Callable[[], Outcome]  # talks to the receiver; touches no database

FOOTER = (
    "You get this because an admin of {site} has put you on its list of recipients; they can "
    "change what you are told about."
)


class UndeliverableError(Exception):
    """It will never arrive; says why."""


def parcel_of(message: OutboxMessage, *, now_ms: int) -> Send:
    """How to send it. Raises UndeliverableError where nobody is to get it any longer."""
    if message.webhook:
        return _signed(message, message.webhook, now_ms)
    if message.recipient:
        return partial(mail.send, _letter(message, message.recipient))
    raise UndeliverableError("The receiver has been removed.")


def _signed(message: OutboxMessage, webhook: Webhook, now_ms: int) -> Send:
    if not webhook.is_active and message.kind != Kind.TEST:
        raise UndeliverableError("The webhook is switched off.")
    try:
        secrets = signing.secrets_of(webhook, now_ms=now_ms)
    except signing.KeyChangedError:
        said = "The server's SECRET_KEY has changed: rotate the secret of this webhook."
        return partial(delivery.failed, said)
    body = json.dumps(_content(message), separators=(",", ":")).encode()
    headers = signatures.headers(
        secrets, message_id=message.message_id, sent_at_s=now_ms // SECOND_MS, body=body
    )
    return partial(webhooks.post, webhook.url, body, headers, by=webhooks.policy())


def _content(message: OutboxMessage) -> dict[str, object]:
    address = {"url": link} if (link := _link(message)) else {}
    about = {"site": message.site.code, "subject": message.subject, "text": message.text}
    return {
        "type": message.kind,
        "timestamp": to_rfc3339(to_ms(message.announced_at)),
        "data": {**message.data, **about, **address},
    }


def _letter(message: OutboxMessage, recipient: Recipient) -> Letter:
    if not recipient.is_active and message.kind != Kind.TEST:
        raise UndeliverableError("The recipient is switched off.")
    if recipient.user and not _may_know(recipient.user, message.site_id):
        raise UndeliverableError("This person is no longer a member of the site.")
    to = recipient.user.email if recipient.user else recipient.address
    if not to:
        raise UndeliverableError("This person has no e-mail address.")
    parts = [message.text, _link(message), f"-- \n{FOOTER.format(site=message.site.name)}"]
    subject = f"[{message.site.code}] {message.subject}"
    return Letter(to, subject, "\n\n".join(filter(None, parts)) + "\n", message.message_id)


def _may_know(user: User, site_id: int) -> bool:
    here = Membership.objects.filter(user=user, site=site_id, is_active=True)
    return user.is_active and (user.is_superuser or here.exists())


def _link(message: OutboxMessage) -> str:
    """The page that shows what the message is about, if the data names its path."""
    path = message.data.get("path", "")
    return f"{settings.PUBLIC_URL}{path}" if path else ""
