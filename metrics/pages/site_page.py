"""A page about one site and one period: who may see it, what it asks, and the frame around it."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.generic import View
from rest_framework.exceptions import NotFound

from metrics.api import question_of
from metrics.pages.asked import Asked
from metrics.pages.frame import frame
from metrics.queries import Question
from metrics.shown.wording import words
from metrics.windows import WindowError
from workers.models import Role


class SitePage(LoginRequiredMixin, View):
    """Subclasses name their template and say what it shows; `metrics.pages` tells how."""

    http_method_names = ("get", "head", "options")
    template: ClassVar[str]
    place: ClassVar[str]  # the entry of the navigation to which it belongs
    least_role: ClassVar[str] = Role.VIEWER
    has_list: ClassVar[bool] = False  # a long one, in which its readers look for somebody
    refusal: ClassVar[Promise] = gettext_lazy("Figures about people are for managers")

    def get(self, request: HttpRequest, code: str, **subject: str) -> HttpResponse:
        """The page; 404 where the user is no member, 403 where the role does not allow it."""
        self.subject = subject
        asked = Asked.of(request, code)
        try:
            return self._page(asked)
        except WindowError as error:
            return render(request, "error.html", {"status": 400, "detail": str(error)}, status=400)
        except NotFound as error:
            raise Http404 from error

    def _page(self, asked: Asked) -> HttpResponse:
        path, kept = self.path(**self.subject), self._kept(asked)
        if parameters := asked.range_of_form():
            return redirect(asked.links_with(parameters).page(path, **kept))
        is_allowed = asked.access.at_least(self.least_role)
        narrowed = self.narrowed(**self.subject) if is_allowed else {}
        question = question_of(asked.access, asked.parameters | narrowed)
        shown = frame(asked, question, place=self.place, path=path, kept=kept)
        if not is_allowed:
            context = shown | {"refusal": self.refusal}
            return render(self.request, "metrics/forbidden.html", context, status=403)
        return self.answer(asked, question, shown)

    def path(self, **_subject: str) -> str:
        """Where the page lies below the site's; as its entry of the navigation."""
        return self.place

    def narrowed(self, **_subject: str) -> dict[str, str]:
        """Parameters of the figures API that narrow the question to the page's subject."""
        return {}

    def kept(self, _asked: Asked) -> dict[str, str]:
        """Parameters of the page's own that stay when the period changes."""
        return {}

    def _kept(self, asked: Asked) -> dict[str, str]:
        """With what is looked for, which is the same in any period."""
        return self.kept(asked) | (asked.looks_for if self.has_list else {})

    def answer(self, asked: Asked, question: Question, shown: dict[str, Any]) -> HttpResponse:
        """The page, once everybody's right to it is settled. `shown`: the frame."""
        context = shown | self.scripted(asked, question) | self.context(asked, question)
        return render(self.request, self.template, context)

    def context(self, asked: Asked, question: Question) -> dict[str, Any]:
        """What the template shows besides the frame."""
        raise NotImplementedError

    def scripted(self, asked: Asked, question: Question) -> dict[str, Any]:
        """What every page's script needs to know."""
        here = asked.links.page(self.path(**self.subject))
        return {
            "words": words(),
            "time_zone": question.master.time_zone.key,
            "reaches_now": question.window.reaches_now,
            "login_url": f"{reverse('login')}?{urlencode({'next': here})}",
        }
