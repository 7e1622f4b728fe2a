"""Actions on wall screens: revoked, one or many, after a question."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy
from unfold.decorators import action

from common import clock
from workers import keys, screens
from workers.admin.base import SiteScopedAdmin
from workers.admin.confirmation import Question, ask, is_confirmed, selection
from workers.admin.moments import ago
from workers.admin.subject import subject_of
from workers.admin_site import roles_in
from workers.models import Role, WallScreen


class ScreenActions(SiteScopedAdmin):
    """On one screen's page, and on many in the list."""

    def has_use_permission(self, request: HttpRequest, object_id: str) -> bool:
        """Whether it can still be revoked."""
        screen = self.get_object(request, object_id)
        return screen is not None and keys.is_open(screen, at=clock.now())

    @admin.action(description="Revoke …", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[WallScreen]) -> HttpResponse | None:
        """Refused from now on, once confirmed; repeating it changes nothing."""
        own = queryset.filter(roles_in(request).condition(Role.ADMIN, "site")).order_by("id")
        if not is_confirmed(request):
            return ask(request, _revocation(own, selection("revoke", own)))
        for screen in own:
            screens.revoke(screen, at=clock.now())
        self.message_user(request, f"{len(own)} revoked.", messages.SUCCESS)
        return None

    @action(description="Revoke …", url_path="revoke", permissions=["use"], icon="block")
    def revoke_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The same from the screen's own page."""
        screen: WallScreen = subject_of(self, request, object_id)
        if not is_confirmed(request):
            return ask(request, _revocation([screen], {}))
        screens.revoke(screen, at=clock.now())
        self.message_user(request, f"{screen} is revoked.", messages.SUCCESS)
        return HttpResponseRedirect(_page_of(screen))


_LIST = reverse_lazy("admin:workers_wallscreen_changelist")


def _page_of(screen: WallScreen) -> str:
    return reverse("admin:workers_wallscreen_change", args=[screen.pk])


def _revocation(revoked: Sequence[WallScreen] | QuerySet[WallScreen], hidden: Any) -> Question:
    now = clock.now()
    return Question(
        title="Revoke a screen" if len(revoked) == 1 else f"Revoke {len(revoked)} screens",
        text="It shows nothing any more from now on. A revoked screen can't be brought back; add a"
        " new one instead, and open its link.",
        subjects=[
            f"{screen} – {screen.site} – last used {ago(screen.last_used_at, now, never='never')}"
            for screen in revoked
        ],
        button="Revoke",
        back=_page_of(revoked[0]) if len(revoked) == 1 else _LIST,
        is_danger=True,
        hidden=hidden,
    )
