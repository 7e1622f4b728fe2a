"""Facts as they were accepted, and what could not be accepted, with its reason."""

from django.db import models
from django.db.models import Q

from common.fields import InstantField
from common.instants import to_ms
from events.domain.observation import COLUMNS, Observation
from workers.models import Camera, Site, Worker, Workstation

RARELY_LOWER = 0.8  # a sound camera is surer than this of nearly all that it reports


class EventType(models.TextChoices):
    """What a camera says that it saw."""

    WORKING = "working", "working"
    IDLE = "idle", "idle"
    ABSENT = "absent", "absent"
    PRODUCT_COUNT = "product_count", "product count"


class Event(models.Model):
    """An immutable fact: a camera saw something at an instant."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, db_index=False)
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, db_index=False)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, db_index=False)
    workstation = models.ForeignKey(Workstation, on_delete=models.PROTECT, db_index=False)
    event_type = models.CharField(max_length=16, choices=EventType)
    occurred_at = InstantField()
    received_at = InstantField()
    confidence = models.FloatField(null=True)
    count = models.IntegerField(help_text="Units of a product count; 0 for the other types.")
    restated = models.BooleanField(
        help_text="Sent again by an edge agent to hold a state; in no count."
    )
    model_version = models.CharField(max_length=64, blank=True)
    snapshot_id = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            # What makes a duplicate; its order also serves "this worker's events from … to …"
            # (metrics.rollup).
            models.UniqueConstraint(
                fields=["worker", "occurred_at", "event_type", "workstation", "camera"],
                name="event_is_stored_once",
            ),
            models.CheckConstraint(
                condition=Q(event_type__in=EventType.values), name="event_type_is_known"
            ),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__gte=0, confidence__lte=1),
                name="confidence_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(count__gte=0, count__lte=100_000), name="count_is_sane"
            ),
        ]
        indexes = [
            # For: the newest events of a site, in API and admin.
            models.Index(fields=["site", "occurred_at", "id"], name="event_by_site_and_time"),
            # For: the newest events under a site's threshold. What is rare is found by it; where
            # a threshold is higher, such events are many, and the newest ones are near.
            models.Index(
                fields=["id", "site", "confidence"],
                condition=Q(confidence__lt=RARELY_LOWER),
                name="event_of_low_confidence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_event_type_display()} at {self.occurred_at:%Y-%m-%d %H:%M:%S}"

    @property
    def observation(self) -> Observation:
        """The fact as plain values."""
        values = {name: getattr(self, name) for name in COLUMNS}
        for name in ("occurred_at", "received_at"):
            values[name] = to_ms(values[name])
        return Observation(**values)


class RefusedEvent(models.Model):
    """What could not be stored as a fact, whole, with its reason.

    The same thing sent again only counts up.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, db_index=False)
    camera_code = models.CharField("camera", max_length=64, blank=True)
    code = models.CharField("reason", max_length=32)
    detail = models.CharField(max_length=500)
    payload = models.BinaryField(help_text="As sent; at most 8 KB of it.")
    payload_hash = models.CharField(max_length=64)
    is_cut = models.BooleanField(
        default=False, help_text="Longer than 8 KB: cut, and not to be retried."
    )
    count = models.PositiveIntegerField(default=1)
    first_received_at = InstantField()
    last_received_at = InstantField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "camera_code", "code", "payload_hash"],
                name="refused_event_is_kept_once",
            ),
            models.CheckConstraint(condition=Q(count__gte=1), name="refused_event_was_sent"),
        ]
        indexes = [
            # For: the newest refused events of a site, in API and admin.
            models.Index(fields=["site", "last_received_at", "id"], name="refused_by_site_and_time")
        ]

    def __str__(self) -> str:
        return f"{self.code} ×{self.count}"
