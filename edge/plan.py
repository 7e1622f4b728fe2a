"""The plan of a shop floor: which camera watches which workstation, and who works there when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone, tzinfo

EVERY_DAY = frozenset(range(1, 8))  # Monday is 1


class PlanError(ValueError):
    """A plan that cannot be worked by; the text says what to mend."""


@dataclass(frozen=True)
class ClockPeriod:
    """A half-open stretch of the local clock; it may cross midnight, equal ends are a whole day."""

    start: time
    end: time

    def covers(self, moment: time) -> bool:
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


@dataclass(frozen=True)
class Duty:
    """A worker's hours at one workstation; a weekday is that of the start."""

    worker_id: str
    hours: ClockPeriod
    breaks: tuple[ClockPeriod, ...] = ()
    weekdays: frozenset[int] = EVERY_DAY

    def covers(self, local: datetime) -> bool:
        moment = local.time()
        if not self.hours.covers(moment):
            return False
        began_yesterday = moment < self.hours.start
        began_on = local.date() - timedelta(days=1) if began_yesterday else local.date()
        return began_on.isoweekday() in self.weekdays

    def pauses(self, local: datetime) -> bool:
        return any(pause.covers(local.time()) for pause in self.breaks)


@dataclass(frozen=True)
class Camera:
    """One camera, the workstation it watches and the workers who take turns there."""

    camera_id: str
    key: str
    workstation_id: str
    rotation: tuple[Duty, ...]
    confidence_drift_per_hour: float = 0.0
    confidence_sunk: float = 0.0  # before anything began


@dataclass(frozen=True)
class Plan:
    """One site's. With `gateway`, a key, cameras without a key of their own send together."""

    zone: tzinfo
    cameras: tuple[Camera, ...]
    gateway: str = ""


def always_on(count: int, keys: Sequence[str]) -> Plan:
    """Cameras CAM-1, CAM-2, … with one worker each, day and night; one key serves them all."""
    each = list(keys) * count if len(keys) == 1 else keys
    return Plan(timezone.utc, tuple(_lone_camera(n, key) for n, key in enumerate(each, start=1)))


def _lone_camera(number: int, key: str) -> Camera:
    day_and_night = Duty(f"W{number}", ClockPeriod(time(0), time(0)))
    return Camera(f"CAM-{number}", key, f"S{number}", (day_and_night,))
