"""The state timeline of all workers. For managers."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from metrics import queries
from metrics.pages.asked import Asked
from metrics.pages.figures_page import FiguresPage
from metrics.pages.strips import days, drawn
from metrics.queries import Question
from metrics.queries.scene import scene
from metrics.shown.head import head
from metrics.shown.scene import Scene
from workers.models import Role

_SEEN = ("working", "idle", "absent")


class TimelinePage(FiguresPage):
    """A strip per worker; of more than a day, the days to choose from."""

    template = "metrics/timeline.html"
    place = "timeline"
    least_role = Role.MANAGER
    has_list = True

    def answer(self, asked: Asked, question: Question, shown: dict[str, Any]) -> HttpResponse:
        """Strips of thousands of people-hours would neither be read nor be quick."""
        if queries.is_drawn(question.window):
            return super().answer(asked, question, shown)
        view = head(Scene.of(scene(question), asked.links))
        context = {"view": view, "days": days(asked, question, self.place)}
        context |= self.scripted(asked, question)
        return render(self.request, self.template, shown | context)

    def ask(self, question: Question) -> dict[str, Any]:
        """As metrics.queries.strips."""
        return queries.strips(question)

    def has_figures(self, figures: dict[str, Any]) -> bool:
        """Whether anybody was seen, or anything counted."""
        seen = {figures["states"].index(state) for state in _SEEN}
        return any(
            each["counts"] or any(state in seen for _, _, state, _ in each["spans"])
            for each in figures["results"]
        )

    def moving(self, asked: Asked, question: Question, overview: dict[str, Any]) -> dict[str, Any]:
        """The strips, and what heads the page."""
        strips = drawn(asked, overview, path=self.place, part=self.part(asked))
        return {
            **self.scripted(asked, question),
            **strips,
            "view": strips["timeline"],
            "overview_url": strips["strips_url"],
            "codes_shown": overview["people_shown"] == "codes",
            "wanted": self.wanted(asked),
            **self.finding(asked),
        }
