"""A real disk that is full: said, survived, and forgotten once there is room again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import small_disk
from tests.edge.agent.agents import AgentProcess, event
from tests.edge.agent.conftest import Start
from tests.edge.agent.fake_ingest import FakeIngest, Reply

pytestmark = pytest.mark.faults


@pytest.fixture
def cramped(tmp_path: Path, ingest: FakeIngest) -> Iterator[AgentProcess]:
    """An agent whose buffer lies on a small disk, and whose server is away."""
    ingest.always = Reply(503)
    disk = tmp_path / "disk"
    disk.mkdir()
    (disk / "ballast").write_bytes(b"x" * 300_000)
    own = ("--buffer", str(disk / "buffer.sqlite3"))
    wrapper = small_disk.wrapper(disk, megabytes=0.6)
    with AgentProcess(tmp_path, ingest.url, *own, wrapper=wrapper) as agent:
        yield agent


def fill(agent: AgentProcess) -> int:
    """How many events the disk took."""
    taken = 0
    while agent.post([event(n) for n in range(taken, taken + 50)]).status == 202:
        taken += 50
        assert taken < 10_000
    return taken


def make_room(agent: AgentProcess) -> None:
    small_disk.seen_by(agent.process.pid, agent.folder / "disk" / "ballast").unlink()


def test_full_disk_is_507_and_nothing_is_kept(cramped: AgentProcess) -> None:
    taken = fill(cramped)
    answer = cramped.post([event(59_000)])
    if answer.status == 202:  # a single one may still fit
        taken += 1
        answer = cramped.post([event(n) for n in range(50_000, 50_200)])
    assert (answer.status, answer.document["code"]) == (507, "disk_full")
    assert cramped.health()["waiting"] == taken


def test_all_that_was_taken_arrives_though_the_disk_is_full(
    cramped: AgentProcess, ingest: FakeIngest
) -> None:
    taken = fill(cramped)
    ingest.always = None
    ingest.wait_for_stored(taken)


def test_events_are_taken_again_once_there_is_room(
    cramped: AgentProcess, ingest: FakeIngest
) -> None:
    taken = fill(cramped)
    make_room(cramped)
    cramped.put(*(event(n) for n in range(50_000, 50_200)))
    ingest.always = None
    ingest.wait_for_stored(taken + 200)
    cramped.wait_until_empty()
    assert cramped.health_answer().status == 200


def test_agent_that_is_killed_on_a_full_disk_comes_back(start: Start, ingest: FakeIngest) -> None:
    """Bounded by itself here, so that the same disk is there afterwards."""
    ingest.always = Reply(503)
    agent = start("--max-size", "200 KB")
    taken = 0
    while agent.post([event(n) for n in range(taken, taken + 20)]).status == 202:
        taken += 20
    agent.end()
    ingest.always = None
    start("--max-size", "200 KB")
    ingest.wait_for_stored(taken)
