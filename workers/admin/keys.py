"""Admin page of ingest keys: shown once, then revoked rather than changed."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from common import clock
from workers import keys
from workers.admin.base import OwnSitesFilter, SiteScopedAdmin
from workers.admin_site import roles_in
from workers.models import IngestKey, Role


@admin.register(IngestKey)
class IngestKeyAdmin(SiteScopedAdmin):
    view_role = Role.ADMIN
    fixed = ("site", "camera", "revoked_at", "last_used_at")
    fields = ["site", "camera", "expires_at"]
    list_display = ["__str__", "site", "camera", "expires_at", "revoked_at", "last_used_at"]
    list_filter = [("site", OwnSitesFilter), ("camera", OwnSitesFilter)]
    list_select_related = ["site", "camera"]
    search_fields = ["prefix", "camera__code"]
    ordering = ["-id"]
    autocomplete_fields = ["site", "camera"]
    actions = ["revoke"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What happened to it stands on its page."""
        return [*self.fields, "revoked_at", "last_used_at"] if obj else self.fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: a key is revoked."""
        return False

    def save_model(self, request: HttpRequest, obj: IngestKey, form: Any, change: bool) -> None:
        """A new key is shown, this once."""
        if change:
            self.store(obj)
            return
        issued = keys.create_key(
            site=obj.site, camera=obj.camera, expires_at=obj.expires_at, at=clock.now()
        )
        obj.pk, obj.prefix = issued.row.pk, issued.row.prefix
        text = f"The key is {issued.text} – keep it now, it is not shown again."
        self.message_user(request, text, messages.WARNING)

    @admin.action(description="Revoke", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[IngestKey]) -> None:
        """Refused from now on; repeating it changes nothing."""
        own = queryset.filter(roles_in(request).condition(Role.ADMIN, "site"))
        for key in own:
            keys.revoke(key, at=clock.now())
        self.message_user(request, f"{len(own)} keys are revoked.")
