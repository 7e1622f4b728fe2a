"""Cards of the start page that speak of notifications: who is told, and what does not arrive."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse

from common import clock
from common.instants import DAY_MS, to_ms
from drift.models import OutboxMessage, Recipient, Webhook
from workers.admin.moments import ago
from workers.models import Camera, Role, Site
from workers.start_page import LINES, Card, Line, OwnSite, counted, with_role

SHOWN_MS = 7 * DAY_MS  # what was given up longer ago is no longer news
PERSISTENT = 3  # failures in a row: one or two are weather


def undelivered(request: HttpRequest, sites: Sequence[OwnSite]) -> Card | None:
    """Messages given up lately, and receivers that keep failing; for admins. Three statements."""
    own = with_role(sites, Role.ADMIN)
    since = to_ms(clock.now()) - SHOWN_MS
    failed = OutboxMessage.objects.filter(site__in=own, gave_up=True, announced_at__gte=since)
    lost = failed.exclude(kind="test").count()
    failing = _failing(own)
    if not lost and not failing:
        return None
    number = lost or len(failing)
    words = (
        counted(lost, "message was given up in 7 days", "messages were given up in 7 days")
        if lost
        else counted(number, "receiver can't be reached", "receivers can't be reached")
    )
    return Card(
        title="Notifications that do not arrive",
        number=f"{number:,}",
        words=words,
        url=f"{reverse('admin:drift_outboxmessage_changelist')}?"
        + urlencode({"state": "failed" if lost else "again"}),
        lines=[_line(each) for each in failing[:LINES]],
    )


def unheard(request: HttpRequest, sites: Sequence[OwnSite]) -> Card | None:
    """Sites with cameras of which alerts reach nobody; for admins. One statement."""
    own = [site.pk for site in with_role(sites, Role.ADMIN)]
    told = [Exists(model.objects.filter(_OF_SITE)) for model in (Recipient, Webhook)]
    has_camera = Exists(Camera.objects.filter(site=OuterRef("pk")))
    found = list(Site.objects.filter(has_camera, ~told[0], ~told[1], pk__in=own).order_by("name"))
    if not found:
        return None
    add = reverse("admin:drift_recipient_add")
    return Card(
        title="Alerts that nobody is told of",
        number=f"{len(found):,}",
        words=counted(len(found), "site has no recipient", "sites have no recipients"),
        url=add if len(found) > 1 else f"{add}?site={found[0].pk}",
        lines=[Line(str(site), f"{add}?site={site.pk}") for site in found[:LINES]],
    )


_OF_SITE = Q(site=OuterRef("pk"), is_active=True)


def _failing(own: Sequence[Site]) -> list[Recipient | Webhook]:
    wanted = {"site__in": own, "is_active": True, "failures__gte": PERSISTENT}
    return [
        *Webhook.objects.filter(**wanted).order_by("id"),
        *Recipient.objects.filter(**wanted).select_related("user").order_by("id"),
    ]


def _line(receiver: Recipient | Webhook) -> Line:
    page = reverse(f"admin:drift_{receiver._meta.model_name}_change", args=[receiver.pk])
    note = f"{ago(receiver.last_tried_at, clock.now())}: {receiver.last_result}"
    return Line(text=str(receiver), url=page, note=note)
