"""Confidences as sums and bins: derived from facts, and made again by `manage.py rebuild`."""

from django.db import models

from common.fields import InstantField
from drift.domain.buckets import COLUMNS
from workers.models import Camera


class Segment(models.Model):
    """What one model version on one camera says about one type of event."""

    camera = models.ForeignKey(
        Camera, on_delete=models.CASCADE, related_name="segments", db_index=False
    )
    model_version = models.CharField(max_length=64, blank=True)
    event_type = models.CharField(max_length=16)

    class Meta:
        constraints = [
            # Also serves "the segments of these cameras" (drift.segments).
            models.UniqueConstraint(
                fields=["camera", "model_version", "event_type"], name="segment_is_one_row"
            )
        ]

    def __str__(self) -> str:
        return f"{self.model_version or 'no version'}: {self.event_type}"


class ConfidenceBucket(models.Model):
    """Sums over a segment's confidences c = round(confidence · 10,000) in 15 minutes."""

    pk = models.CompositePrimaryKey("segment", "start_at")
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, db_index=False)
    start_at = InstantField()
    n = models.IntegerField(default=0)
    s1 = models.BigIntegerField(default=0, help_text="Σ c")
    s2 = models.BigIntegerField(default=0, help_text="Σ c²")

    def __str__(self) -> str:
        return f"{self.n} from {self.start_at:%Y-%m-%d %H:%M}"


class ConfidenceBin(models.Model):
    """How a segment's confidences of an hour are spread: for plots, weights and advice only.

    `drift.domain.buckets.bins_of` takes the counts out of the columns that follow.
    """

    pk = models.CompositePrimaryKey("segment", "start_at")
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, db_index=False)
    start_at = InstantField()

    def __str__(self) -> str:
        return f"bins from {self.start_at:%Y-%m-%d %H:%M}"


for _name in COLUMNS:
    ConfidenceBin.add_to_class(_name, models.BigIntegerField(default=0))
