"""The three ways to run the product, each as real processes: SQLite, PostgreSQL, Kafka before it.

All are durable and start empty.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg

from bench.consumers import consuming
from bench.environment import POSTGRES_OPTIONS, url_of
from bench.ladder.floors import Camera, Dashboard
from bench.ladder.seeding import seeded
from bench.servers import serving
from tests.broker import new_broker
from tests.postgres import private_cluster

TOPIC = "factory.events"
PARTITIONS = 12
PATIENCE_S = 300
PROCESSES = {"WORKERS": "2"}  # of the server, where the store lets it have several
IN_TURN = "ours from now on"  # what a consumer says that has its partitions
DONE = "SELECT coalesce(sum(stored + duplicate + refused), 0) FROM events_streamposition"


@dataclass(frozen=True)
class Store:
    """A running product: its port, the first processes of each part, who is to be seen there."""

    port: int
    parts: Mapping[str, list[int]]
    cameras: list[Camera]
    dashboards: list[Dashboard]
    wait_until_stored: Callable[[int], None] = lambda _events: None


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
    """Two server processes and PostgreSQL."""
    with private_cluster(*POSTGRES_OPTIONS) as cluster:
        people = seeded(cluster.url, folder, cameras)
        with serving(cluster.url, configured=PROCESSES) as server:
            parts = {"server": [server.pid], "PostgreSQL": [cluster.pid]}
            yield Store(server.port, parts, *people)


@contextmanager
def _kafka(folder: Path, cameras: int) -> Iterator[Store]:
    """Two server processes, a broker, a consumer and PostgreSQL."""
    with private_cluster(*POSTGRES_OPTIONS) as cluster, new_broker(folder) as broker:
        broker.create(TOPIC, partitions=PARTITIONS)
        kafka = {"KAFKA_BOOTSTRAP_SERVERS": broker.address, "KAFKA_TOPIC": TOPIC}
        log = folder / "consumer.log"
        front = {"EVENT_SINK": "kafka", **kafka, **PROCESSES}
        people = seeded(cluster.url, folder, cameras)
        with (
            serving(cluster.url, configured=front) as server,
            consuming(cluster.url, broker, topic=TOPIC, log=log) as consumer,
        ):
            _wait_until(lambda: IN_TURN in log.read_text())
            parts = {
                "server": [server.pid],
                "consumer": [consumer],
                "PostgreSQL": [cluster.pid],
                "broker": [broker.process.pid],
            }
            yield Store(server.port, parts, *people, partial(_wait, cluster.url))


STORES: dict[str, Opened] = {"sqlite": _sqlite, "postgres": _postgres, "kafka": _kafka}


def _wait(url: str, events: int) -> None:
    """Until the consumer is done with so many."""
    with psycopg.connect(url, autocommit=True) as database:
        _wait_until(lambda: (database.execute(DONE).fetchone() or (0,))[0] >= events)


def _wait_until(is_so: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > give_up_at:
            raise TimeoutError
        time.sleep(0.02)
