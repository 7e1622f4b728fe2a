"""Tries refused events again once the cause is mended.

What is stored then keeps its first time of receipt.
"""

from collections import Counter
from collections.abc import Iterable

from common import clock
from common.instants import to_ms
from events import ingest
from events.domain.judgement import Sender
from events.domain.wire import Message, decode
from events.models import RefusedEvent


def retry(refused: Iterable[RefusedEvent]) -> Counter[str]:
    """How many were `accepted`, `duplicate`, `refused` again, or `cut` (not kept whole).

    What is stored now is no longer listed as refused. Safe to repeat.
    """
    outcomes: Counter[str] = Counter()
    for row in refused:
        outcome = "cut" if row.is_cut else _retry_one(row)
        outcomes[outcome] += 1
        if outcome in ("accepted", "duplicate"):
            row.delete()
    return outcomes


def _retry_one(row: RefusedEvent) -> str:
    receipt = ingest.accept_history(
        _message_of(bytes(row.payload)),
        site_id=row.site_id,
        sender=Sender(None, row.camera_code or None),
        received_at=[to_ms(row.first_received_at)],
        now=to_ms(clock.now()),
    )
    if receipt.refused:
        return "refused"
    return "accepted" if receipt.accepted else "duplicate"


def _message_of(payload: bytes) -> Message:
    """A kept item, as the one line of a batch.

    Whatever it holds, it decodes to exactly one item.
    """
    return decode(payload.replace(b"\n", b" ").replace(b"\r", b" "), is_ndjson=True)
