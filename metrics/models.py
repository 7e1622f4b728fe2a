"""What follows from facts. Every row here can be dropped and made again by `manage.py rebuild`."""

from django.db import models
from django.db.models import F, Q

from common.fields import InstantField
from metrics.domain import sums
from workers.models import Site, Worker, Workstation


class State(models.TextChoices):
    """What a worker was seen to do."""

    WORKING = "working", "working"
    IDLE = "idle", "idle"
    ABSENT = "absent", "absent"


class Span(models.Model):
    """A worker in one state at one workstation for a while.

    The closed part of the timeline: neighbours of equal state and workstation that touch are one,
    cut at full UTC hours, so that what overlaps a window starts at most an hour before it.
    """

    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, db_index=False)
    workstation = models.ForeignKey(Workstation, on_delete=models.PROTECT, db_index=False)
    state = models.CharField(max_length=8, choices=State)
    started_at = InstantField()
    ended_at = InstantField()

    class Meta:
        constraints = [
            # Also serves "this worker's timeline from … to …" (metrics.queries).
            models.UniqueConstraint(fields=["worker", "started_at"], name="worker_is_in_one_place"),
            models.CheckConstraint(
                condition=Q(ended_at__gt=F("started_at")), name="span_ends_after_it_starts"
            ),
        ]
        indexes = [
            # For: who was at this workstation from … to … (metrics.rollup).
            models.Index(fields=["workstation", "started_at"], name="span_by_workstation_and_time")
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.started_at:%Y-%m-%d %H:%M:%S} – {self.ended_at:%H:%M:%S}"


class WorkerStatus(models.Model):
    """A worker's newest state event.

    The open tail of the timeline, which holds until the next event or `holds_until`.
    """

    worker = models.OneToOneField(
        Worker, on_delete=models.CASCADE, primary_key=True, related_name="status"
    )
    workstation = models.ForeignKey(Workstation, on_delete=models.PROTECT, db_index=False)
    state = models.CharField(max_length=8, choices=State)
    started_at = InstantField()
    holds_until = InstantField()

    class Meta:
        verbose_name_plural = "worker statuses"
        constraints = [
            models.CheckConstraint(
                condition=Q(holds_until__gt=F("started_at")), name="status_holds_for_a_while"
            )
        ]

    def __str__(self) -> str:
        return self.state


class Grain(models.IntegerChoices):
    """Length of a bucket, in minutes."""

    FIVE_MINUTES = sums.FIVE_MINUTES, "5 min"
    HOUR = sums.HOUR, "1 h"


class DayMark(models.Model):
    """A UTC day of a site, with a random mark that every change of the day's sums replaces.

    What is kept of a day in memory is kept under its mark (metrics.queries.kept). A number counted
    up would do but for transactions that are rolled back: their numbers come again.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, db_index=False)
    start_at = InstantField()
    mark = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "start_at"], name="day_mark_is_one_row")
        ]

    def __str__(self) -> str:
        return f"{self.start_at:%Y-%m-%d}"


class Bucket(models.Model):
    """Sums for one worker at one workstation in one bucket of time.

    Whole numbers, additive in any order.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, db_index=False)
    grain = models.PositiveSmallIntegerField(choices=Grain)
    start_at = InstantField()
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, db_index=False)
    workstation = models.ForeignKey(Workstation, on_delete=models.PROTECT, db_index=False)
    working_ms = models.IntegerField(default=0)
    idle_ms = models.IntegerField(default=0)
    absent_ms = models.IntegerField(default=0)
    working_events = models.IntegerField(default=0)
    idle_events = models.IntegerField(default=0)
    absent_events = models.IntegerField(default=0)
    count_events = models.IntegerField(default=0)
    units = models.BigIntegerField(default=0)
    confidence_events = models.IntegerField(
        default=0, help_text="Events that came with a confidence."
    )
    confidence_sum = models.BigIntegerField(
        default=0, help_text="Sum of round(confidence × 10,000)."
    )
    low_confidence_events = models.IntegerField(default=0)
    late_events = models.IntegerField(default=0)
    lag_ms_sum = models.BigIntegerField(default=0)
    overruled_events = models.IntegerField(
        default=0, help_text="State events that lost a tie at their instant."
    )
    newest_event_at = InstantField(default=0)

    class Meta:
        constraints = [
            # Also serves "the sums of a site from … to …" (metrics.queries).
            models.UniqueConstraint(
                fields=["site", "grain", "start_at", "worker", "workstation"],
                name="bucket_is_one_row",
            )
        ]
        indexes = [
            # For: all sums of a worker (metrics.rebuild).
            models.Index(fields=["worker"], name="bucket_by_worker")
        ]

    def __str__(self) -> str:
        return f"{self.start_at:%Y-%m-%d %H:%M} +{self.grain} min"


class WorkstationBucket(models.Model):
    """Clock time in one bucket with at least one worker at a workstation.

    The union over workers.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, db_index=False)
    grain = models.PositiveSmallIntegerField(choices=Grain)
    start_at = InstantField()
    workstation = models.ForeignKey(Workstation, on_delete=models.PROTECT, db_index=False)
    present_any_ms = models.IntegerField(default=0)
    working_any_ms = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "grain", "start_at", "workstation"],
                name="workstation_bucket_is_one_row",
            )
        ]
        indexes = [
            # For: all presence at a workstation (metrics.rebuild).
            models.Index(fields=["workstation"], name="presence_by_workstation")
        ]

    def __str__(self) -> str:
        return f"{self.start_at:%Y-%m-%d %H:%M} +{self.grain} min"
