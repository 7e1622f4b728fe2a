"""Facts with their pictures, what could not become one, what reviewers say; how far Kafka's are."""

from events.models.facts import RARELY_LOWER, Event, EventType, RefusedEvent
from events.models.sequences import SequenceGap, SequenceHour, SequenceRun
from events.models.snapshots import Snapshot
from events.models.stream import StreamPosition
from events.models.verdicts import Verdict

__all__ = [
    "RARELY_LOWER",
    "Event",
    "EventType",
    "RefusedEvent",
    "SequenceGap",
    "SequenceHour",
    "SequenceRun",
    "Snapshot",
    "StreamPosition",
    "Verdict",
]
