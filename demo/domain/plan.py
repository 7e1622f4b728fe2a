"""The plan of a demo factory: shifts with breaks, who stands where when, how fast things go."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from common.instants import DAY_MS, to_datetime, to_ms
from common.intervals import Interval


class Stretch(NamedTuple):
    """A half-open stretch of the local clock; it may cross midnight."""

    start: time
    end: time


@dataclass(frozen=True)
class Post:
    """A worker's place at a workstation for a part of a shift."""

    worker: str
    station: str
    hours: Stretch


@dataclass(frozen=True)
class Shift:
    """Twelve hours of every day; breaks lie inside posts, each after its start."""

    name: str
    hours: Stretch
    breaks: tuple[Stretch, ...]
    posts: tuple[Post, ...]


@dataclass(frozen=True)
class Station:
    """A workstation with the camera that watches it."""

    code: str
    name: str
    kind: str
    camera: str
    cycle_s: int
    target_per_hour: int | None = None


@dataclass(frozen=True)
class Plan:
    """The factory. A slow worker takes so many times longer; parts come late to the starved."""

    time_zone: str
    workers: dict[str, str]
    stations: tuple[Station, ...]
    shifts: tuple[Shift, ...]
    slow: dict[str, float]
    starved: str
    failing_camera: str
    sinking_camera: str
    dusty_camera: str

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def station(self, code: str) -> Station:
        return next(station for station in self.stations if station.code == code)


@dataclass(frozen=True)
class ShiftDay:
    """A shift on the day on which it starts, as instants."""

    shift: Shift
    day: date
    zone: ZoneInfo

    @property
    def label(self) -> str:
        """Names it among all; seeds are made of it."""
        return f"{self.day} {self.shift.name}"

    @property
    def window(self) -> Interval:
        return self.interval(self.shift.hours)

    @property
    def breaks(self) -> list[Interval]:
        return [self.interval(pause) for pause in self.shift.breaks]

    def interval(self, stretch: Stretch) -> Interval:
        """The instants of a stretch of this shift."""
        return self._instant(stretch.start), self._instant(stretch.end)

    def _instant(self, mark: time) -> int:
        day = self.day + timedelta(days=mark < self.shift.hours.start)
        return to_ms(datetime.combine(day, mark, self.zone))


def shift_days(plan: Plan, window: Interval) -> Iterator[ShiftDay]:
    """The shifts that overlap a window, by start."""
    zone = plan.zone
    first = to_datetime(window[0] - DAY_MS).astimezone(zone).date()
    last = to_datetime(window[1]).astimezone(zone).date()
    for offset in range((last - first).days + 1):
        for shift in plan.shifts:
            found = ShiftDay(shift, first + timedelta(days=offset), zone)
            start, end = found.window
            if start < window[1] and end > window[0]:
                yield found
