"""A site, its shifts with their breaks, and the periods in which it does not work."""

import zoneinfo
from datetime import time

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from common.fields import InstantField
from workers.domain.links import problem_of
from workers.models.fields import (
    END_DAY,
    FIRST_DAY,
    code_field,
    day_field,
    days_in_order,
    one_from,
    refuse_overlap,
    validate_instant_mark,
    validate_mark,
)
from workers.models.history import Records

MAX_REFUSED_DAYS = 365  # what was refused may name people whom nobody has checked
LEAST_HISTORY_DAYS = 30  # who changed what can be asked for that long, whatever an admin sets
MAX_RETENTION_DAYS = 36_500  # a century: further back, the calendar itself would end


def validate_time_zone(value: str) -> None:
    """An IANA name that this machine knows."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(f"{value!r} is no IANA time zone, such as Europe/Berlin.")


def validate_link(value: str) -> None:
    """A web address, in which `{camera}` and `{timestamp}` stand for an event's own."""
    if problem := problem_of(value):
        raise ValidationError(problem)


class OpenSites(models.Manager["Site"]):
    """All but those that are just coming or going: they are shown to nobody and take nothing."""

    def get_queryset(self) -> models.QuerySet["Site"]:
        """As said above."""
        return super().get_queryset().filter(state=Site.State.OPEN)


