"""Events, and what is done to them on their way in."""

from collections.abc import Iterator

import pytest
from django.db import connection

from events import sinks

# A server on a file of its own; the run with SQLite does it.
collect_ignore = [] if connection.vendor == "sqlite" else ["test_kill.py"]


@pytest.fixture
def writer() -> Iterator[sinks.DirectSink]:
    """The writer thread of tests with real transactions; its connection closes with the test."""
    sink = sinks.sink()
    yield sink
    sink.close()
