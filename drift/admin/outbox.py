"""Admin page of the outbox: what became of every message."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from unfold.decorators import display

from common import clock
from common.instants import to_ms
from drift.models import OutboxMessage
from drift.notifying import outbox
from workers.admin.base import FactAdmin, OwnSitesFilter
from workers.admin.moments import ago, ahead, local
from workers.admin_site import roles_in
from workers.models import Role


class StateFilter(admin.SimpleListFilter):
    """How messages stand now."""

    title = "state"
    parameter_name = "state"
    _CONDITIONS = {
        "failed": Q(gave_up=True),
        "again": Q(gave_up=False, sent_at=None) & ~Q(error=""),
        "waiting": Q(gave_up=False, sent_at=None, error=""),
        "sent": Q(sent_at__isnull=False),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """As people say it."""
        return [
            ("failed", "failed"),
            ("again", "trying again"),
            ("waiting", "waiting"),
            ("sent", "sent"),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[OutboxMessage]
    ) -> QuerySet[OutboxMessage]:
        """Those that stand so; an unknown word narrows nothing."""
        return queryset.filter(self._CONDITIONS.get(self.value() or "", Q()))


@admin.register(OutboxMessage)
class OutboxMessageAdmin(FactAdmin):
    """Read-only; what has not arrived can be tried again."""

    view_role = Role.ADMIN
    list_display = ["since", "subject", "told", "site", "standing", "result"]
    list_display_links = ["since", "subject"]
    list_filter = [StateFilter, "channel", "kind", ("site", OwnSitesFilter)]
    list_select_related = ["site"]
    search_fields = ["subject", "to"]
    search_help_text = "Part of the subject or of the address"
    empty_text = "What was sent to recipients and webhooks, and what waits for another try."
    fields = [
        "site",
        "kind",
        "to",
        "subject",
        "paragraphs",
        "content",
        "announced",
        "standing",
        "attempts",
        "result",
        "message_id",
    ]
    actions = ["try_again"]

    @display(description="announced")
    def since(self, message: OutboxMessage) -> str:
        """How long ago."""
        return ago(message.announced_at, clock.now())

    @display(description="to")
    def told(self, message: OutboxMessage) -> str:
        """Whom; of a webhook the host tells enough."""
        is_mail = message.channel == OutboxMessage.Channel.MAIL
        return message.to if is_mail else str(urlsplit(message.to).hostname)

    @display(description="text")
    def paragraphs(self, message: OutboxMessage) -> str:
        """Its lines as they are."""
        return format_html_join("", "{}<br>", ([line] for line in message.text.splitlines()))

    @display(description="announced")
    def announced(self, message: OutboxMessage) -> str:
        """On the site's clock."""
        return local(message.announced_at, message.site)

    @display(
        description="state",
        label={
            "sent": "success",
            "failed": "danger",
            "trying again": "warning",
            "waiting": "info",
        },
    )
    def standing(self, message: OutboxMessage) -> str:
        """In a word or two."""
        return message.state

    @display(description="what came of it")
    def result(self, message: OutboxMessage) -> str:
        """And when."""
        now = clock.now()
        if message.sent_at:
            return f"Sent {ago(message.sent_at, now)}."
        if message.gave_up:
            return message.error
        if message.attempts and not message.error:
            return "A try is under way."
        due = (
            "Due." if message.next_try_at <= now else f"Next try {ahead(message.next_try_at, now)}."
        )
        return f"{message.error} {due}".strip()

    @display(description="data")
    def content(self, message: OutboxMessage) -> str:
        """As webhooks carry it."""
        return format_html(
            '<pre style="white-space: pre-wrap; overflow-wrap: anywhere">{}</pre>',
            json.dumps(message.data, indent=2, ensure_ascii=False),
        )

    def has_try_permission(self, request: HttpRequest) -> bool:
        """Admins of a site."""
        return roles_in(request).allow_somewhere(Role.ADMIN)

    @admin.action(description="Try again", permissions=["try"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> None:
        """Those that have not arrived, at sites where the user is an admin; for three more days."""
        own = queryset.filter(roles_in(request).condition(Role.ADMIN, "site"))
        tried = outbox.try_again(own, now_ms=to_ms(clock.now()))
        told = f"{tried} will be tried now." if tried else "All of these have arrived already."
        self.message_user(request, told, messages.SUCCESS if tried else messages.WARNING)
