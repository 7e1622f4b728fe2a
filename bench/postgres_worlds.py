"""PostgreSQL to measure on: a durable private server with a site, and a second table of events."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from bench import worlds
from bench.environment import POSTGRES_OPTIONS, ROOT
from bench.floor import Floor, Row
from bench.harness import Size
from bench.posts import NotStored
from events.domain.observation import COLUMNS
from tests.postgres import private_cluster

FURNISH = (
    "from bench import worlds;"
    "worlds.furnish(worlds.planned(workers={workers}, interval_ms={interval_ms}))"
)
CONSTRAINTS = """
SELECT format('ALTER TABLE plain ADD CONSTRAINT plain_%s %s', conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE conrelid = 'events_event'::regclass AND contype = 'f'
"""


@dataclass(frozen=True)
class World:
    """A database on a running server, and what its one site looks like."""

    url: str
    floor: Floor


@contextmanager
def created(size: Size) -> Iterator[World]:
    """A world in which nothing was seen yet, on a server of its own for as long as this lasts."""
    with private_cluster(*POSTGRES_OPTIONS) as cluster:
        floor = worlds.planned(workers=size.workers, interval_ms=size.interval_ms)
        _manage(cluster.url, "migrate", "--verbosity=0")
        words = FURNISH.format(workers=size.workers, interval_ms=size.interval_ms)
        _manage(cluster.url, "shell", "--verbosity=0", "-c", words)
        yield World(cluster.url, floor)


@contextmanager
def plain_table(world: World) -> Iterator[psycopg.Connection]:
    """A connection past Django, with the table `plain`: indexes and constraints as the events'."""
    with psycopg.connect(world.url, autocommit=True) as opened:
        opened.execute("CREATE TABLE plain (LIKE events_event INCLUDING ALL)")
        for (statement,) in opened.execute(CONSTRAINTS).fetchall():
            opened.execute(statement)
        yield opened


def copy(opened: psycopg.Connection, rows: Sequence[Row], *, chunk: int) -> None:
    """Rows by COPY into `plain`, one transaction per chunk."""
    for start in range(0, len(rows), chunk):
        with opened.cursor().copy(f"COPY plain ({', '.join(COLUMNS)}) FROM STDIN") as into:
            for row in rows[start : start + chunk]:
                into.write_row(row)


def check_stored(world: World, events: int, table: str = "events_event") -> None:
    """Raises NotStored unless the table has so many rows."""
    with psycopg.connect(world.url) as opened:
        (stored,) = opened.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)
    if stored != events:
        raise NotStored(f"{table} has {stored:,} events instead of {events:,}.")


def _manage(url: str, *words: str) -> None:
    command = [sys.executable, "manage.py", *words]
    environment = os.environ | {"DATABASE_URL": url}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
