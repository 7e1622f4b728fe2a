"""Who changed what, when and how: on pages, over the API, by commands; for the site's admins."""

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from tests.floor import Floor, event
from tests.workers.conftest import BrowserOf, ClientOf, rows_of
from tests.workers.test_admin_pages import inline, problems
from workers import changes, registry
from workers.models import Camera, IngestKey, Membership, Role, Shift, Site, User, Worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(browser_of: BrowserOf) -> Client:
    return browser_of("admin")


def rename(browser: Client, worker: Worker, name: str) -> None:
    form = {"name": name, **inline("shift_assignments")}
    browser.post(f"/admin/workers/worker/{worker.pk}/change/", form)


def newest(subject: Any) -> changes.Change:
    return changes.of(subject).changes[0]


def edits(change: changes.Change) -> dict[str, tuple[str, str]]:
    return {each.field: (each.old, each.new) for each in change.edits}


def kept() -> int:
    """Versions of everything."""
    return sum(kind.history.count() for kind in changes.kinds())


def test_a_change_on_a_page_says_who_and_what(plant: Site, admin: Client) -> None:
    worker = plant.workers.get()
    rename(admin, worker, "Grace H.")
    change = newest(worker)
    assert (change.who, change.what, change.way) == ("admin", "changed", "page")
    assert edits(change) == {"Name": ("Grace", "Grace H.")}


def test_a_change_over_the_api_says_whose_token_it_was(plant: Site, member: Any) -> None:
    token = Token.objects.create(user=member("admin"))
    client = APIClient(headers={"Authorization": f"Token {token.key}"})
    camera = plant.cameras.get()
    client.patch(f"/api/v1/cameras/{camera.pk}/", {"state_ttl_s": 60})
    change = newest(camera)
    assert (change.who, change.way) == ("admin", "API")
    assert edits(change) == {"State ttl (s)": ("300", "60")}


def test_what_a_command_makes_names_nobody(plant: Site) -> None:
    registry.save_worker(Worker(site=plant, code="W9", name="Ada"), shifts=["Early"])
    found = changes.of(plant.workers.get(code="W9")).changes
    assert [(each.who, each.way, each.about) for each in found] == [
        ("", "command", "W9 · Early"),
        ("", "command", "W9"),
    ]


def test_saving_without_a_change_adds_nothing(plant: Site, admin: Client) -> None:
    before = kept()
    rename(admin, plant.workers.get(), "Grace")
    assert kept() == before


def test_what_a_fixture_brought_shows_its_first_change(tmp_path: Any, plant: Site) -> None:
    row = {"model": "workers.worker", "pk": 900, "fields": {"site": plant.pk, "code": "W9"}}
    row["fields"]["name"] = "Ada"
    (tmp_path / "one.json").write_text(json.dumps([row]))
    call_command("loaddata", str(tmp_path / "one.json"), verbosity=0)
    worker = Worker.objects.get(pk=900)
    worker.name = "Ada L."
    registry.save_worker(worker)
    change, first = changes.of(worker).changes
    assert edits(change) == {"Name": ("Ada", "Ada L.")}
    assert (first.what, edits(first)["Name"]) == ("kept since", ("", "Ada"))


def test_what_a_camera_watches_is_part_of_it(plant: Site) -> None:
    camera = plant.cameras.get()
    plant.workstations.create(code="S2", name="Saw")
    registry.save_camera(camera, at=camera.site.history.first().history_date, workstations=["S2"])
    seen = [edits(each).get("Workstations") for each in changes.of(camera).changes]
    assert seen[:2] == [("", "S2"), ("S1", "")]


def test_dated_rows_stand_in_their_owners_history(plant: Site, admin: Client) -> None:
    station = plant.workstations.get()
    form = {"name": "Press", "kind": "", **inline("targets", {"per_hour": 12})}
    admin.post(f"/admin/workers/workstation/{station.pk}/change/", form)
    assert edits(newest(station))["Per hour"] == ("", "12.00")


def test_what_is_gone_stands_in_the_sites_history(plant: Site, admin: Client) -> None:
    worker = Worker.objects.create(site=plant, code="W9", name="Ada")
    admin.post(f"/admin/workers/worker/{worker.pk}/delete/", {"post": "yes"})
    change = changes.of_site(plant).changes[0]
    assert (change.about, change.what, edits(change)["Name"]) == ("W9", "removed", ("Ada", ""))


def test_a_shifts_new_name_is_noted_for_its_workers_too(plant: Site) -> None:
    shift = plant.shifts.get()
    shift.name = "Morning"
    registry.save_shift(shift)
    assert edits(newest(plant.workers.get())) == {"Shift name": ("Early", "Morning")}


