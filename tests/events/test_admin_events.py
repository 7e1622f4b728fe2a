"""The admin's list of events and an event's page: what is found and shown, and to whom."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.instants import to_datetime
from events import lists, snapshots
from events.admin import lists as admin_lists
from events.models import Event
from tests.events.listing import LIST, browser, shown
from tests.events.pictures import jpeg
from tests.floor import Floor, event, ms
from workers.models import Role, Site, Worker

# --- found ---------------------------------------------------------------------------------------

FOUND = {
    "": ["sure", "low", "low confirmed", "low unclear", "rejected", "relabelled", "unknown"],
    "?confidence=waiting": ["low"],
    "?confidence=low": ["low", "low confirmed", "low unclear"],
    "?verdict=none": ["sure", "low", "unknown"],
    "?verdict=confirmed": ["low confirmed"],
    "?verdict=relabelled": ["relabelled"],
    "?verdict=rejected": ["rejected"],
    "?verdict=unclear": ["low unclear"],
    "?event_type=absent": ["low unclear", "rejected"],
    "?event_type=absent&verdict=rejected": ["rejected"],
    "?event_type=idle&confidence=waiting": ["low"],
    "?camera={C2}": ["relabelled"],
    "?workstation={S2}": ["low confirmed", "low unclear"],
    "?workstation={S2}&confidence=low&verdict=confirmed": ["low confirmed"],
    "?site={site}&event_type=idle": ["low", "low confirmed"],
    "?q=w2": ["low confirmed", "low unclear"],
    "?q=W2&event_type=idle": ["low confirmed"],
    "?q=W2&confidence=low&verdict=unclear": ["low unclear"],
    "?q=W9": [],
    "?camera=0": [],
    "?camera=x": [],
}


@pytest.mark.parametrize("query, names", FOUND.items())
def test_filters_find(floor: Floor, day: dict[str, Event], query: str, names: list[str]) -> None:
    ids = {"C2": floor.cameras["C2"].pk, "S2": floor.stations["S2"].pk, "site": floor.site.pk}
    found = shown(browser(floor), query.format(**ids))
    assert found == [day[name].pk for name in reversed(names)]


def test_list_says_which_events_have_been_removed(floor: Floor) -> None:
    Site.objects.filter(pk=floor.site.pk).update(horizon_at=to_datetime(ms("10:00")))
    page = browser(floor).get(LIST).content.decode()
    assert "Floor F1: before 2026-06-16 10:00 UTC" in page


def test_list_of_a_site_that_keeps_all_says_nothing_of_it(floor: Floor) -> None:
    assert "Removed, but" not in browser(floor).get(LIST).content.decode()


def test_newest_come_first_whenever_they_arrived(floor: Floor) -> None:
    floor.put(event("09:00"))
    floor.put(event("08:00"), event("10:00"))
    times = [f"{Event.objects.get(pk=pk).occurred_at:%H}" for pk in shown(browser(floor))]
    assert times == ["10", "09", "08"]


def test_threshold_is_that_of_each_events_site(floor: Floor) -> None:
    other = Floor("F2")
    Site.objects.filter(pk=other.site.pk).update(acceptance_threshold="0.300")
    for each in (floor, other):
        each.put(event("08:00", confidence=0.5))
    client = browser(floor)
    other.add_member("reviewer", "reviewer")
    assert shown(client, "?confidence=low") == [Event.objects.get(site=floor.site).pk]


def test_threshold_above_the_index_finds_all(floor: Floor) -> None:
    floor.put(event("08:00", confidence=0.85), event("08:01", confidence=0.95))
    Site.objects.update(acceptance_threshold="0.900")
    found = shown(browser(floor), "?confidence=low")
    assert found == [Event.objects.get(confidence=0.85).pk]


def test_another_site_is_no_choice(floor: Floor) -> None:
    other = Floor("F2")
    other.put(event("08:00"))
    assert shown(browser(floor), f"?site={other.site.pk}") == []


def test_list_says_the_verdict(floor: Floor, day: dict[str, Event]) -> None:
    page = browser(floor).get(LIST).content.decode()
    for words in ("confirmed", "cannot tell", "rejected", "relabelled × 5 · W3"):
        assert words in page


def test_list_of_many_costs_what_a_list_of_one_costs(floor: Floor, day: dict[str, Event]) -> None:
    client = browser(floor)
    shown(client)
    with CaptureQueriesContext(connection) as one:
        assert len(shown(client, "?verdict=relabelled")) == 1
    with CaptureQueriesContext(connection) as many:
        assert len(shown(client, "?verdict=none")) == 3
    assert len(many) == len(one)


def test_filters_are_not_counted(floor: Floor, day: dict[str, Event]) -> None:
    with CaptureQueriesContext(connection) as queries:
        browser(floor).get(f"{LIST}?_facets=True")
    assert not [query["sql"] for query in queries if "COUNT(" in query["sql"]]


# --- at any size ---------------------------------------------------------------------------------


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """What no index finds is looked for among the newest two events."""
    for module in (lists, admin_lists):
        monkeypatch.setattr(module, "RECENT", 2)


@pytest.mark.parametrize("query", ["?event_type=idle", "?camera={C1}", "?workstation={S1}"])
def test_page_says_that_it_looked_at_the_newest(
    floor: Floor, day: dict[str, Event], small: None, query: str
) -> None:
    ids = {"C1": floor.cameras["C1"].pk, "S1": floor.stations["S1"].pk}
    page = browser(floor).get(f"{LIST}{query.format(**ids)}")
    assert b"Looked for among the newest" in page.content
    newest = {day["relabelled"].pk, day["unknown"].pk}
    assert {row.pk for row in page.context["cl"].result_list} <= newest


@pytest.mark.parametrize(
    "query, names",
    [
        ("", 7),
        ("?verdict=rejected&event_type=absent", 1),
        ("?q=W2&event_type=idle", 1),
        ("?confidence=low", 3),
    ],
)
def test_what_an_index_finds_is_found_however_old(
    floor: Floor, day: dict[str, Event], small: None, query: str, names: int
) -> None:
    page = browser(floor).get(f"{LIST}{query}")
    assert b"Looked for" not in page.content
    assert len(page.context["cl"].result_list) == names


# --- an event's page -----------------------------------------------------------------------------


def page_of(client: Client, row: Event) -> str:
    answer = client.get(f"{LIST}{row.pk}/change/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_page_says_all_that_reviewers_said(floor: Floor, day: dict[str, Event]) -> None:
    row = day["rejected"]
    floor.add_member("kim", Role.REVIEWER)
    floor.say(row, "confirmed", by="kim")
    floor.say(row, "unclear", by="kim")
    page = page_of(browser(floor), row)
    for words in ("Nobody there", "rosa", "kim", "in force", "replaced", "stands, not in force"):
        assert words in page


def test_page_says_what_was_taken_back(floor: Floor, day: dict[str, Event]) -> None:
    floor.unsay(day["rejected"])
    page = page_of(browser(floor), day["rejected"])
    assert "taken back" in page
    assert "not reviewed" in page


@pytest.fixture
def pictured(floor: Floor) -> Event:
    """An event with its picture."""
    camera = floor.cameras["C1"]
    snapshot = snapshots.keep(jpeg(), site_id=floor.site.pk, camera_id=camera.pk, now_ms=0)
    floor.put(event("08:00", snapshot_id=snapshot.public_id))
    return Event.objects.get()


@pytest.mark.parametrize("role, sees", [("manager", False), ("reviewer", True), ("admin", True)])
def test_picture_is_for_reviewers(floor: Floor, pictured: Event, role: str, sees: bool) -> None:
    page = page_of(browser(floor, role), pictured)
    assert (f'src="/api/v1/snapshots/{pictured.snapshot_id}/"' in page) is sees


@pytest.mark.parametrize("name", ["gone", "another site's"])
def test_picture_that_is_not_there_is_not_asked_for(floor: Floor, name: str) -> None:
    if name == "another site's":
        other = Floor("F2")
        name = snapshots.keep(
            jpeg(), site_id=other.site.pk, camera_id=other.cameras["C1"].pk, now_ms=0
        ).public_id
    floor.put(event("08:00", snapshot_id=name))
    assert "/api/v1/snapshots/" not in page_of(browser(floor), Event.objects.get())


@pytest.mark.parametrize("role, sees", [("manager", False), ("reviewer", True)])
def test_sites_own_archive_is_a_link(floor: Floor, role: str, sees: bool) -> None:
    Site.objects.update(snapshot_link="https://nvr.example/{camera}?at={timestamp}&x=<b>")
    floor.put(event("08:00"))
    page = page_of(browser(floor, role), Event.objects.get())
    link = "https://nvr.example/C1?at=2026-06-16T08%3A00%3A00Z&amp;x=&lt;b&gt;"
    assert (f'href="{link}"' in page) is sees


def test_no_worker_is_called_by_name(floor: Floor, day: dict[str, Event]) -> None:
    Worker.objects.update(name="Grace")
    client = browser(floor, "admin")
    assert "Grace" not in client.get(LIST).content.decode()
    assert "Grace" not in page_of(client, day["relabelled"])


def test_viewer_sees_no_events(floor: Floor, day: dict[str, Event]) -> None:
    client = browser(floor, "viewer")
    answers = [client.get(LIST), client.get(f"{LIST}{day['sure'].pk}/change/")]
    assert [answer.status_code for answer in answers] == [403, 403]


def test_event_of_another_site_has_no_page(floor: Floor) -> None:
    other = Floor("F2")
    other.put(event("08:00"))
    answer = browser(floor).get(f"{LIST}{Event.objects.get().pk}/change/")
    assert answer.status_code == 302  # to the start page: there is no such event
