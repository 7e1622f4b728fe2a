"""Workstations: the list with its bottlenecks, and one workstation's own page."""

from typing import Any

from metrics.pages.asked import Asked
from metrics.pages.figures_page import FiguresPage
from metrics.queries import Question
from metrics.shown import workstation, workstations
from metrics.shown.links import workstation_path
from metrics.shown.rows import beside


class WorkstationsPage(FiguresPage):
    """What holds the floor up, and all workstations in a table that the reader sorts."""

    template = "metrics/workstations.html"
    place = "workstations"
    has_list = True

    def present(self, overview: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """As metrics.shown.workstations."""
        return workstations.present(overview, asked.links, self.part(asked))

    def moving(self, asked: Asked, question: Question, overview: dict[str, Any]) -> dict[str, Any]:
        """With the table to take along."""
        context = super().moving(asked, question, overview)
        return context | {
            "most_bottlenecks": workstations.MOST_BOTTLENECKS,
            "table_url": asked.api("workstations", **asked.parameters),
        }


class WorkstationPage(FiguresPage):
    """One workstation in a period."""

    template = "metrics/workstation.html"
    place = "workstations"
    has_charts = True
    stands_in = False

    def path(self, **subject: str) -> str:
        """Below the list."""
        return workstation_path(subject["workstation"])

    def narrowed(self, **subject: str) -> dict[str, str]:
        """To the workstation."""
        return {"workstation_id": subject["workstation"]}

    def present(self, overview: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """As metrics.shown.workstation."""
        return workstation.present(overview, asked.links)

    def moving(self, asked: Asked, question: Question, overview: dict[str, Any]) -> dict[str, Any]:
        """With which it is."""
        code = self.subject["workstation"]
        name = question.master.workstations[code].name
        return super().moving(asked, question, overview) | {
            "code": code,
            "name": beside(name, code),
            "list_url": asked.links.page(self.place),
            "table_url": asked.api("workers", **asked.parameters, workstation_id=code),
        }
