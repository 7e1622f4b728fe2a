"""Admin pages of facts: what was reported, the picture, and what reviewers said."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display

from common.instants import to_ms, to_rfc3339
from events import snapshots
from events.admin import lists, words
from events.admin.reviewing import Reviewing
from events.lists import BY_KEY, Scope, site_ids_of, unindexed
from events.models import Event, Verdict
from events.standing import verdicts_standing
from workers.admin.base import FactAdmin, SiteScopedInline
from workers.admin.columns import DASH
from workers.admin.moments import span
from workers.admin_site import roles_in
from workers.domain.links import filled
from workers.models import Role


class VerdictInline(SiteScopedInline):
    """All that was said, newest first."""

    model = Verdict
    verbose_name_plural = "what reviewers said"
    ordering = ["-pk"]
    fields = ["given", "who", "what", "counts", "purpose", "reason", "standing"]
    readonly_fields = fields
    can_delete = False
    max_num = 0

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Verdict]":
        """With what its columns need."""
        rows: QuerySet[Verdict] = super().get_queryset(request)
        return rows.select_related("reviewer", "worker", "workstation", "event")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """By the actions alone."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False

    @admin.display(description="given (UTC)")
    def given(self, verdict: Verdict) -> str:
        """When."""
        return f"{verdict.given_at:%Y-%m-%d %H:%M:%S}"

    @admin.display(description="by")
    def who(self, verdict: Verdict) -> str:
        """Their log-in name."""
        return str(verdict.reviewer)

    @admin.display(description="verdict")
    def what(self, verdict: Verdict) -> str:
        """In a word."""
        return str(verdict.get_verdict_display())

    @admin.display(description="counts as")
    def counts(self, verdict: Verdict) -> str:
        """By this verdict alone."""
        if verdict.verdict == Verdict.Kind.UNCLEAR:
            return DASH
        return words.counts_as(verdict)

    @admin.display(description="now")
    def standing(self, verdict: Verdict) -> str:
        """Whether figures follow it."""
        if verdict.undone_at:
            return f"taken back {verdict.undone_at:%Y-%m-%d %H:%M}"
        if verdict.replaced_at:
            return f"replaced {verdict.replaced_at:%Y-%m-%d %H:%M}"
        return "in force" if verdict.in_force else "stands, not in force"


@admin.register(Event)
class EventAdmin(Reviewing, FactAdmin):
    """Facts never change; reviewers say what they count as."""

    list_display = [
        "occurred",
        "site",
        "event_type",
        "worker_code",
        "workstation_code",
        "camera_code",
        "count",
        "confidence",
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
    list_before_template = "events/recent_only.html"
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
        "count",
        "confidence",
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

    @admin.display(description="time (UTC)")
    def occurred(self, event: Event) -> str:
        """When it happened."""
        return f"{event.occurred_at:%Y-%m-%d %H:%M:%S}"

    @admin.display(description="received (UTC)")
    def received(self, event: Event) -> str:
        """When it came."""
        return f"{event.received_at:%Y-%m-%d %H:%M:%S}"

    @admin.display(description="came after")
    def lag(self, event: Any) -> str:
        """How long it was under way."""
        return span(max(event.received_at - event.occurred_at, timedelta(0)))

    @admin.display(description="restated")
    def is_restated(self, event: Event) -> str:
        """Whether an edge agent sent it only to hold a state."""
        return "yes, in no count" if event.restated else "no"

    @admin.display(description="worker")
    def worker_code(self, event: Event) -> str:
        """A code: not every site shows names."""
        return event.worker.code

    @admin.display(description="workstation")
    def workstation_code(self, event: Event) -> str:
        """Its code."""
        return event.workstation.code

    @admin.display(description="camera")
    def camera_code(self, event: Event) -> str:
        """Its code."""
        return event.camera.code

    @display(
        description="verdict",
        label={
            "confirmed": "success",
            "relabelled": "info",
            "rejected": "danger",
            "unclear": "warning",
        },
    )
    def verdict(self, event: Any) -> Any:
        """The one in force, with what was right."""
        found = words.ruling(event.spoken)
        return None if found is None else (found.verdict, words.said(found))

    @admin.display(description="verdict")
    def says(self, event: Any) -> str:
        """In a line."""
        return words.said_of(event.spoken) or "not reviewed"

    @admin.display(description="picture")
    def picture(self, event: Event) -> str:
        """What the camera saw, as long as the site keeps it."""
        snapshot = snapshots.of_event(event)
        if snapshot is None:
            return DASH
        return format_html(
            '<img src="{}" width="{}" height="{}" alt="What the camera saw"'
            ' style="max-width: 100%; height: auto">',
            reverse("snapshot", args=[snapshot.public_id]),
            snapshot.width,
            snapshot.height,
        )

    @admin.display(description="your own pictures")
    def archive(self, event: Event) -> str:
        """A link to the site's own archive."""
        at: Any = event.occurred_at
        address = filled(
            event.site.snapshot_link, camera=event.camera.code, timestamp=to_rfc3339(to_ms(at))
        )
        return format_html(
            '<a href="{}" target="_blank" rel="noopener noreferrer"'
            ' class="text-primary-600 underline dark:text-primary-500">Open at {}</a>',
            address,
            urlsplit(address).hostname,
        )
