"""Ingest keys: makes them, revokes them, and says whose a sent key is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.signals import post_delete, post_save

from common import dialect
from workers import registry
from workers.domain.keys import fits, new_key, split
from workers.models import Camera, IngestKey, Site, WallScreen

REMEMBERED = timedelta(
    seconds=5
)  # a key revoked in another process is refused at most this much later
TOUCHED_EVERY = timedelta(
    minutes=1
)  # "last used" is for people: a write per POST would be too dear
OVERLAP = timedelta(hours=24)  # a replaced key goes on for a day: time to reach the camera
MAX_OVERLAP = timedelta(days=90)  # two keys for one sender are a passing state


class IssuedKey(NamedTuple):
    """A key just made: `text` is shown once and kept nowhere."""

    row: IngestKey
    text: str


@dataclass(frozen=True, slots=True)
class Key:
    """What a sent key stands for: one camera, or every camera of the site (a gateway)."""

    id: int
    site_id: int
    site_code: str
    camera_id: int | None
    camera_code: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """A key as it was read."""

    key: Key
    secret_hash: str
    expires_at: datetime | None
    is_demo: bool
    read_at: datetime

    def opened(self, secret: str, *, at: datetime) -> Key | None:
        """What it stands for, if the secret is its own and it is open."""
        is_open = self.expires_at is None or at < self.expires_at
        is_mine = is_open and fits(secret, self.secret_hash)
        return self.key if is_mine and (settings.DEMO or not self.is_demo) else None


def create_key(
    *, site: Site, camera: Camera | None = None, expires_at: datetime | None = None, at: datetime
) -> IssuedKey:
    """A new key, stored as a hash. Raises ValidationError."""
    if expires_at is not None and expires_at <= at:
        raise ValidationError({"expires_at": "The day of its end lies in the past."})
    new = new_key()
    row = IngestKey(
        site=site,
        camera=camera,
        expires_at=expires_at,
        prefix=new.prefix,
        secret_hash=new.secret_hash,
    )
    registry.save(row)
    return IssuedKey(row, new.text)


@dialect.retried
def rotate(
    key: IngestKey, *, until: datetime, expires_at: datetime | None = None, at: datetime
) -> IssuedKey:
    """A new key for the same sender; the old one goes on until then, or its own earlier end.

    Raises ValidationError.
    """
    if not at <= until <= at + MAX_OVERLAP:
        raise ValidationError({"until": f"Choose a moment in the next {MAX_OVERLAP.days} days."})
    with transaction.atomic():
        old = _locked(key)
        if not is_open(old, at=at):
            raise ValidationError("This key is no longer in use: make a new one instead.")
        old.expires_at = until if old.expires_at is None else min(old.expires_at, until)
        old.save(update_fields=["expires_at"])
        issued = create_key(site=old.site, camera=old.camera, expires_at=expires_at, at=at)
    key.expires_at = old.expires_at
    return issued


@dialect.retried
def revoke(key: IngestKey, *, at: datetime) -> None:
    """The key is refused from now on. Safe to repeat: the first time is kept."""
    with transaction.atomic():
        stored = _locked(key)
        if stored.revoked_at is None:
            stored.revoked_at = at
            stored.save(update_fields=["revoked_at"])
    key.revoked_at = stored.revoked_at


def is_open(key: IngestKey | WallScreen, *, at: datetime) -> bool:
    """Whether the key is neither revoked nor expired."""
    return key.revoked_at is None and (key.expires_at is None or at < key.expires_at)


def key_for(text: str, *, at: datetime) -> Key | None:
    """Whose key this is; None if unknown, revoked, expired, or demo where demo is closed."""
    parts = split(text)
    if parts is None:
        return None
    prefix, secret = parts
    known = _known(prefix, at)
    return known.opened(secret, at=at) if known else None


def all_known(*, at: datetime) -> dict[str, "Known"]:
    """All keys that are not revoked, by prefix."""
    return {row.prefix: _remembered(row, at) for row in _not_revoked()}


def touch(key_id: int, at: datetime) -> None:
    """Notes that the key was used, at most once a minute.

    Best called in the transaction that stores what was sent. Goes past signals: it is no change
    of master data.
    """
    last = _touched.get(key_id)
    if last is not None and timedelta(0) <= at - last < TOUCHED_EVERY:
        return
    _touched[key_id] = at
    is_older = Q(last_used_at=None) | Q(last_used_at__lte=at - TOUCHED_EVERY)
    IngestKey.objects.filter(is_older, pk=key_id).update(last_used_at=at)


def forget(*_args: object, **_kwargs: object) -> None:
    """Empties this process's memory of keys, now and once the running transaction is over."""
    _clear()
    transaction.on_commit(_clear)


post_save.connect(forget, sender=IngestKey)
post_delete.connect(forget, sender=IngestKey)


def _locked(key: IngestKey) -> IngestKey:
    """As it is stored, and nobody else's until the transaction ends."""
    return (
        IngestKey.objects.select_for_update(of=("self",))
        .select_related("site", "camera")
        .get(pk=key.pk)
    )


_memory: dict[str, Known] = {}  # by prefix; only keys that exist, so that guesses can't fill it
_touched: dict[int, datetime] = {}


def _clear() -> None:
    _memory.clear()
    _touched.clear()


def _known(prefix: str, at: datetime) -> Known | None:
    known = _memory.get(prefix)
    if known is not None and timedelta(0) <= at - known.read_at < REMEMBERED:
        return known
    known = _read(prefix, at) if prefix.isascii() and prefix.isalnum() else None
    if known is None:
        _memory.pop(prefix, None)
    else:
        _memory[prefix] = known
    return known


def _read(prefix: str, at: datetime) -> Known | None:
    row = _not_revoked().filter(prefix=prefix).first()
    return None if row is None else _remembered(row, at)


def _not_revoked() -> QuerySet[IngestKey]:
    return IngestKey.objects.select_related("site", "camera").filter(revoked_at=None)


def _remembered(row: IngestKey, at: datetime) -> Known:
    code = row.camera.code if row.camera else None
    key = Key(row.pk, row.site_id, row.site.code, row.camera_id, code)
    return Known(key, row.secret_hash, row.expires_at, row.is_demo, read_at=at)
