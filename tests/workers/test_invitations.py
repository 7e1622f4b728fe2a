"""One-time links: who follows one becomes a member, once, with the role that was meant."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError
from django.test import Client
from pytest_django import Settings
from time_machine import TimeMachineFixture

from tests.workers.conftest import NOW, BrowserOf
from workers import invitations
from workers.models import Invitation, Membership, Role, Site, User

pytestmark = pytest.mark.django_db
LINK = re.compile(r"http://testserver(/invitation/[\w-]{43}/)")
WEEK = timedelta(days=7)
PASSWORD = "correct horse battery"
ACCOUNT = {
    "username": "grace",
    "first_name": "Grace",
    "last_name": "Hopper",
    "email": "grace@example.org",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


@pytest.fixture(autouse=True)
def at_ten(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture(autouse=True)
def quick_hashes(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def admin(browser_of: BrowserOf) -> Client:
    return browser_of("admin")


@pytest.fixture
def invite(plant: Site, member: Callable[[str], User]) -> Callable[..., str]:
    """Makes an invitation past the page, and gives its link's path."""
    inviter = member("admin")

    def _invite(role: str = "manager", *, by: User | None = None, **columns: Any) -> str:
        wanted = Invitation(site=plant, role=role, **columns)
        return f"/invitation/{invitations.invite(wanted=wanted, by=by or inviter, at=NOW).token}/"

    return _invite


def ask_for(admin: Client, site: Site, **more: str) -> Any:
    form = {"site": site.pk, "role": "manager", "name": "", "email": "", **more}
    return admin.post("/admin/workers/invitation/add/", form)


def follow(path: str, client: Client | None = None) -> tuple[Client, Any]:
    """Who opens a link, and the page to which it leads."""
    client = client or Client()
    return client, client.get(path, follow=True)


def roles(site: Site) -> dict[str, str]:
    active = site.memberships.filter(is_active=True)
    return dict(active.values_list("user__username", "role"))


# --- Making one -------------------------------------------------------------------------------


def test_an_admin_gets_a_link_once(plant: Site, admin: Client) -> None:
    answer = ask_for(admin, plant, name="Grace")
    (path,) = set(LINK.findall(answer.content.decode()))
    token = path.split("/")[2]
    row = Invitation.objects.get()
    assert (row.role, row.expires_at) == ("manager", NOW + WEEK)
    assert token not in str(vars(row))
    assert "no-store" in answer.headers["Cache-Control"]
    assert token not in str(answer.headers) + str(answer.cookies) + str(dict(admin.session))
    for page in ("", f"{row.pk}/change/"):
        assert token not in admin.get(f"/admin/workers/invitation/{page}").content.decode()


def test_it_is_mailed_where_mail_leaves(plant: Site, admin: Client) -> None:
    page = ask_for(admin, plant, email="grace@example.org").content.decode()
    (path,) = set(LINK.findall(page))
    assert "mailed to grace@example.org" in page
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["grace@example.org"], "Invitation to Plant F1")
    assert f"http://127.0.0.1:8000{path}" in sent.body


def test_where_no_mail_leaves_the_page_says_so(
    plant: Site, admin: Client, settings: Settings
) -> None:
    settings.SENDS_MAIL = False
    page = ask_for(admin, plant, email="grace@example.org").content.decode()
    assert "could not be mailed" in page
    assert LINK.search(page)
    assert mail.outbox == []


@pytest.mark.parametrize("role", ["viewer", "manager", "reviewer", "stranger"])
def test_only_admins_invite(role: str, plant: Site, browser_of: BrowserOf) -> None:
    answer = ask_for(browser_of(role), plant)
    assert answer.status_code in (302, 403)
    assert not Invitation.objects.exists()


def test_nobody_is_invited_to_another_site(plant: Site, foreign: Site, admin: Client) -> None:
    assert "Select a valid choice" in ask_for(admin, foreign).content.decode()
    assert not Invitation.objects.exists()


