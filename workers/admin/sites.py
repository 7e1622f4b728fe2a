"""Admin pages of sites, their shifts and closures."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from common import clock
from workers import registry
from workers.admin.base import OwnSitesFilter, SiteScopedAdmin, SiteScopedInline
from workers.models import Closure, Membership, Role, Shift, ShiftBreak, Site


class MembershipInline(SiteScopedInline):
    model = Membership
    fields = ["user", "role"]
    view_role = Role.ADMIN


@admin.register(Site)
class SiteAdmin(SiteScopedAdmin):
    """Superusers make sites; their admins keep the settings."""

    site_path = "pk"
    fixed = ("code",)
    list_display = ["code", "name", "time_zone", "people_shown", "retention_days"]
    search_fields = ["code", "name"]
    ordering = ["code"]
    inlines = [MembershipInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Superusers."""
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers."""
        return bool(request.user.is_superuser)

    def store(self, subject: Site) -> None:
        """A new threshold recalculates."""
        registry.save_site(subject, at=clock.now())


class ShiftBreakInline(SiteScopedInline):
    model = ShiftBreak


@admin.register(Shift)
class ShiftAdmin(SiteScopedAdmin):
    """A change from a day on is a second row of the same name."""

    fixed = ("site",)
    fields = ["site", "name", "weekdays", "start", "end", "valid_from", "valid_until"]
    list_display = ["name", "site", "start", "end", "weekdays", "valid_from", "valid_until"]
    list_filter = [("site", OwnSitesFilter)]
    list_select_related = ["site"]
    search_fields = ["name", "site__code"]
    ordering = ["site", "start", "id"]
    autocomplete_fields = ["site"]
    inlines = [ShiftBreakInline]

    def store(self, subject: Shift) -> None:
        """Its breaks follow from the same page."""
        registry.save_shift(subject, breaks=...)


@admin.register(Closure)
class ClosureAdmin(SiteScopedAdmin):
    """Start and end are entered in UTC."""

    fixed = ("site",)
    fields = ["site", "starts_at", "ends_at", "reason"]
    list_display = ["reason", "site", "starts_at", "ends_at"]
    list_filter = [("site", OwnSitesFilter)]
    list_select_related = ["site"]
    search_fields = ["reason", "site__code"]
    ordering = ["-starts_at", "-id"]
    autocomplete_fields = ["site"]
