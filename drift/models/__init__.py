"""What is kept about the recognition models: their confidence, alerts, and reviews."""

from drift.models.alerts import Alert, AlertTransition, Reason, Resolution, Severity, Status
from drift.models.histogram import ConfidenceBin, ConfidenceBucket, Segment
from drift.models.outbox import Kind, OutboxMessage, Recipient, Webhook
from drift.models.review import (
    RetrainingExport,
    ReviewFrame,
    ReviewItem,
    ReviewPlan,
    ReviewProgress,
)
from drift.models.watching import MaintenanceWindow, WatchedCamera, WatchedSite, WatchRules

__all__ = [
    "Alert",
    "AlertTransition",
    "ConfidenceBin",
    "ConfidenceBucket",
    "Kind",
    "MaintenanceWindow",
    "OutboxMessage",
    "Reason",
    "Recipient",
    "Resolution",
    "RetrainingExport",
    "ReviewFrame",
    "ReviewItem",
    "ReviewPlan",
    "ReviewProgress",
    "Segment",
    "Severity",
    "Status",
    "WatchRules",
    "WatchedCamera",
    "WatchedSite",
    "Webhook",
]
