"""How surely the cameras recognise: the frame is ours, what stands in it is joined by settings."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy

from common.rendering import CsvRenderer, XlsxRenderer
from metrics.pages.asked import Asked
from metrics.pages.site_page import SitePage
from metrics.queries import Question
from metrics.queries.scene import scene
from metrics.shown.head import head
from metrics.shown.scene import Scene
from workers.models import Role

TABLES = {each.format: each for each in (CsvRenderer, XlsxRenderer)}


class RecognitionPage(SitePage):
    """For managers. It does not move: recognition is judged by quarters of an hour."""

    template = "metrics/recognition.html"
    place = "recognition"
    least_role = Role.MANAGER
    refusal = gettext_lazy("How cameras recognise is for managers")

    def answer(self, asked: Asked, question: Question, shown: dict[str, Any]) -> HttpResponse:
        """The page, or with `?format=csv` or `xlsx` its numbers by camera and day."""
        table = TABLES.get(asked.given.get("format", ""))
        if table is None:
            return super().answer(asked, question, shown)
        rows = import_string(settings.RECOGNITION_BY_DAY)(asked.site, question.window.interval)
        body = table().render({"results": rows})
        return HttpResponse(body, content_type=table.media_type)

    def context(self, asked: Asked, question: Question) -> dict[str, Any]:
        """A card per camera."""
        number = asked.given.get("page", "")
        cards = import_string(settings.RECOGNITION)(
            asked.site,
            question.window.interval,
            page=int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 1,
            here=asked.links.page(self.place),
            may_review=asked.access.at_least(Role.REVIEWER),
        )
        view = head(Scene.of(scene(question), asked.links))
        table_url = asked.links.page(self.place)
        return {"recognition": cards, "view": view, "table_url": table_url}
