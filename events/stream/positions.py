"""How far each partition has been stored; it makes a second delivery of a message harmless."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction

from common.instants import MINUTE_MS, floor_to, to_ms
from events.models import StreamPosition
from events.stream.messages import Delivered


@dataclass(slots=True)
class Progress:
    """What one transaction does of one partition."""

    next_offset: int = 0
    newest_at: int = 0
    is_anew: bool = False  # the topic was made again: its offsets begin anew
    stored: int = 0
    duplicate: int = 0
    refused: int = 0
    dead: int = 0


def lock(topic: str, partitions: Collection[int]) -> dict[int, StreamPosition]:
    """The positions of some partitions, ours until the transaction ends."""
    rows = StreamPosition.objects.select_for_update().order_by("partition")
    wanted = rows.filter(topic=topic, partition__in=partitions)
    found = {row.partition: row for row in wanted}
    if len(found) < len(partitions):
        missing = (StreamPosition(topic=topic, partition=each) for each in sorted(partitions))
        StreamPosition.objects.bulk_create(missing, ignore_conflicts=True)
        found = {row.partition: row for row in wanted.all()}
    return found


def came_before(row: StreamPosition, message: Delivered) -> bool:
    """Whether the message was stored by an earlier transaction.

    Not by its offset alone: in a topic that was made anew they begin anew, but time does not.
    """
    return (
        message.offset < row.next_offset
        and row.newest_at is not None
        and message.timestamp <= to_ms(row.newest_at)
    )


def move(
    rows: Mapping[int, StreamPosition],
    progress: Mapping[int, Progress],
    *,
    ends: Mapping[int, int],
    now: int,
) -> None:
    """Notes what a transaction has done, in the transaction."""
    for partition, done in progress.items():
        _move(rows[partition], done, ends.get(partition, 0), now)
    fields = [field.name for field in StreamPosition._meta.fields if field.name not in _FIXED]
    StreamPosition.objects.bulk_update([rows[each] for each in progress], fields)


_FIXED = ("id", "topic", "partition")


def _move(row: StreamPosition, done: Progress, end: int, now: int) -> None:
    newest = min(done.newest_at, now)  # a sender's clock that is ahead proves nothing later
    if done.is_anew or row.newest_at is None:
        row.next_offset = done.next_offset
    else:
        row.next_offset = max(row.next_offset, done.next_offset)
        newest = max(newest, to_ms(row.newest_at))
    row.high_watermark = max(end, row.next_offset)
    row.newest_at, row.moved_at = newest, now
    row.waiting_since = (row.waiting_since or now) if row.lag else None
    row.stored += done.stored
    row.duplicate += done.duplicate
    row.refused += done.refused
    row.dead += done.dead
    if done.dead:
        row.dead_at = now
    _count_minute(row, done.stored, floor_to(now, MINUTE_MS))


def _count_minute(row: StreamPosition, stored: int, minute: int) -> None:
    before = None if row.minute_at is None else to_ms(row.minute_at)
    if before == minute:
        row.minute_stored += stored
        return
    is_next = before == minute - MINUTE_MS
    row.minute_before_stored = row.minute_stored if is_next else 0
    row.minute_at, row.minute_stored = minute, stored


def note_ends(topic: str, ends: Mapping[int, int], *, now: int) -> None:
    """Raises the ends of partitions to what the broker has acknowledged."""
    with transaction.atomic():
        rows = lock(topic, ends.keys())
        raised = [row for row in rows.values() if row.high_watermark < ends[row.partition]]
        for row in raised:
            if not row.lag:
                row.waiting_since = now
            row.high_watermark = ends[row.partition]
        StreamPosition.objects.bulk_update(raised, ["high_watermark", "waiting_since"])
