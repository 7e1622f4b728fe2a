"""The demo factory in the database: its master data, log-ins and keys."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from common.instants import DAY_MS, HOUR_MS, to_ms
from common.intervals import covers, difference
from demo.accounts import DEMO_ACCOUNTS
from demo.domain.factory import PLAN
from demo.domain.plan import shift_days
from demo.keys import demo_key
from demo.plant import NotTheDemoError, build_plant, demo_site, opened_on
from workers import keys, models
from workers.domain.calendar import instances, scheduled_for
from workers.queries import master_data

OPENS_ON = date(2026, 3, 2)
NOW = datetime(2026, 6, 16, tzinfo=UTC)


@pytest.fixture
def plant(db: None) -> models.Site:
    return build_plant(opens_on=OPENS_ON)


def test_there_are_seven_of_each(plant: models.Site) -> None:
    for model in (models.Worker, models.Workstation, models.Camera):
        codes = [str(row.code) for row in model.objects.filter(site=plant)]
        assert sorted(code[-1] for code in codes) == list("1234567")


def test_each_camera_watches_its_workstation(plant: models.Site) -> None:
    for camera in models.Camera.objects.filter(site=plant):
        assert [station.code[-1] for station in camera.workstations.all()] == [camera.code[-1]]
        assert camera.state_ttl_s == 3 * (camera.reporting_interval_s or 0)
        assert master_data(plant).cameras[camera.code].version_at(0)


def test_the_calendar_has_the_planned_shifts_over_clock_changes(plant: models.Site) -> None:
    for night in (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)):
        window = (to_ms(night), to_ms(night) + DAY_MS)
        planned = [
            (*found.window, tuple(difference([found.window], found.breaks)))
            for found in shift_days(PLAN, window)
        ]
        lived = [
            (each.start, each.end, each.work) for each in instances(master_data(plant), window)
        ]
        assert lived == planned


def test_at_least_four_and_the_seventh_have_a_shift_at_any_hour(plant: models.Site) -> None:
    monday = to_ms(datetime(2026, 6, 15, 0, 10, tzinfo=UTC))
    window = (monday, monday + 7 * DAY_MS)
    master = master_data(plant)
    hours = {code: scheduled_for(master, each, window) for code, each in master.workers.items()}
    for instant in range(*window, HOUR_MS):
        on = {code for code, scheduled in hours.items() if covers(scheduled, instant)}
        assert len(on) >= 5 or _is_in_break(instant)
        assert "W7" in on or _is_in_break(instant)


def test_no_shift_is_scheduled_before_the_factory_opens(plant: models.Site) -> None:
    opening = to_ms(datetime(2026, 3, 2, 5, tzinfo=UTC))  # 06:00 in Berlin
    assert instances(master_data(plant), (opening - 30 * DAY_MS, opening)) == []
    assert opened_on(plant) == OPENS_ON


def test_names_are_shown(plant: models.Site) -> None:
    assert master_data(plant).names_shown


def test_a_site_of_that_code_that_is_no_demo_is_left_alone(db: None) -> None:
    models.Site.objects.create(code="F1", name="A real one")
    with pytest.raises(NotTheDemoError):
        demo_site()


@pytest.mark.parametrize("account", DEMO_ACCOUNTS, ids=lambda account: account.role)
def test_each_role_can_log_in(plant: models.Site, account: tuple[str, str, str]) -> None:
    role, username, password = account
    user = _log_in(username, password)
    assert user is not None
    assert models.Membership.objects.get(user_id=user.pk).role == role


def test_log_ins_are_refused_where_there_is_no_demo(plant: models.Site, settings: Settings) -> None:
    settings.DEMO = False
    assert _log_in("demo-admin", "demo") is None


def test_a_log_in_leaves_the_stored_password_as_it_is(plant: models.Site) -> None:
    before = models.User.objects.get(username="demo-viewer").password
    _log_in("demo-viewer", "demo")
    assert models.User.objects.get(username="demo-viewer").password == before


def test_each_camera_has_a_key(plant: models.Site) -> None:
    for station in PLAN.stations:
        valid = keys.key_for(demo_key(station.camera).text, at=NOW)
        assert valid
        assert valid.camera_code == station.camera


def test_keys_are_refused_where_there_is_no_demo(plant: models.Site, settings: Settings) -> None:
    settings.DEMO = False
    assert keys.key_for(demo_key("CAM-7").text, at=NOW) is None


def _is_in_break(instant: int) -> bool:
    found = shift_days(PLAN, (instant, instant + 1))
    return any(covers(shift_day.breaks, instant) for shift_day in found)


def _log_in(username: str, password: str) -> models.User | None:
    request = RequestFactory().post("/login/")
    return authenticate(request, username=username, password=password)
