"""Alerts: what a camera's watching came to, and the log of what happened to each."""

from django.db import models
from django.db.models import Q

from common.fields import InstantField
from workers.models import Camera, Site, User


class Status(models.TextChoices):
    """Where an alert stands."""

    OPEN = "open", "open"
    ACKNOWLEDGED = "acknowledged", "acknowledged"
    RESOLVED = "resolved", "resolved"


class Severity(models.TextChoices):
    """How bad it is."""

    WARNING = "warning", "warning"
    CRITICAL = "critical", "critical"


class Reason(models.TextChoices):
    """What an alert was opened for."""

    MEAN = "mean", "mean confidence falls"
    DISPERSION = "dispersion", "confidences scatter"
    FLOOR = "floor", "24 hours below the floor"
    VOLUME = "volume", "fewer events than usual"
    SILENCE = "silence", "neither event nor heartbeat"


class Resolution(models.TextChoices):
    """How an alert ended; the last two come about by themselves."""

    FIXED = "fixed", "fixed"
    FALSE_ALARM = "false_alarm", "false alarm"
    NEW_NORMAL = "new_normal", "accepted as the new normal"
    MODEL_REPLACED = "model_replaced", "model replaced"
    RETRAINING = "retraining_requested", "retraining requested"
    QUIET = "quiet", "quiet for a day"
    WITHDRAWN = "withdrawn", "withdrawn: late events explain it"


class Alert(models.Model):
    """Recognition of one model version on one camera has become doubtful.

    Of drift by a replay of what the camera said, or live: of its silence and of few events.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, db_index=False)
    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="alerts")
    model_version = models.CharField(max_length=64, blank=True)
    is_live = models.BooleanField(default=False)
    status = models.CharField(max_length=12, choices=Status, default=Status.OPEN)
    severity = models.CharField(max_length=8, choices=Severity, default=Severity.WARNING)
    reasons = models.JSONField(default=list)
    segments = models.JSONField(default=list)
    onset_at = InstantField(help_text="Since when it has strayed.")
    detected_at = InstantField(help_text="End of the bucket in which the limit was crossed.")
    # When it was first detected, before all reopenings: by it a replay finds the alert again.
    first_detected_at = InstantField()
    opened_at = InstantField(help_text="When it was evaluated and told.")
    acknowledged_at = InstantField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    resolved_at = InstantField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    resolution = models.CharField(max_length=24, choices=Resolution, blank=True)
    note = models.TextField(blank=True)
    told_at = InstantField(null=True, blank=True)  # the last message; reminders count from it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["camera", "model_version", "is_live"],
                condition=~Q(status="resolved"),
                name="one_alert_at_a_time",
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="status_is_known"),
            models.CheckConstraint(
                condition=Q(severity__in=Severity.values), name="severity_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status="resolved", resolved_at__isnull=False, resolution__gt="")
                | ~Q(status="resolved") & Q(resolved_at__isnull=True, resolution=""),
                name="resolved_alert_says_how",
            ),
        ]
        indexes = [
            # For: the newest alerts of a site, in API and admin.
            models.Index(fields=["site", "id"], name="alert_by_site"),
            # For: what stands open at a site (marks, start page, reminders).
            models.Index(fields=["site"], condition=~Q(status="resolved"), name="alert_unresolved"),
        ]

    def __str__(self) -> str:
        return f"{self.camera.code}: {', '.join(Reason(each).label for each in self.reasons)}"


class AlertTransition(models.Model):
    """One thing that happened to an alert. Never changed; a person's resolution is an input.

    `at` is when it happened, `recorded_at` when it was written down: evaluated late, later.
    """

    class Kind(models.TextChoices):
        """What happened."""

        OPENED = "opened", "opened"
        ESCALATED = "escalated", "became critical"
        REVISED = "revised", "revised after late events"
        ACKNOWLEDGED = "acknowledged", "acknowledged"
        RESOLVED = "resolved", "resolved"
        REOPENED = "reopened", "opened again"
        WITHDRAWN = "withdrawn", "withdrawn"
        REMINDED = "reminded", "reminder sent"

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="transitions")
    kind = models.CharField(max_length=12, choices=Kind)
    at = InstantField()
    recorded_at = InstantField()
    by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    resolution = models.CharField(max_length=24, choices=Resolution, blank=True)
    is_decision = models.BooleanField(default=False)  # a person's: watching begins anew
    onset_at = InstantField(null=True, blank=True)  # since when what was accepted has been so
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_decision=False) | Q(kind="resolved", onset_at__isnull=False),
                name="decision_is_a_resolution",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"