def test_an_invitation_never_changes(plant: Site, admin: Client) -> None:
    ask_for(admin, plant)
    row = Invitation.objects.get()
    assert admin.post(f"/admin/workers/invitation/{row.pk}/change/").status_code == 403
    assert admin.post(f"/admin/workers/invitation/{row.pk}/delete/").status_code == 403


# --- Following one ----------------------------------------------------------------------------


def test_a_new_person_gets_an_account_and_comes_in(plant: Site, invite: Any) -> None:
    client, page = follow(invite())
    assert "You are invited to Plant F1" in page.content.decode()
    answer = client.post("/invitation/", ACCOUNT)
    assert answer.headers["Location"] == "/sites/F1/"
    assert roles(plant)["grace"] == "manager"
    user = User.objects.get(username="grace")
    assert (user.get_full_name(), user.is_superuser, user.is_staff) == (
        "Grace Hopper",
        False,
        False,
    )
    assert client.get("/admin/").status_code == 200
    assert Client().login(username="grace", password=PASSWORD, request=page.wsgi_request)


def test_the_token_leaves_the_address_at_once(invite: Any) -> None:
    path = invite()
    client = Client()
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/invitation/")
    assert path.split("/")[2] not in str(dict(client.session))
    page = client.get("/invitation/")
    policies = [each.headers["Referrer-Policy"] for each in (answer, page)]
    assert policies == ["no-referrer", "same-origin"]  # a form without a referrer is refused
    assert all("no-store" in each.headers["Cache-Control"] for each in (answer, page))


def test_looking_uses_nothing_up(plant: Site, invite: Any) -> None:
    path = invite()
    for _ in range(3):
        assert follow(path)[1].status_code == 200
    client, _ = follow(path)
    client.post("/invitation/", ACCOUNT)
    assert "grace" in roles(plant)


def test_a_link_works_once(plant: Site, invite: Any) -> None:
    path = invite()
    first, _ = follow(path)
    second, _ = follow(path)
    first.post("/invitation/", ACCOUNT)
    late = second.post("/invitation/", ACCOUNT | {"username": "mallory"})
    assert (late.status_code, follow(path)[1].status_code) == (404, 404)
    assert not User.objects.filter(username="mallory").exists()


def test_of_two_at_the_same_moment_one_joins(plant: Site, invite: Any) -> None:
    invite()
    row = Invitation.objects.select_related("site", "invited_by").get()  # as both have read it
    ada, eve = (User.objects.create_user(name) for name in ("ada", "eve"))
    invitations.join(row, ada, at=NOW)
    with pytest.raises(invitations.NoLongerOpenError):
        invitations.join(row, eve, at=NOW)
    assert roles(plant).keys() == {"admin", "ada"}


def test_a_link_works_for_a_week(plant: Site, invite: Any, at_ten: TimeMachineFixture) -> None:
    path = invite()
    client, _ = follow(path)
    at_ten.move_to(NOW + WEEK - timedelta(seconds=1), tick=False)
    assert follow(path)[1].status_code == 200
    at_ten.move_to(NOW + WEEK, tick=False)
    assert follow(path)[1].status_code == 404
    assert client.post("/invitation/", ACCOUNT).status_code == 404


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "a b", "..%2f", "ä"])
def test_another_token_leads_nowhere(token: str, invite: Any) -> None:
    invite()
    assert follow(f"/invitation/{token}/")[1].status_code == 404


def test_without_a_link_there_is_no_invitation(db: None) -> None:
    assert Client().get("/invitation/").status_code == 404


def test_wrong_links_are_not_tried_without_end(db: None) -> None:
    client = Client()
    answers = [client.get(f"/invitation/{n}/").status_code for n in range(61)]
    assert answers == [404] * 60 + [429]


@pytest.mark.parametrize(
    "wrong, told",
    [
        ({"password2": "another"}, "didn’t match"),
        ({"password1": "12345678", "password2": "12345678"}, "too common"),
        ({"username": ""}, "required"),
        ({"username": "ADMIN"}, "already exists"),
        ({"email": "grace"}, "valid email"),
    ],
)
def test_a_wrong_account_is_said_and_the_link_stays_good(
    wrong: dict[str, str], told: str, plant: Site, invite: Any
) -> None:
    client, _ = follow(invite())
    page = client.post("/invitation/", ACCOUNT | wrong)
    assert told in page.content.decode()
    assert roles(plant).keys() == {"admin"}
    client.post("/invitation/", ACCOUNT)
    assert "grace" in roles(plant)


