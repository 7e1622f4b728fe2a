"""May an event be stored? Judges one decoded item against the site's master data and the clock."""

import re
from datetime import datetime
from typing import NamedTuple

from common.instants import DAY_MS, MINUTE_MS, to_ms
from events.domain.observation import COUNT, Observation
from events.domain.wire import Item, ProductCount, WireEvent, event_type_of
from workers.domain.master import (
    CameraInfo,
    MasterData,
    WorkerInfo,
    WorkstationInfo,
)

FUTURE_MS = 10 * MINUTE_MS  # a camera's clock may be ahead by this much
FIRST_MS, END_MS = 0, 84_006 * DAY_MS  # the years 1970 to 2199

_RFC3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ](?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d+)?"
    r"(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)


class Refusal(NamedTuple):
    """Why an item is not stored.

    `observation` is what it would have been, where that much is known.
    """

    code: str
    detail: str
    observation: Observation | None = None


class Sender(NamedTuple):
    """On whose behalf an item is judged.

    The key's camera (None for a gateway) and the message's own default.
    """

    camera_code: str | None
    default_code: str | None = None


class _Named(NamedTuple):
    """Whom and what an event names."""

    camera: CameraInfo
    worker: WorkerInfo
    workstation: WorkstationInfo


def judge(
    item: Item, sender: Sender, master: MasterData, *, received_at: int, now: int
) -> Observation | Refusal:
    """The fact that the item states, or why it can't be one."""
    if isinstance(item, str):
        return Refusal("invalid", item)
    occurred_at = instant_of(item.timestamp)
    if occurred_at is None:
        return Refusal("invalid", _NO_TIME)
    if has_nul(item):
        return Refusal("invalid", "A string has a NUL character")
    named = _named(item, sender, master)
    if isinstance(named, Refusal):
        return named
    observation = Observation(
        master.site_id,
        named.camera.id,
        named.worker.id,
        named.workstation.id,
        event_type_of(item),
        occurred_at,
        received_at,
        item.confidence,
        _units(item),
        item.restated,
        item.model_version or named.camera.version_at(occurred_at),
        item.snapshot_id or "",
    )
    return _inactive(named, observation) or _untimely(observation, master, now) or observation


def judge_heartbeat(sender: Sender, master: MasterData) -> Refusal | None:
    """Why the camera for which it speaks may not be said to live."""
    code = sender.default_code or sender.camera_code
    if code is not None and code not in master.cameras:
        return Refusal("unknown_camera", f"There is no camera {code!r} at this site")
    if sender.camera_code not in (None, code):
        return Refusal("camera_not_allowed", f"The key belongs to {sender.camera_code}")
    return None


_NO_TIME = "Expected an RFC 3339 time with offset, 1970 to 2199 - at `$.timestamp`"


def instant_of(timestamp: str) -> int | None:
    """Milliseconds since 1970 of an RFC 3339 time, finer fractions cut.

    None when it is no such time.
    """
    if not _RFC3339.fullmatch(timestamp):
        return None
    try:
        instant = to_ms(datetime.fromisoformat(timestamp.upper()))
    except ValueError:
        return None
    return instant if FIRST_MS <= instant < END_MS else None


def has_nul(event: WireEvent) -> bool:
    """Whether a free text carries a NUL, which no column takes (codes are looked up instead)."""
    return "\0" in (event.model_version or "") or "\0" in (event.snapshot_id or "")


def _named(event: WireEvent, sender: Sender, master: MasterData) -> _Named | Refusal:
    camera = _camera(event, sender, master)
    if isinstance(camera, Refusal):
        return camera
    worker = master.workers.get(event.worker_id)
    if worker is None:
        return _unknown("worker", event.worker_id)
    workstation = master.workstations.get(event.workstation_id)
    if workstation is None:
        return _unknown("workstation", event.workstation_id)
    return _Named(camera, worker, workstation)


def _camera(event: WireEvent, sender: Sender, master: MasterData) -> CameraInfo | Refusal:
    code = event.camera_id or sender.default_code or sender.camera_code
    if code is None:
        return Refusal("invalid", "A gateway's key says no camera: `camera_id` is required")
    if sender.camera_code is not None and code != sender.camera_code:
        return Refusal("camera_not_allowed", f"The key belongs to {sender.camera_code}")
    return master.cameras.get(code) or _unknown("camera", code)


def _unknown(kind: str, code: str) -> Refusal:
    if "\0" in code:
        return Refusal("invalid", f"A NUL character - at `$.{kind}_id`")
    return Refusal(f"unknown_{kind}", f"There is no {kind} {code!r} at this site")


def _units(event: WireEvent) -> int:
    """A count without a number is one unit; other types count nothing, whatever they carry."""
    if not isinstance(event, ProductCount):
        return 0
    return 1 if event.count is None else event.count


def _inactive(named: _Named, observation: Observation) -> Refusal | None:
    at = observation.occurred_at
    infos: tuple[WorkerInfo | WorkstationInfo | CameraInfo, ...] = named
    for info in infos:
        if not info.active[0] <= at < info.active[1]:
            kind = _Named._fields[infos.index(info)]
            return Refusal(f"unknown_{kind}", f"{info.code} was not active then", observation)
    return None


def _untimely(observation: Observation, master: MasterData, now: int) -> Refusal | None:
    if observation.occurred_at > now + FUTURE_MS:
        return Refusal("future", "More than 10 minutes ahead of the server's clock", observation)
    if observation.occurred_at < now - master.retention_ms:
        return Refusal("expired", "Older than the site keeps events", observation)
    return None


def contradicts(observation: Observation, stored_count: int) -> bool:
    """Whether the same event was stored with another count."""
    return observation.event_type == COUNT and observation.count != stored_count
