"""Who may open which admin page: a membership is enough, and opens what belongs to its role."""

from typing import Any

import pytest
from django.test import Client

from tests.workers.conftest import BrowserOf, rows_of
from workers.models import Membership, Role, Site, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(browser_of: BrowserOf) -> Client:
    return browser_of("admin")


def path_of(label: str, rest: str = "") -> str:
    return f"/admin/{label.replace('.', '/')}/{rest}"


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
