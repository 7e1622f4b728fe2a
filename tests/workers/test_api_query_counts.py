"""A list of one costs as many queries as a list of fifty."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.workers.conftest import NOW, rows_of
from tests.workers.kinds import KINDS
from workers import keys, registry
from workers.models import (
    Camera,
    CameraModelVersion,
    Closure,
    Membership,
    Role,
    Shift,
    ShiftAssignment,
    Site,
    User,
    Worker,
    Workstation,
    WorkstationTarget,
)

pytestmark = pytest.mark.django_db
SESSION_AND_USER_AND_ROLES = 3
COSTS = dict.fromkeys(KINDS, SESSION_AND_USER_AND_ROLES + 1) | {
    "workers": SESSION_AND_USER_AND_ROLES + 2,  # and their shifts
    "cameras": SESSION_AND_USER_AND_ROLES + 2,  # and their workstations
    "shifts": SESSION_AND_USER_AND_ROLES + 2,  # and their breaks
}


def more_of(kind: str, site: Site, number: int) -> None:
    """One more object of the kind."""
    MAKERS[kind](site, number)


def _worker(site: Site, number: int) -> Worker:
    worker = Worker(site=site, code=f"W1{number}", name="Ada")
    registry.save_worker(worker, shifts=["Early"])
    return worker


def _shift(site: Site, number: int) -> None:
    shift = Shift(site=site, name=f"Extra {number}", start=time(6), end=time(14))
    registry.save_shift(shift, breaks=[(time(9), time(10))])


def _camera(site: Site, number: int) -> None:
    camera = Camera(site=site, code=f"C1{number}", name="Door")
    registry.save_camera(camera, at=NOW, workstations=["S1"], model_version="yolo")


def _user(number: int) -> User:
    return User.objects.create_user(f"user {number}")


def _day(number: int) -> date:
    return date(2027, 1, 1) + timedelta(days=number)


MAKERS: dict[str, Callable[[Site, int], Any]] = {
    "workers": _worker,
    "workstations": lambda site, n: registry.save_workstation(
        Workstation(site=site, code=f"S1{n}", name="Saw"), target_per_hour=None
    ),
    "cameras": _camera,
    "shifts": _shift,
    "closures": lambda site, n: Closure.objects.create(
        site=site,
        starts_at=datetime.combine(_day(n), time(), UTC),
        ends_at=datetime.combine(_day(n), time(1), UTC),
        reason="Snow",
    ),
    "shift-assignments": lambda site, n: ShiftAssignment.objects.create(
        worker=_worker(site, n), shift_name="Early", valid_from=_day(n)
    ),
    "workstation-targets": lambda site, n: WorkstationTarget.objects.create(
        workstation=site.workstations.get(code="S1"),
        per_hour=n,
        valid_from=_day(n),
        valid_until=_day(n + 1),
    ),
    "camera-model-versions": lambda site, n: CameraModelVersion.objects.create(
        camera=site.cameras.get(code="C1"),
        version="yolo",
        runs_since=datetime.combine(_day(n), time(), UTC),
    ),
    "ingest-keys": lambda site, n: keys.create_key(
        site=site, camera=site.cameras.get(code="C1"), at=NOW
    ),
    "memberships": lambda site, n: Membership.objects.create(
        user=_user(n), site=site, role=Role.VIEWER
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_of_fifty_costs_what_a_list_of_one_costs(
    kind: str, plant: Site, admin: APIClient
) -> None:
    rows_of(plant)
    few = cost_of(admin, kind)
    for number in range(50):
        more_of(kind, plant, number)
    assert (few, cost_of(admin, kind)) == (COSTS[kind], COSTS[kind])


def cost_of(client: APIClient, kind: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/api/v1/{kind}/").status_code == 200
    return len(queries)