@pytest.mark.parametrize("sneaked", ["is_superuser", "is_staff", "is_demo", "role"])
def test_nobody_gives_themselves_more(sneaked: str, plant: Site, invite: Any) -> None:
    client, _ = follow(invite("viewer"))
    client.post("/invitation/", ACCOUNT | {sneaked: "admin" if sneaked == "role" else "1"})
    user = User.objects.get(username="grace")
    assert (user.is_superuser, user.is_staff, user.is_demo) == (False, False, False)
    assert roles(plant)["grace"] == "viewer"


def test_forms_need_a_token_against_forgery(invite: Any) -> None:
    client, _ = follow(invite(), Client(enforce_csrf_checks=True))
    assert client.post("/invitation/", ACCOUNT).status_code == 403


# --- Who has an account already ---------------------------------------------------------------


@pytest.fixture
def visitor(db: None) -> Client:
    """Logged in, and a member of nothing."""
    client = Client()
    user = User.objects.create_user("vera", password=PASSWORD)
    client.force_login(user, backend="workers.authentication.MembershipBackend")
    return client


def test_who_is_logged_in_joins_by_one_button(plant: Site, invite: Any, visitor: Client) -> None:
    _, page = follow(invite(), visitor)
    assert "Join Plant F1" in page.content.decode()
    assert "vera" not in roles(plant)
    visitor.post("/invitation/")
    assert roles(plant)["vera"] == "manager"
    assert visitor.get("/admin/").status_code == 200


def test_who_logs_in_on_the_way_comes_back(plant: Site, invite: Any, visitor: Client) -> None:
    client, page = follow(invite())
    assert "/login/?next=%2Finvitation%2F" in page.content.decode()
    form = {"username": "vera", "password": PASSWORD}
    answer = client.post("/login/?next=%2Finvitation%2F", form)
    assert answer.headers["Location"] == "/invitation/"
    client.post("/invitation/")
    assert roles(plant)["vera"] == "manager"


def test_who_is_a_member_already_keeps_their_role_and_the_link_stays_good(
    plant: Site, invite: Any, visitor: Client
) -> None:
    Membership.objects.create(user=User.objects.get(username="vera"), site=plant, role="viewer")
    path = invite("admin")
    follow(path, visitor)
    assert "already, as viewer" in visitor.post("/invitation/").content.decode()
    assert roles(plant)["vera"] == "viewer"
    assert follow(path)[1].status_code == 200


def test_who_had_lost_access_has_it_again_in_the_new_role(
    plant: Site, invite: Any, visitor: Client
) -> None:
    user = User.objects.get(username="vera")
    Membership.objects.create(user=user, site=plant, role="admin", is_active=False)
    follow(invite("viewer"), visitor)
    visitor.post("/invitation/")
    assert roles(plant)["vera"] == "viewer"


# --- When an invitation is no longer good -----------------------------------------------------


def test_a_withdrawn_link_leads_nowhere(plant: Site, invite: Any, admin_page: Client) -> None:
    path = invite()
    row = Invitation.objects.get()
    admin_page.post(f"/admin/workers/invitation/{row.pk}/withdraw/")
    assert follow(path)[1].status_code == 200  # only asked for
    admin_page.post(f"/admin/workers/invitation/{row.pk}/withdraw/", {"confirmed": "1"})
    assert follow(path)[1].status_code == 404


def test_a_new_link_replaces_the_old_one(plant: Site, invite: Any, admin_page: Client) -> None:
    old = invite("reviewer")
    row = Invitation.objects.get()
    answer = admin_page.post(f"/admin/workers/invitation/{row.pk}/renew/", {"confirmed": "1"})
    (new,) = set(LINK.findall(answer.content.decode()))
    assert (follow(old)[1].status_code, follow(new)[1].status_code) == (404, 200)
    client, _ = follow(new)
    client.post("/invitation/", ACCOUNT)
    assert roles(plant)["grace"] == "reviewer"


