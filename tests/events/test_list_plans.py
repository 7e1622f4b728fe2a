"""Whatever list of events is asked for, SQLite reads it in the order of an index.

Nothing is sorted but what happened at the same instant, so that ten million events are no matter.
"""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from events.models import Event
from tests.events.listing import LIST, browser
from tests.floor import Floor
from workers.models import Membership, Role, User

VERDICTS = [f"?verdict={choice}" for choice in ("none", "confirmed", "rejected", "unclear")]
PAGES = [
    "",
    "?p=3",
    "?confidence=waiting",
    "?confidence=low",
    *VERDICTS,
    "?event_type=idle",
    "?camera={C2}",
    "?workstation={S2}",
    "?workstation={S2}&confidence=waiting",
    "?site={site}",
    "?site={site}&event_type=idle&verdict=none",
    "?q=W2",
    "?q=W2&event_type=idle",
]
ANSWERS = [
    "",
    *VERDICTS,
    "?site=F1",
    "?site=F1&cursor=a1781600000000.5",
    "?site=F1&cursor=b1781600000000.5",
    "?site=F1&start=2026-06-16T08:00:00Z&end=2026-06-16T09:00:00Z",
    "?worker_id=W2",
    "?site=F1&worker_id=W2",
    "?camera_id=C2",
    "?site=F1&workstation_id=S2&event_type=idle&late=true&confidence_max=0.6",
]


@pytest.fixture(params=["one site", "two sites", "superuser"])
def reader(floor: Floor, request: pytest.FixtureRequest) -> Client:
    client = browser(floor)
    user = User.objects.get(username="reviewer")
    if request.param == "two sites":
        Membership.objects.create(user=user, site=Floor("F2").site, role=Role.MANAGER)
    if request.param == "superuser":
        User.objects.filter(pk=user.pk).update(is_superuser=True)
    return client


@pytest.mark.parametrize("query", PAGES)
def test_page_is_read_in_the_order_of_an_index(
    floor: Floor, day: dict[str, Event], reader: Client, query: str
) -> None:
    ids = {"C2": floor.cameras["C2"].pk, "S2": floor.stations["S2"].pk, "site": floor.site.pk}
    check(reader, f"{LIST}{query.format(**ids)}")


@pytest.mark.parametrize("query", ANSWERS)
def test_answer_is_read_in_the_order_of_an_index(
    floor: Floor, day: dict[str, Event], reader: Client, query: str
) -> None:
    client = APIClient()
    client.force_authenticate(User.objects.get(username="reviewer"))
    check(client, f"/api/v1/events/{query}")


def check(client: Client, address: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    plans = [plan_of(each["sql"]) for each in queries if is_list(each["sql"])]
    assert plans
    assert not [plan for plan in plans if "TEMP B-TREE FOR ORDER BY" in plan]


def is_list(sql: str) -> bool:
    return 'FROM "events_event"' in sql and 'ORDER BY "events_event"' in sql and '"count"' in sql


def plan_of(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql.replace('%', '%%')}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())
