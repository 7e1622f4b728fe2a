"""Ingest keys over the API: shown once, revoked rather than deleted."""

from datetime import timedelta

import pytest
import time_machine
from rest_framework.test import APIClient

from tests.workers.conftest import NOW
from workers import keys
from workers.models import IngestKey, Site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def test_a_new_key_is_shown(plant: Site, admin: APIClient) -> None:
    answer = admin.post("/api/v1/ingest-keys/", {"site": "F1", "camera": "C1"}).json()
    shown = keys.key_for(answer["key"], at=NOW)
    assert shown
    assert (shown.site_code, shown.camera_code) == ("F1", "C1")


def test_without_a_camera_it_is_a_gateways(plant: Site, admin: APIClient) -> None:
    answer = admin.post("/api/v1/ingest-keys/", {"site": "F1"}).json()
    shown = keys.key_for(answer["key"], at=NOW)
    assert shown
    assert (shown.camera_id, shown.camera_code) == (None, None)


def test_a_key_is_shown_this_once(plant: Site, admin: APIClient) -> None:
    made = admin.post("/api/v1/ingest-keys/", {"site": "F1"}).json()
    shown = admin.get(f"/api/v1/ingest-keys/{made['id']}/").json()
    assert shown == {name: value for name, value in made.items() if name != "key"}


def test_neither_key_nor_hash_is_listed(plant: Site, admin: APIClient) -> None:
    made = admin.post("/api/v1/ingest-keys/", {"site": "F1"}).json()
    listed = admin.get("/api/v1/ingest-keys/").content.decode()
    secret_hash = IngestKey.objects.get().secret_hash
    assert made["key"] not in listed
    assert secret_hash not in listed


def test_the_key_is_not_stored(plant: Site, admin: APIClient) -> None:
    secret = admin.post("/api/v1/ingest-keys/", {"site": "F1"}).json()["key"].split("_")[2]
    row = IngestKey.objects.values().get()
    assert secret not in map(str, row.values())


def test_a_camera_of_another_site_is_unknown(plant: Site, foreign: Site, admin: APIClient) -> None:
    foreign.cameras.update(code="C7")
    answer = admin.post("/api/v1/ingest-keys/", {"site": "F1", "camera": "C7"})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["camera"])


def test_a_key_can_not_be_born_expired(plant: Site, admin: APIClient) -> None:
    body = {"site": "F1", "expires_at": NOW.isoformat()}
    answer = admin.post("/api/v1/ingest-keys/", body)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["expires_at"])


def test_deleting_revokes_and_keeps_the_row(plant: Site, admin: APIClient) -> None:
    made = admin.post("/api/v1/ingest-keys/", {"site": "F1"}).json()
    assert admin.delete(f"/api/v1/ingest-keys/{made['id']}/").status_code == 204
    assert keys.key_for(made["key"], at=NOW) is None
    shown = admin.get(f"/api/v1/ingest-keys/{made['id']}/").json()
    assert shown["revoked_at"] == "2026-01-15T10:00:00Z"


def test_revoking_again_keeps_the_first_time(plant: Site, admin: APIClient) -> None:
    pk = admin.post("/api/v1/ingest-keys/", {"site": "F1"}).json()["id"]
    admin.delete(f"/api/v1/ingest-keys/{pk}/")
    with time_machine.travel(NOW + timedelta(hours=1)):
        admin.delete(f"/api/v1/ingest-keys/{pk}/")
    assert IngestKey.objects.get(pk=pk).revoked_at == NOW


def test_an_end_can_be_set_later(plant: Site, admin: APIClient) -> None:
    made = admin.post("/api/v1/ingest-keys/", {"site": "F1"}).json()
    end = {"expires_at": "2026-02-01T00:00:00Z"}
    assert admin.patch(f"/api/v1/ingest-keys/{made['id']}/", end).json()["expires_at"] == (
        "2026-02-01T00:00:00Z"
    )


@pytest.mark.parametrize("change", [{"camera": "C1"}, {"site": "F2"}])
def test_whose_key_it_is_never_changes(
    change: dict[str, str], plant: Site, admin: APIClient
) -> None:
    pk = admin.post("/api/v1/ingest-keys/", {"site": "F1"}).json()["id"]
    assert admin.patch(f"/api/v1/ingest-keys/{pk}/", change).status_code == 400


@pytest.mark.parametrize("name", ["revoked_at", "prefix", "last_used_at", "key"])
def test_what_the_system_keeps_is_not_taken(name: str, plant: Site, admin: APIClient) -> None:
    pk = admin.post("/api/v1/ingest-keys/", {"site": "F1"}).json()["id"]
    before = admin.get(f"/api/v1/ingest-keys/{pk}/").json()
    admin.patch(f"/api/v1/ingest-keys/{pk}/", {name: "2026-02-01T00:00:00Z"})
    assert admin.get(f"/api/v1/ingest-keys/{pk}/").json() == before
