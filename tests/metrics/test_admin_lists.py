"""Lists of spans and buckets: newest first, whichever index they follow."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics.admin import SpanAdmin
from metrics.models import Bucket, Span
from tests.floor import DAY, Floor, taken_back
from tests.workers.conftest import BACKEND
from workers.models import Membership, Role, User

PER_PAGE = 3
starts = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 12)), unique=True, max_size=25)


@pytest.fixture
def browser(floor: Floor) -> Client:
    user = User.objects.create_user("eve")
    Membership.objects.create(user=user, site=floor.site, role=Role.MANAGER)
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def moment(minute: int) -> Any:
    return DAY + timedelta(minutes=minute)


def listed(browser: Client, kind: str, **asked: Any) -> list[Any]:
    return list(browser.get(f"/admin/metrics/{kind}/", asked).context["cl"].result_list)


@given(seen=starts)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_page_of_spans_is_the_next_newest(
    seen: list[tuple[int, int]], floor: Floor, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SpanAdmin, "list_per_page", PER_PAGE)
    workers, stations = list(floor.workers.values()), list(floor.stations.values())
    with taken_back():
        Span.objects.bulk_create(
            Span(
                worker=workers[who],
                workstation=stations[(who + minute) % 2],
                state="working",
                started_at=moment(minute),
                ended_at=moment(minute + 1),
            )
            for who, minute in seen
        )
        for asked in ({}, {"workstation__id__exact": stations[0].pk}, {"q": "W1"}):
            rows = [span for span in Span.objects.all() if fits(span, asked, floor)]
            rows.sort(key=lambda span: (span.started_at, span.pk), reverse=True)
            for page in (1, 2, 3):
                expected = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
                assert listed(browser, "span", p=page, **asked) == expected


def fits(span: Span, asked: dict[str, Any], floor: Floor) -> bool:
    station = asked.get("workstation__id__exact", span.workstation_id)
    return span.workstation_id == station and ("q" not in asked or span.worker.code == asked["q"])


def fill(floor: Floor) -> None:
    """A 5-minute and an hourly bucket of each worker."""
    Bucket.objects.bulk_create(
        Bucket(
            site=floor.site,
            grain=grain,
            start_at=moment(5 * number),
            worker=worker,
            workstation=floor.stations["S1"],
            newest_event_at=moment(0),
        )
        for grain in (5, 60)
        for number, worker in enumerate(floor.workers.values())
    )


@pytest.mark.parametrize("asked, grain", [("", 5), ("5", 5), ("60", 60), ("7", 5)])
def test_buckets_of_one_grain_newest_first(
    asked: str, grain: int, floor: Floor, browser: Client
) -> None:
    fill(floor)
    found = listed(browser, "bucket", grain=asked)
    assert {row.grain for row in found} == {grain}
    assert [row.start_at for row in found] == sorted((r.start_at for r in found), reverse=True)


def test_another_sites_rows_are_not_listed(floor: Floor, browser: Client) -> None:
    other = Floor("F2")
    fill(other)
    span = {"state": "working", "started_at": moment(0), "ended_at": moment(1)}
    Span.objects.create(worker=other.workers["W1"], workstation=other.stations["S1"], **span)
    assert listed(browser, "bucket") == listed(browser, "span") == []
    there = {"workstation__id__exact": other.stations["S1"].pk}
    assert listed(browser, "span", **there) == listed(browser, "bucket", **there) == []


def test_an_index_has_the_order_of_one_sites_buckets(floor: Floor, browser: Client) -> None:
    fill(floor)
    with CaptureQueriesContext(connection) as queries:
        listed(browser, "bucket")
    (sql,) = [q["sql"] for q in queries if 'FROM "metrics_bucket"' in q["sql"]]
    assert "sort" not in plan_of(sql).lower().replace("temp b-tree for order by", "sort")


def plan_of(sql: str) -> str:
    """As the database would follow it at any size of its tables."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for way in ("seqscan", "sort", "bitmapscan", "hashjoin", "mergejoin"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
            cursor.execute(f"EXPLAIN {sql}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return " ".join(str(row[-1]) for row in cursor.fetchall())
