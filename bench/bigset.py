"""The big sets: two shifts of 100 workers on 30 days in 10 M events, and the same in 1 M.

Made once by bulk load and rebuild, and kept in var/bench/ until schema, size or VERSION change.
"""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from bench import environment, floor, worlds
from bench.floor import Row
from bench.harness import FULL, Size
from bench.worlds import World
from common.instants import DAY_MS, to_ms

FIRST_DAY = to_ms(datetime(2026, 1, 5, tzinfo=UTC))
VERSION = 2  # raised when what is made here changes
SPARSER = 10


@dataclass(frozen=True)
class BigSet:
    """A world, and the window that covers all of its events."""

    world: World
    start: int
    end: int
    events: int


def dense(folder: Path, size: Size) -> BigSet:
    """10 M events."""
    return _kept(folder, "dense", size.interval_ms, size)


def sparse(folder: Path, size: Size) -> BigSet:
    """1 M events of the same workers, days and shifts."""
    return _kept(folder, "sparse", SPARSER * size.interval_ms, size)


def _kept(folder: Path, name: str, interval_ms: int, size: Size) -> BigSet:
    """The set, made if need be: elsewhere, then moved, so that none is taken half-made."""
    made = worlds.create(
        folder / f"{name}.sqlite3",
        workers=size.workers,
        interval_ms=interval_ms,
        shifts=worlds.TWO_SHIFTS,
    )
    home = environment.HOME if size == FULL else folder
    file = home / f"{name}-{_fingerprint(made, size)}.sqlite3"
    if not file.exists():
        for outdated in home.glob(f"{name}-*"):
            outdated.unlink()
        worlds.load(made.file, _rows(made, size))
        shutil.move(made.file, file)
    return _opened(replace(made, file=file), size.days)


def _rows(world: World, size: Size) -> Iterator[Row]:
    for day in islice(floor.days(world.floor, FIRST_DAY), size.days):
        yield from day


def _fingerprint(world: World, size: Size) -> str:
    """Changes when the tables or the plan do."""
    with worlds.raw(world.file) as opened:
        schema = opened.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()
    plan = repr((schema, world.floor, size.days, VERSION))
    return hashlib.sha256(plan.encode()).hexdigest()[:12]


def _opened(world: World, days: int) -> BigSet:
    with worlds.raw(world.file) as opened:
        (events,) = opened.execute("SELECT count(*) FROM events_event").fetchone()
    return BigSet(world, FIRST_DAY, FIRST_DAY + days * DAY_MS, events)
