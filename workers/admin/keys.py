"""Admin page of ingest keys: shown once, then rotated or revoked rather than changed."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.decorators import display

from common import clock
from workers import keys
from workers.admin.base import OwnSitesFilter
from workers.admin.connect import Sender, page_of
from workers.admin.key_actions import KeyActions
from workers.key_states import KeyState, in_state
from workers.models import IngestKey, Role


class KeyStateFilter(admin.SimpleListFilter):
    """How keys stand now."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """As people say it."""
        return [
            (KeyState.OPEN, "in use"),
            (KeyState.EXPIRING, "ends soon, with no other key in use"),
            (KeyState.UNUSED, "never used"),
            (KeyState.EXPIRED, "expired"),
            (KeyState.REVOKED, "revoked"),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[IngestKey]
    ) -> QuerySet[IngestKey] | None:
        """Those that stand so; an unknown word narrows nothing."""
        state = self.value()
        return in_state(queryset, state, at=clock.now()) if state in set(KeyState) else None


@admin.register(IngestKey)
class IngestKeyAdmin(KeyActions):
    view_role = Role.ADMIN
    fixed = ("site", "camera", "created_at", "revoked_at", "used")
    fields = ["site", "camera", "expires_at"]
    list_display = ["__str__", "site", "sender", "state", "ends", "used"]
    list_filter = [KeyStateFilter, ("site", OwnSitesFilter), ("camera", OwnSitesFilter)]
    list_select_related = ["site", "camera"]
    search_fields = ["prefix", "camera__code"]
    search_help_text = "Beginning of a key, or code of a camera"
    ordering = ["-id"]
    autocomplete_fields = ["site", "camera"]
    actions = ["revoke"]
    actions_detail = ["rotate", "revoke_this", "connect"]

    @display(description="sender")
    def sender(self, key: IngestKey) -> str:
        """Whose events it lets in."""
        return str(key.camera) if key.camera else "gateway: every camera"

    def save_model(self, request: HttpRequest, obj: IngestKey, form: Any, change: bool) -> None:
        """A new key goes to the page that shows it, this once."""
        if change:
            self.store(obj)
            return
        issued = keys.create_key(
            site=obj.site, camera=obj.camera, expires_at=obj.expires_at, at=clock.now()
        )
        obj.pk, obj.prefix = issued.row.pk, issued.row.prefix
        request.issued_key = issued  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: IngestKey, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The key itself, in this answer alone: in no message, session or address."""
        issued: keys.IssuedKey = request.issued_key  # type: ignore[attr-defined]
        return page_of(request, Sender(obj.site, obj.camera), issued)
