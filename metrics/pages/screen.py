"""The pages of a screen on the wall, which has a key instead of a log-in.

All of them lie below /screen/, and so does its cookie: the key opens these and nothing else.
"""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common import clock
from metrics.api import question_of
from metrics.pages.kiosk import board
from metrics.queries import Question
from workers import screens
from workers.models import WallScreen
from workers.screen_cookie import NAME, keep, screen_in

PERIOD = {"period": "shift"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest) -> HttpResponse:
    """Where the link leads: a form that takes the key, and that the script sends by itself."""
    if request.method == "POST":
        key = request.POST.get("key", "").strip()
        if screens.screen_of(key, at=clock.now()) is None:
            return render(request, "metrics/screen.html", {"is_refused": True}, status=403)
        response: HttpResponse = redirect("screen-floor")
        keep(response, key)
        return response
    floor_url = reverse("screen-floor") if screen_in(request) else ""
    return render(request, "metrics/screen.html", {"floor_url": floor_url})


@never_cache
@require_safe
def floor(request: HttpRequest) -> HttpResponse:
    """The live floor of the screen's site."""
    screen = screen_in(request)
    if screen is None:
        return redirect("screen")
    question = question_for(screen)
    response = board(request, question, figures_url=reverse("screen-figures"))
    keep(response, request.COOKIES[NAME])
    return response


def question_for(screen: WallScreen) -> Question:
    """The running shift, or the last one, with workers by code or not at all."""
    question = question_of(screens.access_of(screen), PERIOD)
    return replace(question, names_shown=False, people_shown=screen.shows_workers)