def test_breaks_that_stay_are_not_touched(plant: Site) -> None:
    shift = Shift.objects.get(site=plant)
    pause = shift.breaks.get()
    registry.save_shift(shift, breaks=[(pause.start, pause.end)])
    assert [each.what for each in changes.of(shift).changes] == ["added", "added"]


def test_another_sites_changes_are_left_out(plant: Site, foreign: Site) -> None:
    assert {each.about for each in changes.of_site(foreign).changes if each.kind == "site"} == {
        "Plant F2"
    }
    assert "Plant F2" not in {each.about for each in changes.of_site(plant).changes}


@pytest.mark.parametrize("kind, words, about", [("worker", "", "W1"), ("", "press", "S1 Press")])
def test_a_sites_history_is_looked_through(
    kind: str, words: str, about: str, plant: Site, admin: Client
) -> None:
    path = f"/admin/workers/site/{plant.pk}/history/?kind={kind}&q={words}"
    listed = admin.get(path).context["changes"]
    assert {each.about for each in listed} == {about}


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 20, "9" * 5000, "2"])
def test_a_page_that_is_not_there_is_empty_or_the_first(
    number: str, plant: Site, admin: Client
) -> None:
    assert admin.get(f"/admin/workers/site/{plant.pk}/history/?p={number}").status_code == 200


def test_older_changes_stand_on_the_next_page(plant: Site, admin: Client) -> None:
    for number in range(changes.PAGE):
        Worker.objects.create(site=plant, code=f"X{number}", name="X")
    path = f"/admin/workers/site/{plant.pk}/history/"
    first, second = admin.get(path), admin.get(f"{path}?p=2")
    assert len(first.context["changes"]) == changes.PAGE
    assert second.context["changes"][-1].about in ("Plant F1", "Early 06:00–14:00")
    assert 'rel="next"' in first.content.decode()


@pytest.mark.parametrize("name", ["site", "worker", "workstation", "camera", "shift", "closure"])
def test_only_admins_read_history(name: str, plant: Site, browser_of: BrowserOf) -> None:
    subject = plant if name == "site" else rows_of(plant)[f"{name}s"]
    path = f"/admin/workers/{name}/{subject.pk}/history/"
    opened = [role for role in Role.values if browser_of(role).get(path).status_code == 200]
    assert opened == ["admin"]


def test_the_way_to_history_is_shown_to_whom_it_opens(plant: Site, browser_of: BrowserOf) -> None:
    path = f"/admin/workers/camera/{plant.cameras.get().pk}/change/"
    shown = {role: b"/history/" in browser_of(role).get(path).content for role in Role.values}
    assert shown == {"viewer": False, "manager": False, "reviewer": False, "admin": True}


def test_a_page_shows_old_and_new(plant: Site, admin: Client) -> None:
    worker = plant.workers.get()
    rename(admin, worker, "<b>Grace</b>")
    page = admin.get(f"/admin/workers/worker/{worker.pk}/history/")
    assert "<del>Grace</del>" in page.content.decode()
    assert "&lt;b&gt;Grace&lt;/b&gt;" in page.content.decode()
    assert "admin Worker W1 changed Name: Grace" in problems(page)


def test_secrets_are_not_kept(plant: Site, client_of: ClientOf) -> None:
    client_of("admin").post("/api/v1/ingest-keys/", {"site": "F1"})
    key = IngestKey.objects.get()
    stored = IngestKey.history.values().get()
    assert key.secret_hash not in map(str, stored.values())


def test_a_role_is_noted_with_who_gave_it(plant: Site, newcomer: User, client_of: ClientOf) -> None:
    body = {"site": "F1", "user": "newcomer", "role": "viewer"}
    client_of("admin").post("/api/v1/memberships/", body)
    change = newest(Membership.objects.get(user=newcomer))
    assert (change.who, change.about) == ("admin", "newcomer · viewer")


def test_ingest_writes_no_history(floor: Floor) -> None:
    before = kept()
    floor.put(event("2026-06-17T17:59:00Z"))
    floor.send({"events": [], "camera_id": "C1"})
    assert Camera.objects.get(code="C1").last_seen_at is not None
    assert kept() == before


def test_a_long_history_costs_what_a_short_one_costs(plant: Site, admin: Client) -> None:
    path = f"/admin/workers/site/{plant.pk}/history/"
    few = cost_of(admin, path)
    for number in range(20):
        registry.save_worker(Worker(site=plant, code=f"X{number}", name="X"), shifts=["Early"])
    assert cost_of(admin, path) == few


def cost_of(browser: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        browser.get(path)
    return len(queries)
