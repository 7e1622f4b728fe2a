"""Scheduled time, minute by minute: written from DOMAIN.md alone.

By looking at a clock on the wall for days on end.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Plan:
    """A shift; start, end and breaks are minutes of the local day."""

    name: str
    start: int
    end: int
    breaks: tuple[tuple[int, int], ...] = ()
    weekdays: frozenset[int] = frozenset(range(1, 8))
    valid_from: date | None = None
    valid_until: date | None = None


def scheduled_minutes(
    zone: ZoneInfo,
    plans: Sequence[Plan],
    closures: Iterable[tuple[int, int]],
    window: tuple[int, int],
) -> set[int]:
    """S: the minutes since 1970 in a window (in minutes) at which work is planned.

    All where there is no shift.
    """
    inside = set(range(*window))
    planned = _planned(zone, plans, inside) if plans else inside
    return (planned & inside).difference(*(range(*closure) for closure in closures))


def _planned(zone: ZoneInfo, plans: Sequence[Plan], inside: Collection[int]) -> set[int]:
    first, last = (_wall(zone, minute).date() for minute in (min(inside), max(inside)))
    days = [first + timedelta(days=n) for n in range(-2, (last - first).days + 1)]
    return set().union(*(minutes_of(zone, plan, day) for plan in plans for day in days))


def minutes_of(zone: ZoneInfo, plan: Plan, day: date) -> set[int]:
    """The minutes of the shift that starts on a local day, less its breaks."""
    if day.isoweekday() not in plan.weekdays or not holds(plan.valid_from, plan.valid_until, day):
        return set()
    end = plan.end if plan.end > plan.start else plan.end + 24 * 60
    work = set(range(mark(zone, day, plan.start, first=True), mark(zone, day, end, first=False)))
    for start, stop in plan.breaks:
        begin = start if start >= plan.start else start + 24 * 60
        finish = stop if stop > plan.start else stop + 24 * 60
        work -= set(range(*(mark(zone, day, each, first=False) for each in (begin, finish))))
    return work


def holds(valid_from: date | None, valid_until: date | None, day: date) -> bool:
    return (valid_from or date.min) <= day < (valid_until or date.max)


def mark(zone: ZoneInfo, day: date, minute: int, *, first: bool) -> int:
    """When the clock on the wall shows a time: on its first or second pass; if it never does.

    When it jumps over it.
    """
    wanted = datetime.combine(day, time()) + timedelta(minutes=minute)
    walls = _walls(zone, day)
    if wanted in walls:
        return walls[wanted][0 if first else -1]
    return min(passes[0] for wall, passes in walls.items() if wall > wanted)


@lru_cache(maxsize=256)
def _walls(zone: ZoneInfo, day: date) -> dict[datetime, list[int]]:
    """The passes of each time on the wall, from the day before until three days after."""
    start = (datetime.combine(day, time(), UTC) - EPOCH) // MINUTE - 24 * 60
    walls: dict[datetime, list[int]] = {}
    for minute in range(start, start + 5 * 24 * 60):
        walls.setdefault(_wall(zone, minute), []).append(minute)
    return walls


def _wall(zone: ZoneInfo, minute: int) -> datetime:
    return (EPOCH + minute * MINUTE).astimezone(zone).replace(tzinfo=None)
