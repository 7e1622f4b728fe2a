"""What managers see of all cameras of a site, a screenful at a time; `settings.RECOGNITION`."""

from math import ceil
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from common import clock
from common.instants import DAY_MS, HOUR_MS, to_ms
from common.intervals import Interval
from drift import checks
from drift.health_cards import Told, card_of
from drift.queries.health import cameras_of, health_of
from workers.models import Site

EACH_PAGE = 24  # each is replayed from its first event on, and drawn
LEAST_DRAWN_MS = 7 * DAY_MS  # what is usual shows over days, however short the period


def recognition(
    site: Site, window: Interval, *, page: int, here: str, may_review: bool
) -> SafeString:
    """The cameras that need attention first. `here` is the page's address, with its period."""
    now = clock.now()
    until = min(window[1], checks.closed_at(to_ms(now)))
    drawn = min(window[0], until - LEAST_DRAWN_MS), until + HOUR_MS
    standing = cameras_of(site, at=until)
    pages = max(ceil(len(standing) / EACH_PAGE), 1)
    page = min(max(page, 1), pages)
    shown = standing[(page - 1) * EACH_PAGE : page * EACH_PAGE]
    told = Told(now, drawn)
    cards = [card_of(each, told) for each in health_of(site, shown, window=window, until=until)]
    context: dict[str, Any] = {
        "site": site,
        "cards": cards,
        "cameras": len(standing),
        "doubtful": sum(bool(each.alerts) for each in standing),
        "may_review": may_review,
        "turning": _turning(page, pages, here) if pages > 1 else None,
    }
    return render_to_string("drift/health.html", context)


def _turning(page: int, pages: int, here: str) -> dict[str, Any]:
    return {
        "page": page,
        "pages": pages,
        "before": f"{here}&page={page - 1}" if page > 1 else "",
        "next": f"{here}&page={page + 1}" if page < pages else "",
    }
