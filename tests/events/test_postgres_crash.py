"""PostgreSQL crashes again and again while clients post, and comes back.

The server lives on: it asks its clients to come back, and serves them as soon as it can. A
PostgreSQL that answers before it has written is found out by the same suite.
"""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.events.postgres_plant import PatientClients, PostgresPlant
from tests.events.posting import CLIENTS, SIZE, Fact, sums_follow
from tests.fault_profile import POSTGRES_CRASHES, Account, account
from tests.postgres import Cluster

pytestmark = pytest.mark.faults
WORK_S = (0.2, 1.0)  # between a start and the crash
AWAY_S = (0.0, 1.0)  # before it is started again, and clients have been asked to come back


@dataclass
class Crashed:
    account: Account
    clients: PatientClients
    stored: list[Fact]
    sums_follow: bool


def crash_it(plant: PostgresPlant, account: Account) -> Crashed:
    """The last start is left to take everything."""
    clients = PatientClients(plant)
    with plant.server() as server:
        server.wait_until(server.answers)
        with clients.at_work():
            for _ in account.turns():
                time.sleep(account.dice.uniform(*WORK_S))
                with away(plant):
                    time.sleep(account.dice.uniform(*AWAY_S))
                    asked = clients.answers[503]
                    server.wait_until(lambda asked=asked: clients.answers[503] > asked)
                known = len(clients.known())
                server.wait_until(lambda known=known: len(clients.known()) > known)
                account.acknowledged = len(clients.known())
            clients.finish()
        server.end(signal.SIGTERM)
    stored = plant.stored()
    account.compare(clients.acknowledged, stored)
    return Crashed(account, clients, stored, sums_follow(plant.url))


@contextmanager
def away(plant: PostgresPlant) -> Iterator[None]:
    plant.cluster.crash()
    yield
    plant.cluster.start()


@pytest.fixture(scope="module")
def crashed(tmp_path_factory: pytest.TempPathFactory, cluster: Cluster) -> Crashed:
    plant = PostgresPlant(tmp_path_factory.mktemp("crashed") / "factory", cluster=cluster)
    return crash_it(plant, account("PostgreSQL crashed", wanted=POSTGRES_CRASHES))


def test_there_was_work_at_every_crash(crashed: Crashed) -> None:
    assert crashed.account.acknowledged > crashed.account.faults * SIZE * CLIENTS / 2


def test_every_acknowledged_event_is_there_once(crashed: Crashed) -> None:
    assert sorted(crashed.stored) == sorted(crashed.clients.acknowledged)


def test_clients_were_answered_all_the_time(crashed: Crashed) -> None:
    assert crashed.clients.faults == []
    assert set(crashed.clients.answers) == {200, 503}


def test_sums_follow_from_the_events(crashed: Crashed) -> None:
    assert crashed.sums_follow


def test_database_that_does_not_wait_for_its_disk_is_found(
    tmp_path: Path, cluster: Cluster
) -> None:
    plant = PostgresPlant(tmp_path / "factory", cluster=cluster)
    with plant.server() as server:
        server.wait_until(server.answers)
        plant.post(plant.batch(CLIENTS, 0))  # what a server remembers of it is not to be lost
    plant.commit_hastily()
    assert crash_it(plant, Account("hasty", wanted=1)).account.missing
