"""What the tests of the agent share: servers to send to, networks that fail, agents that run."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.edge.agent.agents import AgentHere, AgentProcess
from tests.edge.agent.fake_ingest import FakeIngest
from tests.edge.agent.fault_proxy import FaultProxy

Start = Callable[..., AgentHere]
StartProcess = Callable[..., AgentProcess]


@pytest.fixture
def ingest() -> Iterator[FakeIngest]:
    server = FakeIngest()
    yield server
    server.stop()


@pytest.fixture
def proxy(ingest: FakeIngest) -> Iterator[FaultProxy]:
    proxy = FaultProxy(ingest.port)
    yield proxy
    proxy.stop()


@pytest.fixture
def start(tmp_path: Path, ingest: FakeIngest) -> Iterator[Start]:
    """Starts an agent here that sends to the server, or to `url`; all end with the test."""
    running: list[AgentHere] = []

    def start(*words: str, url: str = "") -> AgentHere:
        running.append(AgentHere(tmp_path, url or ingest.url, *words))
        return running[-1]

    yield start
    for each in running:
        each.end()


@pytest.fixture
def start_process(tmp_path: Path, ingest: FakeIngest) -> Iterator[StartProcess]:
    """The same in processes of their own."""
    with ExitStack() as running:

        def start(*words: str, url: str = "") -> AgentProcess:
            return running.enter_context(AgentProcess(tmp_path, url or ingest.url, *words))

        yield start
