"""Takes workers' names away for good: from then on they are called by their codes."""

from collections.abc import Collection
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from common.instants import to_datetime
from workers import registry
from workers.models import Site, Worker
from workers.models.history import by_way_of
from workers.revisions import raised_once

STEP = 100  # names taken away in one transaction


@transaction.atomic
def pseudonymise(workers: Collection[Worker]) -> None:
    """Nothing here knows the names any more: neither pages nor the history of changes."""
    with raised_once(), by_way_of("name taken away"):
        for each in workers:
            each.name = each.code
            registry.save(each)
    versions = Worker.history.filter(id__in=[each.pk for each in workers])
    versions.update(name=F("code"))


def remove_due(now_ms: int) -> int:
    """How many names were taken away: of those retired for longer than their site keeps names.

    A background task. Safe to repeat, and to stop at any point.
    """
    removed = 0
    for site in Site.objects.exclude(names_days=None).order_by("pk"):
        today = to_datetime(now_ms).astimezone(ZoneInfo(site.time_zone)).date()
        while some := _due(site, today):
            pseudonymise(some)
            removed += len(some)
    return removed


def _due(site: Site, today: date) -> list[Worker]:
    days = min(site.names_days or 0, (today - date.min).days)
    retired = site.workers.filter(active_until__lte=today - timedelta(days=days))
    return list(retired.exclude(name=F("code")).order_by("pk")[:STEP])
