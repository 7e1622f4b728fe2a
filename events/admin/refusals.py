"""Admin pages of what could not become a fact."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from events import retry as retrying
from events.models import RefusedEvent
from events.received_filter import ReceivedFilter
from workers.admin.base import FactAdmin, OwnSitesFilter
from workers.admin_site import roles_in
from workers.models import Role


@admin.register(RefusedEvent)
class RefusedEventAdmin(FactAdmin):
    """Each can be tried again once its cause is mended."""

    list_display = [
        "last_received",
        "site",
        "camera_code",
        "code",
        "detail",
        "count",
        "is_whole",
    ]
    list_filter = [ReceivedFilter, ("site", OwnSitesFilter), "code", "is_cut"]
    list_select_related = ["site"]
    search_fields = ["camera_code", "detail"]
    search_help_text = "Code of a camera, or a word of the reason"
    empty_text = "What came in and could not be stored as a fact, with its reason."
    fields = [
        "site",
        "camera_code",
        "code",
        "detail",
        "count",
        "first_received",
        "last_received",
        "is_whole",
        "payload_text",
    ]
    actions = ["retry"]

    @admin.display(description="first received (UTC)")
    def first_received(self, refused: RefusedEvent) -> str:
        """When it first came."""
        return f"{refused.first_received_at:%Y-%m-%d %H:%M:%S}"

    @admin.display(description="last received (UTC)")
    def last_received(self, refused: RefusedEvent) -> str:
        """When it last came."""
        return f"{refused.last_received_at:%Y-%m-%d %H:%M:%S}"

    @admin.display(description="can be tried again")
    def is_whole(self, refused: RefusedEvent) -> str:
        """Only what was kept whole."""
        return "no, it was too long to keep" if refused.is_cut else "yes"

    @admin.display(description="as sent")
    def payload_text(self, refused: RefusedEvent) -> str:
        """Bytes that are no UTF-8 are shown as replacement characters."""
        return bytes(refused.payload).decode("utf-8", "replace")

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Admins of a site; others read."""
        return roles_in(request).allow_somewhere(Role.ADMIN)

    @admin.action(description="Try again", permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: QuerySet[RefusedEvent]) -> None:
        """Those of the sites where the user is an admin."""
        own = queryset.filter(roles_in(request).condition(Role.ADMIN, "site")).order_by("id")
        outcomes = retrying.retry(own)
        told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
        level: Any = (
            messages.WARNING if outcomes["refused"] or outcomes["cut"] else messages.SUCCESS
        )
        self.message_user(request, f"Tried again: {told or 'none of your sites'}.", level)
