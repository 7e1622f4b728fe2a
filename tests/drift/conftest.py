"""What tests of recognition share."""

from collections.abc import Iterator
from typing import Any

import pytest
from time_machine import TimeMachineFixture

from tests.drift.postbox import Postbox
from tests.drift.receivers import Server, server


@pytest.fixture
def postbox(db: None, settings: Any, still_clock: TimeMachineFixture) -> Postbox:
    return Postbox(settings, still_clock.shift)


@pytest.fixture
def receiver() -> Iterator[Server]:
    """A server that takes whatever it is sent."""
    with server() as one:
        yield one


@pytest.fixture
def other() -> Iterator[Server]:
    with server("127.0.0.2") as one:
        yield one
