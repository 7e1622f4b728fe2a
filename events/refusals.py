"""Keeps what could not be a fact: whole, with its reason, once; sent again, it counts up."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from common import dialect
from common.instants import DAY_MS
from events.domain.batch import Batch, Receipt
from events.models import RefusedEvent
from workers.models import Site

MAX_KEPT_BYTES = 8_192  # of a refused item; what is longer is cut and can't be retried
KEPT_DAYS = 90  # longer than any cause takes to be found and mended
STEP = 1_000  # rows removed in one transaction

_KEY = ("site_id", "camera_code", "code", "payload_hash")
_MERGE = dialect.Merge(
    add=["count"],
    replace=["detail"],
    keep=["payload", "is_cut", "first_received_at"],
    greatest=["last_received_at"],
)


@dataclass(slots=True)
class _Kept:
    detail: str
    payload: bytes
    first_received_at: int
    last_received_at: int
    count: int = 0


def keep(site_id: int, answered: Iterable[tuple[Batch, Receipt]]) -> None:
    """Keeps the refused items of some batches, in the transaction that refused them."""
    kept: dict[dialect.Row, _Kept] = {}  # merged first, since one upsert may meet a key only once
    for batch, receipt in answered:
        if receipt.refused and batch.message.items and not batch.came_before:
            _gather(kept, site_id, batch, receipt)
    rows = [
        (
            *key,
            row.count,
            row.detail,
            row.payload[:MAX_KEPT_BYTES],
            len(row.payload) > MAX_KEPT_BYTES,
            row.first_received_at,
            row.last_received_at,
        )
        for key, row in sorted(kept.items(), key=_by_key)
    ]
    dialect.upsert(RefusedEvent, _KEY, rows, _MERGE)


def _gather(kept: dict[dialect.Row, _Kept], site_id: int, batch: Batch, receipt: Receipt) -> None:
    raw = batch.message.raw()
    for index, refusal in receipt.refused.items():
        at = batch.received_at[index]
        digest = hashlib.sha256(raw[index]).hexdigest()
        key = (site_id, _camera_code(batch, index), refusal.code, digest)
        row = kept.setdefault(key, _Kept(_plain(refusal.detail)[:500], raw[index], at, at))
        row.count += 1
        row.last_received_at = max(row.last_received_at, at)


def _camera_code(batch: Batch, index: int) -> str:
    item = batch.message.items[index]
    code = None if isinstance(item, str) else item.camera_id
    return _plain(code or batch.camera_code or "")


def _plain(text: str) -> str:
    """Without NUL, which no column takes; a detail may quote what was sent."""
    return text.replace("\0", "")


def _by_key(entry: tuple[dialect.Row, _Kept]) -> dialect.Row:
    return entry[0]


def remove_old(now_ms: int) -> int:
    """How many kept refusals were removed: those not seen again for KEPT_DAYS.

    A background task. Safe to repeat, and to stop at any point.
    """
    before, removed = now_ms - KEPT_DAYS * DAY_MS, 0
    for site_id in Site.objects.order_by("pk").values_list("pk", flat=True):
        old = RefusedEvent.objects.filter(site=site_id, last_received_at__lt=before)
        ids = old.order_by("last_received_at", "pk").values_list("pk", flat=True)
        while some := list(ids[:STEP]):
            still_old = RefusedEvent.objects.filter(pk__in=some, last_received_at__lt=before)
            removed += still_old.delete()[0]
    return removed
