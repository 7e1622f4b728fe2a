"""An agent killed again and again while cameras post and the network fails: nothing is lost.

Each bug that is put in on purpose is found by the same suite.
"""

from pathlib import Path
from random import Random

import pytest

from tests.demo.processes import free_port
from tests.edge.agent.broken_agents import BUGS
from tests.edge.agent.fake_ingest import FakeIngest
from tests.edge.agent.fault_proxy import FaultProxy
from tests.edge.agent.killing import Cameras, kill_agents
from tests.fault_profile import AGENT_KILLS, SEED, Account, account

pytestmark = pytest.mark.faults
Run = tuple[FakeIngest, Cameras, Account]


def run(folder: Path, account: Account, *, bug: str = "") -> Run:
    ingest = FakeIngest()
    ingest.moods = Random(SEED)
    proxy = FaultProxy(ingest.port)
    try:
        cameras = kill_agents(folder, proxy, account, port=free_port(), bug=bug)
    finally:
        proxy.stop()
        ingest.stop()
    return ingest, cameras, account


def differences(ingest: FakeIngest, cameras: Cameras, account: Account) -> list[str]:
    """What was acknowledged and is not there, and what is there and was never seen."""
    places = [(each["camera_id"], each["timestamp"]) for each in ingest.stored.values()]
    account.compare(cameras.acknowledged, places)
    stored = {(each["camera_id"], each["timestamp"]): each for each in ingest.stored.values()}
    lost = [f"lost {key}" for key in cameras.acknowledged if key not in stored]
    strange = [f"strange {each}" for each in stored.values() if each["confidence"] != 0.93]
    return lost + strange


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Run:
    kills = account("agent killed, link cut", wanted=AGENT_KILLS)
    return run(tmp_path_factory.mktemp("killed"), kills)


def test_there_was_work_at_every_kill(killed: Run) -> None:
    assert len(killed[1].acknowledged) > 10 * killed[2].faults


def test_every_acknowledged_event_arrived_at_its_own_time(killed: Run) -> None:
    assert differences(*killed) == []


def test_no_event_has_a_number_of_another_s(killed: Run) -> None:
    numbers = [(each["camera_id"], each["seq"]) for each in killed[0].stored.values()]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("bug", BUGS)
def test_bug_that_was_put_in_is_found(tmp_path: Path, bug: str) -> None:
    assert differences(*run(tmp_path, Account(bug, wanted=3), bug=bug))
