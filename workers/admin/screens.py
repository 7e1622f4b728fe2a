"""Admin page of wall screens: made with a link that is shown once, then revoked."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.decorators import display

from common import clock
from workers import keys, screens
from workers.admin.base import OwnSitesFilter
from workers.admin.filters import ChoiceFilter
from workers.admin.moments import ago, ahead
from workers.admin.once import ONE, Once, show
from workers.admin.screen_actions import ScreenActions
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
class WallScreenAdmin(ScreenActions):
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

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What happened to it stands on its page."""
        return [*self.fields, "created_at", "revoked_at", "used"] if obj else self.fields

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One at a time: its link is shown next."""
        response: HttpResponse = super().add_view(request, form_url, ONE | (extra_context or {}))
        return response

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: a screen is revoked."""
        return False

    @display(
        description="state", label={"in use": "success", "expired": "warning", "revoked": "danger"}
    )
    def state(self, screen: WallScreen) -> str:
        """In one word."""
        if screen.revoked_at is not None:
            return "revoked"
        return "in use" if keys.is_open(screen, at=clock.now()) else "expired"

    @display(description="ends", ordering="expires_at")
    def ends(self, screen: WallScreen) -> str:
        """When it is refused."""
        end = screen.revoked_at or screen.expires_at
        return ahead(end, clock.now()) if end else "–"

    @display(description="last used", ordering="last_used_at")
    def used(self, screen: WallScreen) -> str:
        """To the minute."""
        return ago(screen.last_used_at, clock.now(), never="never")

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
