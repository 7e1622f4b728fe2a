"""Hour × workstation: when utilization and throughput are high and low, and where."""

from typing import Any

from django.utils.translation import gettext_lazy

from metrics import queries
from metrics.pages.asked import Asked
from metrics.pages.figures_page import FiguresPage
from metrics.queries import Question
from metrics.shown.hours import HIGHEST, MEASURES, present

WORDS = {
    "utilization": gettext_lazy("Utilization"),
    "units": gettext_lazy("Units per hour"),
    "target": gettext_lazy("Units, of target"),
}


class HoursPage(FiguresPage):
    """`?measure=` says what the cells show."""

    template = "metrics/hours.html"
    place = "hours"
    has_list = True

    def kept(self, asked: Asked) -> dict[str, str]:
        """The measure stays while periods and sites change."""
        wanted = asked.given.get("measure", "")
        return {"measure": wanted} if wanted in MEASURES[1:] else {}

    def ask(self, question: Question) -> dict[str, Any]:
        """As metrics.queries.hours."""
        return queries.hours(question)

    def has_figures(self, figures: dict[str, Any]) -> bool:
        """Whether anything was seen or counted in scheduled time."""
        seen = ("working_ms", "idle_ms", "absent_ms", "units")
        return any(record[name] for record in figures["results"] for name in seen)

    def moving(self, asked: Asked, question: Question, overview: dict[str, Any]) -> dict[str, Any]:
        """The cells, and the switch of their measure."""
        measure = self.kept(asked).get("measure", MEASURES[0])
        url = asked.api("hours", **asked.parameters)
        return {
            **self.scripted(asked, question),
            "view": present(overview, asked.links, measure, self.part(asked)),
            "overview_url": url,
            "measure": measure,
            "measures": [_choice(asked, each, measure) for each in MEASURES],
            **self.finding(asked),
            "levels": range(HIGHEST + 1),
            "is_pooled": any(not hour["start"] for hour in overview["hours"]),
            "wanted": self.wanted(asked),
        }


def _choice(asked: Asked, measure: str, chosen: str) -> dict[str, Any]:
    more = {} if measure == MEASURES[0] else {"measure": measure}
    return {
        "word": WORDS[measure],
        "url": asked.links.page("hours", **more, **asked.looks_for),
        "is_current": measure == chosen,
    }
