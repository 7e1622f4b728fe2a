"""Where events lie in parts by month (PostgreSQL): makes months ahead, drops what is over."""

from collections.abc import Collection
from itertools import pairwise

from django.db.models import Q

from common import dialect
from common.dialect import Month
from common.instants import month_after, month_of, to_ms
from events.models import Event
from events.one_writer import lock
from events.queries import ids_carried_in
from events.removal import remove_said
from workers.models import Site

AHEAD = 2  # months that are made besides the present one
CROWDED = 10_000  # events of a month without a part for which it is worth to make one


def make_ahead(now_ms: int) -> None:
    """Makes the months to come, and those of which a whole history has come in. Safe to repeat."""
    if not dialect.is_divided(Event):
        return
    starts = [month_of(now_ms)]
    while len(starts) < AHEAD + 2:
        starts.append(month_after(starts[-1]))
    present = set(dialect.months(Event))
    horizon = max((to_ms(each) for each in _horizons().values()), default=0)
    crowded = dialect.crowded_months(Event, "occurred_at", since=horizon, least=CROWDED)
    for month in sorted({*(Month(*each) for each in pairwise(starts)), *crowded} - present):
        dialect.make_month(Event, "occurred_at", month)


def drop_over() -> int:
    """How many events were removed: those of months that are over for every site.

    Raises OperationalError where others use the table all the time.
    """
    newest = max((to_ms(each) for each in _horizons().values()), default=0)
    return sum(_drop(month) for month in dialect.months(Event) if month.end <= newest)


def _drop(month: Month) -> int:
    """In one short transaction, which gives way to others."""
    if not _is_over(month):
        return 0
    in_month = Event.objects.filter(occurred_at__gte=month.start, occurred_at__lt=month.end)
    with dialect.giving_way():
        masters = lock(list(_horizons()))
        staying = [pk for master in masters.values() for pk in ids_carried_in(master)]
        staying = list(in_month.filter(pk__in=staying).values_list("pk", flat=True))
        removed = in_month.count() - len(staying)
        dialect.lock_month(Event, month)
        if not _is_over(month):  # a new site has stored something old in this very moment
            return 0
        remove_said(month.start, month.end, but=staying)
        dialect.drop_month(Event, month, but=staying)
    return removed


def _is_over(month: Month) -> bool:
    """Whether no site has an event in it that is not behind its horizon."""
    still = Q(pk__in=[])
    for site_id, horizon_at in _horizons().items():
        since = max(month.start, to_ms(horizon_at))
        if since < month.end:
            still |= Q(site=site_id, occurred_at__gte=since, occurred_at__lt=month.end)
    return not Event.objects.filter(still).exists()


def _horizons() -> dict[int, Collection]:
    return dict(Site.objects.order_by("pk").values_list("pk", "horizon_at"))
