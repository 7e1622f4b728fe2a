"""Workstations and their targets over the API."""

from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from workers.models import Site, Workstation, WorkstationTarget

pytestmark = pytest.mark.django_db
S9 = {"site": "F1", "code": "S9", "name": "Lathe"}


@pytest.fixture
def press(plant: Site) -> Workstation:
    return plant.workstations.get()


def test_a_new_workstation_is_answered_as_stored(plant: Site, admin: APIClient) -> None:
    answer = admin.post("/api/v1/workstations/", {**S9, "type": "turning", "target_per_hour": 10})
    assert answer.json() | {"id": 0} == S9 | {
        "id": 0,
        "type": "turning",
        "target_per_hour": 10.0,
        "active_from": None,
        "active_until": None,
    }


def test_a_target_becomes_one_without_end(plant: Site, admin: APIClient) -> None:
    admin.post("/api/v1/workstations/", {**S9, "target_per_hour": 10})
    target = WorkstationTarget.objects.get(workstation__code="S9")
    assert (target.per_hour, target.valid_from, target.valid_until) == (Decimal(10), None, None)


def test_a_new_target_replaces_the_one_without_end(press: Workstation, admin: APIClient) -> None:
    for target in (10, 12.5):
        admin.patch(f"/api/v1/workstations/{press.pk}/", {"target_per_hour": target})
    assert [row.per_hour for row in press.targets.all()] == [Decimal("12.5")]


def test_a_null_target_removes_it(press: Workstation, admin: APIClient) -> None:
    for target in (10, None):
        admin.patch(f"/api/v1/workstations/{press.pk}/", {"target_per_hour": target})
    assert not press.targets.exists()


def test_a_target_left_out_stays(press: Workstation, admin: APIClient) -> None:
    admin.patch(f"/api/v1/workstations/{press.pk}/", {"target_per_hour": 10})
    answer = admin.patch(f"/api/v1/workstations/{press.pk}/", {"name": "Big press"})
    assert answer.json()["target_per_hour"] == 10.0


@pytest.mark.parametrize("target", [-1, "many", 10**9, 1.005, True])
def test_a_wrong_target_is_named(target: object, press: Workstation, admin: APIClient) -> None:
    answer = admin.patch(f"/api/v1/workstations/{press.pk}/", {"target_per_hour": target})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["target_per_hour"])


def test_dated_targets_follow_each_other(press: Workstation, admin: APIClient) -> None:
    row = {"site": "F1", "workstation": "S1", "target_per_hour": 10}
    first = admin.post("/api/v1/workstation-targets/", row | {"valid_until": "2026-02-01"})
    second = admin.post("/api/v1/workstation-targets/", row | {"valid_from": "2026-02-01"})
    assert (first.status_code, second.status_code) == (201, 201)


def test_two_targets_on_one_day_are_refused(press: Workstation, admin: APIClient) -> None:
    row = {"site": "F1", "workstation": "S1", "target_per_hour": 10}
    admin.post("/api/v1/workstation-targets/", row)
    answer = admin.post("/api/v1/workstation-targets/", row | {"valid_from": "2026-02-01"})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["non_field_errors"])


def test_filter_by_part_of_the_name(press: Workstation, admin: APIClient) -> None:
    admin.post("/api/v1/workstations/", S9)
    found = admin.get("/api/v1/workstations/?name=lat").json()["results"]
    assert [row["code"] for row in found] == ["S9"]


def test_an_unused_workstation_is_deleted(plant: Site, admin: APIClient) -> None:
    pk = admin.post("/api/v1/workstations/", S9).json()["id"]
    assert admin.delete(f"/api/v1/workstations/{pk}/").status_code == 204
