"""Where and when an answer plays: the site's clock and pages, and what it is compared with."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from metrics.shown.links import Links
from metrics.shown.wall_clock import WallClock, parse
from metrics.shown.wording import amount, say

Record = dict[str, Any]

LONGEST_DAY = timedelta(hours=26)  # one on which the clocks go back, and an hour of doubt
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Scene:
    """What all parts of a page have in common."""

    overview: Record
    links: Links
    clock: WallClock

    @classmethod
    def of(cls, overview: Record, links: Links) -> "Scene":
        """Of an answer of `metrics/overview/`."""
        is_running = overview["reaches_now"]
        clock = WallClock.at(overview["as_of"], overview["time_zone"], runs=is_running)
        return cls(overview, links, clock)

    @property
    def window(self) -> str:
        """`the shift`, `7 days`."""
        return say(f"window_{self.overview['period'] or 'range'}")

    @property
    def has_shifts(self) -> bool:
        """Whether the site has any."""
        return bool(self.overview["schedule"]["state"] != "always")

    @cached_property
    def names(self) -> dict[str, str]:
        """What each worker is called, by code."""
        return {each["worker_id"]: each["name"] for each in self.overview.get("workers", [])}

    @property
    def before(self) -> Record | None:
        """The figures of the period before."""
        found: Record | None = self.overview.get("before")
        return found

    @property
    def factory_before(self) -> Record:
        """The factory's among them; empty where nothing was seen then."""
        factory: Record = self.before["factory"] if self.before else {}
        return factory

    @cached_property
    def workers_before(self) -> dict[str, Record]:
        """The workers' among them, by code."""
        rows = self.before.get("workers", []) if self.before else []
        return {each["worker_id"]: each for each in rows}

    @cached_property
    def workstations_before(self) -> dict[str, Record]:
        """The workstations' among them, by code."""
        rows = self.before["workstations"] if self.before else []
        return {each["workstation_id"]: each for each in rows}

    @property
    def pooled(self) -> Record:
        """All workers together."""
        found: Record = self.overview.get("pooled") or self.overview["factory"]
        return found

    @cached_property
    def then(self) -> str:
        """What the period before is called: `yesterday`, `Fri 20 Nov`, `the 7 days before`.

        Empty where there is none.
        """
        if not self.before:
            return ""
        start, end = parse(self.overview["start"]), parse(self.overview["end"])
        first = parse(self.before["start"])
        if end - start > LONGEST_DAY:
            return say("then_days", n=amount(round((start - first) / _DAY)))
        if self.clock.runs and self.clock.is_yesterday(self.before["start"]):
            return say("then_yesterday")
        return self.clock.day(self.before["start"])
