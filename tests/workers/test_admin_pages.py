"""What site admins do on admin pages, and which rules hold there."""

import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from tests.workers.conftest import NOW, BrowserOf, rows_of
from tests.workers.test_api_workers import see
from workers import keys
from workers.models import (
    Camera,
    IngestKey,
    Membership,
    Shift,
    Site,
    User,
    Worker,
    WorkstationTarget,
)

pytestmark = pytest.mark.django_db


SITE = {
    "name": "Works",
    "time_zone": "UTC",
    "acceptance_threshold": "0.6",
    "below_threshold": "include",
    "drift_floor": "0.85",
    "retention_days": "400",
    "snapshot_days": "30",
    "refused_days": "90",
    "takes_snapshots": "on",
    "people_shown": "codes",
}


@pytest.fixture
def admin(browser_of: BrowserOf) -> Client:
    return browser_of("admin")


def inline(prefix: str, *rows: dict[str, Any], initial: int = 0) -> dict[str, Any]:
    """A form set as a browser sends it."""
    form = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        form |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return form


def problems(page: Any) -> str:
    """What the page says, as words."""
    return re.sub(r"\s+", " ", strip_tags(page.content.decode()))


def test_a_worker_is_made_with_shifts(plant: Site, admin: Client) -> None:
    form = {"site": plant.pk, "code": "W9", "name": "Ada"}
    shifts = inline("shift_assignments", {"shift_name": "Early"})
    admin.post("/admin/workers/worker/add/", form | shifts)
    assert Worker.objects.get(code="W9").shift_assignments.get().shift_name == "Early"


def test_a_shift_that_the_site_has_not_is_refused(plant: Site, admin: Client) -> None:
    form = {"site": plant.pk, "code": "W9", "name": "Ada"}
    shifts = inline("shift_assignments", {"shift_name": "Night"})
    page = admin.post("/admin/workers/worker/add/", form | shifts)
    assert "The site has no shift" in problems(page)
    assert not Worker.objects.filter(code="W9").exists()


def test_codes_and_sites_are_not_offered_for_change(plant: Site, admin: Client) -> None:
    worker = plant.workers.get()
    form = {"code": "W2", "name": "Grace H.", **inline("shift_assignments")}
    admin.post(f"/admin/workers/worker/{worker.pk}/change/", form)
    worker.refresh_from_db()
    assert (worker.code, worker.name) == ("W1", "Grace H.")


def test_the_only_site_is_chosen_already(plant: Site, admin: Client) -> None:
    page = admin.get("/admin/workers/worker/add/")
    assert page.context["adminform"].form.initial["site"] == plant.pk


def test_another_site_can_not_be_chosen(plant: Site, foreign: Site, admin: Client) -> None:
    form = {"site": foreign.pk, "code": "W9", "name": "Ada", **inline("shift_assignments")}
    page = admin.post("/admin/workers/worker/add/", form)
    assert "Select a valid choice" in problems(page)


def test_saving_keeps_what_the_system_counts(plant: Site, admin: Client) -> None:
    form = {
        **SITE,
        **inline("memberships"),
    }
    before = Site.objects.get().master_revision
    admin.post(f"/admin/workers/site/{plant.pk}/change/", form)
    site = Site.objects.get()
    assert (site.name, site.master_revision) == ("Works", before + 1)


def keeping(plant: Site, admin: Client, days: int, **more: str) -> Any:
    form = SITE | {"retention_days": str(days)} | more | inline("memberships")
    return admin.post(f"/admin/workers/site/{plant.pk}/change/", form)


def test_fewer_days_of_events_are_asked_for_twice(plant: Site, admin: Client) -> None:
    assert "would be removed within the hour" in problems(keeping(plant, admin, 30))
    plant.refresh_from_db()
    assert plant.retention_days == 400


def test_fewer_days_of_events_are_kept_once_that_is_allowed(plant: Site, admin: Client) -> None:
    keeping(plant, admin, 30, may_remove="on")
    plant.refresh_from_db()
    assert plant.retention_days == 30


def test_more_days_of_events_are_kept_without_a_question(plant: Site, admin: Client) -> None:
    keeping(plant, admin, 500)
    plant.refresh_from_db()
    assert plant.retention_days == 500


