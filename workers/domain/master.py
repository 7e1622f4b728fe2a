"""A site's master data as plain values.

What ingest and figures need to know, read once per revision.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from common.intervals import Interval

EVER = -(2**62)  # since ever, in milliseconds
OPEN = 2**62  # no end known


@dataclass(frozen=True, slots=True)
class Assignment:
    """A worker has the shift of that name on the days [valid_from, valid_until); None is open."""

    shift_name: str
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class WorkerInfo:
    """A worker; `active` is the interval of instants in which their events are accepted.

    One who `is_anonymous` counts at workstations alone.
    """

    id: int
    code: str
    name: str
    active: Interval
    assignments: tuple[Assignment, ...]
    is_anonymous: bool = False


@dataclass(frozen=True, slots=True)
class WorkstationInfo:
    """A workstation; `targets` are (units per hour, interval in which they count)."""

    id: int
    code: str
    name: str
    active: Interval
    targets: tuple[tuple[float, Interval], ...]


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """A camera; `versions` are (instant since, model version), oldest first."""

    id: int
    code: str
    active: Interval
    state_ttl_ms: int
    versions: tuple[tuple[int, str], ...]

    def version_at(self, instant: int) -> str:
        """The model version registered for an instant; empty when none is."""
        for since, version in reversed(self.versions):
            if since <= instant:
                return version
        return ""


@dataclass(frozen=True, slots=True)
class ShiftInfo:
    """A shift: weekdays 1–7 (Monday is 1); times and breaks in minutes of the local day."""

    name: str
    weekdays: frozenset[int]
    start: int
    end: int
    breaks: tuple[tuple[int, int], ...]
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True)
class MasterData:
    """Everything about a site at one revision."""

    site_id: int
    code: str
    name: str
    revision: int
    time_zone: ZoneInfo
    acceptance_threshold: float
    retention_ms: int
    names_shown: bool
    workers: dict[str, WorkerInfo] = field(repr=False)
    workstations: dict[str, WorkstationInfo] = field(repr=False)
    cameras: dict[str, CameraInfo] = field(repr=False)
    shifts: tuple[ShiftInfo, ...] = field(repr=False)
    closures: tuple[Interval, ...] = field(repr=False)
    least_confidence: float = 0.0  # of an event that counts without a reviewer's word
    horizon_at: int = 0  # events before it have been removed, and what followed from them stays

    def keeps_since(self, now: int) -> int:
        """The instant before which no event is taken any more."""
        return max(now - self.retention_ms, self.horizon_at)

    @cached_property
    def cameras_by_id(self) -> dict[int, CameraInfo]:
        """The cameras by database id."""
        return {camera.id: camera for camera in self.cameras.values()}

    @cached_property
    def workstations_by_id(self) -> dict[int, WorkstationInfo]:
        """The workstations by database id."""
        return {station.id: station for station in self.workstations.values()}

    @cached_property
    def workers_by_id(self) -> dict[int, WorkerInfo]:
        """The workers by database id."""
        return {worker.id: worker for worker in self.workers.values()}

    @cached_property
    def shift_names(self) -> tuple[str, ...]:
        """Each name once, in order of first appearance."""
        return tuple(dict.fromkeys(shift.name for shift in self.shifts))


_Coded = TypeVar("_Coded", WorkerInfo, WorkstationInfo, CameraInfo)


def is_active(active: Interval, instant: int) -> bool:
    """Whether the instant lies in the active time."""
    return active[0] <= instant < active[1]


def by_code(items: Iterable[_Coded]) -> dict[str, _Coded]:
    """The items by their code, in the order in which people count: W2 before W10."""
    return {item.code: item for item in sorted(items, key=lambda item: _as_counted(item.code))}


def _as_counted(code: str) -> list[tuple[int, str]]:
    return [
        (int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", code)
    ]
