"""Roles changed and taken away, accounts closed; what an admin may do, and what no site loses."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from tests.workers.conftest import BACKEND, BrowserOf, ClientOf
from workers import people
from workers.models import Membership, Role, Site, User

pytestmark = pytest.mark.django_db
LAST = "last admin"


@pytest.fixture(autouse=True)
def quick_hashes(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def admin(browser_of: BrowserOf) -> Client:
    return browser_of("admin")


@pytest.fixture
def grace(plant: Site) -> Membership:
    """A manager of the plant and of nothing else."""
    user = User.objects.create_user("grace", password="correct horse battery")
    return Membership.objects.create(user=user, site=plant, role=Role.MANAGER)


def page_of(membership: Membership, rest: str = "change") -> str:
    return f"/admin/workers/membership/{membership.pk}/{rest}/"


def own_of(name: str) -> Membership:
    return Membership.objects.get(user__username=name, site__code="F1")


def at_work(membership: Membership) -> Client:
    client = Client()
    client.force_login(membership.user, backend=BACKEND)
    return client


def confirm(client: Client, membership: Membership, what: str) -> Any:
    return client.post(page_of(membership, what), {"confirmed": "1"}, follow=True)


def test_a_role_is_changed(grace: Membership, admin: Client) -> None:
    admin.post(page_of(grace), {"role": "reviewer"})
    assert own_of("grace").role == "reviewer"


def test_neither_person_nor_site_changes(
    grace: Membership, foreign: Site, admin: Client, newcomer: User
) -> None:
    form = {"role": "viewer", "user": newcomer.pk, "site": foreign.pk, "is_active": ""}
    admin.post(page_of(grace), form)
    found = own_of("grace")
    assert (found.site_id, found.is_active) == (grace.site_id, True)


def test_access_is_taken_away_and_given_back(grace: Membership, admin: Client) -> None:
    before = at_work(grace)
    admin.post(page_of(grace, "access"))
    assert before.get("/sites/F1/", follow=True).status_code == 200  # only asked for
    confirm(admin, grace, "access")
    assert own_of("grace").is_active is False
    confirm(admin, grace, "access")
    assert (own_of("grace").is_active, own_of("grace").role) == (True, "manager")


def test_without_access_nothing_of_the_site_is_there(grace: Membership, plant: Site) -> None:
    client = at_work(grace)
    key = Token.objects.create(user=grace.user).key
    api = APIClient(headers={"Authorization": f"Token {key}"})
    addresses = [
        "/sites/F1/",
        "/admin/workers/worker/",
        "/api/v1/workers/?site=F1",
        "/api/v1/events/?site=F1",
        "/api/v1/metrics/overview/?site=F1&period=today",
        "/api/v1/metrics/workers/?site=F1&period=today",
    ]
    for address in addresses:
        who = api if address.startswith("/api/") else client
        assert who.get(address, follow=True).status_code == 200
    Membership.objects.update(is_active=False)
    for address in addresses:
        who = api if address.startswith("/api/") else client
        assert who.get(address, follow=True).status_code in (403, 404), address
    assert api.get("/api/v1/cameras/").json()["results"] == []
    assert "not a member" in client.get("/").content.decode()


def test_access_of_many_is_taken_after_a_question(plant: Site, admin: Client) -> None:
    rows = [
        Membership.objects.create(user=User.objects.create_user(name), site=plant, role="viewer")
        for name in ("ann", "bob")
    ]
    form = {"action": "take_access", "_selected_action": [row.pk for row in rows]}
    page = admin.post("/admin/workers/membership/", form).content.decode()
    assert "ann – viewer at Plant F1" in page
    assert Membership.objects.filter(is_active=False).count() == 0
    admin.post("/admin/workers/membership/", form | {"confirmed": "1"})
    assert Membership.objects.filter(is_active=False).count() == 2
    back = form | {"action": "give_access", "confirmed": "1"}
    admin.post("/admin/workers/membership/", back)
    assert Membership.objects.filter(is_active=False).count() == 0


# --- The last admin ---------------------------------------------------------------------------


def demote(client: Client, own: Membership) -> Any:
    return client.post(page_of(own), {"role": "viewer"}, follow=True)


def leave(client: Client, own: Membership) -> Any:
    return confirm(client, own, "access")


def leave_with_others(client: Client, own: Membership) -> Any:
    form = {"action": "take_access", "_selected_action": [own.pk], "confirmed": "1"}
    return client.post("/admin/workers/membership/", form, follow=True)


def delete(client: Client, own: Membership) -> Any:
    return client.post(page_of(own, "delete"), {"post": "yes"}, follow=True)


@pytest.mark.parametrize("way", [demote, leave, leave_with_others, delete])
def test_the_last_admin_stays_and_is_told_why(
    way: Callable[[Client, Membership], Any], plant: Site, admin: Client
) -> None:
    answer = way(admin, own_of("admin"))
    assert LAST in answer.content.decode()
    own = own_of("admin")
    assert (own.role, own.is_active) == ("admin", True)


@pytest.mark.parametrize("way", [demote, leave, leave_with_others, delete])
def test_with_another_admin_one_may_go(
    way: Callable[[Client, Membership], Any], grace: Membership, admin: Client
) -> None:
    Membership.objects.filter(pk=grace.pk).update(role="admin")
    way(admin, own_of("admin"))
    left = Membership.objects.filter(user__username="admin").first()
    assert left is None or not left.is_admin


@pytest.mark.parametrize(
    "absent", [{"is_active": False}, {"user__is_active": False}, {"role": "reviewer"}]
)
def test_who_can_not_come_in_is_no_other_admin(
    absent: dict[str, Any], grace: Membership, admin: Client
) -> None:
    Membership.objects.filter(pk=grace.pk).update(role=absent.pop("role", "admin"))
    if "user__is_active" in absent:
        User.objects.filter(username="grace").update(is_active=False)
    Membership.objects.filter(pk=grace.pk).update(
        **{name: value for name, value in absent.items() if name == "is_active"}
    )
    assert LAST in demote(admin, own_of("admin")).content.decode()
    assert own_of("admin").role == "admin"


@pytest.mark.parametrize(
    "ask, status",
    [
        (lambda api, path: api.patch(path, {"role": "viewer"}), 400),
        (lambda api, path: api.patch(path, {"is_active": False}), 400),
        (lambda api, path: api.delete(path), 409),
    ],
)
def test_the_api_keeps_the_last_admin_too(
    ask: Callable[[APIClient, str], Any], status: int, plant: Site, client_of: ClientOf
) -> None:
    api = client_of("admin")
    answer = ask(api, f"/api/v1/memberships/{own_of('admin').pk}/")
    assert (answer.status_code, LAST in answer.content.decode()) == (status, True)
    assert own_of("admin").is_admin


def test_the_sites_page_does_not_remove_people(grace: Membership, admin: Client) -> None:
    page = admin.get(f"/admin/workers/site/{grace.site_id}/change/").content.decode()
    assert "memberships-0-role" in page
    assert "memberships-0-DELETE" not in page


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_leave_at_once_do_not_both_go(plant: Site) -> None:
    rows = [
        Membership.objects.create(user=User.objects.create_user(name), site=plant, role="admin")
        for name in ("ann", "bob")
    ]
    both = threading.Barrier(2)

    def go(row: Membership) -> str:
        try:
            both.wait()
            people.set_access(row, is_active=False)
        except ValidationError:
            return "stayed"
        finally:
            connection.close()
        return "gone"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(go, rows)) == ["gone", "stayed"]
    assert Membership.objects.filter(is_active=True).count() == 1


# --- Accounts ---------------------------------------------------------------------------------


def test_an_account_is_closed_and_opened(grace: Membership, admin: Client) -> None:
    theirs = at_work(grace)
    page = admin.get(page_of(grace, "account")).content.decode()
    assert "grace – Plant F1" in page
    confirm(admin, grace, "account")
    assert theirs.get("/").status_code == 302  # logged out
    form = {"username": "grace", "password": "correct horse battery"}
    assert "correct user name" in Client().post("/login/", form).content.decode().replace(
        "username", "user name"
    )
    confirm(admin, grace, "account")
    assert own_of("grace").user.is_active


def test_who_closed_it_is_noted(grace: Membership, admin: Client) -> None:
    confirm(admin, grace, "account")
    entry = LogEntry.objects.latest("pk")
    assert (str(entry.user), entry.object_id) == ("admin", str(grace.user_id))


def _at_another_site(grace: Membership, foreign: Site) -> None:
    Membership.objects.create(user=grace.user, site=foreign, role="viewer", is_active=False)


def _superuser(grace: Membership, _foreign: Site) -> None:
    User.objects.filter(pk=grace.user_id).update(is_superuser=True)


@pytest.mark.parametrize("change", [_at_another_site, _superuser])
@pytest.mark.parametrize("what", ["account", "new-password"])
def test_an_account_that_reaches_further_is_a_superusers_matter(
    what: str,
    change: Callable[[Membership, Site], None],
    grace: Membership,
    foreign: Site,
    browser_of: BrowserOf,
) -> None:
    change(grace, foreign)
    admin = browser_of("admin")
    assert confirm(admin, grace, what).status_code == 403
    assert page_of(grace, what) not in admin.get(page_of(grace)).content.decode()
    assert own_of("grace").user.is_active if what == "account" else True
    assert confirm(browser_of("superuser"), grace, what).status_code == 200


def test_an_admin_of_all_their_sites_may_close_it(
    grace: Membership, foreign: Site, admin: Client
) -> None:
    _at_another_site(grace, foreign)
    Membership.objects.create(user=own_of("admin").user, site=foreign, role="admin")
    assert confirm(admin, grace, "account").status_code == 200
    assert not User.objects.get(username="grace").is_active


@pytest.mark.parametrize("what", ["account", "new-password"])
def test_nobody_closes_or_resets_their_own(what: str, plant: Site, admin: Client) -> None:
    assert confirm(admin, own_of("admin"), what).status_code == 403
    assert own_of("admin").user.is_active


def test_a_superuser_may_close_a_last_admins_account(plant: Site, browser_of: BrowserOf) -> None:
    browser_of("admin")
    confirm(browser_of("superuser"), own_of("admin"), "account")
    assert not own_of("admin").user.is_active


@pytest.mark.parametrize("what", ["access", "account", "new-password"])
@pytest.mark.parametrize("role", ["viewer", "manager", "reviewer"])
def test_others_can_do_none_of_it(
    role: str, what: str, grace: Membership, browser_of: BrowserOf
) -> None:
    answer = browser_of(role).post(page_of(grace, what), {"confirmed": "1"})
    assert answer.status_code in (403, 404)
    found = own_of("grace")
    assert (found.is_active, found.user.is_active) == (True, True)


@pytest.mark.parametrize("what", ["access", "account", "new-password"])
def test_people_of_another_site_are_out_of_reach(
    what: str, foreign: Site, admin: Client, newcomer: User
) -> None:
    theirs = Membership.objects.create(user=newcomer, site=foreign, role="viewer")
    answer = admin.post(page_of(theirs, what), {"confirmed": "1"})
    assert answer.status_code in (403, 404)
    theirs.refresh_from_db()
    assert (theirs.is_active, theirs.user.is_active) == (True, True)


def test_the_list_costs_the_same_for_many(plant: Site, admin: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert admin.get("/admin/workers/membership/").status_code == 200
        return len(queries)

    first = cost()
    for number in range(30):
        user = User.objects.create_user(f"user {number}")
        Membership.objects.create(user=user, site=plant, role="viewer")
    assert cost() == first
