"""Events, and what is done to them on their way in."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from time_machine import TimeMachineFixture

from events import sinks
from tests.floor import Floor

# A server on a file of its own; the run with SQLite does it.
collect_ignore = [] if connection.vendor == "sqlite" else ["test_kill.py"]


@pytest.fixture
def floor(db: None, still_clock: TimeMachineFixture) -> Floor:
    """As for all tests; in one commit, where commits are real and wait for the disk."""
    with transaction.atomic():
        return Floor()


@pytest.fixture
def writer() -> Iterator[sinks.DirectSink]:
    """The writer thread of tests with real transactions; its connection closes with the test."""
    sink = sinks.sink()
    yield sink
    sink.close()
