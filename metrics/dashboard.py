"""The pages. Each asks once and shows; scripts then poll the metrics API for the same figures."""

import json
import shlex
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from common import clock
from common.instants import DAY_MS, HOUR_MS, to_ms, to_rfc3339
from metrics import presentation, queries, windows
from metrics.api import question_of
from metrics.queries import Question
from metrics.windows import Window, WindowError
from metrics.wording import say, words
from workers.access import SiteAccess, access_of, sites_of
from workers.domain.master import MasterData
from workers.models import Site

DEFAULT_PERIOD = "shift"
PERIODS = {
    "live": gettext_lazy("Live"),
    "shift": gettext_lazy("Shift"),
    "today": gettext_lazy("Today"),
    "yesterday": gettext_lazy("Yesterday"),
    "7d": gettext_lazy("7 days"),
    "30d": gettext_lazy("30 days"),
}
ANY_RANGE = "asked"  # from one time to another, no named period
RUNNING = ("live", "shift", "today")  # figures may come into these at any moment
BUCKETS = (  # how finely charts divide a window of up to so many milliseconds
    (26 * HOUR_MS, "5m", gettext_lazy("per 5 minutes")),  # a day on which the clocks go back
    (9 * DAY_MS, "1h", gettext_lazy("per hour")),
    (float("inf"), "1d", gettext_lazy("per day")),
)


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The first of the user's sites, or what to do when there is none."""
    first = sites_of(request.user).order_by("code").first()
    if first is None:
        return render(request, "metrics/no_site.html")
    return redirect("site-overview", first.code)


@login_required
@require_safe
def site_overview(request: HttpRequest, code: str) -> HttpResponse:
    """A site's dashboard; where the period has no figures, that of the newest day with some."""
    asked = Asked.of(request, code)
    try:
        question = question_of(asked.access, asked.parameters)
    except WindowError as error:
        return render(request, "error.html", {"status": 400, "detail": str(error)}, status=400)
    figures = queries.overview(question)
    if _has_figures(figures) or asked.is_content_with_none:
        return render(request, "metrics/overview.html", _context(asked, question, figures))
    now = to_ms(clock.now())
    newest = queries.newest_day_with_data(question.master, before=now)
    if newest is None:
        return render(request, "metrics/empty.html", _empty_context(request, asked, question, now))
    return redirect(asked.page(**_day_of(question, newest), instead_of=asked.period))


@dataclass(frozen=True)
class Asked:
    """What an address asks for, and by whom."""

    site: Site
    access: SiteAccess
    sites: list[Site]
    parameters: dict[str, str]
    instead_of: str
    is_content_with_none: bool

    @classmethod
    def of(cls, request: HttpRequest, code: str) -> "Asked":
        """Raises Http404 where the user is no member."""
        sites = list(sites_of(request.user).order_by("name", "code"))
        own = [site for site in sites if site.code == code]
        if not own:
            raise Http404
        given = request.GET
        parameters = {name: given[name] for name in ("period", "start", "end") if given.get(name)}
        instead_of = given.get("instead_of", "")
        return cls(
            own[0],
            access_of(own[0]),
            sites,
            parameters or {"period": DEFAULT_PERIOD},
            instead_of if instead_of in (*PERIODS, ANY_RANGE) else "",
            bool(instead_of or given.get("stay")),
        )

    @property
    def period(self) -> str:
        """The named period, or that it is a range."""
        return self.parameters.get("period", ANY_RANGE)

    def page(self, **parameters: str) -> str:
        """The address of this page with other parameters."""
        return page_of(self.site, parameters)

    def api(self, name: str, **parameters: str) -> str:
        """The address at which a script asks for figures of this site."""
        query = urlencode({"site": self.site.code, **parameters})
        return f"{reverse(f'metrics-{name}')}?{query}"


def page_of(site: Site, parameters: dict[str, str]) -> str:
    """The address of a site's overview."""
    return f"{reverse('site-overview', args=[site.code])}?{urlencode(parameters)}"


def _has_figures(figures: dict[str, Any]) -> bool:
    factory = figures["factory"]
    seen = ("working_ms", "idle_ms", "absent_ms", "unscheduled_ms", "newest_event_at")
    return any(factory[name] for name in seen)


def _day_of(question: Question, instant: int) -> dict[str, str]:
    """The parameters of the local day of an instant; today goes on by itself."""
    day = windows.day_window(question.master, instant, now=clock.now())
    if day.reaches_now:
        return {"period": "today"}
    return {"start": to_rfc3339(day.start), "end": to_rfc3339(day.end)}


def _context(asked: Asked, question: Question, figures: dict[str, Any]) -> dict[str, Any]:
    bucket, bucket_words = _bucket_of(question.window)
    series = queries.series(question, bucket)
    shown = {name: series[name] for name in ("as_of", "time_zone")}
    return {
        **_frame(asked),
        "view": presentation.present(figures),
        "buckets": presentation.present_series(series["results"], **shown),
        "charted": {**shown, "results": presentation.charted(series["results"])},
        "bucket_words": bucket_words,
        "words": words(),
        "time_zone": figures["time_zone"],
        "reaches_now": figures["reaches_now"],
        "workers_shown": "workers" in figures,
        "codes_shown": figures["people_shown"] == "codes",
        "overview_url": asked.api("overview", **asked.parameters),
        "series_url": asked.api("series", **asked.parameters, bucket=bucket),
        "login_url": f"{reverse('login')}?{urlencode({'next': asked.page(**asked.parameters)})}",
        "wanted": _wanted(asked),
    }


def _frame(asked: Asked) -> dict[str, Any]:
    """What stands around the figures: the site, other sites, and periods, each with its address."""
    own = asked.site
    return {
        "site": own,
        "sites": [
            {"name": each.name, "url": page_of(each, asked.parameters), "is_current": each == own}
            for each in asked.sites
        ],
        "periods": [
            {"label": label, "url": asked.page(period=name), "is_current": name == asked.period}
            for name, label in PERIODS.items()
        ],
    }


def _bucket_of(window: Window) -> tuple[str, Any]:
    length = window.end - window.start
    return next((name, label) for longest, name, label in BUCKETS if length <= longest)


def _wanted(asked: Asked) -> dict[str, str] | None:
    """The period without figures in whose place this one is shown;

    A script looks whether some come in.
    """
    if not asked.instead_of:
        return None
    words_of_it = say(f"window_{asked.instead_of}")
    if asked.instead_of == ANY_RANGE:
        return {"words": words_of_it}
    page = asked.page(period=asked.instead_of)
    is_running = asked.instead_of in RUNNING
    return {
        "words": words_of_it,
        "page": page,
        "stay": f"{page}&stay=1",
        "url": asked.api("factory", period=asked.instead_of) if is_running else "",
    }


def _empty_context(
    request: HttpRequest, asked: Asked, question: Question, now: int
) -> dict[str, Any]:
    event = json.dumps(_sample_event(question.master, now), ensure_ascii=False)
    address = request.build_absolute_uri(reverse("events"))
    own = asked.site
    return {
        **_frame(asked),
        "create_key": f"python manage.py create_ingest_key --site {shlex.quote(own.code)}",
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
