"""Admin page of cameras."""

from typing import Any

from django import forms
from django.contrib import admin

from common import clock
from workers import registry
from workers.admin.base import OwnSitesFilter, SiteScopedAdmin, SiteScopedInline
from workers.models import Camera, CameraModelVersion, Role


class CameraModelVersionInline(SiteScopedInline):
    model = CameraModelVersion
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
class CameraAdmin(SiteScopedAdmin):
    view_role = Role.VIEWER
    form = CameraForm
    fields = [
        "site",
        "code",
        "name",
        "workstations",
        "state_ttl_s",
        "reporting_interval_s",
        "active_from",
        "active_until",
        "last_seen",
    ]
    readonly_fields = ["last_seen"]
    list_display = ["code", "name", "site", "state_ttl_s", "last_seen", "active_until"]
    list_filter = [("site", OwnSitesFilter)]
    list_select_related = ["site"]
    search_fields = ["code", "name"]
    ordering = ["site", "code"]
    autocomplete_fields = ["site", "workstations"]
    inlines = [CameraModelVersionInline]

    @admin.display(description="last seen (UTC)")
    def last_seen(self, camera: Camera) -> str:
        """When its newest event or heartbeat came."""
        return f"{camera.last_seen_at:%Y-%m-%d %H:%M:%S}" if camera.last_seen_at else "–"

    def store(self, subject: Camera) -> None:
        """A new ttl recalculates."""
        registry.save_camera(subject, at=clock.now())
