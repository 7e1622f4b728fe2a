"""Moves the horizon of a site: from then on nothing before it changes any more."""

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.module_loading import import_string

from common import dialect
from common.instants import DAY_MS, HOUR_MS, floor_to, month_of
from events.models import Event
from events.one_writer import lock
from workers.domain.master import MasterData
from workers.models import Site


def move(site_id: int, now_ms: int) -> None:
    """The site's events that are older than it keeps count as removed from now on.

    What follows from them is settled first, and stays. Nothing moves where there are none, nor
    while sums still follow an older ttl or threshold: they would stay so.
    """
    with transaction.atomic():
        master = lock({site_id})[site_id]
        horizon = _wanted(master, now_ms)
        if horizon <= master.horizon_at or not _may_leave(master, horizon):
            return
        for freeze in _freezers():
            freeze(master, horizon)
        Site.objects.filter(pk=site_id).update(
            horizon_at=horizon,
            revision=F("revision") + 1,
            master_revision=F("master_revision") + 1,
        )


def _wanted(master: MasterData, now_ms: int) -> int:
    """A full hour; the start of a month where whole months can be dropped.

    That is for the site that keeps its events longest: nobody else's are left in the month then.
    """
    hour = floor_to(now_ms - master.retention_ms, HOUR_MS)
    longer = Site.objects.filter(retention_days__gt=master.retention_ms // DAY_MS)
    return month_of(hour) if dialect.months(Event) and not longer.exists() else hour


def _may_leave(master: MasterData, horizon: int) -> bool:
    since = {"occurred_at__gte": master.horizon_at, "occurred_at__lt": horizon}
    return (
        Event.objects.filter(site=master.site_id, **since).exists()
        and Site.objects.filter(pk=master.site_id, recalculation_due_at=None).exists()
    )


@lru_cache
def _freezers() -> tuple[Callable[[MasterData, int], None], ...]:
    return tuple(import_string(path) for path in settings.FREEZERS)