class Site(models.Model):
    """A factory."""

    class State(models.TextChoices):
        """Whether it is open, or on its way in or out (workers.moving)."""

        OPEN = "open", "open"
        ARRIVING = "arriving", "arriving"
        LEAVING = "leaving", "leaving"

    class PeopleShown(models.TextChoices):
        """What pages, API, exports and mail call a worker."""

        CODES = "codes", "codes"
        NAMES = "names", "names"

    class BelowThreshold(models.TextChoices):
        """What becomes of events under the acceptance threshold."""

        INCLUDE = "include", "count like all others"
        EXCLUDE = "exclude", "count once confirmed or relabelled"

    code = code_field()
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    acceptance_threshold = models.DecimalField(
        max_digits=4,
        decimal_places=3,
        default="0.600",
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="Events with a lower confidence count as low-confidence.",
    )
    below_threshold = models.CharField(
        "events below the threshold",
        max_length=8,
        choices=BelowThreshold,
        default=BelowThreshold.INCLUDE,
        help_text="Whether figures wait for a reviewer's word on them.",
    )
    drift_floor = models.DecimalField(
        max_digits=4,
        decimal_places=3,
        default="0.850",
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="A camera whose mean confidence falls below this is alerted.",
    )
    retention_days = models.PositiveIntegerField(
        default=400,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_RETENTION_DAYS)],
        help_text="Older events are refused and removed, for good; figures stay.",
    )
    snapshot_days = models.PositiveIntegerField(
        "snapshots are kept (days)",
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_RETENTION_DAYS)],
        help_text="Older pictures are removed.",
    )
    snapshot_link = models.CharField(
        "link to your own pictures",
        max_length=500,
        blank=True,
        validators=[validate_link],
        help_text="Offered to reviewers; {camera} and {timestamp} are filled in: "
        "https://nvr.example/{camera}?at={timestamp}",
    )
    takes_snapshots = models.BooleanField(
        "takes pictures",
        default=True,
        help_text="Without it pictures that cameras send are refused. Those that are kept go when"
        " their days are over.",
    )
    refused_days = models.PositiveIntegerField(
        "refused events are kept (days)",
        default=90,  # longer than any cause takes to be found and mended
        validators=[MinValueValidator(1), MaxValueValidator(MAX_REFUSED_DAYS)],
        help_text="Since each was last sent.",
    )
    names_days = models.PositiveIntegerField(
        "names of retired workers are kept (days)",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_RETENTION_DAYS)],
        help_text="Since the first day that no longer counts; then they are called by their codes,"
        " in the history of changes too. Empty: until an admin takes them away.",
    )
    history_days = models.PositiveIntegerField(
        "changes are kept (days)",
        null=True,
        blank=True,
        validators=[
            MinValueValidator(LEAST_HISTORY_DAYS),
            MaxValueValidator(MAX_RETENTION_DAYS),
        ],
        help_text="Who changed what on these pages and when. Empty: as long as there is the site.",
    )
    people_shown = models.CharField(max_length=8, choices=PeopleShown, default=PeopleShown.CODES)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN, editable=False)
    # Raised by every write that can change an answer (workers.revisions); tags carry it.
    revision = models.BigIntegerField(default=0, editable=False)
    # Raised by every write of master data; caches of it are checked against this.
    master_revision = models.BigIntegerField(default=0, editable=False)
    # Set while sums still follow an older ttl or threshold; pages say so.
    recalculation_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    # A full UTC hour that only ever grows. Events before it have been removed (events.retention);
    # what followed from them stays as it was.
    horizon_at = InstantField(default=0, editable=False)
    history = Records(
        excluded_fields=[
            "state",
            "revision",
            "master_revision",
            "recalculation_due_at",
            "horizon_at",
        ]
    )
    objects = OpenSites()
    every: "models.Manager[Site]" = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="site_code_is_unique"),
            models.CheckConstraint(
                condition=Q(acceptance_threshold__gte=0, acceptance_threshold__lte=1),
                name="acceptance_threshold_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(drift_floor__gte=0, drift_floor__lte=1), name="drift_floor_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(retention_days__gte=1), name="retention_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(snapshot_days__gte=1), name="snapshots_stay_for_a_day"
            ),
            models.CheckConstraint(
                condition=Q(below_threshold__in=["include", "exclude"]),
                name="below_threshold_is_known",
            ),
            models.CheckConstraint(
                condition=Q(refused_days__gte=1, refused_days__lte=MAX_REFUSED_DAYS),
                name="refused_events_stay_for_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "arriving", "leaving"]), name="site_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Shift(models.Model):
    """A site's working time on given weekdays; a dated change is a second row of the same name."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="shifts")
    name = models.CharField(max_length=64)
    weekdays = models.CharField(
        max_length=7,
        default="12345",
        validators=[
            RegexValidator(r"\A1?2?3?4?5?6?7?\Z", "Weekdays are digits in order, Monday is 1.")
        ],
        help_text="Digits of the weekdays on which it starts, Monday is 1: 12345.",
    )
    start = models.TimeField(validators=[validate_mark], help_text="Local time.")
    end = models.TimeField(
        validators=[validate_mark], help_text="Local time; not after the start: on the next day."
    )
    valid_from = day_field(FIRST_DAY)
    valid_until = day_field(END_DAY)
    history = Records()

    class Meta:
        constraints = [
            *one_from("shift_name", ["site", "name"], "valid_from"),
            models.CheckConstraint(condition=~Q(weekdays=""), name="shift_has_a_weekday"),
            models.CheckConstraint(
                condition=~Q(start=F("end")),
                name="shift_is_not_empty",
                violation_error_message="Start and end must differ.",
            ),
            days_in_order("shift_ends_after_it_begins", "valid_from", "valid_until"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.start:%H:%M}–{self.end:%H:%M}"

    def clean(self) -> None:
        """Of the rows of one name, at most one holds on a day."""
        if self.site_id:
            refuse_overlap(self, Shift.objects.filter(site_id=self.site_id, name=self.name))


class ShiftBreak(models.Model):
    """A pause inside a shift, cut out of scheduled time."""

    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="breaks")
    start = models.TimeField(validators=[validate_mark])
    end = models.TimeField(validators=[validate_mark])
    history = Records(owner="shift")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shift", "start"], name="break_start_is_unique_in_shift"
            ),
            models.CheckConstraint(condition=~Q(start=F("end")), name="break_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.start:%H:%M}–{self.end:%H:%M}"

    def clean(self) -> None:
        """A break lies inside its shift."""
        shift = getattr(self, "shift", None)  # in forms a new shift is not saved yet
        if not (shift and shift.start and shift.end and self.start and self.end):
            return
        begin, end = _from(shift.start, self.start), _from(shift.start, self.end)
        if not begin < end <= _from(shift.start, shift.end):
            raise ValidationError("A break must lie inside its shift.")


_DAY = 24 * 60


def _from(origin: time, mark: time) -> int:
    """Minutes on the clock from one local time to the next occurrence of another."""
    return (mark.hour * 60 + mark.minute - origin.hour * 60 - origin.minute) % _DAY


class Closure(models.Model):
    """A period in which the site does not work."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="closures")
    starts_at = models.DateTimeField(validators=[validate_instant_mark])
    ends_at = models.DateTimeField(validators=[validate_instant_mark])
    reason = models.CharField(max_length=200)
    history = Records()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="closure_ends_after_it_starts",
                violation_error_message="The end must lie after the start.",
            )
        ]

    def __str__(self) -> str:
        return self.reason
