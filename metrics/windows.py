"""Which stretch of time a question is about.

Explicit borders, or a named period in the site's time zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from common.instants import DAY_MS, FIVE_MINUTES_MS, HOUR_MS, SECOND_MS, floor_to, to_ms
from common.intervals import Interval
from workers.domain.calendar import ShiftInstance, day_start, instances, local_day
from workers.domain.master import MasterData

AS_OF_STEP_MS = (
    5 * SECOND_MS
)  # answers about now are the same for 5 s, so that many viewers cost one computation
MAX_WINDOW_MS = 800 * DAY_MS  # twice the default retention
SEARCH_BACK_MS = 15 * DAY_MS  # for the last shift that ended; longer than any holiday week

PERIODS = ("live", "shift", "today", "yesterday", "7d", "30d")


class WindowError(ValueError):
    """The parameters name no window; the text says why."""


@dataclass(frozen=True, slots=True)
class Window:
    """Half-open, in milliseconds.

    `shifts` are the only shifts that count, or None for all of the site's.
    """

    start: int
    end: int
    as_of: int
    reaches_now: bool
    period: str | None = None
    shifts: tuple[str, ...] | None = None

    @property
    def interval(self) -> Interval:
        """Start and end."""
        return (self.start, self.end)


def resolve(master: MasterData, parameters: Mapping[str, str], *, now: datetime) -> Window:
    """The window that `start` and `end`, or `period`, name.

    `shift` narrows it to the shift of that name. Raises WindowError.
    """
    as_of = floor_to(to_ms(now), AS_OF_STEP_MS)
    shift = parameters.get("shift")
    if shift is not None and shift not in master.shift_names:
        raise WindowError(f"There is no shift {shift!r} at this site.")
    shifts = None if shift is None else (shift,)
    if "start" in parameters or "end" in parameters:
        return _explicit(parameters, shifts, as_of)
    period = parameters.get("period", "")
    if period not in PERIODS:
        raise WindowError(f"Give start and end, or period: one of {', '.join(PERIODS)}.")
    if period == "shift":
        return _shift(master, shifts, as_of)
    start, end = _days(master, period, as_of) if period != "live" else (as_of - HOUR_MS, as_of)
    return Window(floor_to(start, FIVE_MINUTES_MS), end, end, end == as_of, period, shifts)


def day_window(master: MasterData, instant: int, *, now: datetime) -> Window:
    """The local day of an instant, up to now."""
    as_of = floor_to(to_ms(now), AS_OF_STEP_MS)
    start, end = _day(master, instant)
    return Window(start, min(end, as_of), min(end, as_of), end >= as_of)


def _explicit(parameters: Mapping[str, str], shifts: tuple[str, ...] | None, as_of: int) -> Window:
    if "period" in parameters:
        raise WindowError("Give start and end, or a period; not both.")
    start, end = (_instant(parameters, name) for name in ("start", "end"))
    if start % FIVE_MINUTES_MS:
        raise WindowError("start must lie on a 5-minute mark.")
    reaches_now = end >= as_of
    if not reaches_now and end % FIVE_MINUTES_MS:
        raise WindowError("end must lie on a 5-minute mark, unless it reaches now.")
    end = min(end, as_of)
    if start < 0 or not 0 < end - start <= MAX_WINDOW_MS:
        raise WindowError("end must lie after start (which must be past), by at most 800 days.")
    return Window(start, end, end, reaches_now, None, shifts)


def _instant(parameters: Mapping[str, str], name: str) -> int:
    try:
        moment = datetime.fromisoformat(parameters[name].replace(" ", "+"))
        return to_ms(moment)
    except (KeyError, ValueError, OverflowError) as error:
        raise WindowError(f"{name} must be an RFC 3339 time with offset.") from error


def _day(master: MasterData, instant: int, days: int = 1) -> Interval:
    """The local day of an instant, or that many local days up to and with it."""
    day = local_day(master.time_zone, instant)
    first = day - timedelta(days=days - 1)
    return day_start(master.time_zone, first), day_start(master.time_zone, day + timedelta(days=1))


def _days(master: MasterData, period: str, as_of: int) -> Interval:
    today, end = _day(master, as_of - 1)
    if period == "yesterday":
        return _day(master, today - 1)[0], today
    return _day(master, as_of - 1, {"today": 1, "7d": 7, "30d": 30}[period])[0], min(end, as_of)


def _shift(master: MasterData, shifts: tuple[str, ...] | None, as_of: int) -> Window:
    """The running shift, or the last that ended.

    Where two run at once, both. A site without shifts has its day instead.
    """
    found = _current(instances(master, (as_of - SEARCH_BACK_MS, as_of), shifts=shifts), as_of)
    if not found:
        start, end = _days(master, "today", as_of)
        return Window(start, end, end, reaches_now=True, period="shift", shifts=shifts)
    end = min(as_of, max(instance.end for instance in found))
    names = tuple(dict.fromkeys(instance.name for instance in found))
    return Window(min(instance.start for instance in found), end, end, end == as_of, "shift", names)


def _current(found: list[ShiftInstance], as_of: int) -> list[ShiftInstance]:
    running = [instance for instance in found if instance.start < as_of < instance.end]
    if running:
        return running
    ended = [instance for instance in found if instance.end <= as_of]
    last = max((instance.end for instance in ended), default=None)
    return [instance for instance in ended if instance.end == last]
