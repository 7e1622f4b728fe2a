"""Keeps the pictures that cameras send along with events, for as long as the site wants them.

Under MEDIA_ROOT, by site and day, and never served as files: only events.api_snapshots reads them.
"""

import hashlib
import os
import secrets
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction

from common.instants import DAY_MS, to_datetime, to_ms
from events.models import Event, Snapshot
from events.pictures import reencoded
from workers.models import Site

STEP = 1_000  # pictures removed in one transaction


def keep(
    upload: bytes, *, site_id: int, camera_id: int, now_ms: int, taken_ms: int | None = None
) -> Snapshot:
    """The stored picture. The same one sent again is kept once. Raises BadPictureError, OSError."""
    picture = reencoded(upload)
    received: Any = to_datetime(now_ms)
    taken: Any = received if taken_ms is None else to_datetime(taken_ms)
    snapshot = Snapshot(
        public_id=secrets.token_urlsafe(16),
        site_id=site_id,
        camera_id=camera_id,
        taken_at=taken,
        received_at=received,
        width=picture.width,
        height=picture.height,
        size=len(picture.content),
        sha256=hashlib.sha256(picture.content).hexdigest(),
    )
    return _sent_before(snapshot) or _stored(snapshot, picture.content)


def open(snapshot: Snapshot) -> BinaryIO:  # noqa: A001 - snapshots.open is what callers read
    """Its bytes, to be closed by the caller. Raises FileNotFoundError once it is removed."""
    return path_of(snapshot).open("rb")


def path_of(snapshot: Snapshot) -> Path:
    """Where its bytes lie."""
    day = f"{snapshot.received_at:%Y-%m-%d}"
    name = snapshot.public_id
    return folder_of(snapshot.site_id) / day / name[:2] / f"{name}.jpg"


def folder_of(site_id: int) -> Path:
    """Where all pictures of a site lie."""
    return Path(settings.MEDIA_ROOT) / str(site_id)


def of_event(event: Event) -> Snapshot | None:
    """The picture that the event names, if its site has it."""
    if not event.snapshot_id:
        return None
    return Snapshot.objects.filter(public_id=event.snapshot_id, site=event.site_id).first()


def remove_expired(now_ms: int) -> int:
    """How many pictures were removed: those that are older than their site wants them.

    A background task. Safe to repeat, and to stop at any point.
    """
    removed = 0
    for site_id, days in Site.objects.order_by("pk").values_list("pk", "snapshot_days"):
        before = now_ms - days * DAY_MS
        while step := _remove_some(site_id, before):
            removed += step
        _sweep(site_id, before)
    return removed


def _sent_before(snapshot: Snapshot) -> Snapshot | None:
    key = ("camera_id", "taken_at", "sha256")
    return Snapshot.objects.filter(**{name: getattr(snapshot, name) for name in key}).first()


def _stored(snapshot: Snapshot, content: bytes) -> Snapshot:
    """The file first: a row without one would promise too much."""
    path = path_of(snapshot)
    _write(path, content)
    try:
        with transaction.atomic():
            snapshot.save(force_insert=True)
    except BaseException as error:
        path.unlink(missing_ok=True)
        same = _sent_before(snapshot) if isinstance(error, IntegrityError) else None
        if same is None:
            raise
        return same
    return snapshot


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and on the disk before anybody hears of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _remove_some(site_id: int, before: int) -> int:
    """The file first: what is left when we are stopped in between is found again by its row."""
    rows = Snapshot.objects.filter(site=site_id, received_at__lt=before)
    some = list(rows.order_by("received_at", "pk")[:STEP])
    for snapshot in some:
        path_of(snapshot).unlink(missing_ok=True)
    Snapshot.objects.filter(pk__in=[snapshot.pk for snapshot in some]).delete()
    return len(some)


def _sweep(site_id: int, before: int) -> None:
    """Removes folders of days that are over, with what a killed process has left in them."""
    for folder in folder_of(site_id).glob("????-??-??"):
        with suppress(ValueError):
            start = to_ms(datetime.fromisoformat(f"{folder.name}T00:00Z"))
            if start + DAY_MS <= before:
                shutil.rmtree(folder, ignore_errors=True)
