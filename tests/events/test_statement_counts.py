"""A thousand events cost as many statements as one; fifty workers as many as one."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.dialect.copying import COPY_FROM
from tests.floor import Floor, event, forget

# Of batches: SQLite reads back what an insert left out, and marks the begin of a transaction.
IN_ORDER = {"sqlite": 15, "postgresql": 14}  # the events follow all that is known
DUPLICATES = {"sqlite": 6, "postgresql": 4}
LATE = 17  # at most, where the past changes
SIZES = [1, 20, 1_000]
BY_COPY = {"sqlite": 0, "postgresql": 2}  # more, where a batch is large: a table to copy into

COLD = 19  # an overview by a process that has to read the site's master data first


def statements(act: Callable[[], object]) -> int:
    """How many reach the database; the savepoints are the test's own."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return sum("SAVEPOINT" not in query["sql"] for query in captured)


def in_order(number: int, hour: int) -> list:
    return [
        event(f"{hour:02}:{n // 60 % 60:02}:{n % 60:02}", worker=f"W{n % 5 + 1}")
        for n in range(number)
    ]


@pytest.fixture
def warm(floor: Floor) -> Floor:
    """Its key and master data are known to the process, and there are events."""
    floor.put(*in_order(100, hour=7))
    return floor


@pytest.mark.parametrize("size", SIZES)
def test_batch_in_order_costs_the_same_whatever_its_size(warm: Floor, size: int) -> None:
    batch = in_order(size, hour=8)
    assert statements(lambda: warm.put(*batch)) == IN_ORDER[connection.vendor]


def test_large_batch_costs_hardly_more(warm: Floor) -> None:
    batch = in_order(COPY_FROM, hour=8)
    vendor = connection.vendor
    assert statements(lambda: warm.put(*batch)) == IN_ORDER[vendor] + BY_COPY[vendor]


@pytest.mark.parametrize("size", SIZES)
def test_batch_seen_before_costs_the_same_whatever_its_size(warm: Floor, size: int) -> None:
    batch = in_order(size, hour=8)
    warm.put(*batch)
    assert statements(lambda: warm.post(*batch)) == DUPLICATES[connection.vendor]


@pytest.mark.parametrize("size", SIZES)
def test_batch_that_changes_the_past_has_its_limit(warm: Floor, size: int) -> None:
    warm.put(*in_order(1_000, hour=8))
    batch = in_order(size, hour=6)
    assert statements(lambda: warm.put(*batch)) <= LATE


@pytest.mark.parametrize("size", SIZES)
def test_batch_of_refused_events_has_the_same_limit(warm: Floor, size: int) -> None:
    batch = [item | {"worker_id": f"nobody {n}"} for n, item in enumerate(in_order(size, hour=8))]
    assert statements(lambda: warm.post(*batch)) <= LATE


@pytest.fixture(params=[1, 50], ids="workers-{}".format)
def hall(floor: Floor, request: pytest.FixtureRequest) -> Floor:
    """So many workers more, each with events at a workstation of their own."""
    for n in range(request.param):
        floor.add_worker(f"X{n}")
        floor.add_station(f"Y{n}")
        floor.put(*(event(f"08:0{m}", worker=f"X{n}", station=f"Y{n}") for m in range(3)))
    return floor


def test_first_overview_costs_the_same_however_many_workers(hall: Floor) -> None:
    hall.figures("overview", "08:00", "09:00")
    forget()
    assert statements(lambda: hall.figures("overview", "08:00", "09:00")) == COLD
