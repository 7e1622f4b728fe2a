"""Removes events that are older than their site keeps them, with what was said of them.

First the site's horizon moves (events.horizon). Then what lies before it goes: months that are over
for every site at once, the rest step by step. Of each worker the last state before the horizon
stays, since it reaches beyond it (events.queries.carried_in), until a later one takes its place.
"""

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from common import dialect
from common.instants import to_ms
from events import horizon, months
from events.models import Event
from events.one_writer import lock
from events.queries import ids_carried_in
from events.removal import remove_said
from workers.domain.master import MasterData
from workers.models import Site

STEP = 2_000  # events removed in one transaction, while the site's ingest waits
REST_S = 0.1  # after each step: SQLite's writers look again this often, and find it free


def remove_old(now_ms: int) -> int:
    """How many events were removed, of all sites.

    A background task. Safe to repeat, and to stop at any point.
    """
    months.make_ahead(now_ms)
    sites = list(Site.objects.order_by("pk").values_list("pk", flat=True))
    for site_id in sites:
        horizon.move(site_id, now_ms)
    return months.drop_over() + sum(sum(remove_steps(site_id)) for site_id in sites)


def remove_steps(site_id: int) -> Iterator[int]:
    """Removes a site's events before its horizon step by step; how many each step removed."""
    sweep, removed = _Sweep(site_id), 1
    while removed:
        removed = sweep.step()
        yield removed
        time.sleep(REST_S if removed >= STEP else 0)


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
            remove_said(self._after, end, but=self._staying, site_id=self.site_id)
            removed = dialect.delete_all(old.filter(occurred_at__lt=end))
        self._after = end
        return removed

    def _know(self, master: MasterData) -> None:
        """What stays is looked for again only where a setting may have changed that."""
        if master is not self._master:
            self._master, self._staying = master, ids_carried_in(master)

    def _old(self) -> QuerySet[Event]:
        end = self._master.horizon_at if self._master else 0
        rows = Event.objects.filter(
            site=self.site_id, occurred_at__gte=self._after, occurred_at__lt=end
        )
        return rows.exclude(pk__in=self._staying)

    def _end_of_step(self, old: QuerySet[Event]) -> int:
        """After about STEP events, but of whole instants; their last end where there are fewer."""
        instants: Any = old.order_by("occurred_at", "pk").values_list("occurred_at", flat=True)
        found = [to_ms(each) for each in instants[: STEP + 1]]
        if len(found) <= STEP:
            return found[-1] + 1 if found else self._after
        return max(found[-1], found[0] + 1)
