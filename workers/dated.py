"""Reads, of dated rows, those that hold now and without an end."""

from datetime import datetime

from django.db.models import F, Q, QuerySet

from workers.models import CameraModelVersion, ShiftAssignment, WorkstationTarget


def endless_assignments() -> QuerySet[ShiftAssignment]:
    """Shifts that workers have until further notice."""
    return ShiftAssignment.objects.filter(valid_until=None).order_by("shift_name", "id")


def endless_targets() -> QuerySet[WorkstationTarget]:
    """Targets that hold until further notice, at most one per workstation."""
    return WorkstationTarget.objects.filter(valid_until=None).order_by("id")


def versions_at(moment: datetime) -> QuerySet[CameraModelVersion]:
    """Model versions registered by a moment, the one that runs first."""
    begun = CameraModelVersion.objects.filter(Q(runs_since=None) | Q(runs_since__lte=moment))
    return begun.order_by(F("runs_since").desc(nulls_last=True), "-id")
