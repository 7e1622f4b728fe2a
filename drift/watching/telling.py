"""Tells of alerts through the outbox: when they open, escalate or are resolved, and again daily."""

from typing import Any

from django.db import transaction
from django.urls import reverse

from common import dialect
from common.instants import DAY_MS, to_datetime, to_ms, to_rfc3339
from drift.models import Alert, AlertTransition, Kind, Status
from drift.notifying import outbox
from drift.watching import alert_words
from events.one_writer import lock

REMINDED_AFTER = DAY_MS  # as long as nobody has acknowledged it

_VERBS = {
    Kind.ALERT_OPENED: "Alert",
    Kind.ALERT_ESCALATED: "Critical",
    Kind.ALERT_RESOLVED: "Resolved",
    Kind.ALERT_REMINDER: "Still open",
}


def tell(alert: Alert, kind: Kind, *, now_ms: int) -> None:
    """In the caller's transaction."""
    outbox.announce(
        site_id=alert.site_id,
        kind=kind,
        subject=f"{_VERBS[kind]}: {alert_words.headline(alert)}",
        text=_text(alert, kind),
        data=data_of(alert),
        at=now_ms,
    )
    alert.told_at = to_datetime(now_ms)
    alert.save(update_fields=["told_at"])


@dialect.retried
def remind(site_id: int, *, now_ms: int) -> int:
    """Of alerts that nobody has acknowledged for a day; how many. Safe to repeat."""
    waiting = Alert.objects.filter(
        site_id=site_id, status=Status.OPEN, told_at__lte=now_ms - REMINDED_AFTER
    )
    if not waiting.exists():
        return 0
    with transaction.atomic():
        lock([site_id])  # of two who look at once, one tells
        told = list(waiting.select_related("site", "camera").order_by("pk"))
        for alert in told:
            tell(alert, Kind.ALERT_REMINDER, now_ms=now_ms)
            alert.transitions.create(
                kind=AlertTransition.Kind.REMINDED, at=now_ms, recorded_at=now_ms
            )
    return len(told)


def data_of(alert: Alert) -> dict[str, Any]:
    """What a webhook is told."""
    return {
        "alert_id": alert.pk,
        "site": alert.site.code,
        "camera_id": alert.camera.code,
        "model_version": alert.model_version,
        "status": alert.status,
        "severity": alert.severity,
        "reasons": alert.reasons,
        "segments": alert.segments,
        "onset_at": to_rfc3339(to_ms(alert.onset_at)),
        "detected_at": to_rfc3339(to_ms(alert.detected_at)),
        "resolution": alert.resolution or None,
        "path": reverse("admin:drift_alert_change", args=[alert.pk]),
    }


def _text(alert: Alert, kind: Kind) -> str:
    lines = [alert_words.headline(alert) + "."]
    if kind == Kind.ALERT_RESOLVED:
        lines.append(f"How: {alert.get_resolution_display()}. {alert.note}".strip())
    lines += [f"- {line}" for line in alert_words.lines(alert)]
    lines.append(f"Camera {alert.camera}, model version {alert.model_version or 'not named'}.")
    return "\n".join(lines)
