"""A page of a site's figures, which goes on by itself; and what it shows where there are none."""

import json
import shlex
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from common import clock
from common.instants import to_ms, to_rfc3339
from metrics import queries, windows
from metrics.pages.asked import ANY_RANGE, RUNNING, Asked
from metrics.pages.charts import charts
from metrics.pages.site_page import SitePage
from metrics.queries import Question
from metrics.shown.part import Part
from metrics.shown.wording import say
from workers.domain.master import MasterData
from workers.models import Role

_SEEN = ("working_ms", "idle_ms", "absent_ms", "unscheduled_ms", "newest_event_at")


class FiguresPage(SitePage):
    """Asks `metrics/overview/` once and shows it; its script polls the same address.

    Where the period has no figures, it shows those of the newest day with some.
    """

    compare: ClassVar[tuple[str, ...]] = ("before",)  # as the parameter of the API
    has_charts: ClassVar[bool] = False
    stands_in: ClassVar[bool] = True  # another day for one without figures

    def answer(self, asked: Asked, question: Question, shown: dict[str, Any]) -> HttpResponse:
        """The page; another day's where the period has no figures; or what would fill it."""
        figures = self.ask(question)
        if not self.has_figures(figures):
            now = to_ms(clock.now())
            newest = queries.newest_day_with_data(question.master, before=now)
            if newest is None:
                context = shown | _empty(self.request, asked, question, now)
                return render(self.request, "metrics/empty.html", context)
            if self.stands_in and not asked.is_content_with_none:
                day = _day_of(question, newest) | {"instead_of": asked.period}
                path = self.path(**self.subject)
                return redirect(asked.links_with(day).page(path, **self._kept(asked)))
        context = shown | self.moving(asked, question, figures)
        return render(self.request, self.template, context)

    def ask(self, question: Question) -> dict[str, Any]:
        """The one answer that the page shows. Raises WindowError."""
        return queries.overview(question, compare=self.compare)

    def has_figures(self, figures: dict[str, Any]) -> bool:
        """Whether anything was seen."""
        return any(figures["factory"][name] for name in _SEEN)

    def moving(self, asked: Asked, question: Question, overview: dict[str, Any]) -> dict[str, Any]:
        """What the template and the script begin with."""
        narrowed = self.narrowed(**self.subject)
        compare = {"compare": ",".join(self.compare)} if self.compare else {}
        return {
            **self.scripted(asked, question),
            "view": self.present(overview, asked),
            "overview": overview,
            "workers_shown": "workers" in overview,
            "codes_shown": overview["people_shown"] == "codes",
            "overview_url": asked.api("overview", **asked.parameters, **narrowed, **compare),
            "wanted": self.wanted(asked),
            **self.finding(asked),
            **(charts(asked, question, narrowed) if self.has_charts else {}),
        }

    def present(self, overview: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """The answer as the page shows it (metrics.shown)."""
        raise NotImplementedError

    def part(self, asked: Asked) -> Part:
        """The part of the page's long list that is shown."""
        return asked.part(self.kept(asked))

    def finding(self, asked: Asked) -> dict[str, Any]:
        """For templates/metrics/_finding.html."""
        part = self.part(asked)
        return {"find": part.find, "finding": {**asked.parameters, **part.kept}}

    def wanted(self, asked: Asked) -> dict[str, str] | None:
        """The period without figures in whose place this one is shown.

        A script looks whether some come in.
        """
        wanted = asked.instead_of
        if not wanted:
            return None
        words_of_it = say(f"window_{wanted}")
        if wanted == ANY_RANGE:
            return {"words": words_of_it}
        path = self.path(**self.subject)
        page = asked.links_with({"period": wanted}).page(path, **self._kept(asked))
        return {
            "words": words_of_it,
            "page": page,
            "stay": f"{page}&stay=1",
            "url": asked.api("factory", period=wanted) if wanted in RUNNING else "",
        }


def _day_of(question: Question, instant: int) -> dict[str, str]:
    """The parameters of the local day of an instant; today goes on by itself."""
    day = windows.day_window(question.master, instant, now=clock.now())
    if day.reaches_now:
        return {"period": "today"}
    return {"start": to_rfc3339(day.start), "end": to_rfc3339(day.end)}


def _empty(request: HttpRequest, asked: Asked, question: Question, now: int) -> dict[str, Any]:
    event = json.dumps(_sample_event(question.master, now), ensure_ascii=False)
    address = request.build_absolute_uri(reverse("events"))
    return {
        "can_connect": asked.access.at_least(Role.ADMIN),
        "create_key": f"python manage.py create_ingest_key --site {shlex.quote(asked.site.code)}",
        "curl": f"curl {shlex.quote(address)} -H 'Authorization: Bearer fk_…' \\\n"
        f"  -H 'Content-Type: application/json' -d {shlex.quote(event)}",
    }


def _sample_event(master: MasterData, now: int) -> dict[str, str]:
    """An event of the site's own first worker, workstation and camera."""
    return {
        "timestamp": to_rfc3339(now - now % 1_000),
        "worker_id": next(iter(master.workers), "W1"),
        "workstation_id": next(iter(master.workstations), "S1"),
        "camera_id": next(iter(master.cameras), "CAM-1"),
        "event_type": "working",
    }
