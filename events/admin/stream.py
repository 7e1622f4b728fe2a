"""Admin page of Kafka's partitions: what waits, how fast it is stored, what could not be."""

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from common import clock
from common.instants import to_ms
from events.models import StreamPosition
from events.stream import queries
from workers.admin.moments import ago, utc
from workers.admin.upkeep import UpkeepAdmin

NOBODY_STORES = (
    "Messages wait, and no consumer has stored any for a minute. "
    "Start one with: manage.py consume_events"
)


@admin.register(StreamPosition)
class StreamPositionAdmin(UpkeepAdmin):
    """Consumers keep it."""

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
    ordering = ["partition"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[StreamPosition]":
        """Of the topic that settings name."""
        rows: QuerySet[StreamPosition] = super().get_queryset(request)
        return rows.filter(topic=settings.KAFKA_TOPIC)

    def standstill(self) -> str:
        """When messages wait and no consumer stores."""
        is_stalled = queries.is_stalled(queries.positions(), now=to_ms(clock.now()))
        return NOBODY_STORES if is_stalled else ""

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
        return utc(row.newest_at)

    @admin.display(description="last stored")
    def moved(self, row: StreamPosition) -> str:
        """When a consumer last did."""
        return ago(row.moved_at, clock.now(), never="never")
