"""The user's sites beside each other, in the same period."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from metrics.api_sites import site_records
from metrics.pages.asked import Asked
from metrics.pages.site_page import SitePage
from metrics.queries import Question
from metrics.shown.sites import present


class SitesPage(SitePage):
    """Each site in its own time, with its own shifts; it leads to their overviews."""

    template = "metrics/sites.html"
    place = "compare"

    def context(self, asked: Asked, _question: Question) -> dict[str, Any]:
        """A row per site."""
        query = urlencode(asked.parameters)
        answer = {"results": site_records(asked.sites, asked.parameters)}
        return {
            "view": present(answer, asked.links),
            "overview_url": f"{reverse('metrics-sites')}?{query}",
        }
