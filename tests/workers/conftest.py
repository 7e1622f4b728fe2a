"""A site with one of each kind of master data, another site, and a client for each role."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from tests.workers.kinds import KINDS
from tests.workers.marked_sites import MarkedSite
from tests.workers.who import OURS, PEOPLE, THEIRS
from workers import keys
from workers.models import (
    Camera,
    CameraModelVersion,
    Closure,
    IngestKey,
    Membership,
    Role,
    Shift,
    ShiftAssignment,
    ShiftBreak,
    Site,
    User,
    Worker,
    Workstation,
    WorkstationTarget,
)

BACKEND = "workers.authentication.MembershipBackend"
NOW = datetime(2026, 1, 15, 10, tzinfo=UTC)
ClientOf = Callable[[str], APIClient]
BrowserOf = Callable[[str], Client]


def equip(code: str) -> Site:
    """A site with W1, S1, C1, the shift Early and a closure."""
    site = Site.objects.create(code=code, name=f"Plant {code}", time_zone="Europe/Berlin")
    shift = Shift.objects.create(site=site, name="Early", start=time(6), end=time(14))
    ShiftBreak.objects.create(shift=shift, start=time(10), end=time(10, 30))
    worker = Worker.objects.create(site=site, code="W1", name="Grace")
    ShiftAssignment.objects.create(worker=worker, shift_name="Early")
    station = Workstation.objects.create(site=site, code="S1", name="Press")
    Camera.objects.create(site=site, code="C1", name="Above").workstations.add(station)
    start, end = NOW.replace(hour=0), NOW.replace(hour=6)
    Closure.objects.create(site=site, starts_at=start, ends_at=end, reason="Snow")
    return site


@pytest.fixture
def plant(db: None) -> Site:
    return equip("F1")


@pytest.fixture
def foreign(db: None) -> Site:
    """A site that no role below is a member of."""
    return equip("F2")


@pytest.fixture
def newcomer(db: None) -> User:
    return User.objects.create_user("newcomer")


@pytest.fixture
def member(plant: Site) -> Callable[[str], User]:
    """A user who has that role at the plant; "superuser" and "stranger" are none of its members."""

    def _member(role: str) -> User:
        user = User.objects.create_user(role, is_superuser=role == "superuser")
        if role in Role.values:
            Membership.objects.create(user=user, site=plant, role=role)
        return user

    return _member


@pytest.fixture
def client_of(member: Callable[[str], User]) -> ClientOf:
    def _client_of(role: str) -> APIClient:
        client = APIClient()
        client.force_login(member(role), backend=BACKEND)
        return client

    return _client_of


@pytest.fixture
def browser_of(member: Callable[[str], User]) -> BrowserOf:
    def _browser_of(role: str) -> Client:
        browser = Client()
        browser.force_login(member(role), backend=BACKEND)
        return browser

    return _browser_of


@pytest.fixture
def admin(client_of: ClientOf) -> APIClient:
    return client_of("admin")


def rows_of(site: Site) -> dict[str, Any]:
    """One object of each kind at a site."""
    camera = site.cameras.get(code="C1")
    worker = site.workers.get(code="W1")
    target, _ = WorkstationTarget.objects.get_or_create(
        workstation=site.workstations.get(code="S1"), per_hour=10
    )
    version, _ = CameraModelVersion.objects.get_or_create(camera=camera, version="yolo-11")
    user, _ = User.objects.get_or_create(username=f"member of {site.code}")
    membership, _ = Membership.objects.get_or_create(user=user, site=site, role=Role.VIEWER)
    key = IngestKey.objects.filter(site=site).first() or keys.create_key(site=site, at=NOW).row
    rows = {
        "workers": worker,
        "workstations": site.workstations.get(code="S1"),
        "cameras": camera,
        "shifts": site.shifts.get(name="Early"),
        "closures": site.closures.get(),
        "shift-assignments": ShiftAssignment.objects.get(worker=worker),
        "workstation-targets": target,
        "camera-model-versions": version,
        "ingest-keys": key,
        "memberships": membership,
    }
    assert list(rows) == KINDS
    return rows


@pytest.fixture
def ours(db: None) -> MarkedSite:
    return MarkedSite(OURS)


@pytest.fixture
def theirs(db: None) -> MarkedSite:
    return MarkedSite(THEIRS)


@pytest.fixture
def browsers(ours: MarkedSite, theirs: MarkedSite) -> dict[str, Client]:
    found = {}
    for who in PEOPLE:
        found[who] = browser = Client()
        if who == "anonymous":
            continue
        user = User.objects.create_user(f"is {who}", is_superuser=who == "superuser")
        if who in Role.values:
            Membership.objects.create(user=user, site=ours.site, role=who)
        if who == "elsewhere":
            Membership.objects.create(user=user, site=theirs.site, role=Role.ADMIN)
        browser.force_login(user, backend=BACKEND)
    return found
