"""What a site's admin does about notifications, and that they do it at their own sites alone."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import standardwebhooks
from django.test import Client
from django.utils.html import strip_tags

from common.instants import HOUR_MS, to_ms
from drift.models import Kind, OutboxMessage, Recipient, Webhook
from drift.models.outbox import all_kinds
from drift.notifying import outbox
from tests.drift.postbox import Postbox, now_ms
from tests.drift.receivers import Server, status
from workers import tasks
from workers.models import Camera, Membership, Role, Site, User

HOOK = "https://hooks.example.com/plant"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{43}=")
BrowserOf = Callable[..., Client]


@pytest.fixture
def browser_of(postbox: Postbox) -> BrowserOf:
    """A client of somebody who has a role at the site, or at another."""

    def _browser_of(role: str, site: Site | None = None) -> Client:
        user = User.objects.create_user(role, is_superuser=role == "superuser")
        if role in Role.values:
            Membership.objects.create(user=user, site=site or postbox.site, role=role)
        browser = Client()
        browser.force_login(user, backend="workers.authentication.MembershipBackend")
        return browser

    return _browser_of


@pytest.fixture
def admin(browser_of: BrowserOf) -> Client:
    return browser_of("admin")


@pytest.fixture
def elsewhere(postbox: Postbox) -> Site:
    return Site.objects.create(code="F2", name="Plant F2")


def words(page: Any) -> str:
    return re.sub(r"\s+", " ", strip_tags(page.content.decode()))


def path(subject: Any, rest: str = "change/") -> str:
    return f"/admin/drift/{subject._meta.model_name}/{subject.pk}/{rest}"


def webhook_form(postbox: Postbox, **more: Any) -> dict[str, Any]:
    return {
        "site": postbox.site.pk,
        "url": HOOK,
        "kinds": ["alert.opened"],
        "is_active": "on",
        **more,
    }


# --- webhooks -------------------------------------------------------------------------------------


def test_a_new_webhooks_secret_is_shown_once(postbox: Postbox, admin: Client) -> None:
    page = admin.post("/admin/drift/webhook/add/", webhook_form(postbox))
    shown = SECRET.search(page.content.decode())
    assert shown
    assert page.headers["Cache-Control"].startswith("no-store")
    webhook = Webhook.objects.get()
    for again in (path(webhook), path(webhook, "history/"), "/admin/drift/webhook/", "/admin/"):
        assert not SECRET.search(admin.get(again, follow=True).content.decode())


def test_what_is_shown_is_what_it_is_signed_with(
    postbox: Postbox, admin: Client, receiver: Server
) -> None:
    page = admin.post("/admin/drift/webhook/add/", webhook_form(postbox, url=receiver.url))
    shown = SECRET.search(page.content.decode())
    assert shown
    postbox.announce()
    postbox.send()
    (request,) = receiver.requests
    assert standardwebhooks.Webhook(shown[0]).verify(request.body, request.headers)


def test_a_secret_is_rotated_after_a_question(
    postbox: Postbox, admin: Client, receiver: Server
) -> None:
    webhook = postbox.webhook(receiver)
    asked = admin.get(path(webhook, "rotate/"), follow=True)
    assert "gets a new secret" in words(asked)
    assert not SECRET.search(asked.content.decode())
    shown = SECRET.search(admin.post(path(webhook, "rotate/"), {"confirmed": "1"}).content.decode())
    assert shown
    assert shown[0] != postbox.secrets[webhook.pk]
    postbox.announce()
    postbox.send()
    for secret in (shown[0], postbox.secrets[webhook.pk]):
        sent = receiver.requests[0]
        assert standardwebhooks.Webhook(secret).verify(sent.body, sent.headers)


@pytest.mark.parametrize(
    "url, said",
    [
        ("http://hooks.example.com/", "must begin with https://"),
        ("https://10.0.0.1/", "not a public one"),
        ("https://169.254.169.254/latest/meta-data/", "not a public one"),
        ("https://2130706433/", "usual form"),
        ("https://user:secret@hooks.example.com/", "user or password"),
        ("https://hooks.example.com:22/", "port must be 443"),
    ],
)
def test_an_address_inside_is_not_even_stored(
    postbox: Postbox, admin: Client, url: str, said: str, settings: Any
) -> None:
    settings.WEBHOOK_NETWORKS, settings.WEBHOOK_PLAIN_HTTP = [], False
    page = admin.post("/admin/drift/webhook/add/", webhook_form(postbox, url=url))
    assert said in words(page)
    assert not Webhook.objects.exists()


def test_one_address_is_told_once(postbox: Postbox, admin: Client) -> None:
    postbox.webhook(HOOK)
    page = admin.post("/admin/drift/webhook/add/", webhook_form(postbox))
    assert "has a webhook with this address" in words(page)
    assert Webhook.objects.count() == 1


def test_a_corrected_webhook_is_tried_at_once(
    postbox: Postbox, admin: Client, receiver: Server
) -> None:
    webhook = postbox.webhook(HOOK, failures=9, rests_until=now_ms() + HOUR_MS)
    postbox.announce()
    OutboxMessage.objects.update(error="Answered 404.", next_try_at=now_ms() + HOUR_MS)
    admin.post(path(webhook), webhook_form(postbox, url=receiver.url))
    postbox.send()
    assert postbox.states() == ["sent"]


@pytest.mark.parametrize("kinds", [[], ["alert.opened", "nonsense"], ["test"]])
def test_kinds_are_chosen_from_what_there_is(
    postbox: Postbox, admin: Client, kinds: list[str]
) -> None:
    admin.post("/admin/drift/webhook/add/", webhook_form(postbox, kinds=kinds))
    assert not Webhook.objects.exists()


def test_a_new_one_is_told_everything_unless_less_is_chosen(admin: Client) -> None:
    page = admin.get("/admin/drift/webhook/add/").content.decode()
    assert page.count("checked") >= len(all_kinds())


# --- tests ----------------------------------------------------------------------------------------


def test_a_test_message_goes_out_and_its_page_says_what_came_of_it(
    postbox: Postbox, admin: Client, receiver: Server
) -> None:
    webhook = postbox.webhook(receiver, kinds=[Kind.ALERT_RESOLVED])
    assert "one try, right now" in words(admin.get(path(webhook, "test/"), follow=True))
    assert not OutboxMessage.objects.exists()
    receiver.answer = status(404)
    page = admin.post(path(webhook, "test/"), {"confirmed": "1"}, follow=True)
    assert page.redirect_chain == [(path(postbox.message()), 302)]
    postbox.send()
    assert "Answered 404." in words(admin.get(path(postbox.message())))
    assert "0 s ago: Answered 404." in words(admin.get(path(webhook)))


def test_without_a_worker_a_test_says_so(
    postbox: Postbox, admin: Client, receiver: Server, settings: Any
) -> None:
    webhook = postbox.webhook(receiver)
    page = admin.post(path(webhook, "test/"), {"confirmed": "1"}, follow=True)
    assert "The worker isn't running" in page.content.decode().replace("&#x27;", "'")
    settings.WORKER_TASKS = [("a", 5)]
    tasks.enter(["a"], now_ms=now_ms())
    page = admin.post(path(webhook, "test/"), {"confirmed": "1"}, follow=True)
    assert "It is on its way" in words(page)


# --- recipients -----------------------------------------------------------------------------------


def recipient_form(postbox: Postbox, **more: Any) -> dict[str, Any]:
    return {"site": postbox.site.pk, "kinds": all_kinds(), "is_active": "on", **more}


def test_a_member_becomes_a_recipient(postbox: Postbox, admin: Client) -> None:
    user = User.objects.get(username="admin")
    user.email = "admin@example.com"
    user.save()
    admin.post("/admin/drift/recipient/add/", recipient_form(postbox, user=user.pk))
    assert Recipient.objects.get().user == user


@pytest.mark.parametrize(
    "given, said",
    [
        ({}, "Choose a member, or give an address."),
        ({"address": "nobody"}, "valid email address"),
        ({"user": "admin"}, "no e-mail address"),
    ],
)
def test_a_recipient_that_nothing_would_reach_is_refused(
    postbox: Postbox, admin: Client, given: dict[str, Any], said: str
) -> None:
    if "user" in given:
        given = {"user": User.objects.get(username="admin").pk}
    page = admin.post("/admin/drift/recipient/add/", recipient_form(postbox, **given))
    assert said in words(page)
    assert not Recipient.objects.exists()


def test_only_ones_own_people_are_offered(postbox: Postbox, admin: Client, elsewhere: Site) -> None:
    stranger = User.objects.create_user("stranger", email="stranger@example.com")
    Membership.objects.create(user=stranger, site=elsewhere, role="viewer")
    assert "stranger" not in words(admin.get("/admin/drift/recipient/add/"))
    page = admin.post("/admin/drift/recipient/add/", recipient_form(postbox, user=stranger.pk))
    assert "Select a valid choice" in words(page)


def test_of_two_own_sites_each_tells_its_own_people(
    postbox: Postbox, admin: Client, elsewhere: Site
) -> None:
    Membership.objects.create(user=User.objects.get(username="admin"), site=elsewhere, role="admin")
    stranger = User.objects.create_user("stranger", email="stranger@example.com")
    Membership.objects.create(user=stranger, site=elsewhere, role="viewer")
    page = admin.post("/admin/drift/recipient/add/", recipient_form(postbox, user=stranger.pk))
    assert "no member of the site" in words(page)


# --- the outbox -----------------------------------------------------------------------------------


def test_the_outbox_says_how_each_message_stands(
    postbox: Postbox, admin: Client, receiver: Server
) -> None:
    postbox.webhook(receiver)
    postbox.announce("First")
    postbox.send()
    receiver.answer = status(500)
    postbox.announce("Second")
    postbox.send()
    page = words(admin.get("/admin/drift/outboxmessage/"))
    assert "Sent 0 s ago." in page
    assert re.search(r"Answered 500\. Next try in 1?[0-9] s\.", page)


@pytest.mark.parametrize(
    "state, subjects",
    [("failed", ["c"]), ("again", ["b"]), ("waiting", ["a"]), ("sent", ["d"]), ("odd", "dcba")],
)
def test_messages_are_found_by_their_state(
    postbox: Postbox, admin: Client, state: str, subjects: list[str]
) -> None:
    postbox.recipient("desk@example.com")
    for subject in "abcd":
        postbox.announce(subject)
    OutboxMessage.objects.filter(subject__in="bc").update(error="Answered 500.")
    OutboxMessage.objects.filter(subject="c").update(gave_up=True)
    OutboxMessage.objects.filter(subject="d").update(sent_at=now_ms())
    page = admin.get("/admin/drift/outboxmessage/", {"state": state})
    assert [each.subject for each in page.context["cl"].result_list] == [*subjects]


def test_failed_messages_are_tried_again(postbox: Postbox, admin: Client, receiver: Server) -> None:
    postbox.webhook(receiver)
    postbox.announce()
    OutboxMessage.objects.update(gave_up=True, error="Answered 500. Given up after 60 tries.")
    form = {"action": "try_again", "_selected_action": [postbox.message().pk]}
    page = admin.post("/admin/drift/outboxmessage/", form, follow=True)
    assert "1 will be tried now." in words(page)
    postbox.send()
    assert postbox.states() == ["sent"]
    page = admin.post("/admin/drift/outboxmessage/", form, follow=True)
    assert "All of these have arrived already." in words(page)


def test_nobody_writes_or_deletes_messages(postbox: Postbox, admin: Client) -> None:
    postbox.recipient("desk@example.com")
    postbox.announce()
    answers = [
        admin.post("/admin/drift/outboxmessage/add/"),
        admin.post(path(postbox.message()), {"subject": "x"}),
        admin.post(path(postbox.message(), "delete/"), {"post": "yes"}),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]


@pytest.mark.parametrize("rows", [1, 15])
def test_lists_cost_the_same_however_long_they_are(
    postbox: Postbox, admin: Client, rows: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(rows):
        postbox.recipient(f"desk{number}@example.com")
        postbox.webhook(f"{HOOK}/{number}")
    postbox.announce()
    for name in ("recipient", "webhook", "outboxmessage"):
        with django_assert_max_num_queries(9):
            assert admin.get(f"/admin/drift/{name}/").status_code == 200


# --- whose ----------------------------------------------------------------------------------------


@pytest.fixture
def foreign(postbox: Postbox, elsewhere: Site) -> list[Any]:
    """One of each kind at a site that is not theirs."""
    ours, postbox.site = postbox.site, elsewhere
    rows = [postbox.recipient("desk@example.com"), postbox.webhook(HOOK)]
    postbox.site = ours
    return [*rows, outbox.send_test(rows[0], at=now_ms())]


@pytest.mark.parametrize("rest", ["change/", "delete/", "history/", "test/", "rotate/"])
def test_those_of_another_site_are_not_there(admin: Client, foreign: list[Any], rest: str) -> None:
    for row in foreign:
        for answer in (
            admin.get(path(row, rest), follow=True),
            admin.post(path(row, rest), {"confirmed": "1", "post": "yes"}, follow=True),
        ):
            gone = "Perhaps it was deleted" in answer.content.decode()
            assert answer.status_code in (403, 404) or gone, (row, rest)
    assert (Recipient.objects.count(), Webhook.objects.count()) == (1, 1)
    assert OutboxMessage.objects.count() == 1
    assert Webhook.objects.get().former_salt == ""


def test_lists_leave_other_sites_out(admin: Client, foreign: list[Any]) -> None:
    for row in foreign:
        page = admin.get(f"/admin/drift/{row._meta.model_name}/")
        assert list(page.context["cl"].result_list) == []


def test_another_sites_messages_are_not_tried_again(admin: Client, foreign: list[Any]) -> None:
    OutboxMessage.objects.update(gave_up=True)
    form = {"action": "try_again", "_selected_action": [foreign[2].pk]}
    admin.post("/admin/drift/outboxmessage/", form)
    assert OutboxMessage.objects.get().gave_up


@pytest.mark.parametrize("role", ["viewer", "manager", "reviewer"])
def test_below_admin_nobody_sees_or_does_anything(
    postbox: Postbox, browser_of: BrowserOf, role: str
) -> None:
    browser = browser_of(role)
    webhook = postbox.webhook(HOOK)
    for rest in ("change/", "test/", "rotate/"):
        assert browser.get(path(webhook, rest)).status_code in (403, 404)
        assert browser.post(path(webhook, rest), {"confirmed": "1"}).status_code in (403, 404)
    assert browser.get("/admin/drift/webhook/").status_code == 403
    assert not OutboxMessage.objects.exists()


def test_an_admin_elsewhere_rotates_nothing_here(
    postbox: Postbox, browser_of: BrowserOf, elsewhere: Site
) -> None:
    browser = browser_of("admin", elsewhere)
    Membership.objects.create(
        user=User.objects.get(username="admin"), site=postbox.site, role="manager"
    )
    webhook = postbox.webhook(HOOK)
    assert browser.post(path(webhook, "rotate/"), {"confirmed": "1"}).status_code in (403, 404)
    assert Webhook.objects.get().former_salt == ""


# --- the start page -------------------------------------------------------------------------------


def test_the_start_page_names_what_does_not_arrive(
    postbox: Postbox, admin: Client, receiver: Server
) -> None:
    assert "do not arrive" not in words(admin.get("/admin/"))
    postbox.webhook(receiver)
    postbox.announce()
    receiver.answer = status(500)
    for _ in range(3):
        postbox.send()
        postbox.move_to_next_try()
    page = words(admin.get("/admin/"))
    assert "1 receiver can't be reached" in page.replace("&#x27;", "'")
    assert "Webhook at 127.0.0.1" in page
    OutboxMessage.objects.update(gave_up=True)
    assert "1 message was given up in 7 days" in words(admin.get("/admin/"))
    postbox.move(timedelta(days=8))
    Webhook.objects.update(is_active=False)
    assert "do not arrive" not in words(admin.get("/admin/"))


def test_it_names_sites_whose_alerts_reach_nobody(postbox: Postbox, admin: Client) -> None:
    assert "nobody is told" not in words(admin.get("/admin/"))  # nothing watches there yet
    Camera.objects.create(site=postbox.site, code="C1", name="Above")
    page = admin.get("/admin/")
    assert "1 site has no recipient" in words(page)
    assert f"/admin/drift/recipient/add/?site={postbox.site.pk}" in page.content.decode()
    postbox.recipient("desk@example.com")
    assert "nobody is told" not in words(admin.get("/admin/"))
    Recipient.objects.update(is_active=False)
    assert "nobody is told" in words(admin.get("/admin/"))
    postbox.webhook(HOOK)
    assert "nobody is told" not in words(admin.get("/admin/"))


def test_it_says_nothing_of_other_sites(admin: Client, foreign: list[Any]) -> None:
    Webhook.objects.update(failures=9, last_tried_at=now_ms())
    OutboxMessage.objects.update(gave_up=True, kind="alert.opened")
    assert "do not arrive" not in words(admin.get("/admin/"))
    assert to_ms(OutboxMessage.objects.get().announced_at)
