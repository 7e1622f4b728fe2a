"""Cards of the start page that speak of reviews: what waits for people, and for a new model."""

from collections.abc import Sequence

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse

from drift.models import ReviewItem
from drift.queries import retraining
from workers.models import Role
from workers.start_page import LINES, Card, Level, Line, OwnSite, counted, with_role


def due(request: HttpRequest, sites: Sequence[OwnSite]) -> Card | None:
    """Items that wait, by site."""
    own = {site.pk: site for site in with_role(sites, Role.REVIEWER)}
    waiting = ReviewItem.objects.filter(site__in=own, status=ReviewItem.Status.WAITING)
    counts = dict(
        waiting.order_by("site")
        .values_list("site")
        .annotate(n=Count("pk"))
        .values_list("site", "n")
    )
    total = sum(counts.values())
    if not total:
        return None
    queue = reverse("admin:review_queue")
    return Card(
        title="Reviews due",
        number=f"{total:,}",
        words=counted(total, "event waits for a second look", "events wait for a second look"),
        url=queue,
        lines=[
            Line(text=own[pk].name, url=f"{queue}?site={own[pk].code}", note=f"{n:,}")
            for pk, n in counts.items()
        ][:LINES]
        if len(own) > 1
        else [],
    )


def retrainings(request: HttpRequest, sites: Sequence[OwnSite]) -> Card | None:
    """Requests for a training whose camera still runs the old version."""
    found = retraining.waiting(with_role(sites, Role.MANAGER))
    if not found:
        return None
    page = reverse("admin:review_precision")
    return Card(
        title="Retraining requested",
        number=f"{len(found):,}",
        words=counted(
            len(found), "camera waits for a newer model", "cameras wait for a newer model"
        ),
        url=page,
        level=Level.CALM,
        lines=[
            Line(
                text=f"{export.camera}: {export.model_version or 'no version'}",
                url=f"{page}?site={export.site.code}",
            )
            for export in found[:LINES]
        ],
    )
