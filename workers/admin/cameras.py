"""Admin page of cameras."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from unfold.decorators import action

from common import clock
from workers import registry
from workers.admin.arranging import Retiring
from workers.admin.base import OwnSitesFilter, SiteScopedAdmin, SiteScopedInline
from workers.admin.columns import DASH, CurrentFigures
from workers.admin.connect import Sender
from workers.admin.filters import ActiveFilter, SeenFilter
from workers.admin.floor import ActiveDays
from workers.admin.imports import WithFiles
from workers.admin.moments import ago, local
from workers.dated import versions_at
from workers.models import Camera, CameraModelVersion, Role, Workstation
from workers.silence import silent_cameras


class CameraModelVersionInline(SiteScopedInline):
    model = CameraModelVersion
    fields = ["version", "runs_since"]
    verbose_name = "model version"
    verbose_name_plural = "model versions, from an instant on the site's clock"
    view_role = Role.VIEWER


class CameraForm(forms.ModelForm):  # type: ignore[type-arg]
    """A camera watches workstations of its own site."""

    def clean_workstations(self) -> Any:
        """The site is that of the camera, or the one just chosen."""
        chosen = self.cleaned_data["workstations"]
        site = self.cleaned_data.get("site") or getattr(self.instance, "site", None)
        if site and any(each.site_id != site.pk for each in chosen):
            raise forms.ValidationError("Choose workstations of the camera's own site.")
        return chosen


@admin.register(Camera)
class CameraAdmin(Retiring, WithFiles, ActiveDays, CurrentFigures, SiteScopedAdmin):
    view_role = Role.VIEWER
    form = CameraForm
    fieldsets = [
        (None, {"fields": ["site", "code", "name", "workstations", "last_seen", "complete"]}),
        ("Reporting", {"fields": ["state_ttl_s", "reporting_interval_s"]}),
        ("Days that count", {"fields": [("active_from", "active_until")]}),
    ]
    readonly_fields = ["last_seen", "complete"]
    list_display = ["code", "name", "watched", "last_seen", "model_version", "site", "in_use"]
    list_filter = [ActiveFilter, SeenFilter, ("workstations", OwnSitesFilter)]
    list_filter += [("site", OwnSitesFilter)]
    list_select_related = ["site"]
    search_fields = ["code", "name", "workstations__code", "model_versions__version"]
    search_help_text = "Code, name, workstation or model version"
    ordering = ["site", "code"]
    autocomplete_fields = ["site", "workstations"]
    inlines = [CameraModelVersionInline]
    actions = [*Retiring.actions, *WithFiles.file_actions]
    actions_detail = ["connect", *Retiring.actions_detail]
    figures_after = "last_seen"
    empty_text = "What watches the floor. A camera sends events with an ingest key."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Camera]:
        """With what they watch and run now."""
        running = versions_at(clock.now()).filter(camera=OuterRef("pk")).values("version")[:1]
        stations = Workstation.objects.order_by("code")
        seen = Prefetch("workstations", queryset=stations, to_attr="seen_stations")
        rows: QuerySet[Camera] = super().get_queryset(request)
        return rows.annotate(running=Subquery(running)).prefetch_related(seen)

    def fill(self, rows: Iterable[Any]) -> None:
        """And whether they should have been heard by now."""
        cameras = list(rows)
        super().fill(cameras)
        sites = {camera.site_id: camera.site for camera in cameras}
        silent = {each.camera for each in silent_cameras(list(sites.values()), at=clock.now())}
        for camera in cameras:
            camera.is_silent = camera in silent

    @admin.display(description="watches")
    def watched(self, camera: Any) -> str:
        """Codes."""
        return ", ".join(station.code for station in camera.seen_stations) or DASH

    @admin.display(description="last seen", ordering="last_seen_at")
    def last_seen(self, camera: Camera) -> str:
        """How long ago its newest event or heartbeat came; when, on hover."""
        if camera.last_seen_at is None:
            return "never"
        when, how_long = (
            local(camera.last_seen_at, camera.site),
            ago(camera.last_seen_at, clock.now()),
        )
        told = format_html('<span title="{}">{}</span>', when, how_long)
        if getattr(camera, "is_silent", False):
            return format_html('{} <span class="sheet-mark is-wrong">silent</span>', told)
        return told

    @admin.display(description="complete, last 24 hours")
    def complete(self, camera: Any) -> str:
        """What is known of lost events."""
        if camera.pk is None:
            return DASH
        self.fill([camera])
        return str(camera.figures.get("complete_by_hour", DASH))

    @admin.display(description="model version", ordering="running")
    def model_version(self, camera: Any) -> str:
        """That runs now."""
        return camera.running or DASH

    @action(description="Connect", url_path="connect", permissions=["connect"], icon="cable")
    def connect(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What it has to send, and what arrives."""
        camera: Any = self.get_object(request, object_id)
        return HttpResponseRedirect(Sender(camera.site, camera).address)

    def has_connect_permission(self, request: HttpRequest, object_id: str) -> bool:
        """Admins of its site."""
        camera = self.get_object(request, object_id)
        return camera is not None and self.has_change_permission(request, camera)

    def store(self, subject: Camera) -> None:
        """A new ttl recalculates; workstations follow from the same page."""
        registry.save_camera(subject, at=clock.now())
