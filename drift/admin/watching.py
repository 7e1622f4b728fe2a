"""Admin pages of maintenance windows, and of the rules by which cameras are watched."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.forms import SplitDateTimeField
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminSplitDateTimeWidget

from common import clock
from common.fields import InstantField
from common.instants import EPOCH, to_ms
from drift.models import MaintenanceWindow, WatchRules
from drift.watching import maintenance, rules
from workers.admin.base import OwnSitesFilter, SiteScopedAdmin
from workers.admin.filters import ChoiceFilter
from workers.admin.moments import local
from workers.admin_site import roles_in
from workers.models import Camera, Role, User


@admin.register(MaintenanceWindow)
class MaintenanceWindowAdmin(SiteScopedAdmin):
    """Somebody works at a camera: no alert opens meanwhile."""

    site_path = "camera__site"
    change_role = Role.MANAGER
    fixed = ("camera",)
    formfield_overrides = {
        InstantField: {
            "form_class": SplitDateTimeField,
            "widget": UnfoldAdminSplitDateTimeWidget,
        }
    }
    fieldsets = [
        (
            None,
            {
                "fields": ["camera", "starts_at", "ends_at", "reason"],
                "description": "Times on the site's clock. What the camera says meanwhile is kept,"
                " but opens no alert.",
            },
        )
    ]
    list_display = ["camera", "starts", "ends", "reason"]
    list_filter = [("camera__site", OwnSitesFilter), ("camera", OwnSitesFilter)]
    list_select_related = ["camera__site"]
    search_fields = ["camera__code", "reason"]
    search_help_text = "Code of a camera, or reason"
    empty_text = "While somebody cleans, moves or mends a camera, no alert opens."
    ordering = ["-starts_at", "-id"]
    autocomplete_fields = ["camera"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Who may acknowledge an alert may say why there will be none."""
        own = roles_in(request).condition(Role.MANAGER, "site")
        kwargs["queryset"] = Camera.objects.filter(own).order_by("code")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def store(self, subject: MaintenanceWindow) -> None:
        """The camera is evaluated again: the window may lie in the past."""
        maintenance.save(subject)

    def delete_model(self, request: HttpRequest, obj: MaintenanceWindow) -> None:
        """The camera is evaluated again."""
        maintenance.delete(obj)

    @admin.display(description="from", ordering="starts_at")
    def starts(self, window: MaintenanceWindow) -> str:
        """On the site's clock."""
        return local(window.starts_at, window.camera.site)

    @admin.display(description="until", ordering="ends_at")
    def ends(self, window: MaintenanceWindow) -> str:
        """On the site's clock."""
        return local(window.ends_at, window.camera.site)


class InForceFilter(ChoiceFilter):
    """Rules that hold now, or those that held once."""

    title = "in force"
    parameter_name = "in_force"
    choices_shown = {"yes": "yes", "no": "no longer"}

    def condition(self, chosen: str) -> Q:
        """By the newest of a site and camera."""
        newest = Q(pk__in=rules.in_force())
        return newest if chosen == "yes" else ~newest


@admin.register(WatchRules)
class WatchRulesAdmin(SiteScopedAdmin):
    """Rules are replaced, never changed: the past was watched by those that held then."""

    fields = ["site", "camera", "preset", "least_shift", "floor"]
    list_display = ["whom", "site", "preset_shown", "least_shift", "floor", "holds_since", "by"]
    list_filter = [("site", OwnSitesFilter), ("camera", OwnSitesFilter), InForceFilter]
    list_select_related = ["site", "camera", "by"]
    search_fields = ["camera__code", "site__code"]
    search_help_text = "Code of a camera or site"
    empty_text = "How soon a fall is told. A camera without rules of its own goes by its site."
    ordering = ["-since", "-id"]
    autocomplete_fields = ["site", "camera"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: new rules replace the old ones."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def save_model(self, request: HttpRequest, obj: WatchRules, form: Any, change: bool) -> None:
        """From now on."""
        by = request.user if isinstance(request.user, User) else None
        rules.change(obj, by=by, now_ms=to_ms(clock.now()))

    @admin.display(description="camera")
    def whom(self, row: WatchRules) -> str:
        """One camera, or all without rules of their own."""
        return row.camera.code if row.camera else "all cameras"

    @admin.display(description="preset")
    def preset_shown(self, row: WatchRules) -> str:
        """Empty: as the site, which is normal at first."""
        if row.preset:
            return row.get_preset_display()
        return "as the site" if row.camera else "normal"

    @admin.display(description="since")
    def holds_since(self, row: WatchRules) -> str:
        """On the site's clock."""
        return local(row.since, row.site) if row.since > EPOCH else "ever"