def test_an_accepted_one_is_neither_withdrawn_nor_renewed(
    plant: Site, invite: Any, admin_page: Client
) -> None:
    client, _ = follow(invite())
    client.post("/invitation/", ACCOUNT)
    row = Invitation.objects.get()
    for what in ("withdraw", "renew"):
        path = f"/admin/workers/invitation/{row.pk}/{what}/"
        assert admin_page.post(path, {"confirmed": "1"}).status_code == 403
    row.refresh_from_db()
    assert (row.withdrawn_at, row.accepted_by.username) == (None, "grace")


@pytest.fixture
def admin_page(plant: Site) -> Client:
    client = Client()
    user = User.objects.create_user("second")
    Membership.objects.create(user=user, site=plant, role=Role.ADMIN)
    client.force_login(user, backend="workers.authentication.MembershipBackend")
    return client


@pytest.mark.parametrize(
    "fall",
    [
        pytest.param(lambda user: user.memberships.update(role="manager"), id="demoted"),
        pytest.param(lambda user: user.memberships.update(is_active=False), id="no access"),
        pytest.param(lambda user: User.objects.update(is_active=False), id="account closed"),
        pytest.param(lambda user: user.delete(), id="gone"),
    ],
)
def test_an_invitation_is_as_good_as_the_word_of_who_invited(
    fall: Callable[[User], object], plant: Site, invite: Any
) -> None:
    path = invite("admin")
    fall(User.objects.get(username="admin"))
    assert follow(path)[1].status_code == 404


def test_demo_accounts_invite_nobody_where_they_are_closed(
    plant: Site, invite: Any, settings: Settings
) -> None:
    path = invite()
    User.objects.filter(username="admin").update(is_demo=True)
    assert follow(path)[1].status_code == 200
    settings.DEMO = False
    assert follow(path)[1].status_code == 404


def test_demo_accounts_are_not_let_in_by_an_invitation_where_they_are_closed(
    plant: Site, invite: Any, visitor: Client, settings: Settings
) -> None:
    User.objects.filter(username="vera").update(is_demo=True)
    settings.DEMO = False
    _, page = follow(invite(), visitor)
    assert "make an account" in page.content.decode()  # as one who is not logged in
    visitor.post("/invitation/")
    assert "vera" not in roles(plant)


@pytest.mark.parametrize("what", ["withdraw", "renew"])
@pytest.mark.parametrize("role", ["viewer", "manager", "reviewer"])
def test_others_neither_withdraw_nor_renew(
    role: str, what: str, invite: Any, browser_of: BrowserOf
) -> None:
    path = invite()
    row = Invitation.objects.get()
    answer = browser_of(role).post(
        f"/admin/workers/invitation/{row.pk}/{what}/", {"confirmed": "1"}
    )
    assert answer.status_code == 403
    assert follow(path)[1].status_code == 200


def test_the_database_keeps_a_role_that_is_none_out(plant: Site, invite: Any) -> None:
    invite()
    with pytest.raises(DatabaseError):
        Invitation.objects.update(role="owner")


@pytest.mark.parametrize("state", ["open", "accepted", "expired", "withdrawn", ""])
def test_the_list_is_narrowed_by_state(
    state: str, plant: Site, invite: Any, admin_page: Client
) -> None:
    for changed in (
        {"name": "open"},
        {"name": "accepted", "accepted_at": NOW},
        {"name": "expired", "expires_at": NOW},
        {"name": "withdrawn", "withdrawn_at": NOW},
    ):
        invite()
        Invitation.objects.filter(pk=Invitation.objects.latest("pk").pk).update(**changed)
    page = admin_page.get("/admin/workers/invitation/", {"state": state})
    listed = sorted(row.name for row in page.context["cl"].result_list)
    assert listed == ([state] if state else ["accepted", "expired", "open", "withdrawn"])
