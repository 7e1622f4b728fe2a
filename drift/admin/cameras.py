"""Admin pages of recognition by camera: how sure each is now, and all about one of them."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from common.instants import DAY_MS, HOUR_MS, to_datetime, to_ms
from drift.admin import recognition_page as shown
from drift.domain.buckets import SCALE
from drift.domain.floor import totals_of
from drift.domain.reference import EVERY_TYPE
from drift.models import Alert, Status, WatchedCamera
from drift.plots.over_time import View
from drift.queries import recognition
from drift.queries.recognition import Watched
from drift.watching import alert_words, buckets
from workers.admin.base import FactAdmin, OwnSitesFilter
from workers.admin.columns import CurrentFigures
from workers.admin.moments import local


@admin.register(WatchedCamera)
class WatchedCameraAdmin(CurrentFigures, FactAdmin):
    """One row for each camera that has been evaluated."""

    site_path = "camera__site"
    ordering = ["camera__site", "camera__code"]
    list_display = ["code", "name", "alerts_standing", "until"]
    list_display_links = ["code", "name"]
    list_filter = [("camera__site", OwnSitesFilter)]
    list_select_related = ["camera__site"]
    search_fields = ["camera__code", "camera__name"]
    search_help_text = "Code or name"
    empty_text = "How surely each camera recognises. It fills as soon as events carry a confidence."

    def get_queryset(self, request: HttpRequest) -> QuerySet[WatchedCamera]:
        """With the number of alerts that stand."""
        standing = Count("camera__alerts", filter=~Q(camera__alerts__status=Status.RESOLVED))
        rows: QuerySet[WatchedCamera] = super().get_queryset(request)
        return rows.annotate(standing=standing)

    @admin.display(description="camera", ordering="camera__code")
    def code(self, watched: WatchedCamera) -> str:
        """Its code."""
        return watched.camera.code

    @admin.display(description="name")
    def name(self, watched: WatchedCamera) -> str:
        """Its name."""
        return watched.camera.name

    @admin.display(description="alerts not resolved")
    def alerts_standing(self, watched: Any) -> str:
        """How many."""
        return str(watched.standing or "–")

    @admin.display(description="evaluated until")
    def until(self, watched: WatchedCamera) -> str:
        """On the site's clock."""
        return local(watched.evaluated_until, watched.camera.site)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A page of its own instead of a form."""
        watched = self.get_object(request, object_id) if object_id else None
        if watched is None or not self.has_view_permission(request, watched):
            return super().changeform_view(request, object_id, form_url, extra_context)
        camera, until = watched.camera, to_ms(watched.evaluated_until)
        version = recognition.newest_version(buckets.rows_of(camera.pk, until=until)) or ""
        seen = shown.watched_or_none(camera, version, until)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Recognition of {camera}",
            "opts": self.opts,
            "camera": camera,
            "version": version,
            "alerts": [_alert(each) for each in _alerts(watched)],
            "versions": shown.versions_table(camera, until),
        }
        if seen is not None:
            kind = shown.chosen_kind(request, seen, EVERY_TYPE)
            start = max(until - shown.SHOWN_OF_CAMERA_MS, min(r[0][0] for r in seen.rows.values()))
            window = (start, until + HOUR_MS)
            day = until - DAY_MS
            view = View(seen, kind, window, since=day, since_label="last 24 hours")
            context |= {
                "facts": _facts(seen),
                "segments": shown.segments_of(seen, kind),
                "plots": shown.plots_of(view),
                "until": local(to_datetime(until), camera.site),
            }
        return TemplateResponse(request, "drift/camera.html", context)


def _alerts(watched: WatchedCamera) -> QuerySet[Alert]:
    rows = Alert.objects.filter(camera=watched.camera_id).select_related("site", "camera")
    return rows.order_by("-pk")[:20]


def _alert(alert: Alert) -> dict[str, Any]:
    how = f", {alert.get_resolution_display()}" if alert.resolution else ""
    words = alert_words.headline(alert)
    return {"pk": alert.pk, "words": words, "state": f"{alert.get_status_display()}{how}"}


def _facts(seen: Watched) -> list[tuple[str, str]]:
    rules = seen.inputs.rules_at(seen.until)
    reference = seen.reference
    day = [
        (n, s1) for start, n, s1 in totals_of(seen.history.hours) if start >= seen.until - DAY_MS
    ]
    events, total = sum(n for n, _ in day), sum(s1 for _, s1 in day)
    learnt = "still learning" if reference is None else f"{reference.days} days"
    return [
        ("Mean of 24 hours", f"{total / events / SCALE:.3f} of {events:,} events" if day else "–"),
        ("Floor", f"{rules.floor / SCALE:.3f}"),
        (
            "Reference",
            f"{learnt}, provisional" if reference and reference.is_provisional else learnt,
        ),
        ("Preset", rules.preset),
    ]
