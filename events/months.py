"""Where events lie in parts by month (PostgreSQL): makes months ahead, drops what is over."""

from typing import Any

from django.db.models import Q

from common import dialect
from common.instants import month_after, to_ms
from events.models import Event
from events.one_writer import lock
from events.queries import ids_carried_in
from events.removal import remove_said
from workers.models import Site


def make_ahead(now_ms: int) -> None:
    """Makes the months to come: two besides the present one. Safe to repeat."""
    wanted = month_after(month_after(now_ms))
    while (last := _last_start()) is not None and last < wanted:
        dialect.make_next_month(Event)


def drop_over() -> int:
    """How many events were removed: those of months that are over for every site.

    Raises OperationalError where others use the table all the time.
    """
    newest = max(_horizons().values(), default=0)
    ends = [month.end for month in dialect.months(Event) if month.end <= newest]
    over = next((end for end in reversed(ends) if _is_over(end)), None)
    return 0 if over is None else _drop(over)


def _drop(end: int) -> int:
    """In one short transaction, which gives way to others; of each worker the last state stays."""
    before = Event.objects.filter(occurred_at__lt=end)
    count = before.count()
    with dialect.giving_way():
        masters = lock(list(_horizons()))
        staying = {pk for master in masters.values() for pk in ids_carried_in(master)}
        staying = {*before.filter(pk__in=staying).values_list("pk", flat=True)}
        dialect.lock_all(Event)
        if not _is_over(end):  # a new site has stored something old in this very moment
            return 0
        remove_said(0, end, but=staying)
        dialect.drop_before(Event, end, but=staying)
    return count - len(staying)


def _is_over(end: int) -> bool:
    """Whether all events before the instant are behind the horizon of their site."""
    still = Q(pk__in=[])
    for site_id, horizon_at in _horizons().items():
        still |= Q(site=site_id, occurred_at__gte=horizon_at, occurred_at__lt=end)
    return not Event.objects.filter(still).exists()


def _last_start() -> int | None:
    made = dialect.months(Event)
    return made[-1].start if made else None


def _horizons() -> dict[int, int]:
    rows: Any = Site.objects.order_by("pk").values_list("pk", "horizon_at")
    return {site_id: to_ms(horizon_at) for site_id, horizon_at in rows}