@pytest.mark.parametrize("role", ["admin", "manager"])
def test_a_site_says_since_when_there_are_events(
    plant: Site, browser_of: BrowserOf, role: str
) -> None:
    path, browser = f"/admin/workers/site/{plant.pk}/change/", browser_of(role)
    assert "none has been removed" in problems(browser.get(path))
    Site.objects.filter(pk=plant.pk).update(horizon_at=NOW.replace(minute=0, second=0))
    assert f"Since {NOW:%Y-%m-%d}" in problems(browser.get(path))


def test_a_new_shift_holds_its_breaks(plant: Site, admin: Client) -> None:
    form = {"site": plant.pk, "name": "Late", "weekdays": "1", "start": "14:00", "end": "22:00"}
    outside = inline("breaks", {"start": "13:00", "end": "13:30"})
    page = admin.post("/admin/workers/shift/add/", form | outside)
    assert "A break must lie inside its shift" in problems(page)
    assert not Shift.objects.filter(name="Late").exists()


def test_a_shift_moves_together_with_its_breaks(plant: Site, admin: Client) -> None:
    shift = plant.shifts.get()
    pause = shift.breaks.get()
    form = {"name": "Early", "weekdays": "1", "start": "14:00", "end": "22:00"}
    breaks = inline(
        "breaks",
        {"id": pause.pk, "shift": shift.pk, "start": "18:00", "end": "18:30"},
        initial=1,
    )
    admin.post(f"/admin/workers/shift/{shift.pk}/change/", form | breaks)
    shift.refresh_from_db()
    assert (f"{shift.start:%H:%M}", f"{shift.breaks.get().start:%H:%M}") == ("14:00", "18:00")


def test_two_targets_since_ever_are_refused(plant: Site, admin: Client) -> None:
    station = plant.workstations.get()
    targets = inline("targets", {"per_hour": 1}, {"per_hour": 2})
    form = {"name": "Press", "kind": "", **targets}
    page = admin.post(f"/admin/workers/workstation/{station.pk}/change/", form, follow=True)
    assert "Another one holds on some of these days" in problems(page)
    assert not WorkstationTarget.objects.exists()


def test_a_camera_watches_workstations_of_its_own_site(
    plant: Site, foreign: Site, browser_of: BrowserOf
) -> None:
    form = {
        "site": plant.pk,
        "code": "C9",
        "name": "Door",
        "state_ttl_s": 300,
        "workstations": [foreign.workstations.get().pk],
        **inline("model_versions"),
    }
    page = browser_of("superuser").post("/admin/workers/camera/add/", form)
    assert "own site" in problems(page)
    assert not Camera.objects.filter(code="C9").exists()


