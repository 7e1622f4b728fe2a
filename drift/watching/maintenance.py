"""Writes maintenance windows: the camera is then evaluated again, since one may lie in the past."""

from django.db import transaction
from django.db.models import F

from common import dialect
from drift.models import MaintenanceWindow, WatchedCamera


@dialect.retried
def save(window: MaintenanceWindow) -> None:
    """By the model's rules. Raises ValidationError."""
    window.full_clean()
    with transaction.atomic():
        window.save()
        _mark(window)


@dialect.retried
def delete(window: MaintenanceWindow) -> None:
    """As if it had never been."""
    with transaction.atomic():
        _mark(window)
        window.delete()


def _mark(window: MaintenanceWindow) -> None:
    watched = WatchedCamera.objects.filter(camera=window.camera_id)
    watched.update(is_due=True, revision=F("revision") + 1)
