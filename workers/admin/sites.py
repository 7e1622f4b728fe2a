"""Admin page of sites: settings, people, and what comes from another site."""

import zoneinfo
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminSelect2Widget, UnfoldBooleanSwitchWidget

from common import clock
from common.instants import to_ms
from workers import registry
from workers.admin.base import SiteScopedAdmin, SiteScopedInline
from workers.admin.copying import WithCopying
from workers.admin.removal import WithRemoval
from workers.models import Camera, Membership, Role, Site, Worker, Workstation


class SiteForm(forms.ModelForm):  # type: ignore[type-arg]
    time_zone = forms.ChoiceField(
        choices=[(name, name) for name in sorted(zoneinfo.available_timezones())],
        widget=UnfoldAdminSelect2Widget,
        help_text="Shifts, closures and days are those of its clock.",
        initial="UTC",
    )
    may_remove = forms.BooleanField(
        label="Older events may be removed for good",
        required=False,
        help_text="Say so to keep events for fewer days than before.",
        widget=UnfoldBooleanSwitchWidget,
    )

    def clean(self) -> dict[str, Any]:
        """Events are gone for good: fewer days are asked for twice."""
        cleaned: dict[str, Any] = super().clean() or {}
        days, before = cleaned.get("retention_days"), self.initial.get("retention_days")
        if days and before and days < before and not cleaned.get("may_remove"):
            last = clock.now() - timedelta(days=days)
            self.add_error(
                "retention_days",
                f"All events from before {last:%Y-%m-%d} would be removed within the hour, with"
                " what reviewers said of them and their pictures. Figures and timelines stay, but"
                " can't be corrected any more. If you mean it, allow it below.",
            )
        return cleaned


class MembershipInline(SiteScopedInline):
    model = Membership
    fields = ["user", "role"]
    view_role = Role.ADMIN

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Access is taken away on the page of people, where the last admin is kept."""
        return False


@admin.register(Site)
class SiteAdmin(WithCopying, WithRemoval, SiteScopedAdmin):
    """Superusers make sites; their admins keep the settings."""

    form = SiteForm
    site_path = "pk"
    fixed = ("code",)
    fieldsets = [
        (None, {"fields": ["code", "name", "time_zone"]}),
        (
            "Recognition",
            {
                "fields": ["acceptance_threshold", "below_threshold", "drift_floor"],
                "description": "A new threshold counts for all of the past: its figures are"
                " calculated anew, which may take a while.",
            },
        ),
        (
            "Retention and privacy",
            {
                "fields": [
                    "people_shown",
                    "names_days",
                    "retention_days",
                    "may_remove",
                    "kept",
                    "refused_days",
                    "takes_snapshots",
                    "snapshot_days",
                    "snapshot_link",
                    "history_days",
                ],
                "description": "Obeyed by pages, API, exports and mail alike. Admins see names.",
            },
        ),
    ]
    readonly_fields = ["kept"]
    list_display = ["code", "name", "time_zone", "people_shown", "workers", "stations", "cameras"]
    search_fields = ["code", "name"]
    search_help_text = "Code or name"
    empty_text = "Factories, each with its own clock, people and settings."
    ordering = ["code"]
    inlines = [MembershipInline]
    actions_detail = ["copy_from", "remove"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Site]:
        """With how much there is in use."""
        rows: QuerySet[Site] = super().get_queryset(request)
        return rows.annotate(
            workers_in_use=_in_use(Worker),
            workstations_in_use=_in_use(Workstation),
            cameras_in_use=_in_use(Camera),
        )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new site has nothing to lose, and who only looks is not asked."""
        asked = obj is not None and self.has_change_permission(request, obj)
        unasked = set() if asked else {"may_remove", *([] if obj else ["kept"])}
        return [
            (title, {**shown, "fields": [each for each in shown["fields"] if each not in unasked]})
            for title, shown in super().get_fieldsets(request, obj)
        ]

    @admin.display(description="events there are")
    def kept(self, site: Site) -> str:
        """Since when."""
        if not to_ms(site.horizon_at):
            return "All; none has been removed."
        return f"Since {site.horizon_at:%Y-%m-%d %H:%M} UTC; older ones have been removed."

    @admin.display(description="workers", ordering="workers_in_use")
    def workers(self, site: Any) -> int:
        """Without those retired."""
        return int(site.workers_in_use)

    @admin.display(description="workstations", ordering="workstations_in_use")
    def stations(self, site: Any) -> int:
        """Without those retired."""
        return int(site.workstations_in_use)

    @admin.display(description="cameras", ordering="cameras_in_use")
    def cameras(self, site: Any) -> int:
        """Without those retired."""
        return int(site.cameras_in_use)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Superusers."""
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers."""
        return bool(request.user.is_superuser)

    def store(self, subject: Site) -> None:
        """A new threshold recalculates."""
        registry.save_site(subject, at=clock.now())


def _in_use(kind: type[Model]) -> Coalesce:
    """How many of the kind the site has that are not retired."""
    rows = kind._default_manager.filter(site=OuterRef("pk"), active_until=None).order_by()
    return Coalesce(Subquery(rows.values("site").annotate(n=Count("pk")).values("n")), 0)