def test_a_new_ttl_recalculates(
    plant: Site,
    admin: Client,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.RECALCULATIONS = []
    camera = plant.cameras.get()
    form = {"name": "Above", "state_ttl_s": 60, **inline("model_versions")}
    with time_machine.travel(NOW, tick=False):
        admin.post(f"/admin/workers/camera/{camera.pk}/change/", form)
    assert Site.objects.get().recalculation_due_at == NOW


def test_a_new_key_is_shown_once(plant: Site, admin: Client) -> None:
    form = {"site": plant.pk, "camera": plant.cameras.get().pk}
    page = admin.post("/admin/workers/ingestkey/add/", form, follow=True)
    shown = re.search(r"fk_[0-9a-f]{12}_[0-9a-f]{64}", page.content.decode())
    assert shown
    assert keys.key_for(shown[0], at=NOW)
    again = admin.get(f"/admin/workers/ingestkey/{IngestKey.objects.get().pk}/change/")
    assert shown[0] not in again.content.decode()


def test_a_key_for_a_camera_of_another_site_is_refused(
    plant: Site, foreign: Site, browser_of: BrowserOf
) -> None:
    form = {"site": plant.pk, "camera": foreign.cameras.get().pk}
    page = browser_of("superuser").post("/admin/workers/ingestkey/add/", form, follow=True)
    assert "another site" in problems(page)
    assert not IngestKey.objects.exists()


def test_a_key_can_not_be_born_expired(plant: Site, admin: Client) -> None:
    form = {"site": plant.pk, "expires_at_0": "2020-01-01", "expires_at_1": "00:00:00"}
    page = admin.post("/admin/workers/ingestkey/add/", form, follow=True)
    assert "in the past" in problems(page)
    assert not IngestKey.objects.exists()


def test_keys_are_revoked(plant: Site, admin: Client) -> None:
    issued = keys.create_key(site=plant, at=NOW)
    form = {"action": "revoke", "_selected_action": [issued.row.pk], "confirmed": "1"}
    admin.post("/admin/workers/ingestkey/", form)
    assert keys.key_for(issued.text, at=NOW) is None


def test_keys_are_not_deleted(plant: Site, admin: Client) -> None:
    key = keys.create_key(site=plant, at=NOW).row
    assert admin.post(f"/admin/workers/ingestkey/{key.pk}/delete/").status_code == 403


def test_a_worker_with_facts_is_not_deleted(plant: Site, admin: Client) -> None:
    worker = plant.workers.get()
    see(worker)
    admin.post(f"/admin/workers/worker/{worker.pk}/delete/", {"post": "yes"})
    assert Worker.objects.filter(pk=worker.pk).exists()


def test_the_page_says_why_a_worker_stays(plant: Site, admin: Client) -> None:
    worker = plant.workers.get()
    see(worker)
    page = admin.get(f"/admin/workers/worker/{worker.pk}/delete/")
    assert "W1: events" in problems(page)


@pytest.mark.parametrize("name", ["worker", "workstation", "camera", "closure"])
def test_what_is_not_used_is_deleted(name: str, plant: Site, admin: Client) -> None:
    row = rows_of(plant)[f"{name}s"]
    admin.post(f"/admin/workers/{name}/{row.pk}/delete/", {"post": "yes"})
    assert not type(row).objects.filter(pk=row.pk).exists()


def test_a_member_is_added_on_the_sites_page(plant: Site, newcomer: User, admin: Client) -> None:
    form = {
        **SITE,
        **inline("memberships", {"user": newcomer.pk, "role": "viewer"}),
    }
    admin.post(f"/admin/workers/site/{plant.pk}/change/", form)
    assert Membership.objects.get(user=newcomer).role == "viewer"


def test_a_user_is_made_by_a_superuser(browser_of: BrowserOf) -> None:
    password = {"password1": "correct horse battery", "password2": "correct horse battery"}
    form = {"username": "ada", "usable_password": "true", **password, **inline("memberships")}
    browser_of("superuser").post("/admin/workers/user/add/", form)
    assert User.objects.get(username="ada").check_password("correct horse battery")


@pytest.mark.parametrize(
    "path", ["", "?q=Grace", "{pk}/change/", "?name__startswith=G", "?o=2", "{pk}/history/"]
)
def test_names_are_hidden_where_the_site_shows_codes(
    path: str, plant: Site, browser_of: BrowserOf
) -> None:
    pk = plant.workers.get().pk
    page = browser_of("manager").get(f"/admin/workers/worker/{path.format(pk=pk)}", follow=True)
    assert "Grace" not in problems(page).replace("Grace (", "")


def test_a_name_can_not_be_guessed(plant: Site, browser_of: BrowserOf) -> None:
    page = browser_of("manager").get("/admin/workers/worker/?name__startswith=G")
    assert page.status_code in (302, 400)


def test_a_search_does_not_look_at_hidden_names(plant: Site, browser_of: BrowserOf) -> None:
    page = browser_of("manager").get("/admin/workers/worker/?q=Grace")
    assert list(page.context["cl"].result_list) == []


def test_names_are_shown_where_the_site_shows_names(plant: Site, browser_of: BrowserOf) -> None:
    Site.objects.update(people_shown="names")
    assert "Grace" in problems(browser_of("manager").get("/admin/workers/worker/"))


@pytest.mark.parametrize(
    "model, field", [("camera", "workstations"), ("ingestkey", "camera"), ("camera", "site")]
)
def test_typing_finds_only_what_is_ones_own(
    model: str, field: str, plant: Site, foreign: Site, admin: Client
) -> None:
    query = {"app_label": "workers", "model_name": model, "field_name": field, "term": ""}
    assert len(admin.get("/admin/autocomplete/", query).json()["results"]) == 1
