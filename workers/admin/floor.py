"""Admin pages of workers and workstations."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminSelectWidget

from workers.admin.base import OwnSitesFilter, SiteScopedAdmin, SiteScopedInline
from workers.admin_site import roles_in
from workers.models import (
    Role,
    Shift,
    ShiftAssignment,
    Site,
    Worker,
    Workstation,
    WorkstationTarget,
)


class ShiftAssignmentInline(SiteScopedInline):
    model = ShiftAssignment
    verbose_name_plural = "shifts; with none, the worker counts in all of the site's"

    def get_formset(self, request: HttpRequest, obj: Worker | None = None, **kwargs: Any) -> Any:
        """Offers the names of the site's shifts, once the site is known."""
        formset = super().get_formset(request, obj, **kwargs)
        if obj and "shift_name" in formset.form.base_fields:
            names = Shift.objects.filter(site=obj.site_id).values_list("name", flat=True)
            choices = [("", "Select a shift"), *((name, name) for name in sorted(set(names)))]
            formset.form.base_fields["shift_name"].widget = UnfoldAdminSelectWidget(choices=choices)
        return formset


@admin.register(Worker)
class WorkerAdmin(SiteScopedAdmin):
    """Names are left out for whom the site shows codes only."""

    fields = ["site", "code", "name", "active_from", "active_until"]
    list_display = ["code", "name", "site", "active_from", "active_until"]
    list_filter = [("site", OwnSitesFilter)]
    list_select_related = ["site"]
    search_fields = ["code", "name"]
    ordering = ["site", "code"]
    autocomplete_fields = ["site"]
    inlines = [ShiftAssignmentInline]

    def get_list_display(self, request: HttpRequest) -> list[str]:
        """Without the name, unless the user may see it at each of the sites listed."""
        return _without_name(super().get_list_display(request), request)

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """As the list."""
        return _without_name(super().get_search_fields(request), request)

    def get_fields(self, request: HttpRequest, obj: Worker | None = None) -> list[str]:
        """As the worker's site decides."""
        fields: list[str] = list(super().get_fields(request, obj))
        if obj and not roles_in(request).show_names(obj.site):
            fields.remove("name")
        return fields

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Names can't be guessed letter by letter either."""
        if lookup.startswith("name") and not _sees_names(request):
            return False
        return bool(super().lookup_allowed(lookup, value, request))


class WorkstationTargetInline(SiteScopedInline):
    model = WorkstationTarget
    verbose_name_plural = "targets"
    view_role = Role.VIEWER


@admin.register(Workstation)
class WorkstationAdmin(SiteScopedAdmin):
    view_role = Role.VIEWER
    fields = ["site", "code", "name", "kind", "active_from", "active_until"]
    list_display = ["code", "name", "site", "kind", "active_from", "active_until"]
    list_filter = [("site", OwnSitesFilter)]
    list_select_related = ["site"]
    search_fields = ["code", "name", "kind"]
    ordering = ["site", "code"]
    autocomplete_fields = ["site"]
    inlines = [WorkstationTargetInline]


def _without_name(fields: Any, request: HttpRequest) -> list[str]:
    return [field for field in fields if field != "name" or _sees_names(request)]


def _sees_names(request: HttpRequest) -> bool:
    roles = roles_in(request)
    listed = Site.objects.filter(roles.condition(Role.MANAGER, "pk"))
    return roles.everywhere or all(roles.show_names(site) for site in listed)
