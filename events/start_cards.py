"""Cards of the start page that speak of events: what was refused lately, and why."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import reverse

from common import clock
from common.instants import DAY_MS, to_datetime, to_ms
from events.models import Event, RefusedEvent
from workers.admin.moments import ago
from workers.models import Role
from workers.start_page import LINES, Card, Line, OwnSite, counted, with_role

LATELY_MS = DAY_MS
LOOKED_AT = 1_000  # newest refused events; beyond that the number says "more than"


def refused(request: HttpRequest, sites: Sequence[OwnSite]) -> Card | None:
    """What was refused in the last 24 hours, by reason, the newest reason first."""
    now = clock.now()
    rows = RefusedEvent.objects.filter(
        site__in=with_role(sites, Role.MANAGER), last_received_at__gte=to_ms(now) - LATELY_MS
    ).order_by("-last_received_at", "-id")
    found: list[Any] = list(rows.values_list("code", "count", "last_received_at")[:LOOKED_AT])
    if not found:
        return None
    counts: Counter[str] = Counter()
    newest: dict[str, int] = {}
    for code, count, received_at in found:
        counts[code] += count
        newest.setdefault(code, to_ms(received_at))
    more = "> " if len(found) == LOOKED_AT else ""
    return Card(
        title="Refused events",
        number=f"{more}{counts.total():,}",
        words=counted(counts.total(), "event was", "events were")
        + " refused in the last 24 hours; once the cause is mended it can be tried again",
        url=_list(received="day"),
        lines=[
            Line(
                text=f"{code} ×{counts[code]:,}",
                url=_list(received="day", code=code),
                note=ago(to_datetime(newest[code]), now),
            )
            for code in list(newest)[:LINES]
        ],
    )


def has_event() -> Exists:
    """Whether any event has come from the site whose key the outer query names `pk`."""
    return Exists(Event.objects.filter(site=OuterRef("pk")))


def _list(**chosen: str) -> str:
    return f"{reverse('admin:events_refusedevent_changelist')}?{urlencode(chosen)}"
