"""Scheduled time: a site's shifts on its own calendar, less breaks and closures (S in the KPIs).

Local marks over clock changes: a mark that does not exist is the instant of the jump; one that
occurs twice is its first pass for the start of a shift and its second pass for all else; pieces
that become empty vanish.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from common.instants import DAY_MS, SECOND_MS, to_datetime, to_ms
from common.intervals import Interval, difference, intersection, union
from workers.domain.master import Assignment, MasterData, ShiftInfo, WorkerInfo

_DAY_MIN = 24 * 60


@dataclass(frozen=True, slots=True)
class ShiftInstance:
    """A shift on one day: `work` is the interval less its own breaks."""

    name: str
    day: date
    start: int
    end: int
    work: tuple[Interval, ...]


def scheduled(
    master: MasterData, window: Interval, *, shifts: Collection[str] | None = None
) -> list[Interval]:
    """The site's scheduled time in a window.

    The whole window, less closures, where the site has no shifts.
    """
    if not master.shifts:
        return difference([window], union(master.closures))
    return _net(master, window, instances(master, window, shifts=shifts))


def scheduled_for(
    master: MasterData,
    worker: WorkerInfo,
    window: Interval,
    *,
    shifts: Collection[str] | None = None,
) -> list[Interval]:
    """A worker's scheduled time in a window.

    Their shifts, or all of the site's where none is named for them.
    """
    own = intersection([window], [worker.active])
    if not master.shifts or not worker.assignments:
        return intersection(own, scheduled(master, window, shifts=shifts))
    found = instances(master, window, shifts=shifts)
    mine = [instance for instance in found if _is_assigned(worker.assignments, instance)]
    return intersection(own, _net(master, window, mine))


def has_shift(worker: WorkerInfo, shifts: Collection[str]) -> bool:
    """Whether the worker ever has one of these shifts; who has none named has all."""
    return not worker.assignments or any(each.shift_name in shifts for each in worker.assignments)


def instances(
    master: MasterData, window: Interval, *, shifts: Collection[str] | None = None
) -> list[ShiftInstance]:
    """All instances of the site's shifts (or of those named) that overlap a window, by start."""
    found = [
        instance
        for info in master.shifts
        if shifts is None or info.name in shifts
        for instance in _instances_of(info, master.time_zone, *_days(master.time_zone, window))
        if instance.start < window[1] and instance.end > window[0]
    ]
    return sorted(found, key=lambda instance: (instance.start, instance.end, instance.name))


def local_day(time_zone: ZoneInfo, instant: int) -> date:
    """The local date of an instant."""
    return to_datetime(instant).astimezone(time_zone).date()


def day_start(time_zone: ZoneInfo, day: date) -> int:
    """The instant at which a local day begins."""
    return _instant(time_zone, day, 0, fold=0)


def _net(master: MasterData, window: Interval, found: Iterable[ShiftInstance]) -> list[Interval]:
    work = union(piece for instance in found for piece in instance.work)
    return intersection([window], difference(work, union(master.closures)))


def _is_assigned(assignments: tuple[Assignment, ...], instance: ShiftInstance) -> bool:
    return any(
        each.shift_name == instance.name and _holds(each.valid_from, each.valid_until, instance.day)
        for each in assignments
    )


def _holds(first: date | None, end: date | None, day: date) -> bool:
    return (first is None or first <= day) and (end is None or day < end)


def _days(time_zone: ZoneInfo, window: Interval) -> tuple[date, date]:
    """The local days on which an instance that overlaps the window may start.

    An instance lasts up to a day and a clock change.
    """
    return local_day(time_zone, window[0] - 2 * DAY_MS), local_day(time_zone, window[1])


def _instances_of(
    shift: ShiftInfo, time_zone: ZoneInfo, first: date, last: date
) -> Iterator[ShiftInstance]:
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day.isoweekday() in shift.weekdays and _holds(shift.valid_from, shift.valid_until, day):
            instance = _instance(shift, time_zone, day)
            if instance.start < instance.end:
                yield instance


@lru_cache(maxsize=4096)  # a month of a dozen shifts; the same days are asked for with every poll
def _instance(shift: ShiftInfo, time_zone: ZoneInfo, day: date) -> ShiftInstance:
    start = _instant(time_zone, day, shift.start, fold=0)
    end = _instant(time_zone, day, _after(shift.start, shift.end - 1) + 1, fold=1)
    breaks = union(
        (
            _instant(time_zone, day, _after(shift.start, begin), fold=1),
            _instant(time_zone, day, _after(shift.start, finish - 1) + 1, fold=1),
        )
        for begin, finish in shift.breaks
    )
    return ShiftInstance(
        shift.name, day, start, end, tuple(difference(union([(start, end)]), breaks))
    )


def _after(start: int, minute: int) -> int:
    """The minute of the clock counted on from a shift's start.

    On the next day where it comes before it.
    """
    return start + (minute - start) % _DAY_MIN


def _instant(time_zone: ZoneInfo, day: date, minute: int, *, fold: int) -> int:
    """The instant of a local mark; `minute` may run into the next day."""
    local = datetime.combine(day, time(), time_zone) + timedelta(minutes=minute)
    moment = local.replace(fold=fold).astimezone(UTC)
    if moment.astimezone(time_zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        return _jump(time_zone, local)
    return to_ms(moment)


def _jump(time_zone: ZoneInfo, local: datetime) -> int:
    """The instant at which the clocks skipped a local time."""
    before, after = sorted(to_ms(local.replace(fold=fold)) // SECOND_MS for fold in (0, 1))
    offset = to_datetime(before * SECOND_MS).astimezone(time_zone).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        if to_datetime(middle * SECOND_MS).astimezone(time_zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after * SECOND_MS
