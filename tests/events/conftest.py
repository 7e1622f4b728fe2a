"""Events, and what is done to them on their way in."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from time_machine import TimeMachineFixture

from events import sinks
from events.models import Event
from tests.events.listing import reviewed_day
from tests.floor import Floor
from tests.postgres import Cluster, private_cluster

# A server on a file of its own, and SQLite's own plans; the run with SQLite does them.
ON_SQLITE = ["test_kill.py", "test_list_plans.py"]
# Two SQLite writers never wait for each other: the second one waits for the first to end.
ON_POSTGRES = ["test_deadlocks.py", "test_months.py", "test_postgres_plans.py"]
collect_ignore = ON_POSTGRES if connection.vendor == "sqlite" else ON_SQLITE


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A durable PostgreSQL, for tests that start servers on it and end it as they like."""
    with private_cluster() as cluster:
        yield cluster


@pytest.fixture
def floor(db: None, still_clock: TimeMachineFixture) -> Floor:
    """As for all tests; in one commit, where commits are real and wait for the disk."""
    with transaction.atomic():
        return Floor()


@pytest.fixture
def day(floor: Floor) -> dict[str, Event]:
    """Events by name, some of them reviewed."""
    return reviewed_day(floor)


@pytest.fixture
def writer() -> Iterator[sinks.DirectSink]:
    """The writer thread of tests with real transactions; its connection closes with the test."""
    sink = sinks.direct_sink()
    yield sink
    sink.close()
