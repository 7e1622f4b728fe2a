"""An agent killed again and again while cameras post and the network fails: nothing is lost.

Each bug that is put in on purpose is found by the same suite.
"""

import os
from pathlib import Path
from random import Random

import pytest

from tests.demo.processes import free_port
from tests.edge.agent.broken_agents import BUGS
from tests.edge.agent.fake_ingest import FakeIngest
from tests.edge.agent.fault_proxy import FaultProxy
from tests.edge.agent.killing import Cameras, kill_agents

pytestmark = pytest.mark.faults
KILLS = int(os.environ.get("FAULT_KILLS", "16"))
SEED = int(os.environ.get("FAULT_SEED", "5"))

Run = tuple[FakeIngest, Cameras]


def run(folder: Path, *, kills: int, bug: str = "") -> Run:
    ingest = FakeIngest()
    ingest.moods = Random(SEED)
    proxy = FaultProxy(ingest.port)
    try:
        cameras = kill_agents(folder, proxy, kills=kills, seed=SEED, port=free_port(), bug=bug)
    finally:
        proxy.stop()
        ingest.stop()
    return ingest, cameras


def differences(ingest: FakeIngest, cameras: Cameras) -> list[str]:
    """What was acknowledged and is not there, and what is there and was never seen."""
    print("FAULT_SEED", SEED)  # noqa: T201 - shown when the test fails
    stored = {(each["camera_id"], each["timestamp"]): each for each in ingest.stored.values()}
    lost = [f"lost {key}" for key in cameras.acknowledged if key not in stored]
    strange = [f"strange {each}" for each in stored.values() if each["confidence"] != 0.93]
    return lost + strange


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(tmp_path_factory.mktemp("killed"), kills=KILLS)


def test_there_was_work_at_every_kill(killed: Run) -> None:
    assert len(killed[1].acknowledged) > 10 * KILLS


def test_every_acknowledged_event_arrived_at_its_own_time(killed: Run) -> None:
    assert differences(*killed) == []


def test_no_event_has_a_number_of_another_s(killed: Run) -> None:
    numbers = [(each["camera_id"], each["seq"]) for each in killed[0].stored.values()]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("bug", BUGS)
def test_bug_that_was_put_in_is_found(tmp_path: Path, bug: str) -> None:
    ingest, cameras = run(tmp_path, kills=3, bug=bug)
    assert differences(ingest, cameras)
