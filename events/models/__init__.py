"""Facts with their pictures, what could not become one, and what reviewers say of them."""

from events.models.facts import RARELY_LOWER, Event, EventType, RefusedEvent
from events.models.snapshots import Snapshot
from events.models.verdicts import Verdict

__all__ = ["RARELY_LOWER", "Event", "EventType", "RefusedEvent", "Snapshot", "Verdict"]
