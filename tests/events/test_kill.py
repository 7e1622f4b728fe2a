"""A server killed again and again in the middle of its work: what it acknowledged is there, once.

Each bug that is put in on purpose is found by the same suite.
"""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.events.posting import CLIENTS, SIZE, Clients, Plant, is_whole, stored, sums_follow
from tests.fault_profile import SERVER_KILLS, Account, account

pytestmark = pytest.mark.faults
WORK_S = (0.05, 0.6)  # between a start and the kill
KILLS_TO_FIND_IT = 3  # one may come before the first commit


@dataclass
class Killed:
    account: Account
    clients: Clients
    database: Path

    def differences(self) -> list[str]:
        found = {
            "lost or twice": not self.account.is_clean,
            "strange": set(stored(self.database)) != self.clients.acknowledged,
            "the sums do not follow": not sums_follow(self.database),
        }
        return [name for name, is_so in found.items() if is_so]


def kill_servers(plant: Plant, account: Account) -> Killed:
    """The last one is left to take everything."""
    clients = Clients(plant)
    with clients.at_work():
        for _ in account.turns():
            with plant.server() as server:
                server.wait_until(server.answers)
                time.sleep(account.dice.uniform(*WORK_S))
                os.killpg(server.process.pid, signal.SIGKILL)
            account.acknowledged = len(clients.acknowledged)
        with plant.server() as server:
            server.wait_until(server.answers)
            clients.finish()
            server.end(signal.SIGTERM)
    account.compare(clients.acknowledged, stored(plant.database))
    return Killed(account, clients, plant.database)


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Killed:
    plant = Plant(tmp_path_factory.mktemp("killed") / "factory.sqlite3")
    return kill_servers(plant, account("server killed, 8 clients", wanted=SERVER_KILLS))


def test_there_was_work_at_every_kill(killed: Killed) -> None:
    assert killed.account.acknowledged > killed.account.faults * SIZE * CLIENTS / 2


def test_every_acknowledged_event_is_there_once(killed: Killed) -> None:
    assert sorted(stored(killed.database)) == sorted(killed.clients.acknowledged)


def test_no_answer_was_a_fault(killed: Killed) -> None:
    assert killed.clients.faults == []


def test_file_is_whole(killed: Killed) -> None:
    assert is_whole(killed.database)


def test_sums_follow_from_the_events(killed: Killed) -> None:
    assert sums_follow(killed.database)


@pytest.mark.parametrize(
    "bug, what",
    [
        ("answers_before_the_commit", "lost or twice"),
        ("adds_up_after_the_commit", "the sums do not follow"),
        ("stamps_anew", "strange"),
    ],
)
def test_bug_that_was_put_in_is_found(tmp_path: Path, bug: str, what: str) -> None:
    plant = Plant(tmp_path / "factory.sqlite3", bug)
    assert what in kill_servers(plant, Account(bug, wanted=KILLS_TO_FIND_IT)).differences()
