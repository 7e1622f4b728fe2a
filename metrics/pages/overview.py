"""The overview, and the front door that leads to it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from metrics.pages.asked import Asked
from metrics.pages.figures_page import FiguresPage
from metrics.queries import Question
from metrics.shown.overview import present
from workers.access import sites_of

MOST_ROWS = 12  # of workstations and of workers; all of them stand on pages of their own


@login_required
@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """To the first of the user's sites, or what to do when there is none."""
    first = sites_of(request.user).order_by("code").first()
    if first is None:
        return render(request, "metrics/no_site.html")
    return redirect("site-overview", first.code)


class OverviewPage(FiguresPage):
    """How it is going at a site, where, and who."""

    template = "metrics/overview.html"
    place = ""
    has_charts = True

    def present(self, overview: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """As metrics.shown.overview."""
        return present(overview, asked.links)

    def moving(self, asked: Asked, question: Question, overview: dict[str, Any]) -> dict[str, Any]:
        """With where the rest of long tables stands."""
        return super().moving(asked, question, overview) | {
            "most_rows": MOST_ROWS,
            "most_slice": f":{MOST_ROWS}",
            "more_workstations": len(overview["workstations"]) > MOST_ROWS,
            "more_workers": len(overview.get("workers", [])) > MOST_ROWS,
            "floor_url": asked.links.page("floor"),
            "workers_url": asked.links.page("workers"),
            "workers_table_url": asked.api("workers", **asked.parameters),
            "workstations_url": asked.links.page("workstations"),
            "workstations_table_url": asked.api("workstations", **asked.parameters),
        }
