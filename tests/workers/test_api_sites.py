"""Sites over the API: superusers make them, their admins keep the settings."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.workers.conftest import ClientOf
from workers.models import Role, Site

pytestmark = pytest.mark.django_db
NEW = {"code": "F3", "name": "Plant 3", "time_zone": "Asia/Tokyo"}


@pytest.mark.parametrize("role", [*Role.values, "stranger"])
def test_only_superusers_make_sites(role: str, client_of: ClientOf) -> None:
    assert client_of(role).post("/api/v1/sites/", NEW).status_code == 403


def test_a_new_site_has_defaults(client_of: ClientOf) -> None:
    answer = client_of("superuser").post("/api/v1/sites/", NEW)
    assert answer.status_code == 201
    assert answer.json() | {"id": 0} == NEW | {
        "id": 0,
        "acceptance_threshold": 0.6,
        "drift_floor": 0.85,
        "retention_days": 400,
        "people_shown": "codes",
        "below_threshold": "include",
        "snapshot_days": 30,
        "snapshot_link": "",
        "refused_days": 90,
        "takes_snapshots": True,
        "names_days": None,
        "history_days": None,
        "recalculation_due_at": None,
        "horizon_at": None,
    }


@pytest.mark.parametrize("role", Role.values)
def test_members_read_their_site(role: str, plant: Site, client_of: ClientOf) -> None:
    assert client_of(role).get(f"/api/v1/sites/{plant.pk}/").status_code == 200


@pytest.mark.parametrize("role", Role.values)
def test_only_its_admins_change_a_site(role: str, plant: Site, client_of: ClientOf) -> None:
    answer = client_of(role).patch(f"/api/v1/sites/{plant.pk}/", {"people_shown": "names"})
    assert answer.status_code == (200 if role == "admin" else 403)


@pytest.mark.parametrize("role", Role.values)
def test_members_do_not_delete_their_site(role: str, plant: Site, client_of: ClientOf) -> None:
    assert client_of(role).delete(f"/api/v1/sites/{plant.pk}/").status_code == 403


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
@pytest.mark.parametrize("role", [*Role.values, "stranger"])
def test_another_site_is_not_found(
    role: str, method: str, foreign: Site, client_of: ClientOf
) -> None:
    answer = getattr(client_of(role), method)(f"/api/v1/sites/{foreign.pk}/")
    assert answer.status_code == 404


def test_who_is_a_member_of_nothing_sees_an_empty_list(plant: Site, client_of: ClientOf) -> None:
    assert client_of("stranger").get("/api/v1/sites/").json()["results"] == []


def test_a_site_in_use_is_not_deleted(plant: Site, client_of: ClientOf) -> None:
    answer = client_of("superuser").delete(f"/api/v1/sites/{plant.pk}/")
    assert (answer.status_code, answer.json()["code"]) == (409, "in_use")


def test_an_empty_site_is_deleted(client_of: ClientOf) -> None:
    client = client_of("superuser")
    pk = client.post("/api/v1/sites/", NEW).json()["id"]
    assert client.delete(f"/api/v1/sites/{pk}/").status_code == 204


@pytest.mark.parametrize(
    "change, field",
    [
        ({"code": "F9"}, "code"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"acceptance_threshold": 1.5}, "acceptance_threshold"),
        ({"drift_floor": "much"}, "drift_floor"),
        ({"retention_days": 0}, "retention_days"),
        ({"retention_days": 10**9}, "retention_days"),
        ({"people_shown": "photos"}, "people_shown"),
        ({"name": ""}, "name"),
    ],
)
def test_a_wrong_setting_is_named(
    change: dict[str, Any], field: str, plant: Site, admin: APIClient
) -> None:
    answer = admin.patch(f"/api/v1/sites/{plant.pk}/", change)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_a_code_twice_is_refused(plant: Site, client_of: ClientOf) -> None:
    answer = client_of("superuser").post("/api/v1/sites/", NEW | {"code": "F1"})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["code"])


def test_changing_a_setting_keeps_what_the_system_counts(plant: Site, admin: APIClient) -> None:
    before = Site.objects.get(pk=plant.pk).revision
    admin.patch(f"/api/v1/sites/{plant.pk}/", {"name": "Works"})
    assert Site.objects.get(pk=plant.pk).revision > before
