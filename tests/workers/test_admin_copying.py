"""Shifts, workstations and cameras' settings come from another of one's own sites."""

from datetime import date, time
from typing import Any

import pytest
from django.test import Client

from tests.workers.conftest import BrowserOf, equip, rows_of
from tests.workers.test_admin_pages import problems
from workers import changes
from workers.models import IngestKey, Membership, Role, Shift, Site, User

pytestmark = pytest.mark.django_db
ALL = ["shift", "workstation", "camera"]


@pytest.fixture
def empty(db: None) -> Site:
    return Site.objects.create(code="F3", name="Plant F3", time_zone="Asia/Kolkata")


@pytest.fixture
def admin(plant: Site, empty: Site, browser_of: BrowserOf) -> Client:
    """Of both."""
    browser = browser_of("admin")
    user = User.objects.get(username="admin")
    Membership.objects.create(user=user, site=empty, role=Role.ADMIN)
    return browser


def wish(browser: Client, source: Site, target: Site, *kinds: str, **more: Any) -> Any:
    form = {"source": source.pk, "kinds": kinds, **more}
    return browser.post(f"/admin/workers/site/{target.pk}/copy/", form, follow=True)


def copy(browser: Client, source: Site, target: Site, *kinds: str) -> Any:
    """Tried out and confirmed."""
    expected = wish(browser, source, target, *kinds).context["expected"]
    return wish(browser, source, target, *kinds, expected=expected, confirmed="1")


def test_everything_chosen_is_there_afterwards(plant: Site, empty: Site, admin: Client) -> None:
    rows_of(plant)
    told = problems(copy(admin, plant, empty, *ALL))
    assert "Copied from Plant F1: 1 shifts, 1 workstations, 1 cameras." in told
    assert str(empty.shifts.get().breaks.get()) == "10:00–10:30"
    assert empty.workstations.get().targets.get().per_hour == 10
    assert empty.cameras.get().workstations.get().site == empty


def test_what_is_not_chosen_is_not_copied(plant: Site, empty: Site, admin: Client) -> None:
    copy(admin, plant, empty, "shift")
    assert (empty.shifts.count(), empty.workstations.count(), empty.cameras.count()) == (1, 0, 0)


def test_a_trial_stores_nothing(plant: Site, empty: Site, admin: Client) -> None:
    page = wish(admin, plant, empty, *ALL)
    assert [report.of("new")[0].about for _, report in page.context["told"]] == [
        "Early",
        "S1",
        "C1",
    ]
    assert not empty.shifts.exists()


def test_keys_and_model_versions_stay_where_they_are(
    plant: Site, empty: Site, admin: Client
) -> None:
    rows_of(plant)
    copy(admin, plant, empty, *ALL)
    assert not IngestKey.objects.filter(site=empty).exists()
    assert not empty.cameras.get().model_versions.exists()


def test_what_is_there_already_stays_as_it_is(plant: Site, admin: Client, empty: Site) -> None:
    empty.workstations.create(code="S1", name="Mine")
    Shift.objects.create(site=empty, name="Early", start=time(5), end=time(13))
    copy(admin, plant, empty, *ALL)
    assert (empty.workstations.get().name, empty.shifts.get().start) == ("Mine", time(5))


def test_a_camera_watches_what_is_there(plant: Site, empty: Site, admin: Client) -> None:
    copy(admin, plant, empty, "camera")
    assert not empty.cameras.get().workstations.exists()


def test_what_no_longer_counts_is_left_out(plant: Site, empty: Site, admin: Client) -> None:
    for rows in (plant.workstations, plant.cameras):
        rows.update(active_until=date(2020, 1, 1))
    plant.shifts.update(valid_until=date(2020, 1, 1))
    assert "There is nothing to copy" in problems(wish(admin, plant, empty, *ALL))


def test_history_says_where_it_came_from(plant: Site, empty: Site, admin: Client) -> None:
    copy(admin, plant, empty, "shift")
    change = changes.of(empty.shifts.get()).changes[0]
    assert (change.who, change.way) == ("admin", "copied from F1")


def test_what_has_moved_on_since_the_trial_is_shown_again(
    plant: Site, empty: Site, admin: Client
) -> None:
    expected = wish(admin, plant, empty, "workstation").context["expected"]
    plant.workstations.create(code="S2", name="Saw")
    page = wish(admin, plant, empty, "workstation", expected=expected, confirmed="1")
    assert "Something else changed meanwhile" in problems(page)
    assert not empty.workstations.exists()


def test_nothing_comes_from_a_site_that_is_not_ones_own(
    foreign: Site, empty: Site, admin: Client
) -> None:
    page = wish(admin, foreign, empty, *ALL, confirmed="1")
    assert "Select a valid choice" in problems(page)
    assert not empty.workstations.exists()


def test_nothing_goes_to_a_site_that_is_not_ones_own(
    plant: Site, foreign: Site, admin: Client
) -> None:
    assert wish(admin, plant, foreign, *ALL, confirmed="1").status_code == 403


@pytest.mark.parametrize("role", ["viewer", "manager", "reviewer", "admin"])
def test_with_one_site_alone_there_is_nothing_to_copy_from(
    role: str, plant: Site, browser_of: BrowserOf
) -> None:
    browser = browser_of(role)
    assert browser.get(f"/admin/workers/site/{plant.pk}/copy/").status_code == 403


def test_a_member_without_the_role_there_gives_nothing_away(
    plant: Site, browser_of: BrowserOf
) -> None:
    browser = browser_of("admin")
    other = equip("F4")
    user = User.objects.get(username="admin")
    Membership.objects.create(user=user, site=other, role=Role.MANAGER)
    assert wish(browser, other, plant, "workstation").status_code == 403


def test_choosing_nothing_is_told(plant: Site, empty: Site, admin: Client) -> None:
    assert "This field is required" in problems(wish(admin, plant, empty))
