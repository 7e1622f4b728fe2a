"""How figures are computed, in plain words, with what is set at the site."""

from typing import Any

from metrics.pages.asked import Asked
from metrics.pages.site_page import SitePage
from metrics.queries import Question
from metrics.shown.methods import facts


class MethodsPage(SitePage):
    """One click away from every figure."""

    template = "metrics/methods.html"
    place = "methods"  # no entry of the navigation: figures lead here

    def context(self, asked: Asked, question: Question) -> dict[str, Any]:
        """The site's own settings."""
        return facts(question.master)
