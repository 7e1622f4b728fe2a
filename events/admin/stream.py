"""Admin page of Kafka's partitions: what waits, how fast it is stored, what could not be."""

from datetime import datetime

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin

from common import clock
from common.instants import to_ms
from events.models import StreamPosition
from events.stream import queries
from workers.admin.base import SuperuserOnly
from workers.admin.moments import ago

NOBODY_STORES = (
    "Messages wait, and no consumer has stored any for a minute. "
    "Start one with: manage.py consume_events"
)


@admin.register(StreamPosition)
class StreamPositionAdmin(SuperuserOnly, ModelAdmin):  # type: ignore[misc]
    """Read-only: consumers keep it."""

    list_display = [
        "partition",
        "waits",
        "per_minute",
        "stored_in_all",
        "duplicates",
        "refused_in_all",
        "dead_letters",
        "newest",
        "moved",
    ]
    list_display_links = None
    ordering = ["partition"]
    sortable_by = ()
    actions = None

    def get_queryset(self, request: HttpRequest) -> "QuerySet[StreamPosition]":
        """Of the topic that settings name."""
        rows: QuerySet[StreamPosition] = super().get_queryset(request)
        return rows.filter(topic=settings.KAFKA_TOPIC)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, str] | None = None
    ) -> HttpResponse:
        """Says so when nobody stores."""
        if queries.is_stalled(queries.positions(), now=to_ms(clock.now())):
            self.message_user(request, NOBODY_STORES, messages.WARNING)
        response: HttpResponse = super().changelist_view(request, extra_context)
        return response

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The first message of a partition does."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False

    @admin.display(description="waiting")
    def waits(self, row: StreamPosition) -> str:
        """Its lag."""
        return f"{row.lag:,}"

    @admin.display(description="stored per minute")
    def per_minute(self, row: StreamPosition) -> str:
        """In the last full minute."""
        return f"{queries.stored_per_minute(row, now=to_ms(clock.now())):,}"

    @admin.display(description="stored")
    def stored_in_all(self, row: StreamPosition) -> str:
        """Since the beginning."""
        return f"{row.stored:,}"

    @admin.display(description="duplicates")
    def duplicates(self, row: StreamPosition) -> str:
        """Since the beginning."""
        return f"{row.duplicate:,}"

    @admin.display(description="refused")
    def refused_in_all(self, row: StreamPosition) -> str:
        """Since the beginning."""
        return f"{row.refused:,}"

    @admin.display(description="dead letters")
    def dead_letters(self, row: StreamPosition) -> str:
        """Since the beginning, and when the newest came."""
        newest = f" (newest {ago(row.dead_at, clock.now())})" if row.dead_at else ""
        return f"{row.dead:,}{newest}"

    @admin.display(description="newest message (UTC)")
    def newest(self, row: StreamPosition) -> str:
        """Of those stored."""
        return _moment(row.newest_at)

    @admin.display(description="last stored")
    def moved(self, row: StreamPosition) -> str:
        """When a consumer last did."""
        return ago(row.moved_at, clock.now(), never="never")


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else "–"
