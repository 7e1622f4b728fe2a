"""Workers: the list, and one worker's own page. For managers."""

from typing import Any

from metrics.pages.asked import Asked
from metrics.pages.figures_page import FiguresPage
from metrics.pages.strips import strips_of
from metrics.queries import Question
from metrics.shown import worker, workers
from metrics.shown.links import worker_path
from metrics.shown.rows import beside
from workers.models import Role


class WorkersPage(FiguresPage):
    """Each worker against their own past and all together, in a table that the reader sorts."""

    template = "metrics/workers.html"
    place = "workers"
    least_role = Role.MANAGER
    has_list = True

    def present(self, overview: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """As metrics.shown.workers."""
        return workers.present(overview, asked.links, self.part(asked))

    def moving(self, asked: Asked, question: Question, overview: dict[str, Any]) -> dict[str, Any]:
        """With the table to take along."""
        context = super().moving(asked, question, overview)
        return context | {"table_url": asked.api("workers", **asked.parameters)}


class WorkerPage(FiguresPage):
    """One worker in a period."""

    template = "metrics/worker.html"
    place = "workers"
    least_role = Role.MANAGER
    compare = ("before", "pooled")
    has_charts = True
    stands_in = False  # a worker who was not seen is told so

    def path(self, **subject: str) -> str:
        """Below the list."""
        return worker_path(subject["worker"])

    def narrowed(self, **subject: str) -> dict[str, str]:
        """To the worker."""
        return {"worker_id": subject["worker"]}

    def present(self, overview: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """As metrics.shown.worker."""
        return worker.present(overview, asked.links)

    def moving(self, asked: Asked, question: Question, overview: dict[str, Any]) -> dict[str, Any]:
        """With who it is."""
        code = self.subject["worker"]
        name = question.name_of(question.master.workers[code])
        return super().moving(asked, question, overview) | {
            "code": code,
            "name": beside(name, code),
            "list_url": asked.links.page(self.place),
            "table_url": asked.api("workstations", **asked.parameters, worker_id=code),
            **strips_of(asked, question, path=self.path(**self.subject), worker_id=code),
        }
