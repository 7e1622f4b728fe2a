"""Admin pages of facts: what was reported, the picture, and what reviewers said."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from events.admin import lists
from events.admin.columns import EventColumns
from events.admin.reviewing import Reviewing
from events.admin.said import VerdictInline
from events.lists import BY_KEY, Scope, site_ids_of, unindexed
from events.models import Event
from events.standing import verdicts_standing
from workers.admin.base import FactAdmin
from workers.admin_site import roles_in
from workers.models import Role


@admin.register(Event)
class EventAdmin(EventColumns, Reviewing, FactAdmin):
    """Facts never change; reviewers say what they count as."""

    list_display = [
        "occurred",
        "site",
        "event_type",
        "worker_code",
        "workstation_code",
        "camera_code",
        "units",
        "sureness",
        "verdict",
        "lag",
    ]
    list_filter = [
        lists.ConfidenceFilter,
        lists.VerdictFilter,
        lists.TypeFilter,
        lists.SiteFilter,
        lists.CameraFilter,
        lists.WorkstationFilter,
    ]
    list_select_related = ["site", "worker", "workstation", "camera"]
    list_before_template = "events/list_notes.html"
    show_facets = admin.ShowFacets.NEVER  # they count
    search_fields = ["worker__code"]
    search_help_text = "Code of a worker"
    inlines = [VerdictInline]
    reported = [
        "site",
        "occurred",
        "event_type",
        "worker_code",
        "workstation_code",
        "camera_code",
        "units",
        "sureness",
        "received",
        "is_restated",
        "model_version",
    ]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Event]":
        """Of the user's sites, by key; the list itself may choose another order."""
        own = site_ids_of(roles_in(request), self.view_role)
        return (
            Scope(own).of(Event.objects.all(), order=BY_KEY).prefetch_related(verdicts_standing())
        )

    def get_changelist(self, _request: HttpRequest, **_kwargs: Any) -> type[lists.EventList]:
        """One that follows the indexes."""
        return lists.EventList

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Event]", search_term: str
    ) -> tuple["QuerySet[Event]", bool]:
        """By the worker's code."""
        if not search_term:
            return queryset, False
        return unindexed(queryset, "worker", lists.workers_called(search_term, request)), False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Pictures are for reviewers."""
        shown = ["picture"] if obj and self._may(Role.REVIEWER, request, obj) else []
        more = ["archive"] if shown and obj.site.snapshot_link else []
        return [
            (None, {"fields": [*shown, *more, "says"]}),
            ("As reported", {"fields": self.reported}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """All."""
        return [*self.reported, "picture", "archive", "says"]
