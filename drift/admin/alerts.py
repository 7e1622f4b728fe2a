"""Admin pages of alerts: the list, and each with its plots, its log and what can be done."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display

from common import clock
from common.instants import to_datetime, to_ms
from drift.admin import recognition_page as shown
from drift.admin.shares import interval
from drift.domain.reference import EVERY_TYPE, MEAN
from drift.models import (
    Alert,
    Reason,
    Resolution,
    RetrainingExport,
    ReviewItem,
    Severity,
    Status,
    WatchedCamera,
)
from drift.plots.over_time import View
from drift.queries import reviews
from drift.queries.retraining import newer_version
from drift.watching import alert_words, decisions
from workers.admin.base import FactAdmin, OwnSitesFilter
from workers.admin.moments import ago, local
from workers.admin_site import roles_in
from workers.models import Role, User

WAYS = [
    (Resolution.FIXED, "Lens cleaned, light mended: what follows is watched anew."),
    (Resolution.FALSE_ALARM, "Nothing was wrong."),
    (Resolution.NEW_NORMAL, "What has been seen since the onset becomes the reference."),
    (Resolution.MODEL_REPLACED, "Another model runs under the same name: it is learnt anew."),
    (Resolution.RETRAINING, "Reviews are frozen for a training; this version is not told again."),
]


class ResolveForm(forms.Form):
    """How the alert ends."""

    resolution = forms.ChoiceField(choices=[(way.value, way.label) for way, _ in WAYS])
    note = forms.CharField(
        required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2})
    )


@admin.register(Alert)
class AlertAdmin(FactAdmin):
    """Nobody changes an alert: it is acknowledged and resolved."""

    list_display = ["camera_code", "site", "what", "state", "severity_label", "since", "version"]
    list_display_links = ["camera_code", "what"]
    list_filter = ["status", "severity", ("site", OwnSitesFilter), ("camera", OwnSitesFilter)]
    list_select_related = ["site", "camera"]
    search_fields = ["camera__code", "camera__name", "model_version"]
    search_help_text = "Camera or model version"
    empty_text = "Cameras that recognise less surely than usual, see less, or fall silent."

    @admin.display(description="camera")
    def camera_code(self, alert: Alert) -> str:
        """Its code."""
        return alert.camera.code

    @admin.display(description="what")
    def what(self, alert: Alert) -> str:
        """In words."""
        return alert_words.what(alert)

    @display(
        description="status",
        label={Status.OPEN: "danger", Status.ACKNOWLEDGED: "warning", Status.RESOLVED: "success"},
    )
    def state(self, alert: Alert) -> tuple[str, str]:
        """Where it stands."""
        how = f": {alert.get_resolution_display()}" if alert.resolution else ""
        return alert.status, f"{alert.get_status_display()}{how}"

    @display(description="severity", label={Severity.CRITICAL: "danger"})
    def severity_label(self, alert: Alert) -> tuple[str, str]:
        """How bad it is."""
        is_over = alert.status == Status.RESOLVED
        return "" if is_over else alert.severity, alert.get_severity_display()

    @admin.display(description="since")
    def since(self, alert: Alert) -> str:
        """On the site's clock."""
        return local(alert.onset_at, alert.site)

    @admin.display(description="model version")
    def version(self, alert: Alert) -> str:
        """The one that it speaks of."""
        return alert.model_version or "–"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A page of its own instead of a form."""
        alert = self.get_object(request, object_id) if object_id else None
        if alert is None or not self.has_view_permission(request, alert):
            return super().changeform_view(request, object_id, form_url, extra_context)
        form = ResolveForm(request.POST if "resolve" in request.POST else None)
        is_asked = "acknowledge" in request.POST or form.is_valid()
        if is_asked and isinstance(request.user, User):
            self._act(request, alert, request.user, form)
            return HttpResponseRedirect(request.get_full_path())
        context = {
            **self.admin_site.each_context(request),
            "title": alert_words.headline(alert),
            "opts": self.opts,
            "alert": alert,
            "form": form,
            **_contents(request, alert),
        }
        return TemplateResponse(request, "drift/alert.html", context)

    def _act(self, request: HttpRequest, alert: Alert, by: User, form: ResolveForm) -> None:
        now_ms = to_ms(clock.now())
        try:
            if "acknowledge" in request.POST:
                decisions.acknowledge(alert, by=by, now_ms=now_ms)
                self.message_user(request, "You look after it: no more reminders.")
            else:
                decisions.resolve(alert, by=by, now_ms=now_ms, **form.cleaned_data)
                self.message_user(request, "The alert is resolved.", messages.SUCCESS)
        except decisions.ResolvedError:
            self.message_user(request, "It has been resolved meanwhile.", messages.WARNING)


def _contents(request: HttpRequest, alert: Alert) -> dict[str, Any]:
    until = shown.evaluated_until(alert.camera)
    onset = to_ms(alert.onset_at)
    ended = None if alert.resolved_at is None else to_ms(alert.resolved_at)
    seen = shown.watched_or_none(alert.camera, alert.model_version, until)
    may_review = roles_in(request).allow(Role.REVIEWER, alert.site_id)
    contents: dict[str, Any] = {
        "is_resolved": alert.status == Status.RESOLVED,
        "asked": _asked(alert),
        "trainings": [_training(each) for each in alert.exports.order_by("pk")],
        "may_review": may_review,
        "facts": _facts(alert),
        "strays": [_stray(alert, each) for each in alert.segments],
        "ways": WAYS,
        "log": _log(alert),
        "versions": shown.versions_table(alert.camera, until),
    }
    if seen is None:
        return contents
    moments = [(onset, "onset"), (to_ms(alert.detected_at), "detected")]
    if ended is not None:
        moments.append((ended, "resolved"))
    kind = shown.chosen_kind(request, seen, _worst(alert))
    view = View(seen, kind, shown.window_of_alert(onset, ended, until), moments, since=onset)
    return contents | {
        "segments": shown.segments_of(seen, kind),
        "plots": shown.plots_of(view),
        "until": local(to_datetime(until), alert.site),
    }


def _worst(alert: Alert) -> str:
    """The type of event that fell most."""
    falls = [each for each in alert.segments if each["channel"] == MEAN]
    worst = min(falls, key=lambda each: each["shift"], default=None)
    return worst["event_type"] if worst else EVERY_TYPE


def _facts(alert: Alert) -> list[tuple[str, str]]:
    reasons = ", ".join(str(Reason(reason).label) for reason in alert.reasons)
    facts = [
        ("Why", reasons),
        ("Since", alert_words.moment(alert, alert.onset_at)),
        ("Detected", alert_words.moment(alert, alert.detected_at)),
        ("Clock", alert.site.time_zone),
        ("Camera", _camera(alert)),
        ("Model version", alert.model_version or "none named"),
    ]
    if alert.acknowledged_at:
        who = f" by {alert.acknowledged_by}" if alert.acknowledged_by else ""
        facts.append(("Acknowledged", f"{ago(alert.acknowledged_at, clock.now())}{who}"))
    if alert.resolved_at:
        who = f" by {alert.resolved_by}" if alert.resolved_by else ""
        when = alert_words.moment(alert, alert.resolved_at)
        how = f"{alert.get_resolution_display()}, {when}{who}"
        facts.append(("Resolved", how))
    return facts


def _camera(alert: Alert) -> str:
    """Leads to how surely it recognises, if it has said anything yet."""
    if not WatchedCamera.objects.filter(camera=alert.camera_id).exists():
        return str(alert.camera)
    page = reverse("admin:drift_watchedcamera_change", args=[alert.camera_id])
    return format_html('<a href="{}">{}</a>', page, alert.camera)


def _asked(alert: Alert) -> list[dict[str, str]]:
    """What people were asked on either side of the onset, and how often the camera was right."""
    found = reviews.precision_around(alert)
    return [
        {
            "when": str(side.label),
            "answered": f"{found[side].answered:,} of {found[side].chosen:,}",
            "right": interval(found[side].precision),
        }
        for side in reversed(ReviewItem.Side)
        if side in found
    ]


def _training(export: RetrainingExport) -> dict[str, Any]:
    newer = newer_version(export)
    return {
        "export": export,
        "events": f"{export.events:,}",
        "state": f"{newer} runs since" if newer else "waits for a newer model version",
    }


def _stray(alert: Alert, segment: dict[str, Any]) -> dict[str, str]:
    return {
        "line": alert_words.segment_line(segment),
        "since": _moment(alert, segment.get("onset_at")),
        "detected": _moment(alert, segment.get("detected_at")),
        "peak": f"{segment['peak']:g}",
    }


def _moment(alert: Alert, text: str | None) -> str:
    return alert_words.moment(alert, datetime.fromisoformat(text)) if text else "–"


def _log(alert: Alert) -> list[dict[str, str]]:
    rows = alert.transitions.select_related("by").order_by("recorded_at", "pk")
    return [
        {
            "when": alert_words.moment(alert, row.at),
            "what": row.get_kind_display(),
            "how": row.get_resolution_display() if row.resolution else "",
            "who": str(row.by) if row.by else "",
            "note": row.note,
        }
        for row in rows
    ]
