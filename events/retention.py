"""Removes events that are older than their site keeps them, with what was said of them.

First the site's horizon moves: from then on nothing before it changes any more. Then what lies
before it goes, step by step. Of each worker the last state before the horizon stays, since it
reaches beyond it (events.queries.carried_in), until a later horizon has a newer one.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, QuerySet
from django.utils.module_loading import import_string

from common import dialect
from common.instants import HOUR_MS, floor_to, to_ms
from events.models import Event
from events.one_writer import lock
from events.queries import ids_carried_in
from workers.domain.master import MasterData
from workers.models import Site

STEP = 5_000  # events removed in one transaction, while the site's ingest waits


def remove_old(now_ms: int) -> int:
    """How many events were removed, of all sites.

    A background task. Safe to repeat, and to stop at any point.
    """
    removed = 0
    for site_id in Site.objects.order_by("pk").values_list("pk", flat=True):
        removed += sum(remove_steps(site_id, now_ms))
    return removed


def remove_steps(site_id: int, now_ms: int) -> Iterator[int]:
    """Removes a site's old events step by step; how many each step removed."""
    move_horizon(site_id, now_ms)
    sweep, removed = _Sweep(site_id), 1
    while removed:
        removed = sweep.step()
        yield removed


def move_horizon(site_id: int, now_ms: int) -> None:
    """The site's events from before its retention count as removed from now on.

    What follows from them is settled first, and stays. Where there are none, nothing moves.
    """
    with transaction.atomic():
        master = lock({site_id})[site_id]
        horizon = floor_to(now_ms - master.retention_ms, HOUR_MS)
        leaving = Event.objects.filter(site=site_id, occurred_at__gte=master.horizon_at)
        if horizon <= master.horizon_at or not leaving.filter(occurred_at__lt=horizon).exists():
            return
        for freeze in _freezers():
            freeze(master, horizon)
        Site.objects.filter(pk=site_id).update(
            horizon_at=horizon,
            revision=F("revision") + 1,
            master_revision=F("master_revision") + 1,
        )


@dataclass
class _Sweep:
    """Goes through a site's events before the horizon, oldest first."""

    site_id: int
    _after: int = 0  # all that happened before is gone
    _master: MasterData | None = None
    _staying: Collection[int] = ()

    def step(self) -> int:
        """How many events one transaction has removed; 0: there are no more."""
        with transaction.atomic():
            self._know(lock({self.site_id})[self.site_id])
            old = self._old()
            end = self._end_of_step(old)
            removed = _remove(old.filter(occurred_at__lt=end))
        self._after = end
        return removed

    def _know(self, master: MasterData) -> None:
        """What stays is looked for again only where a setting may have changed that."""
        if master is not self._master:
            self._master, self._staying = master, ids_carried_in(master)

    def _old(self) -> QuerySet[Event]:
        horizon = self._master.horizon_at if self._master else 0
        rows = Event.objects.filter(
            site=self.site_id, occurred_at__gte=self._after, occurred_at__lt=horizon
        )
        return rows.exclude(pk__in=self._staying)

    def _end_of_step(self, old: QuerySet[Event]) -> int:
        """After about STEP events, but of whole instants; their last end where there are fewer."""
        instants = old.order_by("occurred_at", "pk").values_list("occurred_at", flat=True)
        found = [to_ms(each) for each in instants[: STEP + 1]]
        if len(found) <= STEP:
            return found[-1] + 1 if found else self._after
        return max(found[-1], found[0] + 1)


def _remove(events: QuerySet[Event]) -> int:
    """With all rows that hang on them."""
    for relation in Event._meta.related_objects:
        if relation.on_delete is models.CASCADE:
            rows = relation.related_model._base_manager
            rows.filter(**{f"{relation.field.name}__in": events.order_by().values("pk")}).delete()
    return dialect.delete_all(events)


@lru_cache
def _freezers() -> tuple[Callable[[MasterData, int], None], ...]:
    return tuple(import_string(path) for path in settings.FREEZERS)
