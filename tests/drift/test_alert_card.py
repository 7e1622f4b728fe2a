"""The start page's card of alerts: the open ones first, and a link to just those."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from drift.models import Alert
from tests.floor import NOW, Floor
from workers.models import Role
from workers.start_page import Card

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_this_card(settings: Settings) -> None:
    settings.START_PAGE_CARDS = ["drift.watching.start_cards.alerts"]


def alert(floor: Floor, camera: str, **columns: Any) -> Alert:
    moments = dict.fromkeys(("detected_at", "first_detected_at", "opened_at"), NOW)
    given = {"reasons": ["mean"], "onset_at": NOW - timedelta(hours=3), **moments, **columns}
    return Alert.objects.create(site=floor.site, camera=floor.cameras[camera], **given)


def reader(floor: Floor, role: str = Role.MANAGER) -> Client:
    client = Client()
    user = floor.add_member(f"the {role}", role)
    client.force_login(user, backend="workers.authentication.MembershipBackend")
    return client


def cards(client: Client) -> list[Card]:
    context = client.get("/admin/").context
    return [*context["attention"], *context["figures"]]


def listed(client: Client, url: str) -> list[int]:
    return sorted(row.pk for row in client.get(url).context["cl"].result_list)


def test_without_an_alert_there_is_no_card(floor: Floor) -> None:
    alert(floor, "C1", status="resolved", resolved_at=NOW, resolution="fixed")
    assert cards(reader(floor)) == []


def test_open_alerts_are_named_the_critical_first(floor: Floor) -> None:
    mild = alert(floor, "C1")
    bad = alert(floor, "C2", severity="critical")
    alert(floor, "C1", model_version="v2", status="acknowledged")
    client = reader(floor)
    (card,) = cards(client)
    assert (card.number, card.words, card.level) == ("2", "alerts are open", "alert")
    assert [line.note for line in card.lines] == ["for 3 h 00 min"] * 2
    addresses = [f"/admin/drift/alert/{each.pk}/change/" for each in (bad, mild)]
    assert [line.url for line in card.lines] == addresses
    assert [client.get(line.url).status_code for line in card.lines] == [200, 200]
    assert listed(client, card.url) == [mild.pk, bad.pk]


def test_where_all_are_acknowledged_these_are_told_calmly(floor: Floor) -> None:
    known = alert(floor, "C1", status="acknowledged")
    client = reader(floor)
    (card,) = cards(client)
    assert (card.number, card.level) == ("1", "calm")
    assert listed(client, card.url) == [known.pk]


def test_viewers_and_other_sites_are_not_told(floor: Floor) -> None:
    alert(Floor("F2"), "C1")
    assert cards(reader(floor, Role.ADMIN)) == []
    alert(floor, "C1")
    assert cards(reader(floor, Role.VIEWER)) == []


def test_it_costs_one_statement(floor: Floor) -> None:
    client = reader(floor)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/")
        return len(queries)

    before = cost()
    for number in range(10):
        alert(floor, "C1", model_version=f"v{number}")
    assert cost() == before
