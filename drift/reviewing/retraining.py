"""Freezes reviewed events with their pictures, so that a training run can name what it used.

An archive is a tar: `manifest.jsonl`, a line per verdict, and the pictures that it names. The same
events and verdicts give the same bytes, and the file is named by their SHA-256.
"""

import hashlib
import json
import os
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from common.instants import to_ms, to_rfc3339
from common.intervals import Interval
from drift.models import Alert, RetrainingExport, ReviewItem
from drift.notifying import outbox
from events import snapshots
from events.models import Snapshot, Verdict
from workers.models import Camera, Site, User

MANIFEST = "manifest.jsonl"
STEP = 1_000  # verdicts read at a time


class NothingReviewedError(Exception):
    """There is nothing to learn from."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reviewed events; what is empty does not limit. The window is that of the events."""

    site: Site
    camera: Camera | None = None
    model_version: str = ""
    window: Interval | None = None
    purposes: tuple[str, ...] = ()


def freeze(alert: Alert, *, by: User | None, now_ms: int) -> RetrainingExport:
    """Freezes all that was reviewed of the alert's camera and version, and asks for a training.

    In the caller's transaction; an export without events asks as well.
    """
    wanted = Wanted(alert.site, alert.camera, alert.model_version)
    with transaction.atomic():
        export = _freeze(wanted, by=by, now_ms=now_ms, alert=alert)
        _announce(export)
    return export


def export_reviews(wanted: Wanted, *, by: User | None, now_ms: int) -> RetrainingExport:
    """Freezes what is wanted, and tells nobody. Raises NothingReviewedError."""
    if not _verdicts(wanted).exists():
        raise NothingReviewedError("None of these events has been reviewed.")
    return _freeze(wanted, by=by, now_ms=now_ms)


def path_of(export: RetrainingExport) -> Path:
    """Where the archive lies."""
    return _folder() / f"{export.sha256}.tar"


def manifest_of(export: RetrainingExport) -> bytes:
    """The lines alone. Raises FileNotFoundError where somebody has removed the archive."""
    with tarfile.open(path_of(export)) as archive:
        member = archive.extractfile(MANIFEST)
        return member.read() if member else b""


def url_of(export: RetrainingExport, part: str) -> str:
    """The address of "manifest" or "archive"; needs a log-in or a token."""
    address: str = settings.PUBLIC_URL + reverse(f"retraining-export-{part}", args=[export.pk])
    return address


class _Frozen(NamedTuple):
    sha256: str
    size: int
    events: int
    snapshots: int


def _freeze(
    wanted: Wanted, *, by: User | None, now_ms: int, alert: Alert | None = None
) -> RetrainingExport:
    frozen = _write(wanted)
    return RetrainingExport.objects.create(
        site=wanted.site,
        camera=wanted.camera,
        model_version=wanted.model_version,
        alert=alert,
        frozen_at=now_ms,
        frozen_by=by,
        **frozen._asdict(),
    )


def _write(wanted: Wanted) -> _Frozen:
    """The file takes its name when it is whole; one that was there before has the same bytes."""
    lines = list(_lines(wanted))
    names = sorted({line["snapshot"] for line in lines if line["snapshot"]})
    pictures = {row.public_id: row for row in Snapshot.objects.filter(public_id__in=names)}
    kept = [pictures[name] for name in names if name in pictures]
    _folder().mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=_folder(), suffix=".part", delete=False) as file:
        try:
            stored = _fill(file, lines, kept)
            file.seek(0)
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.seek(0, os.SEEK_END)
            Path(file.name).rename(_folder() / f"{sha256}.tar")
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    events = len({line["event"] for line in lines})
    return _Frozen(sha256, size, events, stored)


def _fill(file: IO[bytes], lines: list[dict[str, Any]], pictures: list[Snapshot]) -> int:
    """How many pictures are in it; those removed in the meantime are left out."""
    text = "".join(f"{json.dumps(line, sort_keys=True)}\n" for line in lines)
    with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        _add(archive, MANIFEST, text.encode())
        found = 0
        for picture in pictures:
            try:
                with snapshots.open(picture) as content:
                    _add(archive, f"snapshots/{picture.public_id}.jpg", content.read())
            except FileNotFoundError:
                continue
            found += 1
    return found


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    """Without owner and time, which would make equal archives differ."""
    info = tarfile.TarInfo(name)
    info.size = len(content)
    archive.addfile(info, BytesIO(content))


def _lines(wanted: Wanted) -> Iterator[dict[str, Any]]:
    rows = _verdicts(wanted).select_related(
        "reviewer", "worker", "workstation",
        "event__camera", "event__worker", "event__workstation",
    )  # fmt: skip
    ordered = rows.prefetch_related("items").order_by("occurred_at", "event_id", "pk")
    for verdict in ordered.iterator(STEP):
        yield _line(verdict)


def _verdicts(wanted: Wanted) -> QuerySet[Verdict]:
    """Those that stand."""
    rows = Verdict.objects.filter(
        site=wanted.site, undone_at__isnull=True, replaced_at__isnull=True
    )
    if wanted.camera:
        rows = rows.filter(event__camera=wanted.camera)
    if wanted.model_version:
        rows = rows.filter(event__model_version=wanted.model_version)
    if wanted.window:
        start, end = wanted.window
        rows = rows.filter(occurred_at__gte=start, occurred_at__lt=end)
    return rows.filter(purpose__in=wanted.purposes) if wanted.purposes else rows


def _line(verdict: Verdict) -> dict[str, Any]:
    event = verdict.event
    answered: Iterable[ReviewItem] = verdict.items.all()
    items = [item for item in answered if item.purpose == verdict.purpose]
    corrected = verdict if verdict.verdict == Verdict.Kind.RELABELLED else None
    return {
        "event": event.pk,
        "snapshot": event.snapshot_id or None,
        "predicted": _label(event) | {"confidence": event.confidence},
        "corrected": _label(corrected) if corrected else None,
        "verdict": verdict.verdict,
        "reason": verdict.reason,
        "reviewer": verdict.reviewer.get_username(),
        "reviewed_at": to_rfc3339(to_ms(verdict.given_at)),
        "timestamp": to_rfc3339(to_ms(event.occurred_at)),
        "model_version": event.model_version,
        "camera_id": event.camera.code,
        "probability": items[0].probability if items else None,
        "purpose": verdict.purpose,
    }


def _label(row: Any) -> dict[str, Any]:
    """What an event, or a reviewer, says that went on."""
    return {
        "event_type": row.event_type,
        "worker_id": row.worker.code,
        "workstation_id": row.workstation.code,
        "count": row.count,
    }


def _announce(export: RetrainingExport) -> None:
    alert, camera = export.alert, export.camera
    version = export.model_version or "its model"
    outbox.announce(
        site_id=export.site_id,
        kind="retraining.requested",
        subject=f"Retraining requested: {camera.code if camera else export.site.code}",
        text=(
            f"{export.events:,} reviewed events of {version} are frozen for a training run.\n"
            f"Manifest: {url_of(export, 'manifest')}\n"
            f"SHA-256 of the archive: {export.sha256}\n"
        ),
        data={
            "alert_id": alert.pk if alert else None,
            "camera_id": camera.code if camera else None,
            "model_version": export.model_version,
            "manifest_url": url_of(export, "manifest"),
            "archive_url": url_of(export, "archive"),
            "sha256": export.sha256,
            "events": export.events,
            "snapshots": export.snapshots,
        },
        at=to_ms(export.frozen_at) if not isinstance(export.frozen_at, int) else export.frozen_at,
    )


def _folder() -> Path:
    return Path(settings.EXPORTS_ROOT)
