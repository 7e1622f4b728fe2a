"""Admins of a site make screens, and revoke them; the link is shown once."""

import re

import pytest
from django.test import Client
from time_machine import TimeMachineFixture

from tests.workers.conftest import NOW, BrowserOf
from workers import screens
from workers.models import Site, WallScreen

pytestmark = pytest.mark.django_db
LIST = "/admin/workers/wallscreen/"
LINK = re.compile(r"http://testserver/screen/#(sk_[0-9a-f]{12}_[0-9a-f]{64})")


@pytest.fixture(autouse=True)
def at_ten(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def admin(browser_of: BrowserOf) -> Client:
    return browser_of("admin")


def test_the_link_stands_in_the_answer_and_nowhere_else(plant: Site, admin: Client) -> None:
    answer = admin.post(f"{LIST}add/", {"site": plant.pk, "name": "Hall 2, gate"})
    (key,) = set(LINK.findall(answer.content.decode()))
    assert screens.screen_of(key, at=NOW).name == "Hall 2, gate"
    assert "no-store" in answer.headers["Cache-Control"]
    assert key not in str(answer.headers) + str(answer.cookies) + str(dict(admin.session))
    pk = WallScreen.objects.get().pk
    for path in ("", f"{pk}/change/", f"{pk}/history/"):
        assert key.split("_")[2] not in admin.get(LIST + path).content.decode()


def test_a_screen_shows_no_people_unless_that_is_chosen(plant: Site, admin: Client) -> None:
    admin.post(f"{LIST}add/", {"site": plant.pk, "name": "Gate"})
    assert not WallScreen.objects.get().shows_workers


def test_a_screen_of_another_site_can_not_be_made(foreign: Site, admin: Client) -> None:
    admin.post(f"{LIST}add/", {"site": foreign.pk, "name": "Gate"})
    assert not WallScreen.objects.exists()


def test_the_list_says_when_a_screen_was_last_used(plant: Site, admin: Client) -> None:
    screen = screens.create(WallScreen(site=plant, name="Gate"), at=NOW).row
    assert "never" in admin.get(LIST).content.decode()
    screens.touch(screen, at=NOW)
    assert "0 s ago" in admin.get(LIST).content.decode()


def test_a_screen_is_revoked_once_confirmed(plant: Site, admin: Client) -> None:
    issued = screens.create(WallScreen(site=plant, name="Gate"), at=NOW)
    path = f"{LIST}{issued.row.pk}/revoke/"
    admin.post(path)
    assert screens.screen_of(issued.key, at=NOW)
    admin.post(path, {"confirmed": "1"})
    assert screens.screen_of(issued.key, at=NOW) is None
    assert "revoked" in admin.get(LIST).content.decode()


def test_revoking_many_asks_first(plant: Site, admin: Client) -> None:
    made = [screens.create(WallScreen(site=plant, name=name), at=NOW) for name in ("A", "B")]
    form = {"action": "revoke", "_selected_action": [each.row.pk for each in made]}
    admin.post(LIST, form)
    assert WallScreen.objects.filter(revoked_at=None).count() == 2
    admin.post(LIST, form | {"confirmed": "1"})
    assert not WallScreen.objects.filter(revoked_at=None).exists()


@pytest.mark.parametrize("state, listed", [("open", 1), ("expired", 1), ("revoked", 1), ("", 3)])
def test_the_list_is_narrowed_by_state(plant: Site, admin: Client, state: str, listed: int) -> None:
    rows = [screens.create(WallScreen(site=plant, name=f"S{n}"), at=NOW).row for n in range(3)]
    screens.revoke(rows[0], at=NOW)
    WallScreen.objects.filter(pk=rows[1].pk).update(expires_at=NOW)
    page = admin.get(LIST, {"state": state})
    assert len(page.context["cl"].result_list) == listed
