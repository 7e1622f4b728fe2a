"""The three ways to run the product, each as real processes: SQLite, PostgreSQL, Kafka before it.

All are durable and start empty.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.environment import POSTGRES_OPTIONS, ROOT, url_of
from bench.ladder.floors import Camera, Dashboard
from bench.ladder.seeding import seeded
from bench.servers import serving
from tests.broker import new_broker
from tests.postgres import private_cluster

TOPIC = "factory.events"
PARTITIONS = 12
PATIENCE_S = 300
BEHIND = "SELECT coalesce(sum(high_watermark - next_offset), 0) FROM events_streamposition"


@dataclass(frozen=True)
class Store:
    """A running product: its port, the first processes of each part, who is to be seen there."""

    port: int
    parts: Mapping[str, list[int]]
    cameras: list[Camera]
    dashboards: list[Dashboard]
    wait_until_stored: Callable[[], None] = lambda: None


Opened = Callable[[Path, int], AbstractContextManager[Store]]


@contextmanager
def _sqlite(folder: Path, cameras: int) -> Iterator[Store]:
    """One server process on a database file."""
    url = url_of(folder / "ladder.sqlite3")
    people = seeded(url, folder, cameras)
    with serving(url) as server:
        yield Store(server.port, {"server": [server.pid]}, *people)


@contextmanager
def _postgres(folder: Path, cameras: int) -> Iterator[Store]:
    """One server process and PostgreSQL."""
    with private_cluster(*POSTGRES_OPTIONS) as cluster:
        people = seeded(cluster.url, folder, cameras)
        with serving(cluster.url) as server:
            parts = {"server": [server.pid], "PostgreSQL": [cluster.pid]}
            yield Store(server.port, parts, *people)


@contextmanager
def _kafka(folder: Path, cameras: int) -> Iterator[Store]:
    """One server process, a broker, a consumer and PostgreSQL."""
    with private_cluster(*POSTGRES_OPTIONS) as cluster, new_broker(folder) as broker:
        broker.create(TOPIC, partitions=PARTITIONS)
        kafka = {"KAFKA_BOOTSTRAP_SERVERS": broker.address, "KAFKA_TOPIC": TOPIC}
        people = seeded(cluster.url, folder, cameras)
        with (
            serving(cluster.url, configured={"EVENT_SINK": "kafka", **kafka}) as server,
            _consumer(cluster.url, kafka) as consumer,
        ):
            parts = {
                "server": [server.pid],
                "consumer": [consumer],
                "PostgreSQL": [cluster.pid],
                "broker": [broker.process.pid],
            }
            yield Store(server.port, parts, *people, lambda: _wait(cluster.url))


STORES: dict[str, Opened] = {"sqlite": _sqlite, "postgres": _postgres, "kafka": _kafka}


@contextmanager
def _consumer(url: str, kafka: Mapping[str, str]) -> Iterator[int]:
    environment = os.environ | {"DATABASE_URL": url, **kafka}
    command = [sys.executable, "manage.py", "consume_events"]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
        try:
            yield process.pid
        finally:
            process.terminate()
            process.wait(60)


def _wait(url: str) -> None:
    """Until the consumer has stored all that the topic holds."""
    give_up_at = time.monotonic() + PATIENCE_S
    with psycopg.connect(url, autocommit=True) as database:
        while database.execute(BEHIND).fetchone() != (0,) and time.monotonic() < give_up_at:
            time.sleep(0.05)
