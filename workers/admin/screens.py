"""Admin page of wall screens: made with a link that is shown once, then revoked."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from common import clock
from workers import screens
from workers.admin.base import OwnSitesFilter
from workers.admin.filters import ChoiceFilter
from workers.admin.once import Once, show
from workers.admin.revocable import RevocableAdmin
from workers.models import Role, WallScreen


class ScreenStateFilter(ChoiceFilter):
    """How screens stand now."""

    title = "state"
    parameter_name = "state"
    choices_shown = {"open": "in use", "expired": "expired", "revoked": "revoked"}

    def condition(self, chosen: str) -> Q:
        """By the clock."""
        now = clock.now()
        return {
            "open": Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=now)),
            "expired": Q(revoked_at=None, expires_at__lte=now),
            "revoked": Q(revoked_at__isnull=False),
        }[chosen]


@admin.register(WallScreen)
class WallScreenAdmin(RevocableAdmin):
    kind = "screen"
    loss = (
        "It shows nothing any more from now on. A revoked screen can't be brought back; add a new"
        " one instead, and open its link."
    )
    view_role = Role.ADMIN
    fixed = ("site", "created_at", "revoked_at", "used")
    fields = ["site", "name", "shows_workers", "expires_at"]
    list_display = ["name", "site", "state", "ends", "used", "shows_workers"]
    list_filter = [ScreenStateFilter, ("site", OwnSitesFilter)]
    list_select_related = ["site"]
    search_fields = ["name"]
    search_help_text = "Where it hangs"
    ordering = ["-id"]
    actions = ["revoke"]
    actions_detail = ["revoke_this"]
    empty_text = (
        "A screen over the line shows the live floor in large type. Add it here: the next page"
        " has the link to open on it."
    )

    def revoke_one(self, row: WallScreen) -> None:
        """It goes dark within seconds."""
        screens.revoke(row, at=clock.now())

    def save_model(self, request: HttpRequest, obj: WallScreen, form: Any, change: bool) -> None:
        """A new one; its link goes to the page that shows it, this once."""
        if change:
            self.store(obj)
            return
        request.issued_screen = screens.create(obj, at=clock.now())  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: WallScreen, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The link itself, in this answer alone: in no message, session or address."""
        issued: screens.IssuedScreen = request.issued_screen  # type: ignore[attr-defined]
        link = f"{request.build_absolute_uri(reverse('screen'))}#{issued.key}"
        return show(request, _once(issued.row, link))


def _once(screen: WallScreen, link: str) -> Once:
    return Once(
        title=f"Screen {screen.name}",
        heading="The link – keep it now, it is not shown again",
        secret=link,
        text="Open it in the browser of the screen, and make it the page that this browser starts"
        " with. Whoever has the link sees the live floor, and nothing else. Revoke the screen here"
        " and it goes dark within seconds.",
        back=reverse("admin:workers_wallscreen_changelist"),
    )
