"""Sites to try scale with: as many cameras and workers as are asked for, and a gateway key each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db import transaction

from workers import keys, registry
from workers.models import (
    Camera,
    CameraModelVersion,
    Membership,
    Role,
    Shift,
    Site,
    User,
    Worker,
    Workstation,
    WorkstationTarget,
)

VERSION = "yolo-11s@2026-03"
STATE_TTL_S = 60
DAY_AND_NIGHT = {"start": "00:00", "end": "00:00"}
SHIFTS = (("early", 6, 14), ("late", 14, 22), ("night", 22, 6))

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    """Of each site."""

    cameras: int
    workers_per_camera: int


def seed_site(code: str, size: Size, *, at: datetime, member: User | None = None) -> Json:
    """A new site, and its plan for `python -m edge simulate`, with its key."""
    with transaction.atomic():
        site = Site(code=code, name=f"Plant {code}", people_shown=Site.PeopleShown.NAMES)
        registry.save_site(site, at=at)
        for name, start, end in SHIFTS:
            registry.save_shift(
                Shift(site=site, name=name, weekdays="1234567", start=time(start), end=time(end))
            )
        _fill(site, size)
        if member:
            registry.save(Membership(site=site, user=member, role=Role.ADMIN))
        key = keys.create_key(site=site, at=at).text
    cameras = [_camera(number, size) for number in range(1, size.cameras + 1)]
    return {"site": code, "time_zone": site.time_zone, "key": key, "cameras": cameras}


def _fill(site: Site, size: Size) -> None:
    """Many rows, few statements."""
    numbers = range(1, size.cameras + 1)
    stations = Workstation.objects.bulk_create(
        Workstation(site=site, code=f"S{n}", name=f"Line {n}", kind="assembly") for n in numbers
    )
    WorkstationTarget.objects.bulk_create(
        WorkstationTarget(workstation=each, per_hour=60) for each in stations
    )
    cameras = Camera.objects.bulk_create(
        Camera(
            site=site,
            code=f"CAM-{n}",
            name=f"Above line {n}",
            state_ttl_s=STATE_TTL_S,
            reporting_interval_s=STATE_TTL_S // 3,
        )
        for n in numbers
    )
    CameraModelVersion.objects.bulk_create(
        CameraModelVersion(camera=each, version=VERSION) for each in cameras
    )
    watches: Any = Camera.workstations.through
    watches.objects.bulk_create(
        watches(camera=camera, workstation=station)
        for camera, station in zip(cameras, stations, strict=True)
    )
    Worker.objects.bulk_create(
        Worker(site=site, code=f"W{n}", name=f"Worker {n}")
        for n in range(1, size.cameras * size.workers_per_camera + 1)
    )


def _camera(number: int, size: Size) -> Json:
    return {
        "camera_id": f"CAM-{number}",
        "workstation_id": f"S{number}",
        "rotation": list(_rotation(number, size.workers_per_camera)),
    }


def _rotation(number: int, workers: int) -> Iterator[Json]:
    first = (number - 1) * workers + 1
    for n in range(first, first + workers):
        yield {"worker_id": f"W{n}", **DAY_AND_NIGHT}
