"""PostgreSQL stopped as by a power cut: events are taken, and stored once it is back."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest

from tests.broker import Broker
from tests.demo.processes import ROOT
from tests.events.posting import MAKE_A_SITE
from tests.floor import Json
from tests.postgres import private_cluster
from tests.stream.plant import Plant, keys_of

pytestmark = pytest.mark.django_db  # in the run on PostgreSQL; it has a server of its own
STORED = "SELECT code, occurred_at FROM events_event e JOIN workers_worker w ON w.id = worker_id"
REFUSED = "SELECT code, count FROM events_refusedevent"


@dataclass
class Outage:
    """What was answered before, while and after the database was away, and what is there then."""

    sent: list[Json] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    unknown: tuple[int, Json] = (0, {})
    strange_key: tuple[int, Json] = (0, {})
    slowest_s: float = 0
    stored: list[tuple[str, int]] = field(default_factory=list)
    refused: list[tuple[str, int]] = field(default_factory=list)
    verified: str = ""
    said: str = ""


@pytest.fixture(scope="module")
def outage(broker: Broker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outage]:
    with private_cluster("-F") as cluster:
        manage(cluster.url, "migrate", "--verbosity=0")
        key = manage(cluster.url, "shell", "--verbosity=0", "-c", MAKE_A_SITE).split()[-1]
        folder = tmp_path_factory.mktemp("outage")
        with Plant(broker, folder, database_url=cluster.url, key=key) as plant:
            yield lived_through(plant, cluster)


def lived_through(plant: Plant, cluster: Any) -> Outage:
    outage = Outage()
    server, consumer = plant.serve(), plant.consume()

    def post(body: Any, **more: str) -> tuple[int, Json]:
        began = time.monotonic()
        status, answer, _ = plant.post(server, body, **more)
        outage.slowest_s = max(outage.slowest_s, time.monotonic() - began)
        return status, answer

    def post_batch(n: int) -> None:
        batch = plant.batch(1, n)
        outage.statuses.append(post(batch)[0])
        outage.sent += batch

    post_batch(0)
    consumer.wait_until(lambda: len(asked(cluster.url, STORED)) == len(outage.sent))
    outage.slowest_s = 0
    cluster.crash()
    for n in range(1, 20):
        post_batch(n)
    outage.unknown = post([plant.batch(2, 0)[0] | {"worker_id": "W99"}])
    outage.strange_key = post(plant.batch(2, 0), key="fk_0123_4567")
    consumer.wait_until_said("Nothing can be stored for now")
    cluster.start()
    post_batch(20)
    consumer.wait_until(lambda: len(asked(cluster.url, STORED)) >= len(outage.sent))
    consumer.wait_until(lambda: bool(asked(cluster.url, REFUSED)))
    outage.stored = sorted(asked(cluster.url, STORED))
    outage.refused = asked(cluster.url, REFUSED)
    outage.verified = manage(cluster.url, "verify")
    outage.said = consumer.says()
    return outage


def manage(url: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        text=True,
        timeout=300,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return done.stdout


def asked(url: str, sql: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as reader:
        return reader.execute(sql).fetchall()


def test_events_are_taken_all_the_while(outage: Outage) -> None:
    assert outage.statuses == [202] * 21


def test_nobody_waits_for_the_database(outage: Outage) -> None:
    """A bound, not a measurement: what waits for a connection waits for much longer."""
    assert outage.slowest_s < 4


def test_everything_is_stored_once(outage: Outage) -> None:
    assert outage.stored == sorted(keys_of(outage.sent))


def test_unknown_worker_is_queued_since_nobody_can_tell(outage: Outage) -> None:
    assert outage.unknown == (202, {"received": 1, "queued": 1, "refused": []})


def test_unknown_worker_is_refused_by_the_consumer_then(outage: Outage) -> None:
    assert outage.refused == [("unknown_worker", 1)]


def test_key_that_nobody_can_judge_now_is_asked_to_come_back(outage: Outage) -> None:
    status, answer = outage.strange_key
    assert (status, answer["code"]) == (503, "unavailable")


def test_sums_follow_from_the_events(outage: Outage) -> None:
    assert "everything follows" in outage.verified


def test_consumer_stays_in_its_group(outage: Outage) -> None:
    assert outage.said.count("Partitions that are ours from now on") == 1
    assert "The consumer stores again." in outage.said
