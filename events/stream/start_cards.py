"""Cards of the start page that speak of Kafka: what waits there, and what could not be stored."""

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from common import clock
from common.instants import DAY_MS, to_datetime, to_ms
from events.stream import queries
from workers.admin.moments import ago
from workers.models import Role
from workers.start_page import Card, Level, OwnSite, counted, with_role

MANY = 10_000  # messages; a consumer stores them within seconds


def waiting(request: HttpRequest, sites: Sequence[OwnSite]) -> Card | None:
    """Events that were taken and are not stored yet; for those who can do something about it."""
    if not settings.KAFKA_BOOTSTRAP_SERVERS or not _concerns(request, sites):
        return None
    rows = queries.positions()
    lag = sum(row.lag for row in rows)
    is_stalled = queries.is_stalled(rows, now=to_ms(clock.now()))
    if lag < MANY and not is_stalled:
        return None
    words = counted(lag, "message waits in Kafka", "messages wait in Kafka")
    if is_stalled:
        words += " and nobody stores; start a consumer with “manage.py consume_events”"
    return Card(
        title="Events wait to be stored",
        number=f"{lag:,}",
        words=words,
        url=_list(request),
        level=Level.ALERT if is_stalled else Level.ATTENTION,
    )


def dead(request: HttpRequest, sites: Sequence[OwnSite]) -> Card | None:
    """Messages that could not be stored, while some are new; for superusers."""
    if not settings.KAFKA_BOOTSTRAP_SERVERS or not request.user.is_superuser:
        return None
    now, rows = clock.now(), queries.positions()
    newest = max((to_ms(row.dead_at) for row in rows if row.dead_at), default=0)
    if newest < to_ms(now) - DAY_MS:
        return None
    number = sum(row.dead for row in rows)
    return Card(
        title="Dead letters",
        number=f"{number:,}",
        words=counted(number, "message could not be stored", "messages could not be stored")
        + f", the newest came {ago(to_datetime(newest), now)}",
        url=_list(request),
    )


def _concerns(request: HttpRequest, sites: Sequence[OwnSite]) -> bool:
    return bool(with_role(sites, Role.ADMIN)) or request.user.is_superuser


def _list(request: HttpRequest) -> str:
    """Empty for whom the page does not open."""
    return reverse("admin:events_streamposition_changelist") if request.user.is_superuser else ""
