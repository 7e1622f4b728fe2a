"""`GET events/` in pages: each event once, newest first, whoever asks."""

from urllib.parse import urlencode

import pytest
from rest_framework.test import APIClient

from events.models import Event
from tests.floor import Floor, Json, event
from workers.models import Role, User


@pytest.fixture
def busy(floor: Floor) -> Floor:
    """Many events at one instant, some before, some after, and late ones."""
    floor.put(*(event("08:00", f"W{n}", f"S{m}") for n in range(1, 6) for m in range(1, 4)))
    floor.put(event("09:00"), event("07:00"))
    floor.put(event("08:30", "W2"))
    return floor


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def all_pages(client: APIClient, **parameters: str) -> list[Json]:
    """In the order in which they come, page by page."""
    found, address = [], f"/api/v1/events/?{urlencode({'page_size': '4', **parameters})}"
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.content
        found += answer.json()["results"]
        address = answer.json()["next"]
    return found


@pytest.mark.parametrize(
    "parameters", [{"site": "F1"}, {}, {"site": "F1", "start": "2026-06-16T08:00:00Z"}]
)
def test_events_of_a_site_come_by_time(busy: Floor, parameters: dict[str, str]) -> None:
    found = all_pages(client_of(busy.manager), **parameters)
    expected = Event.objects.order_by("-occurred_at", "-pk")
    if "start" in parameters:
        expected = expected.filter(occurred_at__gte=found[-1]["timestamp"])
    assert [row["id"] for row in found] == list(expected.values_list("pk", flat=True))


def test_events_of_a_worker_come_by_time(busy: Floor) -> None:
    found = all_pages(client_of(busy.manager), worker_id="W2")
    expected = Event.objects.filter(worker__code="W2").order_by("-occurred_at", "-pk")
    assert [row["id"] for row in found] == list(expected.values_list("pk", flat=True))


@pytest.mark.parametrize("who", ["two sites", "superuser"])
def test_events_of_several_sites_come_as_they_were_stored(busy: Floor, who: str) -> None:
    other = Floor("F2")
    other.put(event("08:15"))
    if who == "superuser":
        User.objects.filter(pk=busy.manager.pk).update(is_superuser=True)
        busy.manager.refresh_from_db()
    found = all_pages(client_of(busy.manager))
    expected = Event.objects.order_by("-pk").values_list("pk", flat=True)
    assert [row["id"] for row in found] == list(expected)


def test_worker_of_that_code_at_each_site_is_meant(busy: Floor) -> None:
    other = Floor("F2")
    other.put(event("08:15"))
    found = all_pages(client_of(busy.manager), worker_id="W1")
    assert {row["site"] for row in found} == {"F1", "F2"}


def test_other_sites_stay_out(busy: Floor) -> None:
    other = Floor("F2")
    other.put(event("08:15"))
    kim = busy.add_member("kim", Role.MANAGER)
    assert {row["site"] for row in all_pages(client_of(kim))} == {"F1"}


def test_sites_where_the_role_does_not_suffice_stay_out(busy: Floor) -> None:
    other = Floor("F2")
    other.put(event("08:15"))
    kim = busy.add_member("kim", Role.MANAGER)
    other.add_member("kim", Role.VIEWER)
    assert {row["site"] for row in all_pages(client_of(kim))} == {"F1"}


@pytest.mark.parametrize("name", ["worker_id", "workstation_id", "camera_id"])
def test_unknown_code_finds_nothing(busy: Floor, name: str) -> None:
    assert all_pages(client_of(busy.manager), **{name: "nobody"}) == []


@pytest.mark.parametrize("name", ["worker_id", "workstation_id", "camera_id", "site"])
def test_code_with_a_nul_is_no_fault(busy: Floor, name: str) -> None:
    answer = client_of(busy.manager).get("/api/v1/events/", {name: "W\0"})
    assert answer.status_code in (400, 404)


@pytest.mark.parametrize(
    "cursor", ["yesterday", "a1", "a1.", "c1.1", "a-1.1", "a1.1\0", "a٣.1", f"a{10**17}.1", "cD0x"]
)
def test_cursor_that_no_page_has_said_is_not_found(busy: Floor, cursor: str) -> None:
    answer = client_of(busy.manager).get("/api/v1/events/", {"site": "F1", "cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_pages_lead_all_the_way_back(busy: Floor) -> None:
    client, pages = client_of(busy.manager), []
    answer = client.get("/api/v1/events/", {"site": "F1", "page_size": 4}).json()
    while answer["next"]:
        pages.append(answer["results"])
        answer = client.get(answer["next"]).json()
    while answer["previous"]:
        answer = client.get(answer["previous"]).json()
        assert answer["results"] == pages.pop()
    assert pages == []


def test_last_page_of_exact_length_has_no_next(busy: Floor) -> None:
    answer = client_of(busy.manager).get("/api/v1/events/", {"site": "F1", "page_size": 18}).json()
    assert (len(answer["results"]), answer["next"], answer["previous"]) == (18, None, None)


def test_links_keep_what_was_asked(busy: Floor) -> None:
    client = client_of(busy.manager)
    answer = client.get("/api/v1/events/", {"event_type": "working", "page_size": 4}).json()
    assert "event_type=working" in answer["next"]
    assert "page_size=4" in answer["next"]
