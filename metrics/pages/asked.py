"""What an address asks for, and by whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from common.instants import FIVE_MINUTES_MS, to_rfc3339
from metrics.local_time import instant_at
from metrics.shown.links import Links
from metrics.shown.part import Part, find_in
from metrics.windows import WindowError
from workers.access import SiteAccess, access_of, sites_of
from workers.models import Site

DEFAULT_PERIOD = "shift"
PERIODS = {
    "live": gettext_lazy("Live"),
    "shift": gettext_lazy("This shift"),
    "today": gettext_lazy("Today"),
    "yesterday": gettext_lazy("Yesterday"),
    "7d": gettext_lazy("7 days"),
    "30d": gettext_lazy("30 days"),
}
ANY_RANGE = "asked"  # from one time to another, no named period
PASSING = ("zoom", "instead_of", "stay")  # parameters that stay while a list's pages are turned
RUNNING = ("live", "shift", "today")  # figures may come into these at any moment


@dataclass(frozen=True)
class Asked:
    """A site among the user's, a period in its words, and how the address was come by."""

    site: Site
    access: SiteAccess
    sites: list[Site]
    parameters: dict[str, str]
    given: Mapping[str, str]

    @classmethod
    def of(cls, request: HttpRequest, code: str) -> "Asked":
        """Raises Http404 where the user is no member."""
        sites = list(sites_of(request.user).order_by("name", "code"))
        own = next((site for site in sites if site.code == code), None)
        if own is None:
            raise Http404
        given = request.GET.dict()
        named = {name: given[name] for name in ("period", "start", "end") if given.get(name)}
        return cls(own, access_of(own), sites, named or {"period": DEFAULT_PERIOD}, given)

    @property
    def period(self) -> str:
        """The named period, or that it is a range."""
        return self.parameters.get("period", ANY_RANGE)

    @property
    def instead_of(self) -> str:
        """The period without figures in whose place this one is shown; empty: none."""
        wanted = self.given.get("instead_of", "")
        return wanted if wanted in (*PERIODS, ANY_RANGE) else ""

    @property
    def is_content_with_none(self) -> bool:
        """Whether a period without figures is to be shown as it is."""
        return bool(self.given.get("instead_of") or self.given.get("stay"))

    @property
    def looks_for(self) -> dict[str, str]:
        """What is looked for in a long list, as a parameter; empty: nothing."""
        find = find_in(self.given)
        return {"find": find} if find else {}

    def part(self, kept: Mapping[str, str]) -> Part:
        """The part of a long list that is shown. `kept`: the page's own parameters."""
        passing = {name: self.given[name] for name in PASSING if self.given.get(name)}
        return Part.of(self.given, {**kept, **passing})

    @property
    def links(self) -> Links:
        """Addresses of this site's pages, with the period kept."""
        return self.links_with(self.parameters)

    def links_with(self, parameters: Mapping[str, str], *, site: Site | None = None) -> Links:
        """The same for another period, or another of the user's sites."""
        base = reverse("site-overview", args=[(site or self.site).code])
        return Links(base, f"?{urlencode(parameters)}")

    def api(self, name: str, **parameters: str) -> str:
        """The address at which a script asks for figures of this site."""
        query = urlencode({"site": self.site.code, **parameters})
        return f"{reverse(f'metrics-{name}')}?{query}"

    def range_of_form(self) -> dict[str, str] | None:
        """The start and end that the form of a range gives, in the site's own time.

        None where it was not sent. Raises WindowError.
        """
        if "from" not in self.given and "to" not in self.given:
            return None
        start, end = (self._mark(name, fold) for name, fold in (("from", 0), ("to", 1)))
        return {"start": to_rfc3339(start), "end": to_rfc3339(end)}

    def _mark(self, name: str, fold: int) -> int:
        try:
            local = datetime.fromisoformat(self.given.get(name, "")).replace(tzinfo=None)
            instant = instant_at(ZoneInfo(self.site.time_zone), local, fold=fold)
        except (ValueError, OverflowError) as error:
            raise WindowError("A range is from a day and a time to another.") from error
        if instant % FIVE_MINUTES_MS:
            raise WindowError("A range begins and ends on 5-minute marks, such as 06:00 or 06:05.")
        return instant
