"""The power goes at any instant while the server is away: what an agent has taken is in its file.

The same suite finds an agent that answers first and writes then.
"""

import time
from pathlib import Path

import pytest

from tests.demo.processes import free_port
from tests.edge.agent.agents import START, AgentHere, AgentProcess
from tests.edge.agent.fake_ingest import FakeIngest, Reply
from tests.edge.agent.killing import Cameras, usual
from tests.fault_profile import POWER_CUTS, Account, account
from tests.stopped import copied, stopped

pytestmark = pytest.mark.faults
WORK_S = (0.02, 0.2)  # between two cuts


def cut_power(folder: Path, account: Account, *, bug: str = "") -> Account:
    """Each copy is given to another agent, which sends what is in it to a server of its own."""
    port = free_port()
    command = ("-m", "tests.edge.agent.broken_agents", bug, "agent") if bug else START
    listen = ("--listen", f"127.0.0.1:{port}")
    away, cameras = FakeIngest(), Cameras(port, usual)
    away.always = Reply(503)
    (folder / "cut").mkdir()
    with AgentProcess(folder, away.url, *listen, command=command) as agent:
        cameras.start()
        for _ in account.turns():
            time.sleep(account.dice.uniform(*WORK_S))
            with stopped([agent.process.pid]):
                acknowledged = list(cameras.acknowledged)
                copied(agent.buffer, folder / "cut")
            account.compare(acknowledged, sent_from(folder / "cut"))
        cameras.end()
    away.stop()
    return account


def sent_from(folder: Path) -> list[tuple[str, str]]:
    ingest = FakeIngest()
    agent = AgentHere(folder, ingest.url)
    agent.wait_until_empty()
    agent.end()
    ingest.stop()
    return [(each["camera_id"], each["timestamp"]) for each in ingest.stored.values()]


def test_what_was_taken_before_a_cut_is_sent_once(tmp_path: Path) -> None:
    cuts = cut_power(tmp_path, account("power cut under the agent", wanted=POWER_CUTS))
    assert cuts.acknowledged
    assert (cuts.missing, cuts.twice) == (0, 0)


def test_bug_that_was_put_in_is_found(tmp_path: Path) -> None:
    bug = "answers_before_the_commit"
    assert cut_power(tmp_path, Account(bug, wanted=10), bug=bug).missing
