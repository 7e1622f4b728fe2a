"""Databases to measure on: a site with people, workstations, cameras, and what was seen there."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import time
from itertools import islice
from pathlib import Path

import msgspec
from django.db import connection, transaction
from rest_framework.authtoken.models import Token

from bench.environment import ROOT, url_of
from bench.floor import Floor, Row, Shift
from common import clock
from common.instants import DAY_MS, floor_to, to_ms, to_rfc3339
from events.domain.observation import COLUMNS
from workers import models as master
from workers import queries, registry
from workers.domain.keys import key_from

STATIONS_PER_CAMERA = 5
DAY_SHIFT: tuple[Shift, ...] = ((5 * 60, 13 * 60 + 30),)
TWO_SHIFTS: tuple[Shift, ...] = (*DAY_SHIFT, (13 * 60 + 30, 22 * 60))
BREAKS = ((8 * 60 + 45, 9 * 60 + 15), (17 * 60 + 15, 17 * 60 + 45))  # one in each shift
KEEPS_DAYS = 36_500  # so that the big sets, made once, never become too old
GATEWAY = key_from("bench", "secret")  # of every world's one site
TOKEN = "bench" * 8  # of its manager

INSERT = f"INSERT INTO events_event ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"


@dataclass(frozen=True)
class World:
    """A database file, and what its one site looks like."""

    file: Path
    floor: Floor

    @property
    def url(self) -> str:
        """The DATABASE_URL of the file."""
        return url_of(self.file)


def create(
    file: Path, *, workers: int, interval_ms: int, shifts: tuple[Shift, ...] = DAY_SHIFT
) -> World:
    """A world in which nothing was seen yet, in a new file."""
    shutil.copyfile(connection.settings_dict["NAME"], file)
    floor = planned(workers=workers, interval_ms=interval_ms, shifts=shifts)
    with database(file):
        furnish(floor)
    return World(file, floor)


def planned(
    *, workers: int, interval_ms: int, shifts: tuple[Shift, ...] = DAY_SHIFT, site_id: int = 1
) -> Floor:
    """A workstation for each worker, a camera for every few."""
    ids = range(1, workers + 1)
    cameras = range(1, -(-workers // STATIONS_PER_CAMERA) + 1)
    return Floor(site_id, ids, ids, cameras, shifts, interval_ms)


def furnish(floor: Floor) -> None:
    """Puts a floor's master data into the database that Django works on, where there is none."""
    with transaction.atomic():
        site = master.Site.objects.create(
            pk=floor.site_id, code="F1", name="Factory 1", retention_days=KEEPS_DAYS
        )
        _fill(site, floor.workers, floor.cameras)
        for place, shift in enumerate(floor.shifts):
            mine = floor.workers[place :: len(floor.shifts)]
            _shift(site, f"Shift {place + 1}", shift, mine)
        _let_in(site)


def wire(rows: Iterable[Row]) -> bytes:
    """Rows as the JSON array that a gateway would send."""
    return msgspec.json.encode([_wire_event(row) for row in rows])


@contextmanager
def database(file: Path) -> Iterator[None]:
    """Django in this process works on this file; what it remembers of another one is forgotten."""
    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = str(file)
    queries._cache.clear()
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


@contextmanager
def raw(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection past Django, with the pragmas that Django's have."""
    with closing(sqlite3.connect(file, isolation_level=None)) as opened:
        opened.execute("PRAGMA foreign_keys=ON")
        opened.executescript(connection.settings_dict["OPTIONS"]["init_command"])
        yield opened


def insert(opened: sqlite3.Connection, rows: Iterable[Row], *, chunk: int) -> None:
    """Plain inserts, one transaction per chunk: what is stored without anything on top."""
    remaining = iter(rows)
    while part := list(islice(remaining, chunk)):
        opened.execute("BEGIN IMMEDIATE")
        opened.executemany(INSERT, part)
        opened.execute("COMMIT")


def load(file: Path, rows: Iterable[Row]) -> None:
    """Facts in bulk, then what follows from them, by `manage.py rebuild`."""
    with raw(file) as opened:
        opened.executescript("PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF;")
        insert(opened, rows, chunk=100_000)
    environment = os.environ | {"DATABASE_URL": url_of(file)}
    command = [sys.executable, "manage.py", "rebuild"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


def past_midnight(days: int) -> int:
    """The instant of the UTC midnight so many days ago."""
    return floor_to(to_ms(clock.now()), DAY_MS) - days * DAY_MS


def _wire_event(row: Row) -> dict[str, object]:
    """Codes follow from ids: those of a new file begin at 1."""
    _, camera_id, worker_id, station_id, event_type, at, _, confidence, count, *_ = row
    event: dict[str, object] = {
        "timestamp": to_rfc3339(at),
        "worker_id": f"W{worker_id}",
        "workstation_id": f"S{station_id}",
        "event_type": event_type,
        "confidence": confidence,
        "camera_id": f"CAM-{camera_id}",
    }
    return event | {"count": count} if event_type == "product_count" else event


def _fill(site: master.Site, ids: Sequence[int], cameras: Sequence[int]) -> None:
    master.Worker.objects.bulk_create(
        master.Worker(pk=pk, site=site, code=f"W{pk}", name=f"Worker {pk}") for pk in ids
    )
    master.Workstation.objects.bulk_create(
        master.Workstation(pk=pk, site=site, code=f"S{pk}", name=f"Station {pk}") for pk in ids
    )
    master.WorkstationTarget.objects.bulk_create(
        master.WorkstationTarget(workstation_id=pk, per_hour=60) for pk in ids
    )
    master.Camera.objects.bulk_create(
        master.Camera(pk=pk, site=site, code=f"CAM-{pk}", name=f"Camera {pk}") for pk in cameras
    )


def _shift(site: master.Site, name: str, shift: Shift, workers: Sequence[int]) -> None:
    opens, closes = shift
    row = master.Shift(site=site, name=name, weekdays="1234567", start=_at(opens), end=_at(closes))
    breaks = [(_at(start), _at(end)) for start, end in BREAKS if opens <= start < closes]
    registry.save_shift(row, breaks=breaks)
    master.ShiftAssignment.objects.bulk_create(
        master.ShiftAssignment(worker_id=pk, shift_name=name) for pk in workers
    )


def _at(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def _let_in(site: master.Site) -> None:
    """A gateway and a manager."""
    master.IngestKey.objects.create(
        site=site, prefix=GATEWAY.prefix, secret_hash=GATEWAY.secret_hash
    )
    user = master.User.objects.create(username="bench")
    Token.objects.create(user=user, key=TOKEN)
    master.Membership.objects.create(user=user, site=site, role=master.Role.MANAGER)
