"""Who may open which admin page: a membership is enough, and opens what belongs to its role."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin as pages
from django.test import Client

from tests.workers.conftest import BrowserOf, rows_of
from workers.models import Membership, Role, Site, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(browser_of: BrowserOf) -> Client:
    return browser_of("admin")


EVERYONE = {*Role.values, "superuser"}
MANAGERS = EVERYONE - {"viewer"}
REVIEWERS = MANAGERS - {"manager"}
ADMINS = {"admin", "superuser"}
SUPERUSERS = {"superuser"}
READERS = {
    "workers.site": MANAGERS,
    "workers.worker": MANAGERS,
    "workers.workstation": EVERYONE,
    "workers.camera": EVERYONE,
    "workers.shift": MANAGERS,
    "workers.closure": MANAGERS,
    "workers.ingestkey": ADMINS,
    "workers.invitation": ADMINS,
    "workers.membership": ADMINS,
    "workers.user": SUPERUSERS,
    "events.event": MANAGERS,
    "events.refusedevent": MANAGERS,
    "metrics.span": MANAGERS,
    "metrics.workerstatus": MANAGERS,
    "metrics.bucket": MANAGERS,
    "metrics.workstationbucket": MANAGERS,
    "authtoken.tokenproxy": SUPERUSERS,
    "axes.accessattempt": SUPERUSERS,
    "workers.backgroundtask": SUPERUSERS,
    "drift.recipient": ADMINS,
    "drift.webhook": ADMINS,
    "drift.outboxmessage": ADMINS,
    "drift.reviewitem": REVIEWERS,
    "drift.reviewplan": REVIEWERS,
    "drift.retrainingexport": REVIEWERS,
}
MAKERS = {
    "workers.site": SUPERUSERS,
    "workers.worker": ADMINS,
    "workers.workstation": ADMINS,
    "workers.camera": ADMINS,
    "workers.shift": ADMINS,
    "workers.closure": ADMINS,
    "workers.ingestkey": ADMINS,
    "workers.invitation": ADMINS,
    "workers.membership": ADMINS,
    "workers.user": SUPERUSERS,
    "authtoken.tokenproxy": SUPERUSERS,
    "drift.recipient": ADMINS,
    "drift.webhook": ADMINS,
    "drift.reviewplan": ADMINS,
}
OBJECTS = {
    "worker": "workers",
    "workstation": "workstations",
    "camera": "cameras",
    "shift": "shifts",
    "closure": "closures",
    "ingestkey": "ingest-keys",
    "membership": "memberships",
}


def statuses(ask: Callable[[Client], Any], browser_of: BrowserOf) -> dict[str, int]:
    return {role: ask(browser_of(role)).status_code for role in sorted(EVERYONE)}


def allowed(roles: set[str]) -> dict[str, int]:
    return {role: 200 if role in roles else 403 for role in sorted(EVERYONE)}


def path_of(label: str, rest: str = "") -> str:
    return f"/admin/{label.replace('.', '/')}/{rest}"


def test_every_page_is_listed_here() -> None:
    assert {model._meta.label_lower for model in pages.site._registry} == READERS.keys()


@pytest.mark.parametrize("label", READERS)
def test_lists_open_for_whom_they_concern(label: str, plant: Site, browser_of: BrowserOf) -> None:
    answers = statuses(lambda client: client.get(path_of(label)), browser_of)
    assert answers == allowed(READERS[label])


@pytest.mark.parametrize("label", READERS)
def test_new_things_are_made_by_whom_they_concern(
    label: str, plant: Site, browser_of: BrowserOf
) -> None:
    answers = statuses(lambda client: client.get(path_of(label, "add/")), browser_of)
    assert answers == allowed(MAKERS.get(label, set()))


@pytest.mark.parametrize("name", OBJECTS)
def test_pages_of_own_things_open_for_whom_they_concern(
    name: str, plant: Site, browser_of: BrowserOf
) -> None:
    path = path_of(f"workers.{name}", f"{rows_of(plant)[OBJECTS[name]].pk}/change/")
    answers = statuses(lambda client: client.get(path), browser_of)
    assert answers == allowed(READERS[f"workers.{name}"])


@pytest.mark.parametrize("name", OBJECTS)
@pytest.mark.parametrize("rest", ["change", "delete", "history"])
def test_things_of_another_site_are_not_there(
    rest: str, name: str, foreign: Site, browser_of: BrowserOf
) -> None:
    path = path_of(f"workers.{name}", f"{rows_of(foreign)[OBJECTS[name]].pk}/{rest}/")
    for role in Role.values:
        answer = browser_of(role).get(path, follow=True)
        assert answer.status_code == 403 or "Perhaps it was deleted" in answer.content.decode()


@pytest.mark.parametrize("name", OBJECTS)
def test_lists_leave_other_sites_out(
    name: str, plant: Site, foreign: Site, browser_of: BrowserOf
) -> None:
    ours, theirs = rows_of(plant), rows_of(foreign)
    page = browser_of("admin").get(path_of(f"workers.{name}"))
    listed = set(page.context["cl"].queryset.values_list("pk", flat=True))
    assert ours[OBJECTS[name]].pk in listed
    assert theirs[OBJECTS[name]].pk not in listed


@pytest.mark.parametrize("name", ["camera", "shift", "ingestkey"])
def test_filters_do_not_name_other_sites(
    name: str, plant: Site, foreign: Site, browser_of: BrowserOf
) -> None:
    rows_of(plant)
    rows_of(foreign)
    client = browser_of("admin")
    second = Site.objects.create(code="F4", name="Plant F4")  # two of one's own: the filter shows
    Membership.objects.create(user=User.objects.get(username="admin"), site=second, role="admin")
    page = client.get(path_of(f"workers.{name}")).content.decode()
    assert "Plant F4" in page
    assert "Plant F2" not in page


@pytest.mark.parametrize("role", Role.values)
def test_a_membership_opens_the_admin(role: str, plant: Site, browser_of: BrowserOf) -> None:
    assert browser_of(role).get("/admin/").status_code == 200


def test_who_is_a_member_of_nothing_is_told_so(plant: Site, browser_of: BrowserOf) -> None:
    assert browser_of("stranger").get("/admin/", follow=True).status_code == 403


def test_who_is_not_logged_in_goes_to_the_one_log_in_page(client: Client, db: None) -> None:
    answer = client.get("/admin/workers/camera/", follow=False)
    answer = client.get(answer.headers["Location"])
    assert answer.headers["Location"] == "/login/?next=/admin/workers/camera/"


def test_an_inactive_member_stays_outside(plant: Site, browser_of: BrowserOf) -> None:
    client = browser_of("admin")
    User.objects.update(is_active=False)
    assert client.get("/admin/").status_code == 302


def test_the_menu_holds_what_the_role_may_open(plant: Site, browser_of: BrowserOf) -> None:
    page = browser_of("viewer").get("/admin/")
    links = [
        item["title"]
        for group in page.context["sidebar_navigation"]
        for item in group["items"]
        if item["has_permission"]
    ]
    assert links == ["Start", "Dashboard", "Workstations", "Cameras"]


def test_the_index_holds_what_the_role_may_open(plant: Site, browser_of: BrowserOf) -> None:
    page = browser_of("viewer").get("/admin/")
    models = [model["object_name"] for app in page.context["app_list"] for model in app["models"]]
    assert sorted(models) == ["Camera", "Workstation"]


@pytest.mark.parametrize("role", ["viewer", "manager", "reviewer"])
def test_readers_get_no_form(role: str, plant: Site, browser_of: BrowserOf) -> None:
    path = path_of("workers.camera", f"{plant.cameras.get().pk}/change/")
    assert browser_of(role).post(path, {"name": "Mine"}).status_code == 403


def test_an_admin_elsewhere_may_not_change_where_they_only_read(
    plant: Site, foreign: Site, browser_of: BrowserOf
) -> None:
    client = browser_of("manager")
    user = User.objects.get(username="manager")
    Membership.objects.create(user=user, site=foreign, role="admin")
    path = path_of("workers.camera", f"{plant.cameras.get().pk}/change/")
    assert client.post(path, {"name": "Mine"}).status_code == 403


def test_an_admin_elsewhere_may_not_delete_where_they_only_read(
    plant: Site, foreign: Site, browser_of: BrowserOf
) -> None:
    client = browser_of("manager")
    user = User.objects.get(username="manager")
    Membership.objects.create(user=user, site=foreign, role="admin")
    rows = {
        "action": "delete_selected",
        "_selected_action": [plant.cameras.get().pk],
        "post": "yes",
    }
    client.post(path_of("workers.camera"), rows)
    assert plant.cameras.exists()


def test_site_admins_neither_add_nor_delete_sites(plant: Site, admin: Client) -> None:
    answers = [admin.get(path_of("workers.site", rest)) for rest in ("add/", f"{plant.pk}/delete/")]
    assert [answer.status_code for answer in answers] == [403, 403]


def test_a_closed_demo_account_stays_outside(
    plant: Site, browser_of: BrowserOf, settings: Any
) -> None:
    client = browser_of("admin")
    User.objects.update(is_demo=True)
    settings.DEMO = False
    assert client.get("/admin/").status_code == 302
