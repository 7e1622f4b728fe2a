"""The admin of what opens a door: shown once when it is made, then revoked, never deleted."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.decorators import action, display

from common import clock
from workers import keys
from workers.admin.base import SiteScopedAdmin
from workers.admin.confirmation import Question, ask, is_confirmed, selection
from workers.admin.moments import ago, ahead
from workers.admin.once import ONE
from workers.admin.subject import subject_of
from workers.admin_site import roles_in
from workers.models import IngestKey, Role, WallScreen

Revocable = IngestKey | WallScreen


class RevocableAdmin(SiteScopedAdmin):
    """Its state in one word, and revoking: one from its page, many in the list, after a question.

    Subclasses say what people call it (`kind`), what is lost by revoking (`loss`), and revoke one.
    """

    kind: str
    loss: str

    @abstractmethod
    def revoke_one(self, row: Any) -> None:
        """Refused from now on; repeating it changes nothing."""

    def owner_of(self, row: Any) -> str:
        """Whose it is, in a list of what is to be revoked."""
        return str(row.site)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What happened to it stands on its page."""
        return [*self.fields, "created_at", "revoked_at", "used"] if obj else self.fields

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One at a time: what is shown once comes next."""
        response: HttpResponse = super().add_view(request, form_url, ONE | (extra_context or {}))
        return response

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: it is revoked."""
        return False

    def has_use_permission(self, request: HttpRequest, object_id: str) -> bool:
        """Whether it still opens the door."""
        row = self.get_object(request, object_id)
        return row is not None and keys.is_open(row, at=clock.now())

    @display(
        description="state", label={"in use": "success", "expired": "warning", "revoked": "danger"}
    )
    def state(self, row: Revocable) -> str:
        """In one word."""
        if row.revoked_at is not None:
            return "revoked"
        return "in use" if keys.is_open(row, at=clock.now()) else "expired"

    @display(description="ends", ordering="expires_at")
    def ends(self, row: Revocable) -> str:
        """When it is refused."""
        end = row.revoked_at or row.expires_at
        return ahead(end, clock.now()) if end else "–"

    @display(description="last used", ordering="last_used_at")
    def used(self, row: Revocable) -> str:
        """To the minute."""
        return ago(row.last_used_at, clock.now(), never="never")

    @admin.action(description="Revoke …", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Refused from now on, once confirmed; repeating it changes nothing."""
        own = queryset.filter(roles_in(request).condition(Role.ADMIN, "site")).order_by("id")
        if not is_confirmed(request):
            return ask(request, self._question(own, selection("revoke", own)))
        for row in own:
            self.revoke_one(row)
        self.message_user(request, f"{len(own)} revoked.", messages.SUCCESS)
        return None

    @action(description="Revoke …", url_path="revoke", permissions=["use"], icon="block")
    def revoke_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The same from its own page."""
        row: Revocable = subject_of(self, request, object_id)
        if not is_confirmed(request):
            return ask(request, self._question([row], {}))
        self.revoke_one(row)
        self.message_user(request, f"{row} is revoked.", messages.SUCCESS)
        return HttpResponseRedirect(page_of(row))

    def _question(self, rows: Sequence[Any] | QuerySet[Any], hidden: Any) -> Question:
        return Question(
            title=f"Revoke a {self.kind}" if len(rows) == 1 else f"Revoke {len(rows)} {self.kind}s",
            text=self.loss,
            subjects=[f"{row} – {self.owner_of(row)} – last used {self.used(row)}" for row in rows],
            button="Revoke",
            back=page_of(rows[0]) if len(rows) == 1 else _list_of(self.model),
            is_danger=True,
            hidden=hidden,
        )


def page_of(row: Revocable) -> str:
    """Where it stands in the admin."""
    return reverse(f"admin:workers_{row._meta.model_name}_change", args=[row.pk])


def _list_of(model: Any) -> str:
    return reverse(f"admin:workers_{model._meta.model_name}_changelist")
