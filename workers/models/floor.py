"""Who works and where: workers with their shifts, workstations with their targets."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from workers.models.fields import (
    END_DAY,
    FIRST_DAY,
    code_field,
    day_field,
    days_in_order,
    one_from,
    refuse_overlap,
)
from workers.models.history import Records
from workers.models.sites import Shift, Site


class Worker(models.Model):
    """A person whose work cameras see."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="workers")
    code = code_field()
    name = models.CharField(max_length=200)
    is_anonymous = models.BooleanField(
        "anonymous",
        default=False,
        help_text="Nobody in particular, such as a face that a camera does not recognise: counts at"
        " workstations and in units made, and in no figure about workers.",
    )
    active_from = day_field(FIRST_DAY)
    active_until = day_field(END_DAY)
    history = Records()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "code"], name="worker_code_is_unique_at_site"),
            days_in_order("worker_leaves_after_joining", "active_from", "active_until"),
        ]

    def __str__(self) -> str:
        return (
            self.code
        )  # the name is shown only where the site's settings and the reader's role allow it


class ShiftAssignment(models.Model):
    """A worker's shift for a time: by its name, so that its dated changes take the worker along."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="shift_assignments")
    shift_name = models.CharField(max_length=64)
    valid_from = day_field(FIRST_DAY)
    valid_until = day_field(END_DAY)
    history = Records(owner="worker")

    class Meta:
        constraints = [
            *one_from("assignment", ["worker", "shift_name"], "valid_from"),
            days_in_order("assignment_ends_after_it_begins", "valid_from", "valid_until"),
        ]

    def __str__(self) -> str:
        return self.shift_name

    def clean(self) -> None:
        """The worker's site has a shift of that name."""
        worker = getattr(self, "worker", None)  # in forms a new worker is not saved yet
        if (
            worker
            and worker.site_id
            and not Shift.objects.filter(site_id=worker.site_id, name=self.shift_name).exists()
        ):
            raise ValidationError({"shift_name": f"The site has no shift {self.shift_name!r}."})


class Workstation(models.Model):
    """A place on the floor where work is done."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="workstations")
    code = code_field()
    name = models.CharField(max_length=200)
    kind = models.CharField("type", max_length=100, blank=True)
    active_from = day_field(FIRST_DAY)
    active_until = day_field(END_DAY)
    history = Records()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "code"], name="workstation_code_is_unique_at_site"
            ),
            days_in_order("workstation_closes_after_opening", "active_from", "active_until"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class WorkstationTarget(models.Model):
    """Units per scheduled hour that a workstation is meant to make, for a time."""

    workstation = models.ForeignKey(Workstation, on_delete=models.CASCADE, related_name="targets")
    per_hour = models.DecimalField(
        max_digits=9, decimal_places=2, validators=[MinValueValidator(0)]
    )
    valid_from = day_field(FIRST_DAY)
    valid_until = day_field(END_DAY)
    history = Records(owner="workstation")

    class Meta:
        constraints = [
            *one_from("target", ["workstation"], "valid_from"),
            models.CheckConstraint(condition=Q(per_hour__gte=0), name="target_is_not_negative"),
            days_in_order("target_ends_after_it_begins", "valid_from", "valid_until"),
        ]

    def __str__(self) -> str:
        return f"{self.per_hour}/h"

    def clean(self) -> None:
        """At most one target holds on a day."""
        if self.workstation_id:
            refuse_overlap(
                self, WorkstationTarget.objects.filter(workstation_id=self.workstation_id)
            )
