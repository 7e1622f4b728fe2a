"""The live floor for a screen on the wall: in large type, with nothing to press."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.release import release
from metrics import queries
from metrics.pages.asked import Asked
from metrics.pages.site_page import SitePage
from metrics.queries import Question
from metrics.shown.kiosk import present
from metrics.shown.links import Links
from metrics.shown.wording import words


class KioskPage(SitePage):
    """The floor as `?kiosk` shows it to a member; to a screen by itself: metrics.pages.screen."""

    place = "floor"

    def kept(self, asked: Asked) -> dict[str, str]:
        """Whoever logs in again comes back to it."""
        return {"kiosk": ""}

    def answer(self, asked: Asked, question: Question, _shown: dict[str, Any]) -> HttpResponse:
        """Without the frame."""
        login_url = self.scripted(asked, question)["login_url"]
        figures_url = asked.api("overview", **asked.parameters)
        return board(self.request, question, figures_url=figures_url, login_url=login_url)


def board(
    request: HttpRequest, question: Question, *, figures_url: str, login_url: str = ""
) -> HttpResponse:
    """What hangs on the wall, also while nothing was seen. `login_url`: none for a screen."""
    context = {
        "site_name": question.master.name,
        "view": present(queries.overview(question), Links("", "")),
        "overview_url": figures_url,
        "login_url": login_url,
        "release": release(),
        "words": words(),
    }
    return render(request, "metrics/kiosk.html", context)
