"""The period before: what a window's figures are compared with.

Of a shift it is the same part of that shift on the day before on which it took place; of up to a
day, the same hours of the site's clock on its previous working day; of more days, as many days
before.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count, takewhile

from common.instants import FIVE_MINUTES_MS, to_datetime
from common.intervals import Interval
from metrics.local_time import instant_at, local_at
from metrics.windows import SEARCH_BACK_MS, Window
from workers.domain.calendar import (
    ShiftInstance,
    day_start,
    instances,
    local_day,
    scheduled,
)
from workers.domain.master import MasterData

_DAY = timedelta(days=1)


def window_before(master: MasterData, window: Window) -> Window | None:
    """The window to compare with; None where the site did not work in the weeks before."""
    found = _of_shift(master, window) or _of_days(master, window)
    if found is None:
        return None
    start, end = found
    # Its end may lie between marks, as now does: then it is read like a window that reaches now.
    return replace(window, start=start, end=end, as_of=end, reaches_now=end % FIVE_MINUTES_MS != 0)


def _of_shift(master: MasterData, window: Window) -> Interval | None:
    if window.period != "shift" or not window.shifts:
        return None
    search = (window.start - SEARCH_BACK_MS, window.start)
    past = [
        each for each in instances(master, search, shifts=window.shifts) if each.start < search[1]
    ]
    today = _first_day(master, window)
    for day in sorted({each.day for each in past if each.day < today}, reverse=True):
        start, end = _span([each for each in past if each.day == day])
        if window.reaches_now:
            end = min(end, start + window.end - window.start)
        if scheduled(master, (start, end), shifts=window.shifts):
            return start, end
    return None


def _first_day(master: MasterData, window: Window) -> date:
    found = instances(master, window.interval, shifts=window.shifts)
    return min(each.day for each in found)


def _span(found: list[ShiftInstance]) -> Interval:
    return min(each.start for each in found), max(each.end for each in found)


def _of_days(master: MasterData, window: Window) -> Interval | None:
    zone = master.time_zone
    start, end = (local_at(zone, to_datetime(mark)) for mark in window.interval)
    days = max(1, -((start - end) // _DAY))
    if days > 1:
        return _moved(master, (start, end), days)
    moved = (_moved(master, (start, end), back) for back in count(1))
    near = takewhile(lambda found: found[0] > window.start - SEARCH_BACK_MS, moved)
    return next((found for found in near if _is_working_day(master, found)), None)


def _moved(master: MasterData, local: tuple[datetime, datetime], days: int) -> Interval:
    zone, back = master.time_zone, timedelta(days=days)
    start, end = local
    return instant_at(zone, start - back, fold=0), instant_at(zone, end - back, fold=1)


def _is_working_day(master: MasterData, found: Interval) -> bool:
    """Whether anything was scheduled on the local day, or the two, that the interval lies on."""
    zone, (start, end) = master.time_zone, found
    last = day_start(zone, local_day(zone, end - 1) + _DAY)
    return bool(scheduled(master, (day_start(zone, local_day(zone, start)), last)))
