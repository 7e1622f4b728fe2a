"""Keys of devices: `fk_<prefix>_<secret>`, kept as SHA-256 (256 random bits need no slow hash)."""

import hashlib
import hmac
import secrets
from typing import NamedTuple

INGEST, SCREEN = "fk", "sk"  # what a key begins with: the one kind is never taken for the other


class NewKey(NamedTuple):
    """A fresh key: `text` is shown once, the rest is kept."""

    text: str
    prefix: str
    secret_hash: str


def new_key(kind: str = INGEST) -> NewKey:
    """A key that nobody had before."""
    return key_from(secrets.token_hex(6), secrets.token_hex(32), kind)


def key_from(prefix: str, secret: str, kind: str = INGEST) -> NewKey:
    """The key made of a given prefix and secret; for demo data whose keys are public."""
    return NewKey(f"{kind}_{prefix}_{secret}", prefix, _hash(secret))


def split(text: str, kind: str = INGEST) -> tuple[str, str] | None:
    """Prefix and secret of a key as sent, or None when it has another shape."""
    parts = text.split("_")
    return (parts[1], parts[2]) if len(parts) == 3 and parts[0] == kind else None


def fits(secret: str, secret_hash: str) -> bool:
    """Whether a sent secret is the one kept, in constant time."""
    return hmac.compare_digest(_hash(secret), secret_hash)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
