"""Passwords changed, forgotten and set anew: nobody learns which accounts there are."""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings
from time_machine import TimeMachineFixture

from tests.workers.conftest import NOW, BrowserOf
from workers.models import Membership, Site, User

pytestmark = pytest.mark.django_db
OLD, NEW = "correct horse battery", "staple of another kind"
LINK = re.compile(r"/password/new/[\w-]+/[\w-]+/")


@pytest.fixture(autouse=True)
def quick_hashes(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def post_gone() -> Iterator[None]:
    """No test's mail arrives in the next."""
    yield
    wait_for_post()


@pytest.fixture
def grace(db: None) -> User:
    return User.objects.create_user("grace", "Grace@example.org", OLD)


def let_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="workers.authentication.MembershipBackend")
    return client


def change(client: Client, old: str = OLD, new: str = NEW) -> Any:
    form = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post("/password/", form)


def forget(email: str = "grace@example.org", client: Client | None = None) -> Any:
    """Asks for a link, and waits until the post has gone."""
    answer = (client or Client()).post("/password/forgotten/", {"email": email}, follow=True)
    wait_for_post()
    return answer


def wait_for_post() -> None:
    for thread in threading.enumerate():
        if thread.name == "post":
            thread.join()


def link_in(text: str) -> str:
    return LINK.search(text)[0]


def set_anew(link: str, new: str = NEW) -> Any:
    client = Client()
    page = client.get(link, follow=True)
    if not page.context["validlink"]:
        return page
    form = {"new_password1": new, "new_password2": new}
    return client.post(page.redirect_chain[-1][0], form, follow=True)


def knows(user: User, password: str) -> bool:
    user.refresh_from_db()
    return user.check_password(password)


# --- Changed ----------------------------------------------------------------------------------


def test_a_password_is_changed_and_other_devices_are_out(grace: User) -> None:
    here, elsewhere = let_in(grace), let_in(grace)
    assert change(here).headers["Location"] == "/password/done/"
    assert knows(grace, NEW)
    assert here.get("/password/done/").status_code == 200
    assert elsewhere.get("/password/").status_code == 302


@pytest.mark.parametrize(
    "old, new, told",
    [
        ("wrong", NEW, "old password was entered incorrectly"),
        (OLD, "short", "too short"),
        (OLD, "grace@example", "too similar"),
    ],
)
def test_a_wrong_change_is_said(old: str, new: str, told: str, grace: User) -> None:
    assert told in change(let_in(grace), old, new).content.decode()
    assert knows(grace, OLD)


def test_the_old_password_is_not_guessed_without_end(grace: User) -> None:
    client = let_in(grace)
    answers = [change(client, f"guess {n}").status_code for n in range(10)]
    assert answers[-1] == 429
    assert change(client).status_code == 429
    assert knows(grace, OLD)


def test_the_admins_link_leads_to_the_one_page(plant: Site, browser_of: BrowserOf) -> None:
    answer = browser_of("viewer").get("/admin/password_change/")
    assert answer.headers["Location"] == "/password/"


@pytest.mark.parametrize("path", ["/password/", "/password/done/"])
def test_who_is_not_logged_in_logs_in_first(path: str, db: None) -> None:
    assert Client().get(path).headers["Location"] == f"/login/?next={path}"


def test_demo_accounts_keep_their_public_password(
    plant: Site, grace: User, browser_of: BrowserOf
) -> None:
    forget()
    User.objects.filter(pk=grace.pk).update(is_demo=True)
    assert "Demo accounts keep" in change(let_in(grace)).content.decode()
    assert "leads nowhere" in set_anew(link_in(mail.outbox[0].body)).content.decode()
    forget()
    assert len(mail.outbox) == 1
    membership = Membership.objects.create(user=grace, site=plant, role="viewer")
    path = f"/admin/workers/membership/{membership.pk}/new-password/"
    assert browser_of("admin").post(path, {"confirmed": "1"}).status_code == 403
    assert knows(grace, OLD)


# --- Forgotten --------------------------------------------------------------------------------


def test_a_link_comes_by_mail_and_sets_a_password_once(grace: User) -> None:
    forget()
    (sent,) = mail.outbox
    assert sent.to == ["Grace@example.org"]
    assert "http://127.0.0.1:8000/password/new/" in sent.body
    assert "password is set" in set_anew(link_in(sent.body)).content.decode()
    assert knows(grace, NEW)
    assert "leads nowhere" in set_anew(link_in(sent.body), OLD).content.decode()
    assert knows(grace, NEW)


def test_the_answer_is_the_same_for_an_unknown_address(grace: User) -> None:
    known, unknown = forget(), forget("nobody@example.org")
    assert known.content == unknown.content
    assert known.redirect_chain == unknown.redirect_chain
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "state",
    [
        pytest.param({"is_active": False}, id="closed account"),
        pytest.param({"is_demo": True}, id="demo account, closed here"),
    ],
)
def test_who_may_not_log_in_gets_no_link(
    state: dict[str, bool], grace: User, settings: Settings
) -> None:
    settings.DEMO = False
    User.objects.update(**state)
    known = forget()
    assert mail.outbox == []
    assert known.content == forget("nobody@example.org").content


