"""What stands around every page: navigation, the user's sites, and the one period picker."""

from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from common.instants import FIVE_MINUTES_MS, floor_to, to_datetime
from metrics.local_time import local_at
from metrics.pages.asked import ANY_RANGE, PERIODS, Asked
from metrics.queries import Question
from workers.models import Role


class Place(NamedTuple):
    """An entry of the navigation: the page's path below the site's, and who is shown it."""

    path: str
    label: Promise
    least_role: str = Role.VIEWER


PLACES = (  # in the order in which they stand
    Place("", gettext_lazy("Overview")),
    Place("floor", gettext_lazy("Live floor")),
    Place("timeline", gettext_lazy("Timeline"), Role.MANAGER),
    Place("hours", gettext_lazy("By hour")),
    Place("workers", gettext_lazy("Workers"), Role.MANAGER),
    Place("workstations", gettext_lazy("Workstations")),
    Place("recognition", gettext_lazy("Recognition"), Role.MANAGER),
    Place("compare", gettext_lazy("Sites")),
)


def frame(
    asked: Asked, question: Question, *, place: str, path: str, kept: dict[str, str]
) -> dict[str, Any]:
    """For templates/metrics/page.html.

    `place`: the entry of the navigation to which the page belongs; `path`: where the page itself
    lies below the site; `kept`: parameters of its own.
    """
    return {
        "site": asked.site,
        "links": asked.links,
        "sites": _sites(asked, place),
        "places": _places(asked, place, path),
        "periods": _periods(asked, path, kept),
        "range": {**_range(asked, question), "kept": kept},
        "methods_url": asked.links.page("methods"),
    }


def _sites(asked: Asked, place: str) -> list[dict[str, Any]]:
    """Another site has other workers and workstations: there it is the list that is shown."""
    return [
        {
            "name": each.name,
            "url": asked.links_with(asked.parameters, site=each).page(place),
            "is_current": each == asked.site,
        }
        for each in asked.sites
    ]


def _places(asked: Asked, place: str, path: str) -> list[dict[str, Any]]:
    current = "page" if place == path else "true"  # or a page below it
    return [
        {
            "label": each.label,
            "url": asked.links.page(each.path),
            "current": current if each.path == place else "",
        }
        for each in PLACES
        if asked.access.at_least(each.least_role)
    ]


def _periods(asked: Asked, path: str, kept: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": asked.links_with({"period": name}).page(path, **kept),
            "is_current": name == asked.period,
        }
        for name, label in PERIODS.items()
    ]


def _range(asked: Asked, question: Question) -> dict[str, Any]:
    """What the form of a range begins with: the borders of the period that is shown."""
    marks = (floor_to(mark, FIVE_MINUTES_MS) for mark in question.window.interval)
    zone = question.master.time_zone
    start, end = (local_at(zone, to_datetime(mark)) for mark in marks)
    return {
        "start": f"{start:%Y-%m-%dT%H:%M}",
        "end": f"{end:%Y-%m-%dT%H:%M}",
        "zone": zone.key,
        "is_current": asked.period == ANY_RANGE,
    }
