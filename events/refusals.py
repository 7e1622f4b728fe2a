"""Keeps what could not be a fact: whole, with its reason, once; sent again, it counts up."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from common import dialect
from events.domain.batch import Batch, Receipt
from events.models import RefusedEvent

MAX_KEPT_BYTES = 8_192  # of a refused item; what is longer is cut and can't be retried

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
        if receipt.refused and batch.message.items:
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
