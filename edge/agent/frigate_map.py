"""Which Frigate zone is which workstation, and who is there: read from the agent's file."""

from __future__ import annotations

from collections.abc import Mapping
from configparser import ConfigParser
from dataclasses import dataclass
from datetime import datetime, time, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from edge.agent.shape import LONGEST_CODE
from edge.plan import ClockPeriod

SECTION, CAMERA, ZONE, FACES = "frigate", "frigate camera ", "frigate zone ", "frigate faces"
STATIONARY = ("working", "idle")
FIELDS = {"topic", "label", "every"}
CAMERA_FIELDS = {"camera", "time_zone"}
ZONE_FIELDS = {"workstation", "worker", "shifts", "stationary"}


class MapError(ValueError):
    """Says which entry is wrong, and why."""


@dataclass(frozen=True)
class Zone:
    """A place in a camera's picture. What a person does there who keeps still is `stationary`."""

    name: str
    workstation_id: str
    worker_id: str = ""
    shifts: tuple[tuple[ClockPeriod, str], ...] = ()
    stationary: str = "working"

    def assigned(self, local: datetime) -> str:
        """Who is there at that time, as far as anybody knows."""
        on_shift = (worker for hours, worker in self.shifts if hours.covers(local.time()))
        return next(on_shift, "") or self.worker_id or f"anon-{self.name}"


@dataclass(frozen=True)
class Watch:
    """A camera of Frigate's, and its zones in the order in which they are looked at."""

    camera_id: str
    zone_of_time: tzinfo
    zones: tuple[Zone, ...]


@dataclass(frozen=True)
class FrigateMap:
    watches: Mapping[str, Watch]
    faces: Mapping[str, str]
    topic: str = "frigate"
    label: str = "person"
    every_seconds: float = 5.0


def frigate_map(file: ConfigParser) -> FrigateMap | None:
    """None where the file says nothing of Frigate. Raises MapError."""
    if not file.has_section(SECTION):
        return None
    own = _fields(file, SECTION, FIELDS)
    watches = {
        name[len(CAMERA) :]: _watch(file, name)
        for name in file.sections()
        if name.startswith(CAMERA)
    }
    for name in file.sections():
        if name.startswith(ZONE) and name[len(ZONE) :].partition("/")[0] not in watches:
            raise MapError(f"[{name}]: there is no [{CAMERA}…] of that name")
    if not any(watch.zones for watch in watches.values()):
        raise MapError(f"[{SECTION}] needs a [{CAMERA}NAME] and a [{ZONE}NAME/ZONE]")
    faces = dict(file[FACES]) if file.has_section(FACES) else {}
    return FrigateMap(
        watches,
        {face: _code(worker, FACES, face) for face, worker in faces.items()},
        topic=own.get("topic", "frigate").rstrip("/"),
        label=own.get("label", "person"),
        every_seconds=_seconds(own.get("every", "5")),
    )


def _watch(file: ConfigParser, section: str) -> Watch:
    fields = _fields(file, section, CAMERA_FIELDS)
    prefix = f"{ZONE}{section[len(CAMERA) :]}/"
    zones = [_zone(file, name, name[len(prefix) :]) for name in file if name.startswith(prefix)]
    return Watch(
        _code(fields.get("camera", ""), section, "camera"),
        _time_zone(fields.get("time_zone", "UTC"), section),
        tuple(zones),
    )


def _zone(file: ConfigParser, section: str, name: str) -> Zone:
    fields = _fields(file, section, ZONE_FIELDS)
    stationary = fields.get("stationary", STATIONARY[0])
    if stationary not in STATIONARY:
        raise MapError(f"[{section}] stationary: one of {', '.join(STATIONARY)}")
    worker = fields.get("worker", "")
    zone = Zone(
        name,
        _code(fields.get("workstation", ""), section, "workstation"),
        _code(worker, section, "worker") if worker else "",
        tuple(
            _shift(each, section) for each in fields.get("shifts", "").split(",") if each.strip()
        ),
        stationary,
    )
    _code(f"anon-{name}", section, "zone")
    return zone


def _shift(text: str, section: str) -> tuple[ClockPeriod, str]:
    """For example 22:00-06:00 W3."""
    hours, _, worker = text.strip().partition(" ")
    start, _, end = hours.partition("-")
    try:
        period = ClockPeriod(_clock(start), _clock(end))
    except ValueError as error:
        raise MapError(
            f"[{section}] shifts: {text.strip()!r} is not like 06:00-14:00 W1"
        ) from error
    return period, _code(worker.strip(), section, "shifts")


def _clock(text: str) -> time:
    return datetime.strptime(text, "%H:%M").replace(tzinfo=timezone.utc).time()


def _fields(file: ConfigParser, section: str, known: set[str]) -> Mapping[str, str]:
    fields = dict(file[section])
    unknown = sorted(set(fields) - known)
    if unknown:
        raise MapError(f"[{section}]: there is no setting {unknown[0]!r}")
    return fields


def _code(text: str, section: str, name: str) -> str:
    if not 1 <= len(text) <= LONGEST_CODE:
        raise MapError(f"[{section}] {name}: a code of 1 to {LONGEST_CODE} characters")
    return text


def _seconds(text: str) -> float:
    try:
        return max(float(text), 0.0)
    except ValueError as error:
        raise MapError(f"[{SECTION}] every: {text!r} is not a number of seconds") from error


def _time_zone(name: str, section: str) -> tzinfo:
    if name == "UTC":
        return timezone.utc
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise MapError(f"[{section}] time_zone: there is no {name!r}") from error
