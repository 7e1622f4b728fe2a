"""How the way through Kafka stands, by what the database knows; no broker is asked."""

from collections.abc import Iterable

from django.conf import settings

from common.instants import MINUTE_MS, floor_to, to_ms
from events.models import StreamPosition

STALLED_MS = MINUTE_MS  # nothing has moved for so long, though something waits


def positions() -> list[StreamPosition]:
    """Of the topic that settings name, by partition."""
    return list(StreamPosition.objects.filter(topic=settings.KAFKA_TOPIC).order_by("partition"))


def stored_per_minute(row: StreamPosition, *, now: int) -> int:
    """In the last full minute."""
    minute = 0 if row.minute_at is None else to_ms(row.minute_at)
    age = floor_to(now, MINUTE_MS) - minute
    if age == 0:
        return row.minute_before_stored
    return row.minute_stored if age == MINUTE_MS else 0


def is_stalled(rows: Iterable[StreamPosition], *, now: int) -> bool:
    """Whether something has waited for a minute, and no consumer has moved there meanwhile."""
    return any(_is_stalled(row, now) for row in rows)


def _is_stalled(row: StreamPosition, now: int) -> bool:
    moments = [to_ms(at) for at in (row.moved_at, row.waiting_since) if at is not None]
    return row.lag > 0 and max(moments, default=0) < now - STALLED_MS
