"""The secrets of webhooks: shown once, made again when needed, rotated with an overlap."""

import secrets

from django.conf import settings

from common.instants import DAY_MS, to_ms
from drift.domain import signatures
from drift.models import Webhook

OVERLAP_MS = DAY_MS  # messages are signed with the former secret as well, so that none is lost


class KeyChangedError(Exception):
    """The server has another SECRET_KEY than when the secret was shown."""


def issue(webhook: Webhook) -> str:
    """Gives a webhook that is about to be stored its first secret: the text is shown once."""
    webhook.salt = secrets.token_hex(16)
    secret = _secret(webhook.salt)
    webhook.fingerprint = signatures.fingerprint(secret)
    return signatures.text_of(secret)


def rotate(webhook: Webhook, *, now_ms: int) -> str:
    """A new secret, stored and shown once; the former one goes on for a day."""
    former = webhook.salt
    text = issue(webhook)
    Webhook.objects.filter(pk=webhook.pk).update(
        salt=webhook.salt,
        fingerprint=webhook.fingerprint,
        former_salt=former,
        former_until=now_ms + OVERLAP_MS,
    )
    return text


def secrets_of(webhook: Webhook, *, now_ms: int) -> list[bytes]:
    """What to sign with: the secret, and for a while the former one. Raises KeyChangedError."""
    secret = _secret(webhook.salt)
    if signatures.fingerprint(secret) != webhook.fingerprint:
        raise KeyChangedError
    overlaps = webhook.former_until is not None and now_ms < to_ms(webhook.former_until)
    return [secret, _secret(webhook.former_salt)] if overlaps else [secret]


def _secret(salt: str) -> bytes:
    return signatures.secret_of(settings.SECRET_KEY, salt)
