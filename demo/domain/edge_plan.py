"""The demo factory's plan as the simulated cameras read it (format: edge/README.md)."""

from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any

from demo.domain.mishaps import SINKS_PER_DAY
from demo.domain.plan import Plan, Shift, Station, Stretch


def edge_plan(
    plan: Plan, keys: Mapping[str, str], sunk: Mapping[str, float] | None = None
) -> dict[str, Any]:
    """A JSON document: the cameras whose workstations are manned, each with its key.

    `sunk` is by how much a camera's confidence has fallen so far: the past goes on.
    """
    cameras = [_camera(plan, station, keys, sunk or {}) for station in plan.stations]
    return {
        "time_zone": plan.time_zone,
        "cameras": [camera for camera in cameras if camera["rotation"]],
    }


def _camera(
    plan: Plan, station: Station, keys: Mapping[str, str], sunk: Mapping[str, float]
) -> dict[str, Any]:
    sinks = station.camera in (plan.sinking_camera, plan.dusty_camera)
    return {
        "camera_id": station.camera,
        "key": keys[station.camera],
        "workstation_id": station.code,
        "confidence_drift_per_hour": round(SINKS_PER_DAY / 24, 4) if sinks else 0,
        "confidence_sunk": sunk.get(station.camera, 0),
        "rotation": [duty for shift in plan.shifts for duty in _duties(shift, station)],
    }


def _duties(shift: Shift, station: Station) -> Iterator[dict[str, Any]]:
    for post in shift.posts:
        if post.station == station.code:
            breaks = [_clock(pause) for pause in shift.breaks if _lies_in(pause, post.hours)]
            yield {"worker_id": post.worker, **_clock(post.hours), "breaks": breaks}


def _clock(stretch: Stretch) -> dict[str, str]:
    return {"start": f"{stretch.start:%H:%M}", "end": f"{stretch.end:%H:%M}"}


def _lies_in(inner: Stretch, outer: Stretch) -> bool:
    return _minutes(outer.start, inner.start) < _minutes(outer.start, outer.end)


def _minutes(start: time, end: time) -> int:
    """From one local time to the next occurrence of the other."""
    return (end.hour * 60 + end.minute - start.hour * 60 - start.minute) % (24 * 60)
