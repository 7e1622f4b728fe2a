"""Signatures of webhooks by the Standard Webhooks scheme (standardwebhooks.com).

A secret is never stored: it is made from the server's key and a random salt, whenever it is needed.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable


def secret_of(server_key: str, salt: str) -> bytes:
    """The secret that belongs to a salt, for as long as the server keeps its key."""
    return hmac.digest(server_key.encode(), f"webhook secret {salt}".encode(), hashlib.sha256)


def text_of(secret: bytes) -> str:
    """As the receiver is given it."""
    return f"whsec_{base64.b64encode(secret).decode()}"


def fingerprint(secret: bytes) -> str:
    """Tells two secrets apart and gives away neither."""
    return hashlib.sha256(b"fingerprint " + secret).hexdigest()[:16]


def headers(
    secrets: Iterable[bytes], *, message_id: str, sent_at_s: int, body: bytes
) -> dict[str, str]:
    """Signed with each of the secrets, of which the receiver needs to know one."""
    signed = f"{message_id}.{sent_at_s}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(sent_at_s),
        "webhook-signature": " ".join(_signature(secret, signed) for secret in secrets),
    }


def _signature(secret: bytes, signed: bytes) -> str:
    return f"v1,{base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()}"
