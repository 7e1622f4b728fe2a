"""Somebody holds a lock and does not let go: who waits behind it is told to come back, in time.

Real servers on a PostgreSQL of their own, with limits that are shorter than in earnest.
"""

import http.client
import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import psycopg
import pytest

from tests.demo.processes import Command
from tests.events.postgres_plant import PostgresPlant
from tests.events.posting import manage
from tests.floor import Json
from tests.postgres import Cluster

LIMITS = {
    "a lock that is not to be had": {"lock_timeout": 300},
    "a statement that takes too long": {"lock_timeout": 0, "statement_timeout": 300},
}
SHOW = """
from common.dialect.given import fetch
names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
print(*(fetch(f"SHOW {name}", [])[0][0] for name in names))
"""


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: str


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory, cluster: Cluster) -> PostgresPlant:
    return PostgresPlant(tmp_path_factory.mktemp("stuck") / "factory", cluster=cluster)


@pytest.fixture(scope="module", params=LIMITS)
def server(plant: PostgresPlant, request: pytest.FixtureRequest) -> Iterator[Command]:
    limits = json.dumps(LIMITS[request.param])
    module = "tests.events.impatient_settings"
    with plant.server(DJANGO_SETTINGS_MODULE=module, LIMITS_MS=limits) as server:
        server.wait_until(server.answers)
        yield server


@contextmanager
def stuck(plant: PostgresPlant, *statements: str) -> Iterator[None]:
    """Somebody's transaction that began and does not end."""
    with psycopg.connect(plant.url) as other:
        for statement in statements:
            other.execute(statement)
        yield
        other.rollback()


NUMBERS = itertools.count()  # of batches, none of them sent before
SITE = "SELECT id FROM workers_site FOR UPDATE"


def ask(server: Command, method: str, path: str, headers: dict[str, str], body: str = "") -> Answer:
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    line.request(method, path, body or None, headers)
    answer = line.getresponse()
    text = answer.read().decode()
    line.close()
    return Answer(answer.status, answer.headers, text)


def post(plant: PostgresPlant, server: Command, batch: list[Json]) -> Answer:
    headers = {"Authorization": f"Bearer {plant.key}", "Content-Type": "application/json"}
    return ask(server, "POST", "/api/v1/events/", headers, json.dumps(batch))


def assert_asks_to_come_back(answer: Answer, kind: str) -> None:
    assert answer.status == 503, answer.body
    assert answer.headers["Content-Type"].partition(";")[0] == kind
    assert int(answer.headers["Retry-After"]) > 0


def test_events_behind_a_stuck_writer_are_to_come_again(
    plant: PostgresPlant, server: Command
) -> None:
    with stuck(plant, SITE):
        answer = post(plant, server, plant.batch(0, 0))
    assert_asks_to_come_back(answer, "application/json")
    assert json.loads(answer.body)["code"] == "unavailable"


def test_what_was_not_stored_is_stored_afterwards(plant: PostgresPlant, server: Command) -> None:
    batch = plant.batch(1, next(NUMBERS))
    with stuck(plant, SITE):
        post(plant, server, batch)
    assert json.loads(post(plant, server, batch).body)["accepted"] == len(batch)


def test_page_is_shown_as_one(plant: PostgresPlant, server: Command) -> None:
    headers = {"Cookie": f"sessionid={'x' * 32}", "Accept": "text/html"}
    with stuck(plant, "LOCK django_session"):
        answer = ask(server, "GET", "/", headers)
    assert_asks_to_come_back(answer, "text/html")
    assert "The database is away or busy" in answer.body


def test_reading_is_answered_with_json(plant: PostgresPlant, server: Command) -> None:
    with stuck(plant, "LOCK authtoken_token"):
        answer = ask(server, "GET", "/api/v1/events/", {"Authorization": f"Token {'x' * 40}"})
    assert_asks_to_come_back(answer, "application/json")


def test_commands_take_the_time_that_they_need(plant: PostgresPlant) -> None:
    assert manage(plant.url, "shell", "--verbosity=0", "-c", SHOW) == "0 0 0\n"
