"""Shifts and closures over the API."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from workers.models import Closure, Shift, ShiftAssignment, Site

pytestmark = pytest.mark.django_db
NIGHT = {
    "site": "F1",
    "name": "Night",
    "weekdays": [7, 1, 1],
    "start": "22:00",
    "end": "06:00",
    "breaks": [{"start": "23:50", "end": "00:20"}, {"start": "03:00", "end": "03:30"}],
}
STOCKTAKING = {
    "site": "F1",
    "start": "2026-06-30T22:00:00+02:00",
    "end": "2026-07-01T06:00:00Z",
    "reason": "Stocktaking",
}


@pytest.fixture
def early(plant: Site) -> Shift:
    return plant.shifts.get()


def test_a_new_shift_is_answered_as_stored(plant: Site, admin: APIClient) -> None:
    answer = admin.post("/api/v1/shifts/", NIGHT)
    assert answer.json() | {"id": 0} == NIGHT | {
        "id": 0,
        "weekdays": [1, 7],
        "valid_from": None,
        "valid_until": None,
    }


def test_weekdays_are_digits_inside(plant: Site, admin: APIClient) -> None:
    admin.post("/api/v1/shifts/", NIGHT)
    assert Shift.objects.get(name="Night").weekdays == "17"


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"weekdays": []}, "weekdays"),
        ({"weekdays": [8]}, "weekdays"),
        ({"weekdays": "12"}, "weekdays"),
        ({"weekdays": ["Monday"]}, "weekdays"),
        ({"start": "22:03"}, "start"),
        ({"start": "25:00"}, "start"),
        ({"start": 22}, "start"),
        ({"start": "06:00"}, "non_field_errors"),
        ({"breaks": [{"start": "21:00", "end": "22:30"}]}, "breaks"),
        ({"breaks": [{"start": "05:00", "end": "06:30"}]}, "breaks"),
        ({"breaks": [{"start": "03:00", "end": "03:00"}]}, "breaks"),
        ({"breaks": [{"start": "03:01", "end": "03:30"}]}, "breaks"),
        ({"breaks": [{"start": "03:00"}]}, "breaks"),
        ({"breaks": [{"start": "03:00", "end": "03:30"}] * 2}, "breaks"),
        ({"breaks": {"start": "03:00", "end": "03:30"}}, "breaks"),
        ({"breaks": [{"start": "03:00", "end": "03:30"}] * 101}, "breaks"),
        ({"valid_from": "2026-01-02", "valid_until": "2026-01-01"}, "non_field_errors"),
        ({"name": "Early"}, "non_field_errors"),
    ],
)
def test_a_wrong_shift_is_refused(
    wrong: dict[str, Any], field: str, plant: Site, admin: APIClient
) -> None:
    answer = admin.post("/api/v1/shifts/", NIGHT | wrong)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert not Shift.objects.filter(name="Night").exists()


def test_breaks_are_replaced(early: Shift, admin: APIClient) -> None:
    admin.patch(f"/api/v1/shifts/{early.pk}/", {"breaks": [{"start": "09:00", "end": "09:15"}]})
    assert [f"{each.start:%H:%M}" for each in early.breaks.all()] == ["09:00"]


def test_new_times_must_still_hold_the_breaks(early: Shift, admin: APIClient) -> None:
    answer = admin.patch(f"/api/v1/shifts/{early.pk}/", {"start": "11:00"})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["breaks"])


def test_a_change_from_a_day_on_is_a_second_row(early: Shift, admin: APIClient) -> None:
    admin.patch(f"/api/v1/shifts/{early.pk}/", {"valid_until": "2026-02-01"})
    body = {"site": "F1", "name": "Early", "start": "05:00", "end": "13:00"}
    answer = admin.post("/api/v1/shifts/", body | {"valid_from": "2026-02-01"})
    assert answer.status_code == 201


def test_two_rows_of_a_name_on_one_day_are_refused(early: Shift, admin: APIClient) -> None:
    body = {"site": "F1", "name": "Early", "start": "05:00", "end": "13:00"}
    answer = admin.post("/api/v1/shifts/", body | {"valid_from": "2026-02-01"})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["non_field_errors"])


def test_a_new_name_goes_to_all_rows_and_assignments(early: Shift, admin: APIClient) -> None:
    Shift.objects.update(valid_until=date(2026, 2, 1))
    body = {"site": "F1", "name": "Early", "start": "05:00", "end": "13:00"}
    second = admin.post("/api/v1/shifts/", body | {"valid_from": "2026-02-01"}).json()["id"]
    admin.patch(f"/api/v1/shifts/{second}/", {"name": "Morning"})
    assert set(Shift.objects.values_list("name", flat=True)) == {"Morning"}
    assert set(ShiftAssignment.objects.values_list("shift_name", flat=True)) == {"Morning"}


def test_a_new_name_that_another_shift_has_is_refused(early: Shift, admin: APIClient) -> None:
    night = admin.post("/api/v1/shifts/", NIGHT | {"valid_from": "2026-02-01"}).json()["id"]
    admin.patch(f"/api/v1/shifts/{early.pk}/", {"valid_until": "2026-02-01"})
    answer = admin.patch(f"/api/v1/shifts/{night}/", {"name": "Early"})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["name"])


def test_a_shift_that_workers_have_is_not_deleted(early: Shift, admin: APIClient) -> None:
    answer = admin.delete(f"/api/v1/shifts/{early.pk}/")
    assert (answer.status_code, answer.json()["code"]) == (409, "in_use")


def test_a_shift_that_nobody_has_is_deleted(early: Shift, admin: APIClient) -> None:
    ShiftAssignment.objects.all().delete()
    assert admin.delete(f"/api/v1/shifts/{early.pk}/").status_code == 204


def test_a_closure_is_answered_in_utc(plant: Site, admin: APIClient) -> None:
    answer = admin.post("/api/v1/closures/", STOCKTAKING)
    assert answer.json() | {"id": 0} == STOCKTAKING | {"id": 0, "start": "2026-06-30T20:00:00Z"}


def test_a_closure_keeps_its_instants(plant: Site, admin: APIClient) -> None:
    admin.post("/api/v1/closures/", STOCKTAKING)
    closure = Closure.objects.get(reason="Stocktaking")
    assert closure.starts_at == datetime(2026, 6, 30, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"start": "2026-06-30T22:00:00"}, "start"),
        ({"start": "2026-06-30"}, "start"),
        ({"start": 1782849600}, "start"),
        ({"start": None}, "start"),
        ({"start": "0001-01-01T00:00:00+14:00"}, "start"),
        ({"end": "9999-12-31T23:59:59-10:00"}, "end"),
        ({"start": "2026-06-30T22:03:00Z"}, "start"),
        ({"start": "2026-06-30T22:00:00.5Z"}, "start"),
        ({"end": "2026-06-30T20:00:00Z"}, "non_field_errors"),
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 201}, "reason"),
    ],
)
def test_a_wrong_closure_is_refused(
    wrong: dict[str, Any], field: str, plant: Site, admin: APIClient
) -> None:
    answer = admin.post("/api/v1/closures/", STOCKTAKING | wrong)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
