"""The figures that a screen on the wall asks for."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.utils import extend_schema
from rest_framework import authentication, exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from metrics import queries
from metrics.api import FiguresView
from metrics.pages.screen import question_for
from metrics.queries import Question
from workers import screens
from workers.models import WallScreen
from workers.screen_cookie import screen_in


class ScreenAuthentication(authentication.BaseAuthentication):
    """A screen is no user: it comes as `request.auth`, and no other view looks for it."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, WallScreen]:
        """By its cookie; who has none, or a key that is revoked, is told so."""
        screen = screen_in(request._request)
        if screen is None:
            raise exceptions.AuthenticationFailed("This screen is not connected.")
        return AnonymousUser(), screen

    def authenticate_header(self, request: Request) -> str:
        """Makes it a 401 rather than a 403."""
        return "Screen"


@extend_schema(exclude=True)
class ScreenFiguresView(FiguresView):
    """As the overview of a viewer, with the codes of who is where if the screen shows them."""

    authentication_classes = [ScreenAuthentication]
    permission_classes = []

    def get(self, request: Request) -> Response:
        """Of the screen's site, whatever is asked."""
        screen: Any = request.auth
        return self.respond(request, screens.access_of(screen), question_for(screen), {})

    def answer(self, question: Question, parameters: dict[str, str]) -> dict[str, Any]:
        """Figures of single workers are none of what a screen is for."""
        overview = queries.overview(question)
        overview.pop("workers", None)
        return overview
