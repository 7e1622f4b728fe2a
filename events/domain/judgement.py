"""May an event be stored? Judges one decoded item against the site's master data and the clock."""

import re
from datetime import datetime
from typing import NamedTuple

from common.instants import DAY_MS, MINUTE_MS, to_ms
from events.domain.observation import COUNT, Observation
from events.domain.wire import Item, ProductCount, WireEvent, event_type_of
from workers.domain.master import CameraInfo, MasterData, is_active

FUTURE_MS = 10 * MINUTE_MS  # a camera's clock may be ahead by this much
FIRST_MS, END_MS = 0, 84_006 * DAY_MS  # the years 1970 to 2199

_RFC3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ](?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)", re.ASCII
)


class Refusal(NamedTuple):
    """Why an item is not stored. `observation` is what it would have been, where that much is known."""

    code: str
    detail: str
    observation: Observation | None = None


class Sender(NamedTuple):
    """On whose behalf an item is judged: the key's camera (None for a gateway) and the message's own default."""

    camera_code: str | None
    default_code: str | None = None


def judge(item: Item, sender: Sender, master: MasterData, *, received_at: int, now: int) -> Observation | Refusal:
    """The fact that the item states, or why it can't be one."""
    if isinstance(item, str):
        return Refusal("invalid", item)
    camera = _camera(item, sender, master)
    if isinstance(camera, Refusal):
        return camera
    worker = master.workers.get(item.worker_id)
    if worker is None:
        return _unknown("worker", item.worker_id)
    station = master.workstations.get(item.workstation_id)
    if station is None:
        return _unknown("workstation", item.workstation_id)
    occurred_at = instant_of(item.timestamp)
    if occurred_at is None:
        return Refusal("invalid", "Expected an RFC 3339 time with offset, 1970 to 2199 - at `$.timestamp`")
    if has_nul(item):
        return Refusal("invalid", "A string has a NUL character")
    observation = Observation(
        master.site_id,
        camera.id,
        worker.id,
        station.id,
        event_type_of(item),
        occurred_at,
        received_at,
        item.confidence,
        _units(item),
        item.restated,
        item.model_version or camera.version_at(occurred_at),
        item.snapshot_id or "",
    )
    for kind, info in (("worker", worker), ("workstation", station), ("camera", camera)):
        if not is_active(info.active, occurred_at):  # type: ignore[attr-defined]
            return Refusal(f"unknown_{kind}", f"{info.code} was not active then", observation)  # type: ignore[attr-defined]
    return _in_time(observation, master, now)


def instant_of(timestamp: str) -> int | None:
    """Milliseconds since 1970 of an RFC 3339 time, finer fractions cut; None when it is no such time."""
    if not _RFC3339.fullmatch(timestamp):
        return None
    try:
        instant = to_ms(datetime.fromisoformat(timestamp.upper()))
    except ValueError:
        return None
    return instant if FIRST_MS <= instant < END_MS else None


def has_nul(event: WireEvent) -> bool:
    """Whether a free text carries a NUL, which no database column takes (codes are looked up instead)."""
    return "\0" in (event.model_version or "") or "\0" in (event.snapshot_id or "")


def _camera(event: WireEvent, sender: Sender, master: MasterData) -> CameraInfo | Refusal:
    code = event.camera_id or sender.default_code or sender.camera_code
    if code is None:
        return Refusal("invalid", "Object missing required field `camera_id`: the key is a gateway's")
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


def _in_time(observation: Observation, master: MasterData, now: int) -> Observation | Refusal:
    if observation.occurred_at > now + FUTURE_MS:
        return Refusal("future", "The timestamp is more than 10 minutes ahead of the server's clock", observation)
    if observation.occurred_at < now - master.retention_ms:
        return Refusal("expired", "The timestamp is older than the site keeps events", observation)
    return observation


def contradicts(observation: Observation, stored_count: int) -> bool:
    """Whether the same event was stored with another count."""
    return observation.event_type == COUNT and observation.count != stored_count
