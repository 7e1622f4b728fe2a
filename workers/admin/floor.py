"""Admin pages of workers and workstations."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.widgets import UnfoldAdminSelectWidget

from workers.admin.arranging import Retiring, own
from workers.admin.base import OwnSitesFilter, SiteScopedAdmin, SiteScopedInline
from workers.admin.columns import DASH, CurrentFigures
from workers.admin.filters import ActiveFilter, KindFilter, ShiftFilter, today_at
from workers.admin.imports import WithFiles
from workers.admin.plans import aim, assignment, pseudonymisation
from workers.admin_site import roles_in
from workers.dated import endless_assignments, endless_targets
from workers.models import (
    Role,
    Shift,
    ShiftAssignment,
    Site,
    Worker,
    Workstation,
    WorkstationTarget,
)


class ActiveDays:
    """One column for the days on which something counts."""

    @admin.display(description="in use", ordering="active_until")
    def in_use(self, row: Any) -> str:
        """By the day at its site."""
        today = today_at(row.site)
        if row.active_until is not None and row.active_until <= today:
            return f"retired {row.active_until}"
        if row.active_from is not None and row.active_from > today:
            return f"from {row.active_from}"
        return "yes" if row.active_until is None else f"until {row.active_until}"


class ShiftAssignmentInline(SiteScopedInline):
    model = ShiftAssignment
    fields = ["shift_name", "valid_from", "valid_until"]
    verbose_name = "shift"
    verbose_name_plural = "shifts; with none, the worker counts in all of the site's"

    def get_formset(self, request: HttpRequest, obj: Worker | None = None, **kwargs: Any) -> Any:
        """Offers the names of the site's shifts, or of all sites that may be chosen."""
        formset = super().get_formset(request, obj, **kwargs)
        if "shift_name" in formset.form.base_fields:
            at = roles_in(request).condition(Role.ADMIN, "site")
            shifts = Shift.objects.filter(site=obj.site_id) if obj else Shift.objects.filter(at)
            names = sorted(set(shifts.values_list("name", flat=True)))
            choices = [("", "Select a shift"), *((name, name) for name in names)]
            formset.form.base_fields["shift_name"].widget = UnfoldAdminSelectWidget(choices=choices)
        return formset


@admin.register(Worker)
class WorkerAdmin(Retiring, WithFiles, ActiveDays, CurrentFigures, SiteScopedAdmin):
    """Names are left out for whom the site shows codes only."""

    fieldsets = [
        (None, {"fields": ["site", "code", "name", "is_anonymous"]}),
        ("Days that count", {"fields": [("active_from", "active_until")]}),
    ]
    list_display = ["code", "name", "shifts", "site", "in_use"]
    list_filter = [ActiveFilter, ShiftFilter, "is_anonymous", ("site", OwnSitesFilter)]
    list_select_related = ["site"]
    search_fields = ["code", "name"]
    search_help_text = "Code, or name where names are shown"
    ordering = ["site", "code"]
    autocomplete_fields = ["site"]
    inlines = [ShiftAssignmentInline]
    actions = [*Retiring.actions, "assign", "take_name", *WithFiles.file_actions]
    figures_after = "shifts"
    empty_text = "People whose work cameras see. Events name them by their code."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Worker]:
        """With the shifts that they have."""
        named = Prefetch("shift_assignments", queryset=endless_assignments(), to_attr="endless")
        return super().get_queryset(request).prefetch_related(named)

    @admin.display(description="shifts")
    def shifts(self, worker: Any) -> str:
        """Until further notice; ended ones stand on the worker's page."""
        if names := dict.fromkeys(each.shift_name for each in worker.endless):
            return ", ".join(names)
        return DASH

    @admin.action(description="Assign to a shift …", permissions=["retire"])
    def assign(self, request: HttpRequest, queryset: QuerySet[Worker]) -> HttpResponse | None:
        """From a day on."""
        return self.carry_out(request, own(request, queryset), assignment)

    @admin.action(description="Take the name away …", permissions=["retire"])
    def take_name(self, request: HttpRequest, queryset: QuerySet[Worker]) -> HttpResponse | None:
        """For good: only the code stays."""
        return self.carry_out(request, own(request, queryset), pseudonymisation)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Without the name, unless the user may see it at each of the sites listed."""
        return _without_name(super().get_list_display(request), request)

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """As the list."""
        return _without_name(super().get_search_fields(request), request)

    def get_fieldsets(self, request: HttpRequest, obj: Worker | None = None) -> Any:
        """As the worker's site decides."""
        if obj is None or roles_in(request).show_names(obj.site):
            return self.fieldsets
        return [(None, {"fields": ["site", "code", "is_anonymous"]}), *self.fieldsets[1:]]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Names can't be guessed letter by letter either."""
        if lookup.startswith("name") and not _sees_names(request):
            return False
        return bool(super().lookup_allowed(lookup, value, request))


class WorkstationTargetInline(SiteScopedInline):
    model = WorkstationTarget
    fields = ["per_hour", "valid_from", "valid_until"]
    verbose_name = "target"
    verbose_name_plural = "targets, in units per scheduled hour"
    view_role = Role.VIEWER


@admin.register(Workstation)
class WorkstationAdmin(Retiring, WithFiles, ActiveDays, CurrentFigures, SiteScopedAdmin):
    view_role = Role.VIEWER
    fieldsets = [
        (None, {"fields": ["site", "code", "name", "kind"]}),
        ("Days that count", {"fields": [("active_from", "active_until")]}),
    ]
    list_display = ["code", "name", "kind", "target", "site", "in_use"]
    list_filter = [ActiveFilter, KindFilter, ("site", OwnSitesFilter)]
    list_select_related = ["site"]
    search_fields = ["code", "name", "kind"]
    search_help_text = "Code, name or type"
    ordering = ["site", "code"]
    autocomplete_fields = ["site"]
    inlines = [WorkstationTargetInline]
    actions = [*Retiring.actions, "aim", *WithFiles.file_actions]
    figures_after = "target"
    empty_text = "Places on the floor where work is done. Events name them by their code."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Workstation]:
        """With their targets."""
        named = Prefetch("targets", queryset=endless_targets(), to_attr="endless")
        return super().get_queryset(request).prefetch_related(named)

    @admin.display(description="target per hour")
    def target(self, station: Any) -> str:
        """Until further notice."""
        return f"{station.endless[0].per_hour.normalize():f}" if station.endless else DASH

    @admin.action(description="Set a target …", permissions=["retire"])
    def aim(self, request: HttpRequest, queryset: QuerySet[Workstation]) -> HttpResponse | None:
        """From a day on."""
        return self.carry_out(request, own(request, queryset), aim)


def _without_name(fields: Any, request: HttpRequest) -> list[Any]:
    return [field for field in fields if field != "name" or _sees_names(request)]


def _sees_names(request: HttpRequest) -> bool:
    roles = roles_in(request)
    listed = Site.objects.filter(roles.condition(Role.MANAGER, "pk"))
    return roles.everywhere or all(roles.show_names(site) for site in listed)
