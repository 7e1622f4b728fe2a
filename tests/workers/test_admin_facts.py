"""Facts, refused events and figures on admin pages: read-only, never counted whole."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events.models import Event, RefusedEvent
from metrics.models import Bucket, Span, WorkerStatus, WorkstationBucket
from tests.workers.conftest import NOW, BrowserOf
from tests.workers.test_api_workers import see
from workers.models import Site

pytestmark = pytest.mark.django_db
INSTANT: Any = NOW


def refuse(site: Site, payload: bytes = b'{"worker_id": "W9"}') -> RefusedEvent:
    return RefusedEvent.objects.create(
        site=site,
        camera_code="C1",
        code="unknown_worker",
        detail="There is no worker W9.",
        payload=payload,
        payload_hash=str(RefusedEvent.objects.count()),
        first_received_at=INSTANT,
        last_received_at=INSTANT,
    )


def derive(site: Site) -> None:
    """One row of each kind of figure."""
    worker, station = site.workers.get(), site.workstations.get()
    later: Any = NOW.replace(minute=5)
    at = {"workstation": station, "state": "working", "started_at": INSTANT}
    Span.objects.create(worker=worker, ended_at=later, **at)
    WorkerStatus.objects.create(worker=worker, holds_until=later, **at)
    row = {"site": site, "grain": 5, "start_at": INSTANT, "workstation": station}
    Bucket.objects.create(worker=worker, newest_event_at=INSTANT, **row)
    WorkstationBucket.objects.create(**row)


PAGES = {
    "events/event": Event,
    "events/refusedevent": RefusedEvent,
    "metrics/span": Span,
    "metrics/workerstatus": WorkerStatus,
    "metrics/bucket": Bucket,
    "metrics/workstationbucket": WorkstationBucket,
}


@pytest.fixture
def filled(plant: Site) -> Site:
    see(plant.workers.get())
    refuse(plant)
    derive(plant)
    return plant


@pytest.mark.parametrize("where", PAGES)
def test_lists_and_objects_are_shown(where: str, filled: Site, browser_of: BrowserOf) -> None:
    browser = browser_of("manager")
    shown = [
        browser.get(f"/admin/{where}/"),
        browser.get(f"/admin/{where}/{PAGES[where]._base_manager.get().pk}/change/"),
    ]
    assert [answer.status_code for answer in shown] == [200, 200]


@pytest.mark.parametrize("where", PAGES)
def test_no_name_is_shown_where_the_site_shows_codes(
    where: str, filled: Site, browser_of: BrowserOf
) -> None:
    browser = browser_of("manager")
    pk = PAGES[where]._base_manager.get().pk
    for path in ("", f"{pk}/change/"):
        assert b"Grace" not in browser.get(f"/admin/{where}/{path}").content


@pytest.mark.parametrize("where", PAGES)
@pytest.mark.parametrize("role", ["admin", "superuser"])
def test_nobody_changes_or_deletes_them(
    role: str, where: str, filled: Site, browser_of: BrowserOf
) -> None:
    browser, pk = browser_of(role), PAGES[where]._base_manager.get().pk
    answers = [
        browser.post(f"/admin/{where}/{pk}/{rest}/", {"post": "yes"}).status_code
        for rest in ("change", "delete")
    ]
    assert answers == [403, 403]


@pytest.mark.parametrize("where", PAGES)
def test_lists_are_not_counted(where: str, filled: Site, browser_of: BrowserOf) -> None:
    browser = browser_of("manager")
    with CaptureQueriesContext(connection) as queries:
        browser.get(f"/admin/{where}/")
    assert not [query["sql"] for query in queries if "COUNT(" in query["sql"]]


def test_a_list_of_twenty_costs_what_a_list_of_one_costs(
    filled: Site, browser_of: BrowserOf
) -> None:
    browser = browser_of("manager")
    browser.get("/admin/events/event/")  # warms up what is read once
    few = cost_of(browser)
    for minute in range(1, 20):
        see(filled.workers.get(), minute=minute)
    assert cost_of(browser) == few


def test_a_search_finds_a_worker_by_code(filled: Site, browser_of: BrowserOf) -> None:
    page = browser_of("manager").get("/admin/events/event/?q=W1")
    assert len(page.context["cl"].result_list) == 1


def test_what_was_sent_is_shown_as_text(plant: Site, browser_of: BrowserOf) -> None:
    refused = refuse(plant, b"<script>\xff")
    page = browser_of("manager").get(f"/admin/events/refusedevent/{refused.pk}/change/")
    assert "&lt;script&gt;\ufffd" in page.content.decode()


def test_another_sites_facts_are_left_out(
    filled: Site, foreign: Site, browser_of: BrowserOf
) -> None:
    see(foreign.workers.get())
    page = browser_of("admin").get("/admin/events/event/")
    assert [event.site for event in page.context["cl"].result_list] == [filled]


def retry(browser: Client, *rows: RefusedEvent) -> str:
    form = {"action": "retry", "_selected_action": [row.pk for row in rows]}
    return browser.post("/admin/events/refusedevent/", form, follow=True).content.decode()


def test_a_retry_says_what_came_of_it(plant: Site, browser_of: BrowserOf) -> None:
    assert "Tried again: 1 refused." in retry(browser_of("admin"), refuse(plant))


@pytest.mark.parametrize("role", ["manager", "reviewer"])
def test_who_only_reads_may_not_retry(role: str, plant: Site, browser_of: BrowserOf) -> None:
    assert "Tried again" not in retry(browser_of(role), refuse(plant))


def test_a_retry_leaves_other_sites_alone(
    plant: Site, foreign: Site, browser_of: BrowserOf
) -> None:
    refused = refuse(foreign)
    retry(browser_of("admin"), refused)
    refused.refresh_from_db()
    assert refused.count == 1


def cost_of(browser: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        browser.get("/admin/events/event/")
    return len(queries)
