"""The words and number formats of the pages;

Static/js/wording.js does the same to what it polls.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

DASH = "–"

# Sent along with each page, so that what a script writes reads as what the server wrote.
WORDS = {
    "percent": _("{value}\u00a0%"),
    "seconds": _("{s}\u00a0s"),
    "minutes": _("{m}\u00a0min"),
    "hours": _("{h}\u00a0h {mm}\u00a0min"),
    "days": _("{d}\u00a0d {h}\u00a0h"),
    "state_working": _("working"),
    "state_idle": _("idle"),
    "state_absent": _("absent"),
    "state_unknown": _("not seen"),
    "station_absent": _("empty"),
    "window_live": _("the last hour"),
    "window_shift": _("the shift"),
    "window_today": _("today"),
    "window_yesterday": _("yesterday"),
    "window_7d": _("7 days"),
    "window_30d": _("30 days"),
    "window_range": _("this period"),
    "window_asked": _("the period asked for"),
    "moment": _("as of {time}"),
    "shift": _("{names} shift"),
    "shift_until": _("{names} shift until {time}"),
    "break_until": _("Break until {time}"),
    "closed_until": _("Closed until {time}"),
    "closed": _("Closed: no shift is planned"),
    "always": _("No shifts are set: all time counts"),
    "recalculating": _(
        "Figures are being recalculated after a change of settings; they may still move."
    ),
    "not_seen": _("{station} not seen since {time}"),
    "not_seen_now": _("{station} not seen"),
    "empty": _("{station} empty since {time}"),
    "empty_now": _("{station} empty"),
    "under_target": _("{station} at {attainment} of its target"),
    "more_attention": _("and {n} more"),
    "all_well": _("Nothing needs attention"),
    "of_target": _("{attainment} of {target} planned until {until}"),
    "aimed": _("{units} made where a target is set, in the time scheduled there"),
    "no_target": _("no target is set"),
    "outside_one": _("1 unit outside shifts"),
    "outside": _("{n} units outside shifts"),
    "by_events": _("by events {value}"),
    "band": _("between {low} and {high}, whatever was not seen"),
    "present_note": _("seen working or idle, of those with a shift now"),
    "present_past": _("known only for a period that reaches now"),
    "seen": _("seen"),
    "of": _("of {whole}"),
    "unseen": _("{unseen} of {scheduled} unknown, all workers together"),
    "all_seen": _("nothing is unknown"),
    "seen_exactly": _("seen {value} of the scheduled time"),
    "events_one": _("1 event"),
    "events": _("{n} events"),
    "newest": _("newest event {age} ago"),
    "newest_at": _("newest event {time}"),
    "no_events": _("no event in this period"),
    "partial": _("uncertain: less than {value} was seen"),
    "nothing_seen": _("no worker was seen"),
    "nothing_scheduled": _("nothing was scheduled"),
    "no_shift_named": _("no shift named: counted in all shifts"),
    "bottleneck": _(
        "bottleneck: {attainment} of target, occupied {occupancy}, working {utilization}"
    ),
    "less_sure": _("recognition less sure since {time}"),
    "stale": _("Showing {time}, trying again"),
    "logged_out": _("You are logged out, figures no longer move."),
    "log_in": _("Log in again"),
}
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def words() -> dict[str, str]:
    """All words in the reader's language."""
    return {key: gettext(text) for key, text in WORDS.items()}


def say(key: str, **values: str) -> str:
    """A phrase with its values filled in."""
    return gettext(WORDS[key]).format(**values)


def percent(value: float | None, *, digits: int = 1) -> str:
    """`78.4 %`, or a dash where there is nothing to divide by."""
    return DASH if value is None else say("percent", value=fixed(value, digits))


def amount(value: float | None, *, digits: int = 0) -> str:
    """`1,234`, or a dash."""
    return DASH if value is None else fixed(value, digits)


def fixed(value: float, digits: int) -> str:
    """Rounded half to even, as the number is written: browsers round its shortest decimal too."""
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
    return f"{rounded:,f}"


def duration(seconds: float) -> str:
    """`4 s`, `3 min`, `2 h 05 min`, `3 d 4 h`: never more digits than matter."""
    whole = max(0, int(seconds))
    if whole < _MINUTE:
        return say("seconds", s=str(whole))
    if whole < _HOUR:
        return say("minutes", m=str(whole // _MINUTE))
    if whole < _DAY:
        return say("hours", h=str(whole // _HOUR), mm=f"{whole % _HOUR // _MINUTE:02}")
    return say("days", d=str(whole // _DAY), h=str(whole % _DAY // _HOUR))


@dataclass(frozen=True, slots=True)
class WallClock:
    """The clock on the site's wall at the moment of the figures; it runs where that is now."""

    zone: ZoneInfo
    as_of: datetime
    runs: bool

    @classmethod
    def at(cls, as_of: str, time_zone: str, *, runs: bool) -> "WallClock":
        """From what an answer says of itself."""
        return cls(ZoneInfo(time_zone), parse(as_of), runs)

    @property
    def instant(self) -> str:
        """The moment of the figures, as answers write it."""
        return self.as_of.isoformat()

    def second(self) -> str:
        """`14:02:31`: the moment of the figures."""
        return f"{self.as_of.astimezone(self.zone):%H:%M:%S}"

    def time(self, instant: str) -> str:
        """`14:02`."""
        return f"{self._local(instant):%H:%M}"

    def near(self, instant: str) -> str:
        """`14:02`, with the day where it is another one: `Fri 20 Nov 14:02`."""
        if self._local(instant).date() == self.as_of.astimezone(self.zone).date():
            return self.time(instant)
        return f"{self.day(instant)} {self.time(instant)}"

    def soon(self, instant: str) -> str:
        """`06:00` within a day from now, else with the day."""
        is_soon = parse(instant) - self.as_of < timedelta(days=1)
        return self.time(instant) if is_soon else self.near(instant)

    def day(self, instant: str) -> str:
        """`Fri 20 Nov`."""
        local = self._local(instant)
        return f"{local:%a} {local.day} {local:%b}"

    def dated(self, instant: str) -> str:
        """`Fri 20 Nov 2026`."""
        return f"{self.day(instant)} {self._local(instant).year}"

    def dated_before(self, instant: str) -> str:
        """The day that ends at a midnight."""
        local = (parse(instant) - timedelta(milliseconds=1)).astimezone(self.zone)
        return self.dated(local.isoformat())

    def is_midnight(self, instant: str) -> bool:
        """Whether a local day begins here."""
        return self.time(instant) == "00:00"

    def age(self, instant: str) -> str:
        """How long ago that was."""
        return duration((self.as_of - parse(instant)).total_seconds())

    def _local(self, instant: str) -> datetime:
        return parse(instant).astimezone(self.zone)


def parse(instant: str) -> datetime:
    """The moment of an RFC 3339 text."""
    return datetime.fromisoformat(instant).astimezone(UTC)
