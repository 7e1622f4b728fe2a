"""The cookie in which a wall screen keeps its key: for its own pages, and for no script."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from common import clock
from workers import screens
from workers.models import WallScreen

NAME = "screen"
KEPT_S = 400 * 24 * 3_600  # as long as browsers keep any; each look at the floor renews it


def screen_in(request: HttpRequest) -> WallScreen | None:
    """The screen that asks, if its key is good. Notes that it was used."""
    now = clock.now()
    screen = screens.screen_of(request.COOKIES.get(NAME, ""), at=now)
    if screen is not None:
        screens.touch(screen, at=now)
    return screen


def keep(response: HttpResponseBase, key: str) -> None:
    """For what lies below the screen's own address alone: no other page ever sees it."""
    response.set_cookie(
        NAME,
        key,
        max_age=KEPT_S,
        path=reverse("screen"),
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Strict",
    )
