"""Admin pages of facts, of what could not become one, and of what reviewers say."""

from events.admin import facts, refusals

__all__ = ["facts", "refusals"]
