"""What people are asked to look at, how far choosing has got, and what was frozen for training."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from common.fields import InstantField
from drift.models.alerts import Alert
from events.models import Event, EventType, Verdict
from workers.models import Camera, Site, User
from workers.models.history import Records


class ReviewItem(models.Model):
    """One event that a person is asked to judge, and what for."""

    class Status(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", "waiting"
        DONE = "done", "done"
        EXPIRED = "expired", "expired"

    class Side(models.TextChoices):
        """Of an alert: reviewers never see which."""

        AFTER = "after", "after the onset"
        REFERENCE = "reference", "from the reference"

    # Without a foreign key in the database, so that events can be partitioned.
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    occurred_at = InstantField(help_text="When the event happened.")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, db_index=False)
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, db_index=False)
    model_version = models.CharField(max_length=64, blank=True)
    event_type = models.CharField(max_length=16, choices=EventType)
    purpose = models.CharField(max_length=8, choices=Verdict.Purpose)
    probability = models.FloatField(help_text="With which it was chosen.")
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, null=True, blank=True)
    side = models.CharField(max_length=9, choices=Side, blank=True)
    # By chance, so that what is left over when time runs out is as good a sample as what is done.
    rank = models.BigIntegerField()
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    chosen_at = InstantField()
    expires_at = InstantField(null=True, blank=True)
    claimed_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    claimed_until = InstantField(null=True, blank=True)
    verdict = models.ForeignKey(
        Verdict, on_delete=models.SET_NULL, null=True, blank=True, related_name="items"
    )
    done_at = InstantField(null=True, blank=True)

    class Meta:
        constraints = [
            # An alert that opens again asks anew only for what it has not asked for.
            models.UniqueConstraint(
                fields=["event", "purpose"], name="event_is_chosen_once_per_purpose"
            ),
            models.CheckConstraint(
                condition=Q(probability__gt=0, probability__lte=1),
                name="review_probability_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(status="done", done_at__isnull=False)
                | ~Q(status="done") & Q(done_at__isnull=True),
                name="done_review_has_a_time",
            ),
        ]
        indexes = [
            # For: the next item of a site's queue, and how many wait.
            models.Index(
                fields=["site", "rank", "id"],
                condition=Q(status="waiting"),
                name="review_item_waiting",
            ),
            # For: what has expired.
            models.Index(
                fields=["expires_at"], condition=Q(status="waiting"), name="review_item_expiring"
            ),
            # For: precision of a site in a window.
            models.Index(fields=["site", "purpose", "occurred_at"], name="review_item_by_time"),
            # For: what was done today.
            models.Index(fields=["site", "done_at"], name="review_item_by_day_done"),
        ]

    def __str__(self) -> str:
        return f"{self.get_event_type_display()} at {self.occurred_at:%Y-%m-%d %H:%M:%S}"


class ReviewPlan(models.Model):
    """How much a site reviews, and what for."""

    site = models.OneToOneField(Site, on_delete=models.CASCADE, related_name="review_plan")
    per_week = models.PositiveIntegerField(
        "reviews a week",
        default=210,  # thirty a day: a quarter of an hour
        help_text="About so many events are chosen by chance to measure precision; 0: none.",
    )
    per_week_to_train = models.PositiveIntegerField(
        "examples to train with a week",
        default=35,
        help_text="Chosen close to the acceptance threshold; in no statistic.",
    )
    target_pct = models.DecimalField(
        "precision aimed at (%)",
        max_digits=4,
        decimal_places=1,
        default=Decimal("95.0"),
        help_text="Advice on the acceptance threshold aims at it.",
    )
    history = Records()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(target_pct__gt=0, target_pct__lt=100), name="target_can_be_reached"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.per_week} reviews a week"


class ReviewProgress(models.Model):
    """Up to which stored event it has been decided who is asked about it: one row."""

    event_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.event_id)


class ReviewFrame(models.Model):
    """What could have been chosen on a day: sums from which the odds of later events follow."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, db_index=False)
    day_at = InstantField()
    event_type = models.CharField(max_length=16, choices=EventType)
    events = models.IntegerField(default=0)
    doubt = models.FloatField(default=0, help_text="Sum of their doubts (drift.domain.sampling).")
    near = models.IntegerField(default=0, help_text="Close to the acceptance threshold.")
    first_at = InstantField()
    last_at = InstantField()

    class Meta:
        constraints = [
            # Also serves "the last days of a site" (drift.reviewing.choosing).
            models.UniqueConstraint(
                fields=["site", "day_at", "event_type"], name="review_frame_is_one_row"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.day_at:%Y-%m-%d}"


class RetrainingExport(models.Model):
    """Reviewed events as they were when somebody asked for a training run; never changed."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, null=True, related_name="+")
    model_version = models.CharField(max_length=64, blank=True)
    alert = models.ForeignKey(Alert, on_delete=models.SET_NULL, null=True, related_name="exports")
    sha256 = models.CharField("SHA-256", max_length=64, help_text="Of the archive.")
    size = models.BigIntegerField(help_text="Bytes of the archive.")
    events = models.PositiveIntegerField()
    snapshots = models.PositiveIntegerField()
    frozen_at = InstantField()
    frozen_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(sha256=""), name="export_has_a_hash"),
        ]
        indexes = [
            # For: the newest exports of a site.
            models.Index(fields=["site", "frozen_at"], name="export_by_site_and_time"),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]
