"""Cameras, what they watch, and which model each of them has run since when."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from common.fields import InstantField
from workers.models.fields import END_DAY, FIRST_DAY, code_field, day_field, days_in_order, one_from
from workers.models.floor import Workstation
from workers.models.history import Records
from workers.models.sites import Site

MAX_STATE_TTL_S = 7 * 24 * 3600  # no state is believed for more than a week without news


class Camera(models.Model):
    """A camera on the floor."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="cameras")
    code = code_field()
    name = models.CharField(max_length=200)
    workstations = models.ManyToManyField(Workstation, blank=True, related_name="cameras")
    state_ttl_s = models.PositiveIntegerField(
        "state ttl (s)",
        default=300,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_STATE_TTL_S)],
        help_text="Seconds that a state holds without news: 3 × the reporting interval; "
        "long for a camera that only sends changes.",
    )
    reporting_interval_s = models.PositiveIntegerField(
        "reporting interval (s)",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_STATE_TTL_S)],
    )
    active_from = day_field(FIRST_DAY)
    active_until = day_field(END_DAY)
    last_seen_at = InstantField(null=True, blank=True, editable=False)
    history = Records(m2m_fields=[workstations], excluded_fields=["last_seen_at"])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "code"], name="camera_code_is_unique_at_site"),
            models.CheckConstraint(
                condition=Q(state_ttl_s__gte=1, state_ttl_s__lte=MAX_STATE_TTL_S),
                name="state_ttl_is_sane",
            ),
            days_in_order("camera_leaves_after_joining", "active_from", "active_until"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class CameraModelVersion(models.Model):
    """The recognition model that a camera runs from an instant on, until the next row."""

    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="model_versions")
    version = models.CharField(max_length=64)
    runs_since = models.DateTimeField(null=True, blank=True, help_text="Empty: since ever.")
    history = Records(owner="camera")

    class Meta:
        constraints = one_from("model_version", ["camera"], "runs_since")

    def __str__(self) -> str:
        return self.version
