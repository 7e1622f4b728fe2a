"""Admin pages of drift: alerts, maintenance, notifications, reviews."""

from drift.admin import alerts, cameras, notifications, outbox, review, watching

__all__ = ["alerts", "cameras", "notifications", "outbox", "review", "watching"]
