"""What is known of the numbers that senders give to a camera's events."""

from django.db import models
from django.db.models import F, Q

from common.fields import InstantField
from workers.models import Camera


class SequenceRun(models.Model):
    """How far a camera's events have come, in one run of their numbering."""

    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, db_index=False)
    run = models.CharField(max_length=64, blank=True)
    highest = models.BigIntegerField()
    highest_at = InstantField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["camera", "run"], name="sequence_run_is_kept_once")
        ]

    def __str__(self) -> str:
        return f"{self.run} to {self.highest}"


class SequenceGap(models.Model):
    """Numbers of a run that have not come, and when the events beside them happened."""

    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, db_index=False)
    run = models.CharField(max_length=64, blank=True)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    after_at = InstantField()
    before_at = InstantField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["camera", "run", "first"], name="sequence_gap_is_kept_once"
            ),
            models.CheckConstraint(
                condition=Q(last__gte=F("first")), name="sequence_gap_has_a_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first}–{self.last}"


class SequenceHour(models.Model):
    """How many numbered events of a camera came that happened in a UTC hour."""

    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, db_index=False)
    start = InstantField()
    came = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["camera", "start"], name="sequence_hour_is_kept_once")
        ]

    def __str__(self) -> str:
        return f"{self.came} from {self.start}"
