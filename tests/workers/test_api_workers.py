"""Workers and their shifts over the API."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from events.models import Event
from tests.workers.conftest import NOW, ClientOf
from workers.models import ShiftAssignment, Site, Worker

pytestmark = pytest.mark.django_db
W9 = {"site": "F1", "code": "W9", "name": "Ada"}


@pytest.fixture
def grace(plant: Site) -> Worker:
    return plant.workers.get(code="W1")


def assignments_of(worker: Worker) -> list[tuple[str, date | None, date | None]]:
    rows = ShiftAssignment.objects.filter(worker=worker).order_by("id")
    return list(rows.values_list("shift_name", "valid_from", "valid_until"))


def test_a_new_worker_is_answered_as_stored(plant: Site, admin: APIClient) -> None:
    answer = admin.post("/api/v1/workers/", {**W9, "shifts": ["Early"]})
    assert answer.json() == {
        "id": Worker.objects.get(code="W9").pk,
        **W9,
        "shifts": ["Early"],
        "anonymous": False,
        "active_from": None,
        "active_until": None,
    }


def test_a_worker_is_marked_as_anonymous(plant: Site, admin: APIClient) -> None:
    answer = admin.post("/api/v1/workers/", {**W9, "anonymous": True})
    assert answer.json()["anonymous"]
    assert Worker.objects.get(code="W9").is_anonymous


def test_shifts_become_assignments_without_end(plant: Site, admin: APIClient) -> None:
    admin.post("/api/v1/workers/", {**W9, "shifts": ["Early", "Early"]})
    assert assignments_of(Worker.objects.get(code="W9")) == [("Early", None, None)]


def test_a_shift_that_the_site_has_not_is_refused(plant: Site, admin: APIClient) -> None:
    answer = admin.post("/api/v1/workers/", {**W9, "shifts": ["Night"]})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["shifts"])


def test_a_refused_worker_is_not_stored_half(plant: Site, admin: APIClient) -> None:
    admin.post("/api/v1/workers/", {**W9, "shifts": ["Night"]})
    assert not Worker.objects.filter(code="W9").exists()


def test_shifts_replace_those_without_end(grace: Worker, admin: APIClient) -> None:
    admin.patch(f"/api/v1/workers/{grace.pk}/", {"shifts": []})
    assert assignments_of(grace) == []


def test_shifts_leave_what_has_ended_alone(grace: Worker, admin: APIClient) -> None:
    ShiftAssignment.objects.update(valid_until=date(2026, 1, 1))
    admin.patch(f"/api/v1/workers/{grace.pk}/", {"shifts": []})
    assert assignments_of(grace) == [("Early", None, date(2026, 1, 1))]


def test_shifts_left_out_stay(grace: Worker, admin: APIClient) -> None:
    admin.patch(f"/api/v1/workers/{grace.pk}/", {"name": "Grace H."})
    assert assignments_of(grace) == [("Early", None, None)]


@pytest.mark.parametrize(
    "change, field", [({"code": "W2"}, "code"), ({"site": "F2"}, "site"), ({"site": "F3"}, "site")]
)
def test_code_and_site_never_change(
    change: dict[str, str], field: str, grace: Worker, foreign: Site, admin: APIClient
) -> None:
    answer = admin.patch(f"/api/v1/workers/{grace.pk}/", change)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_what_was_read_can_be_put_back(grace: Worker, admin: APIClient) -> None:
    shown = admin.get(f"/api/v1/workers/{grace.pk}/").json()
    assert admin.put(f"/api/v1/workers/{grace.pk}/", shown).json() == shown


def test_a_code_twice_at_a_site_is_refused(grace: Worker, admin: APIClient) -> None:
    answer = admin.post("/api/v1/workers/", W9 | {"code": "W1"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_the_same_code_at_two_sites_is_two_workers(
    plant: Site, foreign: Site, client_of: ClientOf
) -> None:
    client = client_of("superuser")
    codes = [client.post("/api/v1/workers/", W9 | {"site": site}) for site in ("F1", "F2")]
    assert [answer.status_code for answer in codes] == [201, 201]


def test_leaving_before_joining_is_refused(grace: Worker, admin: APIClient) -> None:
    days = {"active_from": "2026-02-01", "active_until": "2026-02-01"}
    assert admin.patch(f"/api/v1/workers/{grace.pk}/", days).status_code == 400


def test_a_worker_with_facts_is_retired_not_deleted(grace: Worker, admin: APIClient) -> None:
    see(grace)
    answer = admin.delete(f"/api/v1/workers/{grace.pk}/")
    assert (answer.status_code, answer.json()["code"]) == (409, "in_use")
    assert "active_until" in answer.json()["detail"]


@pytest.mark.parametrize("kind", ["workstations", "cameras"])
def test_what_facts_speak_of_is_not_deleted(kind: str, grace: Worker, admin: APIClient) -> None:
    see(grace)
    pk = getattr(grace.site, kind).get().pk
    assert admin.delete(f"/api/v1/{kind}/{pk}/").status_code == 409


def test_deleting_asks_for_one_event_not_for_all(grace: Worker, admin: APIClient) -> None:
    see(grace)
    with CaptureQueriesContext(connection) as queries:
        admin.delete(f"/api/v1/workers/{grace.pk}/")
    asked = [query["sql"] for query in queries if "events_event" in query["sql"]]
    assert [sql.endswith("LIMIT 1") for sql in asked] == [True]


@pytest.mark.parametrize("role", ["manager", "reviewer"])
def test_names_are_for_admins_where_the_site_shows_codes(
    role: str, grace: Worker, client_of: ClientOf
) -> None:
    assert client_of(role).get(f"/api/v1/workers/{grace.pk}/").json()["name"] == "W1"


def test_names_are_for_all_readers_where_the_site_shows_names(
    grace: Worker, client_of: ClientOf
) -> None:
    Site.objects.update(people_shown="names")
    assert client_of("manager").get(f"/api/v1/workers/{grace.pk}/").json()["name"] == "Grace"


def test_admins_see_names(grace: Worker, admin: APIClient) -> None:
    assert admin.get(f"/api/v1/workers/{grace.pk}/").json()["name"] == "Grace"


def test_a_name_can_not_be_searched_for(grace: Worker, client_of: ClientOf) -> None:
    every = client_of("manager").get("/api/v1/workers/?name=nobody").json()
    assert len(every["results"]) == 1


def test_filter_by_code(grace: Worker, admin: APIClient) -> None:
    admin.post("/api/v1/workers/", W9)
    found = admin.get("/api/v1/workers/?site=F1&code=W9").json()["results"]
    assert [row["code"] for row in found] == ["W9"]


def test_an_assignment_from_a_day_on(grace: Worker, admin: APIClient) -> None:
    body = {"site": "F1", "worker": "W1", "shift": "Early", "valid_from": "2026-02-01"}
    answer = admin.post("/api/v1/shift-assignments/", body)
    assert answer.json() | {"id": 0} == body | {"id": 0, "valid_until": None}


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"worker": "W7"}, "worker"),
        ({"shift": "Night"}, "shift"),
        ({"valid_from": "soon"}, "valid_from"),
        ({"valid_from": None}, "non_field_errors"),
    ],
)
def test_a_wrong_assignment_is_refused(
    wrong: dict[str, str], field: str, grace: Worker, admin: APIClient
) -> None:
    body = {"site": "F1", "worker": "W1", "shift": "Early", "valid_from": "2026-02-01"}
    answer = admin.post("/api/v1/shift-assignments/", body | wrong)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_an_assignment_names_a_worker_of_its_own_site(
    grace: Worker, foreign: Site, admin: APIClient
) -> None:
    foreign.workers.update(code="W7")
    body = {"site": "F1", "worker": "W7", "shift": "Early"}
    assert admin.post("/api/v1/shift-assignments/", body).status_code == 400


def see(worker: Worker, minute: int = 0) -> None:
    """An event of the worker."""
    site = worker.site
    moment: Any = NOW.replace(minute=minute)
    Event.objects.create(
        site=site,
        worker=worker,
        workstation=site.workstations.get(),
        camera=site.cameras.get(),
        event_type="working",
        occurred_at=moment,
        received_at=moment,
        count=0,
        restated=False,
    )
