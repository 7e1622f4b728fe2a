"""Admin pages of facts, of what could not become one, of what reviewers say, and of Kafka."""

from events.admin import facts, refusals, stream

__all__ = ["facts", "refusals", "stream"]
