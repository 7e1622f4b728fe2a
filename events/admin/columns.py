"""What an event's row and page show, by codes: not every site shows names."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display

from common.instants import to_ms, to_rfc3339
from events import snapshots
from events.admin import words
from events.models import Event, EventType
from workers.admin.columns import DASH
from workers.admin.moments import span
from workers.domain.links import filled


class EventColumns:
    """Each a column, or a line of the page."""

    @admin.display(description="time (UTC)")
    def occurred(self, event: Event) -> str:
        """When it happened."""
        return f"{event.occurred_at:%Y-%m-%d %H:%M:%S}"

    @admin.display(description="received (UTC)")
    def received(self, event: Event) -> str:
        """When it came."""
        return f"{event.received_at:%Y-%m-%d %H:%M:%S}"

    @admin.display(description="count")
    def units(self, event: Event) -> str:
        """Of a product count alone."""
        return f"{event.count:,}" if event.event_type == EventType.PRODUCT_COUNT else DASH

    @admin.display(description="confidence")
    def sureness(self, event: Event) -> str:
        """With as many digits in every row."""
        return DASH if event.confidence is None else f"{event.confidence:.3f}"

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