def test_a_link_of_a_demo_account_leads_nowhere_where_they_are_closed(
    grace: User, settings: Settings
) -> None:
    forget()
    User.objects.update(is_demo=True)
    settings.DEMO = False
    assert "leads nowhere" in set_anew(link_in(mail.outbox[0].body)).content.decode()
    assert knows(grace, OLD)


def test_a_link_is_good_for_a_day(grace: User, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOW, tick=False)
    forget()
    link = link_in(mail.outbox[0].body)
    time_machine.move_to(NOW + timedelta(days=1, seconds=1), tick=False)
    assert "leads nowhere" in set_anew(link).content.decode()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda link: link[:-2] + ("a" if link[-2] != "a" else "b") + "/",
        lambda link: link.replace("/new/", "/new/MQ"),
        lambda link: "/password/new/x/y/",
        lambda link: "/password/new/%F0%9F/y-z/",
    ],
)
def test_another_link_leads_nowhere(spoil: Callable[[str], str], grace: User) -> None:
    forget()
    page = Client().get(spoil(link_in(mail.outbox[0].body)), follow=True)
    assert "leads nowhere" in page.content.decode()


def test_the_token_leaves_the_address_at_once(grace: User) -> None:
    forget()
    link = link_in(mail.outbox[0].body)
    answer = Client().get(link)
    assert answer.headers["Location"].endswith("/set-password/")
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_the_links_host_is_the_servers_own(grace: User) -> None:
    Client(headers={"Host": "evil.example.org"}).post(
        "/password/forgotten/", {"email": "grace@example.org"}
    )
    forget()
    assert all("evil" not in sent.body for sent in mail.outbox)


def test_one_address_gets_three_an_hour(grace: User) -> None:
    answers = {forget().content for _ in range(5)}
    assert len(mail.outbox) == 3
    assert len(answers) == 1


def test_one_place_does_not_ask_without_end(db: None) -> None:
    client = Client()
    statuses = [forget(f"{n}@example.org", client).status_code for n in range(61)]
    assert statuses == [200] * 60 + [429]


def test_who_was_locked_out_comes_in_with_the_new_password(grace: User) -> None:
    client = Client()
    for _ in range(10):
        client.post("/login/", {"username": "grace", "password": "wrong"})
    assert client.post("/login/", {"username": "grace", "password": OLD}).status_code == 429
    forget()
    set_anew(link_in(mail.outbox[0].body))
    assert client.post("/login/", {"username": "grace", "password": NEW}).status_code == 302


def test_where_no_mail_leaves_the_page_says_whom_to_ask(grace: User, settings: Settings) -> None:
    settings.SENDS_MAIL = False
    assert "Ask an admin of your site" in Client().get("/password/forgotten/").content.decode()
    forget()
    assert mail.outbox == []


# --- By a link that an admin makes ------------------------------------------------------------


def test_an_admin_makes_a_link_that_is_shown_once(
    plant: Site, grace: User, browser_of: BrowserOf
) -> None:
    membership = Membership.objects.create(user=grace, site=plant, role="viewer")
    path = f"/admin/workers/membership/{membership.pk}/new-password/"
    admin = browser_of("admin")
    assert not LINK.search(admin.post(path).content.decode())  # only asked for
    answer = admin.post(path, {"confirmed": "1"})
    assert "no-store" in answer.headers["Cache-Control"]
    set_anew(link_in(answer.content.decode()))
    assert knows(grace, NEW)


def test_there_is_no_link_for_a_closed_demo_account(
    plant: Site, grace: User, browser_of: BrowserOf, settings: Settings
) -> None:
    membership = Membership.objects.create(user=grace, site=plant, role="viewer")
    User.objects.filter(pk=grace.pk).update(is_demo=True)
    settings.DEMO = False
    path = f"/admin/workers/membership/{membership.pk}/new-password/"
    assert browser_of("admin").post(path, {"confirmed": "1"}).status_code == 403


# --- Nowhere a way out ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "there", ["https://evil.example.org/", "//evil.example.org/", "javascript:1"]
)
@pytest.mark.parametrize("path", ["/login/", "/admin/login/", "/password/forgotten/"])
def test_nothing_leads_to_another_host(path: str, there: str, grace: User) -> None:
    client = Client()
    answer = client.get(path, {"next": there}, follow=True)
    form = {"username": "grace", "password": OLD, "email": "grace@example.org", "next": there}
    target = answer.redirect_chain[-1][0] if answer.redirect_chain else f"{path}?next={there}"
    after = client.post(target, form)
    assert "evil" not in after.headers.get("Location", "")
    assert not after.headers.get("Location", "").startswith("javascript")


@pytest.mark.parametrize("path", ["/password/", "/password/forgotten/"])
def test_forms_need_a_token_against_forgery(path: str, grace: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(grace, backend="workers.authentication.MembershipBackend")
    assert client.post(path, {"email": "grace@example.org"}).status_code == 403


@pytest.mark.parametrize("path", ["/password/forgotten/", "/invitation/", "/login/"])
def test_pages_outside_the_admin_run_no_inline_script(path: str, db: None) -> None:
    answer = Client().get(path)
    page = answer.content.decode()
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style", page)
