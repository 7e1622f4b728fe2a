"""What the tests of the edge program share: a server to send to, and senders that send to it."""

from collections.abc import Callable, Iterator
from random import Random
from threading import Thread
from typing import Any

import pytest

from edge.backlog import Backlog
from edge.console import Console
from edge.link import HttpLink
from edge.patience import Patience
from edge.sender import Sender
from edge.tally import Tally
from edge.troubles import Troubles
from tests.edge.fake_server import FakeServer

BRISK = Patience(first=0.01, longest=0.02, blocked=0.01)


@pytest.fixture
def server() -> Iterator[FakeServer]:
    server = FakeServer()
    yield server
    server.stop()


@pytest.fixture
def start_sender(server: FakeServer) -> Iterator[Callable[..., Sender]]:
    """Starts a sender with the given lines in its backlog; it is closed when the test ends."""
    running: list[tuple[Sender, Thread]] = []

    def start(*lines: str, **more: Any) -> Sender:
        sender = sender_to(server.url, **more)
        sender.put(lines)
        running.append((sender, Thread(target=sender.run)))
        running[-1][1].start()
        return sender

    yield start
    for sender, thread in running:
        sender.close()
        thread.join(10)
        assert not thread.is_alive()


def sender_to(url: str, *, key: str = "secret", capacity: int = 100, **more: Any) -> Sender:
    troubles = Troubles("CAM-1", key, Console())
    more = {"patience": BRISK, "dice": Random(1), **more}
    return Sender("CAM-1", HttpLink(url, key), Tally(), troubles, backlog=Backlog(capacity), **more)
