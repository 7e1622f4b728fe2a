"""What goes wrong with cameras: one fails at times, two lose confidence, links break."""

from collections.abc import Sequence
from datetime import date
from random import Random

from common.instants import MINUTE_MS, SECOND_MS
from common.intervals import Interval
from demo.domain.plan import Plan, ShiftDay

OUTAGE_EVERY_DAYS = 4
OUTAGE_MIN = (40, 60)
LINK_FAILS = 0.3  # share of shifts in which a camera's link breaks
LINK_GAP_MIN = (3, 9)
LAG_MS = (200, 2_000)  # from a camera's look to the receipt, usually
STEADY_DAYS = 7  # the first days are a reference to compare with
SINKS_PER_DAY = 0.02
SINKS_AT_MOST = 0.14
DUSTY_DAYS = (8, 10)  # after the opening: then its lens is cleaned
DUST = 0.07


def outages(plan: Plan, shift_day: ShiftDay, camera: str, dice: Random) -> list[Interval]:
    """When the camera sees nothing: every few days once, in the first shift of the day."""
    is_due = shift_day.day.toordinal() % OUTAGE_EVERY_DAYS == 0
    if camera != plan.failing_camera or shift_day.shift != plan.shifts[0] or not is_due:
        return []
    return [_inside(shift_day.window, OUTAGE_MIN, dice)]


def link_gaps(shift_day: ShiftDay, dice: Random) -> list[Interval]:
    """When the camera cannot send; what it sees then is received when the link is back."""
    if dice.random() >= LINK_FAILS:
        return []
    return [_inside(shift_day.window, LINK_GAP_MIN, dice)]


def received_at(at: int, gaps: Sequence[Interval], dice: Random) -> int:
    """When the server receives what was seen at an instant."""
    sent_at = next((end for start, end in gaps if start <= at < end), at)
    return sent_at + int(LAG_MS[0] + (LAG_MS[1] - LAG_MS[0]) * dice.random())


def sunk(plan: Plan, camera: str, day: date, *, opened_on: date) -> float:
    """By how much the camera's confidence has fallen since the factory was opened."""
    days = (day - opened_on).days
    if camera == plan.dusty_camera:
        return DUST if DUSTY_DAYS[0] <= days < DUSTY_DAYS[1] else 0.0
    if camera != plan.sinking_camera:
        return 0.0
    return min(max(days - STEADY_DAYS, 0) * SINKS_PER_DAY, SINKS_AT_MOST)


def _inside(window: Interval, minutes: tuple[int, int], dice: Random) -> Interval:
    """An interval of such a length somewhere in the window."""
    length = dice.randint(*minutes) * MINUTE_MS + dice.randrange(MINUTE_MS) // SECOND_MS * SECOND_MS
    start = dice.randrange(window[0], window[1] - length)
    return start, start + length
