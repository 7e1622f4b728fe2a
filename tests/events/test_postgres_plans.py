"""With many rows PostgreSQL finds what is asked for by an index, and sorts no list of events.

It counts rows and chooses by itself: 20,000 of them are enough to see what it would do with more.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from metrics.rebuild import rebuild_site
from tests.events.listing import LIST, browser
from tests.floor import Floor, event
from tests.floor import ms as instant

ROWS = 20_000  # one every 5 s, of five workers in turns: a bit more than a day
OTHERS = "metrics_bucket|metrics_workstationbucket|metrics_span"
BIG = f"events_event|{OTHERS}"
EVENTS = """
INSERT INTO events_event (site_id, camera_id, worker_id, workstation_id, event_type, occurred_at,
    received_at, confidence, count, restated, model_version, snapshot_id)
SELECT %(site)s, %(camera)s, %(worker)s + n %% 5, %(station)s + n %% 5,
    CASE n %% 3 WHEN 0 THEN 'idle' ELSE 'working' END, %(until)s - 5000 * n, %(until)s - 5000 * n,
    0.95, 0, FALSE, '', ''
FROM generate_series(1, %(rows)s) AS n
"""
WRITTEN = re.compile(r"^(INSERT|UPDATE|DELETE|SAVEPOINT|RELEASE|BEGIN|ROLLBACK)")


@pytest.fixture
def seen(floor: Floor) -> Floor:
    """Much was seen, and the database knows how much."""
    ids = {
        "site": floor.site.pk,
        "camera": floor.cameras["C1"].pk,
        "worker": floor.workers["W1"].pk,
        "station": floor.stations["S1"].pk,
        "until": instant("09:00", day=1),
        "rows": ROWS,
    }
    with connection.cursor() as cursor:
        cursor.execute(EVENTS, ids)
        cursor.execute("ANALYZE")
    return floor


@pytest.fixture
def counted(seen: Floor) -> Floor:
    """And what follows from it is there."""
    rebuild_site(seen.site.pk)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return seen


class Asked(list[tuple[str, Any]]):
    """The statements that only read, with their parameters."""

    def __call__(self, execute: Any, sql: str, params: Any, *rest: Any) -> Any:
        if not WRITTEN.match(sql.lstrip()):
            self.append((sql, params))
        return execute(sql, params, *rest)

    @property
    def plans(self) -> list[str]:
        """Those of statements that read a big table."""
        return [plan for each in self if re.search(BIG, plan := plan_of(*each))]


@contextmanager
def asked() -> Iterator[Asked]:
    statements = Asked()
    with connection.execute_wrapper(statements):
        yield statements


def plan_of(sql: str, params: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", params)
        return "\n".join(str(row[0]) for row in cursor.fetchall())


def reads_whole(plan: str) -> bool:
    """Parts of a table in which there is nothing may be read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tableoid::regclass::text FROM events_event")
        filled = [name for (name,) in cursor.fetchall()]
    return bool(re.search(rf"Seq Scan on ({'|'.join(filled)}|{OTHERS})\b", plan))


def test_late_events_probe_indexes(counted: Floor) -> None:
    late = [event(f"08:{n:02}:01", worker=f"W{n % 5 + 1}", kind="absent") for n in range(50)]
    with asked() as statements:
        counted.put(*late)
    found = statements.plans
    assert len(found) >= 3
    assert not [plan for plan in found if reads_whole(plan)]


def test_duplicates_probe_an_index(seen: Floor) -> None:
    again = [event("08:00:00.5", worker=f"W{n}") for n in (1, 2)]
    seen.put(*again)
    with asked() as statements:
        seen.post(*again)
    found = statements.plans
    assert found
    assert not [plan for plan in found if reads_whole(plan)]


def test_figures_of_an_hour_probe_indexes(counted: Floor) -> None:
    with asked() as statements:
        counted.figures("overview", "08:00", "09:00")
    found = statements.plans
    assert len(found) >= 3
    assert not [plan for plan in found if reads_whole(plan)]


@pytest.mark.parametrize(
    "query", ["", "?p=3", "?event_type=idle", "?worker={W2}", "?confidence=low", "?verdict=none"]
)
def test_list_of_events_is_read_in_the_order_of_an_index(seen: Floor, query: str) -> None:
    client: Client = browser(seen)
    with asked() as statements:
        assert client.get(f"{LIST}{query.format(W2=seen.workers['W2'].pk)}").status_code == 200
    lists = [plan for plan in statements.plans if plan.startswith("Limit")]
    assert lists
    assert not [plan for plan in lists if re.search(r"->  Sort .* rows=\d{4,} ", plan)]
