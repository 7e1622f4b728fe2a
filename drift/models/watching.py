"""How far watching has got, and by what rules it goes on."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from common.fields import InstantField
from common.instants import EPOCH
from workers.models import Camera, Site, User
from workers.models.history import Records


class WatchedSite(models.Model):
    """Up to which stored event, and which hour's volume, a site has been looked at."""

    site = models.OneToOneField(Site, on_delete=models.CASCADE, primary_key=True)
    newest_event_id = models.BigIntegerField(default=0)
    volume_until = InstantField(default=EPOCH)
    # Events up to here came along from another installation, which decided whom to ask about them.
    arrived_through_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.site_id)


class WatchedCamera(models.Model):
    """Up to when a camera has been evaluated."""

    camera = models.OneToOneField(Camera, on_delete=models.CASCADE, primary_key=True)
    evaluated_until = InstantField(default=EPOCH)
    is_due = models.BooleanField(default=False)  # events came late: to be evaluated again
    grain_ms = models.IntegerField(default=0)  # of the buckets it is watched in
    revision = models.BigIntegerField(default=0)  # counts evaluations and decisions

    def __str__(self) -> str:
        return f"{self.camera_id} until {self.evaluated_until:%Y-%m-%d %H:%M}"


class MaintenanceWindow(models.Model):
    """While somebody works at a camera it opens no alert; what it says is still computed with."""

    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="maintenance_windows")
    starts_at = InstantField()
    ends_at = InstantField()
    reason = models.CharField(max_length=200)
    history = Records(owner="camera")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="maintenance_ends_after_it_starts",
                violation_error_message="The end must lie after the start.",
            )
        ]

    def __str__(self) -> str:
        return self.reason


class WatchRules(models.Model):
    """How a site, or one camera of it, is watched from an instant on.

    Never changed: a change is another row, so that a replay knows what held when.
    """

    class Preset(models.TextChoices):
        """How soon an alert is opened."""

        NORMAL = "normal", "normal"
        QUIET = "quiet", "quiet: for fleets, fewer alerts"

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="watch_rules")
    camera = models.ForeignKey(
        Camera,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="watch_rules",
        help_text="Empty: every camera of the site without rules of its own.",
    )
    since = InstantField(default=EPOCH, editable=False)
    preset = models.CharField(
        max_length=8, choices=Preset, blank=True, help_text="Empty: as the site."
    )
    least_shift = models.DecimalField(
        "least fall",
        max_digits=4,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="A fall of the mean is told once it is that large, such as 0.020. "
        "Empty: as the site.",
    )
    floor = models.DecimalField(
        max_digits=4,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="A mean of 24 hours below it is critical. Empty: as the site.",
    )
    by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name_plural = "watch rules"
        constraints = [
            models.CheckConstraint(
                condition=(Q(least_shift__isnull=True) | Q(least_shift__gte=0, least_shift__lte=1))
                & (Q(floor__isnull=True) | Q(floor__gte=0, floor__lte=1)),
                name="watch_rules_are_shares",
            ),
        ]
        indexes = [
            # For: what has held at a site since when.
            models.Index(fields=["site", "since", "id"], name="watch_rules_by_time")
        ]

    def __str__(self) -> str:
        return f"{self.camera.code if self.camera else 'all cameras'} since {self.since:%Y-%m-%d}"

    def clean(self) -> None:
        """The camera is one of the site; the site's own floor is set elsewhere."""
        if self.camera is None and self.floor is not None:
            raise ValidationError({"floor": "The floor of a whole site is set on its own page."})
        if self.camera is not None and self.camera.site_id != self.site_id:
            raise ValidationError({"camera": "This camera belongs to another site."})
