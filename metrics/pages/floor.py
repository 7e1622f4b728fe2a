"""The live floor: every workstation as it is now, in one screen."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from metrics.pages.asked import Asked
from metrics.pages.figures_page import FiguresPage
from metrics.pages.kiosk import KioskPage
from metrics.queries import Question
from metrics.shown.floor import FILTERS, STATES, present
from metrics.shown.rows import station_word
from metrics.shown.wording import say


def floor(request: HttpRequest, code: str) -> HttpResponseBase:
    """As somebody at a desk sees it, or with `?kiosk` as it hangs on a wall."""
    page = KioskPage if "kiosk" in request.GET else FloorPage
    return page.as_view()(request, code=code)


class FloorPage(FiguresPage):
    """A tile per workstation; `?state=` leaves those that are alike."""

    template = "metrics/floor.html"
    place = "floor"
    compare = ()
    has_list = True
    stands_in = False  # the floor is as it is, whatever was seen before

    def kept(self, asked: Asked) -> dict[str, str]:
        """The filter stays while periods and sites change."""
        wanted = asked.given.get("state", "")
        return {"state": wanted} if wanted in FILTERS[1:] else {}

    def present(self, overview: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """As metrics.shown.floor."""
        return present(overview, asked.links, self.part(asked))

    def moving(self, asked: Asked, question: Question, overview: dict[str, Any]) -> dict[str, Any]:
        """With the filters."""
        context = super().moving(asked, question, overview)
        chosen = self.kept(asked).get("state", FILTERS[0])
        counts = context["view"]["counts"]
        filters = [
            {
                "key": key,
                "word": _word(key),
                "n": counts[key],
                "url": asked.links.page(
                    self.place,
                    **({} if key == FILTERS[0] else {"state": key}),
                    **asked.looks_for,
                ),
                "is_current": key == chosen,
            }
            for key in FILTERS
        ]
        return context | {
            "filters": filters,
            "chosen": chosen,
            "none": counts[chosen] == "0" and not context["view"]["part"]["none"],
            "kiosk_url": asked.links.page(self.place, kiosk=""),
            "table_url": asked.api("workstations", **asked.parameters),
        }


def _word(key: str) -> str:
    return station_word(key) if key in STATES else say(f"filter_{key}")
