"""The page and the answer that show many sites: what they say, and what they cost."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import TimeMachineFixture

from metrics.queries import kept
from tests.floor import NOW, Floor, after, count, event
from workers.models import Site

ZONES = ["UTC", "America/New_York", "Asia/Tokyo", "Europe/Berlin"]


@pytest.fixture
def sites(floor: Floor, still_clock: TimeMachineFixture) -> list[Floor]:
    """Four, in as many time zones, all of one manager; people work, and a clock is ahead."""
    found = [floor, *(Floor(f"F{n}", zone=zone) for n, zone in enumerate(ZONES[1:], start=2))]
    for number, each in enumerate(found):
        each.put(
            event(after(NOW, hours=-3), "W1", "S1"),
            count(after(NOW, hours=-2), 3 + number, worker="W1", station="S1"),
            event(after(NOW, minutes=-90 - number), "W2", "S2", "absent"),
            event(after(NOW, minutes=-1), "W3", "S3", "idle"),
            event(after(NOW, minutes=2), "W1", "S1", "idle"),
        )
    still_clock.shift(70)  # into 5 minutes that are not over
    return found


@pytest.fixture
def manager(sites: list[Floor]) -> Client:
    client = Client()
    client.force_login(sites[0].manager)
    return client


def records(client: Client, **window: str) -> dict[str, Any]:
    answer = client.get("/api/v1/metrics/sites/", window or {"period": "today"})
    return {each["site"]: each for each in answer.json()["results"]}


@pytest.mark.parametrize("period", ["live", "today", "yesterday", "7d"])
def test_a_site_s_record_says_what_its_overview_says(
    sites: list[Floor], manager: Client, period: str
) -> None:
    found = records(manager, period=period)
    for each in sites:
        asked = {"site": each.site.code, "period": period}
        overview = manager.get("/api/v1/metrics/overview/", asked).json()
        record = found[each.site.code]
        assert {name: record[name] for name in overview["factory"]} == overview["factory"]
        worst = overview["bottleneck"]
        assert record["bottleneck"] == (worst and worst["workstation_id"])
        attention = {item["workstation_id"] for item in overview["attention"]}
        assert record["attention"] == len(attention)


def test_sites_at_which_other_events_count_are_read_apart(
    sites: list[Floor], manager: Client
) -> None:
    site = sites[1].site
    site.refresh_from_db()
    site.acceptance_threshold, site.below_threshold = Decimal("0.97"), Site.BelowThreshold.EXCLUDE
    site.save()
    sites[1].put(count(after(NOW, minutes=3), 7, worker="W4", station="S4", confidence=0.96))
    found = records(manager)
    for each in sites[:2]:
        asked = {"site": each.site.code, "period": "today"}
        factory = manager.get("/api/v1/metrics/factory/", asked).json()["factory"]
        assert {name: found[each.site.code][name] for name in factory} == factory


# Session, user and sites are 3; 6 tell of all sites who is where, and what lies past now. Of each
# site come its sums, and of many days their marks, and the days that no page before has read.
COST = {("today", 1): 10, ("today", 4): 13, ("30d", 1): 12, ("30d", 4): 21}


@pytest.mark.parametrize("period, number", COST)
def test_a_site_more_costs_its_sums_alone(
    sites: list[Floor], manager: Client, period: str, number: int
) -> None:
    for each in sites[number:]:
        each.site.memberships.all().delete()
    manager.get(f"/sites/F1/compare/?period={period}")
    cache.clear()
    kept.forget()
    with CaptureQueriesContext(connection) as queries:
        manager.get(f"/sites/F1/compare/?period={period}")
    assert len(queries) == COST[period, number]


def test_a_record_about_now_stands_until_now_moves_on(
    sites: list[Floor], manager: Client, still_clock: TimeMachineFixture
) -> None:
    before = records(manager)["F1"]["units"]
    sites[0].put(count(after(NOW, minutes=-30), 5))
    assert records(manager)["F1"]["units"] == before
    still_clock.shift(5)
    assert records(manager)["F1"]["units"] == before + 5


def test_a_record_of_a_period_that_is_over_stands_until_an_event_comes(
    sites: list[Floor], manager: Client
) -> None:
    before = records(manager, period="yesterday")["F1"]["units"]
    sites[0].put(count(after(NOW, days=-1), 5))
    assert records(manager, period="yesterday")["F1"]["units"] == before + 5
