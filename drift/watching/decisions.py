"""What people do with an alert: they take note of it, and they resolve it."""

from django.db import transaction
from django.db.models import F

from common import dialect
from common.instants import to_datetime
from drift.models import Alert, AlertTransition, Kind, Resolution, Status, WatchedCamera
from drift.reviewing import retraining
from drift.watching import telling
from events.one_writer import lock
from workers.models import Site, User

Happened = AlertTransition.Kind


class ResolvedError(Exception):
    """The alert has been resolved before."""


@dialect.retried
def acknowledge(alert: Alert, *, by: User, now_ms: int) -> Alert:
    """Somebody looks after it: no more reminders. Safe to repeat. Raises ResolvedError."""
    with transaction.atomic():
        current = _locked(alert)
        if current.status == Status.ACKNOWLEDGED:
            return current
        current.status = Status.ACKNOWLEDGED
        current.acknowledged_at, current.acknowledged_by = to_datetime(now_ms), by
        current.save()
        current.transitions.create(kind=Happened.ACKNOWLEDGED, at=now_ms, recorded_at=now_ms, by=by)
    return current


@dialect.retried
def resolve(alert: Alert, *, by: User, resolution: str, note: str, now_ms: int) -> Alert:
    """Watching begins anew from here on, as the resolution says. Raises ResolvedError."""
    with transaction.atomic():
        current = _locked(alert)
        current.status, current.resolution, current.note = Status.RESOLVED, resolution, note
        current.resolved_at, current.resolved_by = to_datetime(now_ms), by
        current.save()
        current.transitions.create(
            kind=Happened.RESOLVED,
            at=now_ms,
            recorded_at=now_ms,
            by=by,
            resolution=resolution,
            is_decision=True,
            onset_at=current.onset_at,
            note=note,
        )
        # An evaluation under way does not know of this decision: it must not count.
        WatchedCamera.objects.filter(pk=current.camera_id).update(revision=F("revision") + 1)
        dialect.count_up(Site, "revision", current.site_id)
        telling.tell(current, Kind.ALERT_RESOLVED, now_ms=now_ms)
        if resolution == Resolution.RETRAINING:
            retraining.freeze(current, by=by, now_ms=now_ms)
    return current


def _locked(alert: Alert) -> Alert:
    """As it is now, and nobody else's until the transaction ends."""
    lock([alert.site_id])
    current = Alert.objects.select_related("site", "camera").get(pk=alert.pk)
    if current.status == Status.RESOLVED:
        raise ResolvedError
    return current
