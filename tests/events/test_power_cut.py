"""The power goes at any instant: what the server has acknowledged by then is in its file, once.

The same suite finds a server that acknowledges first and writes then.
"""

import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.events.posting import Clients, Plant, is_whole, stored, sums_follow
from tests.fault_profile import POWER_CUTS, Account, account
from tests.stopped import copied, stopped

pytestmark = pytest.mark.faults
WORK_S = (0.02, 0.3)  # between two cuts


@dataclass
class Cut:
    account: Account
    copy: Path  # as the last cut left it
    torn: list[int] = field(default_factory=list)


def cut_power(plant: Plant, account: Account) -> Cut:
    clients = Clients(plant)
    folder = plant.database.parent / "cut"
    folder.mkdir()
    cut = Cut(account, folder / plant.database.name)
    with plant.server() as server, clients.at_work():
        server.wait_until(server.answers)
        server.wait_until(lambda: bool(clients.acknowledged))
        for turn in account.turns():
            time.sleep(account.dice.uniform(*WORK_S))
            with stopped([*server.descendants(), server.process.pid]):
                acknowledged = clients.known()
                copied(plant.database, folder)
            account.compare(acknowledged, stored(cut.copy))
            if not is_whole(cut.copy):
                cut.torn.append(turn)
    return cut


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Cut:
    plant = Plant(tmp_path_factory.mktemp("power") / "factory.sqlite3")
    return cut_power(plant, account("power cut under the server", wanted=POWER_CUTS))


def test_there_was_work_at_every_cut(cut: Cut) -> None:
    assert cut.account.acknowledged > 0


def test_what_was_acknowledged_before_a_cut_is_there_once(cut: Cut) -> None:
    assert (cut.account.missing, cut.account.twice) == (0, 0)


def test_no_file_is_torn(cut: Cut) -> None:
    assert cut.torn == []


def test_sums_follow_from_the_events(cut: Cut) -> None:
    assert sums_follow(cut.copy)


def test_bug_that_was_put_in_is_found(tmp_path: Path) -> None:
    plant = Plant(tmp_path / "factory.sqlite3", "answers_before_the_commit")
    assert cut_power(plant, Account("bug", wanted=3)).account.missing
