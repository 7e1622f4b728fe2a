"""What reviewers say of events."""

from django.db import models
from django.db.models import Q

from common.fields import InstantField
from events.domain.verdict import Label
from events.models.facts import Event, EventType
from workers.models import Site, User, Worker, Workstation


class Verdict(models.Model):
    """A reviewer's word on one event. Never changed but for its end.

    Worker, workstation, event type and count say what the event counts as by this word; they are
    empty where it counts as nothing (rejected) or the word decides nothing (unclear).
    """

    class Kind(models.TextChoices):
        """What can be said."""

        CONFIRMED = "confirmed", "confirmed"
        RELABELLED = "relabelled", "relabelled"
        REJECTED = "rejected", "rejected"
        UNCLEAR = "unclear", "cannot tell"

    class Purpose(models.TextChoices):
        """What the event was looked at for; statistics keep them apart."""

        MEASURE = "measure", "measure precision"
        ALERT = "alert", "look into an alert"
        TRAIN = "train", "find examples to train with"
        MANUAL = "manual", "manual"

    site = models.ForeignKey(Site, on_delete=models.PROTECT, db_index=False)
    # Without a foreign key in the database, so that events can be partitioned.
    event = models.ForeignKey(
        Event,
        on_delete=models.CASCADE,
        related_name="verdicts",
        db_constraint=False,
        db_index=False,
    )
    occurred_at = InstantField(help_text="When the event happened.")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="verdicts")
    verdict = models.CharField(max_length=10, choices=Kind)
    purpose = models.CharField(max_length=8, choices=Purpose)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, db_index=False)
    workstation = models.ForeignKey(
        Workstation, on_delete=models.PROTECT, null=True, db_index=False
    )
    event_type = models.CharField(max_length=16, choices=EventType, blank=True)
    count = models.IntegerField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    given_at = InstantField()
    undone_at = InstantField(null=True)
    replaced_at = InstantField(null=True, help_text="When the reviewer said something else.")
    in_force = models.BooleanField(help_text="Whether figures follow it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "reviewer"],
                condition=Q(undone_at__isnull=True, replaced_at__isnull=True),
                name="one_verdict_per_event_and_reviewer",
            ),
            # Also serves "is this event as it was reported?" (events.queries).
            models.UniqueConstraint(
                fields=["event"], condition=Q(in_force=True), name="one_verdict_is_in_force"
            ),
            models.CheckConstraint(
                condition=Q(in_force=False)
                | Q(undone_at__isnull=True, replaced_at__isnull=True) & ~Q(verdict="unclear"),
                name="verdict_in_force_stands",
            ),
            models.CheckConstraint(
                condition=Q(
                    verdict__in=["confirmed", "relabelled"],
                    worker__isnull=False,
                    workstation__isnull=False,
                    event_type__in=EventType.values,
                    count__gte=0,
                    count__lte=100_000,
                )
                | Q(
                    verdict__in=["rejected", "unclear"],
                    worker__isnull=True,
                    workstation__isnull=True,
                    event_type="",
                    count__isnull=True,
                ),
                name="verdict_says_what_counts",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=["measure", "alert", "train", "manual"]),
                name="verdict_purpose_is_known",
            ),
        ]
        indexes = [
            # For: this worker's events from … to …, as reviewers see them (events.queries).
            models.Index(
                fields=["worker", "occurred_at"],
                condition=Q(in_force=True),
                name="verdict_by_worker_and_time",
            ),
            # For: all that was said of an event.
            models.Index(fields=["event", "id"], name="verdict_by_event"),
            # For: the newest verdicts of a site, and those of a time.
            models.Index(fields=["site", "given_at", "id"], name="verdict_by_site_and_time"),
        ]

    def __str__(self) -> str:
        return str(self.verdict)

    @property
    def label(self) -> Label | None:
        """What the event counts as by this word; None: as nothing."""
        if self.count is None or self.worker_id is None or self.workstation_id is None:
            return None
        return Label(self.worker_id, self.workstation_id, self.event_type, self.count)
