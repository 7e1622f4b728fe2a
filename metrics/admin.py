"""Admin pages of what follows from facts; `manage.py rebuild` makes it anew."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from common.instants import SECOND_MS
from events.lists import site_ids_of, unindexed
from metrics.admin_lists import BY_BUCKET, BY_PRESENCE, BucketList, GrainFilter, SpanList
from metrics.models import Bucket, Span, WorkerStatus, WorkstationBucket
from workers.admin.base import FactAdmin, OwnSitesFilter
from workers.admin_site import roles_in

_BY_SITE = ("site", OwnSitesFilter)
_BY_WORKERS_SITE = ("worker__site", OwnSitesFilter)
_BY_WORKSTATION = ("workstation", OwnSitesFilter)


class _Placed(FactAdmin):
    """Rows at a workstation, by codes: not every site shows the names of workers."""

    @admin.display(description="worker")
    def worker_code(self, row: Any) -> str:
        """Its code."""
        return str(row.worker.code)

    @admin.display(description="workstation")
    def workstation_code(self, row: Any) -> str:
        """Its code."""
        return str(row.workstation.code)

    @admin.display(description="start (UTC)")
    def start(self, row: Any) -> str:
        """When it began."""
        began = row.start_at if hasattr(row, "start_at") else row.started_at
        return f"{began:%Y-%m-%d %H:%M:%S}"


@admin.register(Span)
class SpanAdmin(_Placed):
    site_path = "worker__site"
    list_display = ["start", "end", "state", "worker_code", "workstation_code"]
    list_filter = ["state", _BY_WORKERS_SITE, _BY_WORKSTATION]
    list_before_template = "events/list_notes.html"
    list_select_related = ["worker", "workstation"]
    search_fields = ["=worker__code"]
    search_help_text = "Code of a worker"
    fields = list_display

    def get_changelist(self, _request: HttpRequest, **_kwargs: Any) -> type[SpanList]:
        """One that follows the indexes."""
        return SpanList

    @admin.display(description="end (UTC)")
    def end(self, span: Span) -> str:
        """When it ended."""
        return f"{span.ended_at:%Y-%m-%d %H:%M:%S}"


class _Summed(_Placed):
    """Sums of one grain, in the order of their key."""

    by_time: Sequence[str]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Of one's own sites, looked at as they pass by."""
        own = site_ids_of(roles_in(request), self.view_role)
        rows: QuerySet[Any] = self.model._default_manager.order_by("-pk")
        return rows if own is None else unindexed(rows, "site", own)

    def get_changelist(self, _request: HttpRequest, **_kwargs: Any) -> type[BucketList]:
        """One that follows the indexes."""
        return BucketList


@admin.register(WorkerStatus)
class WorkerStatusAdmin(_Placed):
    site_path = "worker__site"
    list_display = ["worker_code", "workstation_code", "state", "start", "until"]
    list_filter = ["state", _BY_WORKERS_SITE, _BY_WORKSTATION]
    list_select_related = ["worker", "workstation"]
    search_fields = ["=worker__code"]
    search_help_text = "Code of a worker"
    ordering = ["worker__site", "worker__code"]
    fields = list_display

    @admin.display(description="holds until (UTC)")
    def until(self, status: WorkerStatus) -> str:
        """Without news it is unknown from then on."""
        return f"{status.holds_until:%Y-%m-%d %H:%M:%S}"


@admin.register(Bucket)
class BucketAdmin(_Summed):
    by_time = BY_BUCKET
    list_display = [
        "start",
        "grain",
        "worker_code",
        "workstation_code",
        "working",
        "idle",
        "absent",
        "units",
    ]
    list_filter = [GrainFilter, _BY_SITE, _BY_WORKSTATION]
    list_select_related = ["worker", "workstation"]
    search_fields = ["=worker__code"]
    search_help_text = "Code of a worker"
    fields = [
        "site",
        *list_display,
        "working_events",
        "idle_events",
        "absent_events",
        "count_events",
        "confidence_events",
        "confidence_sum",
        "low_confidence_events",
        "late_events",
        "lag_ms_sum",
        "overruled_events",
        "newest",
    ]

    @admin.display(description="working")
    def working(self, bucket: Bucket) -> str:
        """To the second."""
        return length(bucket.working_ms)

    @admin.display(description="idle")
    def idle(self, bucket: Bucket) -> str:
        """To the second."""
        return length(bucket.idle_ms)

    @admin.display(description="absent")
    def absent(self, bucket: Bucket) -> str:
        """To the second."""
        return length(bucket.absent_ms)

    @admin.display(description="newest event (UTC)")
    def newest(self, bucket: Bucket) -> str:
        """The newest event in it."""
        return f"{bucket.newest_event_at:%Y-%m-%d %H:%M:%S}"


@admin.register(WorkstationBucket)
class WorkstationBucketAdmin(_Summed):
    by_time = BY_PRESENCE
    list_display = ["start", "grain", "workstation_code", "present_any", "working_any"]
    list_filter = [GrainFilter, _BY_SITE, _BY_WORKSTATION]
    list_select_related = ["workstation"]
    search_fields = ["=workstation__code"]
    search_help_text = "Code of a workstation"
    fields = list_display

    @admin.display(description="somebody present")
    def present_any(self, bucket: WorkstationBucket) -> str:
        """To the second."""
        return length(bucket.present_any_ms)

    @admin.display(description="somebody working")
    def working_any(self, bucket: WorkstationBucket) -> str:
        """To the second."""
        return length(bucket.working_any_ms)


def length(ms: int) -> str:
    """Such as 2 min 24 s."""
    minutes, seconds = divmod(round(ms / SECOND_MS), 60)
    return f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"
