"""Card of the start page that speaks of recognition: alerts that nobody has resolved."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from common import clock
from drift.models import Alert
from drift.models.alerts import Severity, Status
from workers.admin.moments import span
from workers.models import Role
from workers.start_page import LINES, Card, Level, Line, OwnSite, counted, with_role


def alerts(request: HttpRequest, sites: Sequence[OwnSite]) -> Card | None:
    """Those that are open; where all are acknowledged, these. One statement."""
    own = Alert.objects.filter(site__in=with_role(sites, Role.MANAGER))
    rows = own.exclude(status=Status.RESOLVED).select_related("camera", "site")
    unresolved = list(rows.order_by("severity", "-id"))  # critical first
    if not unresolved:
        return None
    is_new = [alert for alert in unresolved if alert.status == Status.OPEN]
    told = is_new or unresolved
    state = Status.OPEN if is_new else Status.ACKNOWLEDGED
    now = clock.now()
    one, many = ("alert is", "alerts are") if is_new else ("alert was", "alerts were")
    what = "open" if is_new else "acknowledged and not resolved"
    return Card(
        title="Model drift",
        number=f"{len(told):,}",
        words=f"{counted(len(told), one, many)} {what}",
        url=f"{reverse('admin:drift_alert_changelist')}?{urlencode({'status__exact': state})}",
        level=_level(told) if is_new else Level.CALM,
        lines=[
            Line(
                text=f"{alert}" + (f" · {alert.site}" if len(sites) > 1 else ""),
                url=reverse("admin:drift_alert_change", args=[alert.pk]),
                note=f"for {span(now - alert.onset_at)}",
            )
            for alert in told[:LINES]
        ],
    )


def _level(told: Sequence[Alert]) -> Level:
    is_critical = any(alert.severity == Severity.CRITICAL for alert in told)
    return Level.ALERT if is_critical else Level.ATTENTION
