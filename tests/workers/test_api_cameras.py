"""Cameras and their model versions over the API."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from tests.workers.conftest import NOW
from workers.models import Camera, CameraModelVersion, Site, Workstation

pytestmark = pytest.mark.django_db
C9 = {"site": "F1", "code": "C9", "name": "Door"}


@pytest.fixture
def camera(plant: Site) -> Camera:
    return plant.cameras.get()


def versions_of(camera: Camera) -> list[tuple[str, object]]:
    rows = CameraModelVersion.objects.filter(camera=camera).order_by("id")
    return list(rows.values_list("version", "runs_since"))


def test_a_new_camera_is_answered_as_stored(plant: Site, admin: APIClient) -> None:
    answer = admin.post("/api/v1/cameras/", {**C9, "workstations": ["S1"]})
    assert answer.json() | {"id": 0} == C9 | {
        "id": 0,
        "workstations": ["S1"],
        "state_ttl_s": 300,
        "reporting_interval_s": None,
        "model_version": None,
        "active_from": None,
        "active_until": None,
        "last_seen_at": None,
    }


def test_a_workstation_of_another_site_is_unknown(
    plant: Site, foreign: Site, admin: APIClient
) -> None:
    Workstation.objects.create(site=foreign, code="S7", name="Saw")
    answer = admin.post("/api/v1/cameras/", {**C9, "workstations": ["S7"]})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["workstations"])


def test_workstations_are_replaced(camera: Camera, admin: APIClient) -> None:
    admin.patch(f"/api/v1/cameras/{camera.pk}/", {"workstations": []})
    assert not camera.workstations.exists()


def test_the_first_model_version_has_run_since_ever(plant: Site, admin: APIClient) -> None:
    admin.post("/api/v1/cameras/", {**C9, "model_version": "yolo-11"})
    assert versions_of(Camera.objects.get(code="C9")) == [("yolo-11", None)]


def test_another_model_version_runs_from_now_on(camera: Camera, admin: APIClient) -> None:
    with time_machine.travel(NOW, tick=False):
        for version in ("yolo-11", "yolo-12"):
            admin.patch(f"/api/v1/cameras/{camera.pk}/", {"model_version": version})
    assert versions_of(camera) == [("yolo-11", None), ("yolo-12", NOW)]


def test_the_same_model_version_again_changes_nothing(camera: Camera, admin: APIClient) -> None:
    for _ in range(2):
        admin.patch(f"/api/v1/cameras/{camera.pk}/", {"model_version": "yolo-11"})
    assert versions_of(camera) == [("yolo-11", None)]


def test_a_model_version_is_not_taken_away(camera: Camera, admin: APIClient) -> None:
    CameraModelVersion.objects.create(camera=camera, version="yolo-11")
    answer = admin.patch(f"/api/v1/cameras/{camera.pk}/", {"model_version": None})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["model_version"])


def test_the_model_version_shown_is_the_one_of_now(camera: Camera, admin: APIClient) -> None:
    for version, since in [("old", None), ("now", NOW), ("later", NOW + timedelta(days=1))]:
        CameraModelVersion.objects.create(camera=camera, version=version, runs_since=since)
    with time_machine.travel(NOW, tick=False):
        answer = admin.get(f"/api/v1/cameras/{camera.pk}/")
    assert answer.json()["model_version"] == "now"


def test_a_planned_model_version(camera: Camera, admin: APIClient) -> None:
    body = {"camera": "C1", "model_version": "next", "runs_since": "2027-01-01T00:00:00+01:00"}
    answer = admin.post("/api/v1/camera-model-versions/", {"site": "F1", **body})
    assert answer.json()["runs_since"] == "2026-12-31T23:00:00Z"


@pytest.mark.parametrize(
    "change, field",
    [
        ({"state_ttl_s": 0}, "state_ttl_s"),
        ({"state_ttl_s": 7 * 24 * 3600 + 1}, "state_ttl_s"),
        ({"state_ttl_s": 1.5}, "state_ttl_s"),
        ({"state_ttl_s": 10**30}, "state_ttl_s"),
        ({"state_ttl_s": None}, "state_ttl_s"),
        ({"reporting_interval_s": 0}, "reporting_interval_s"),
        ({"model_version": ""}, "model_version"),
        ({"model_version": "v" * 65}, "model_version"),
        ({"workstations": "S1"}, "workstations"),
        ({"active_from": "2026-13-01"}, "active_from"),
    ],
)
def test_a_wrong_setting_is_named(
    change: dict[str, Any], field: str, camera: Camera, admin: APIClient
) -> None:
    answer = admin.patch(f"/api/v1/cameras/{camera.pk}/", change)
    assert answer.status_code == 400
    assert list(answer.json().get("fields", [field])) == [field]


def test_saving_keeps_when_it_was_last_seen(camera: Camera, admin: APIClient) -> None:
    Camera.objects.update(last_seen_at=NOW)
    answer = admin.patch(f"/api/v1/cameras/{camera.pk}/", {"name": "Door"})
    assert answer.json()["last_seen_at"] == "2026-01-15T10:00:00Z"
