"""Many at once on admin pages: asked first, then done; one's own sites; what has facts is kept."""

from datetime import date
from typing import Any

import pytest
from django.contrib.admin import site as admin_site
from django.contrib.admin.utils import flatten_fieldsets
from django.test import Client

from tests.workers.conftest import BrowserOf
from tests.workers.test_admin_pages import inline, problems
from tests.workers.test_api_workers import see
from workers import changes
from workers.models import Camera, Closure, Membership, Role, Shift, Site, User, Worker, Workstation

pytestmark = pytest.mark.django_db
MODELS: dict[str, Any] = {"worker": Worker, "workstation": Workstation, "camera": Camera}
DAY = "2027-01-31"


@pytest.fixture
def admin(browser_of: BrowserOf) -> Client:
    return browser_of("admin")


def act(browser: Client, kind: str, action: str, *rows: Any, **form: Any) -> Any:
    """An action on rows of a list; `confirmed="1"` presses the button of the page that asks."""
    sent = {"action": action, "_selected_action": [row.pk for row in rows], **form}
    return browser.post(f"/admin/workers/{kind}/", sent, follow=True)


@pytest.mark.parametrize("kind", MODELS)
def test_retiring_is_asked_first(kind: str, plant: Site, admin: Client) -> None:
    row = MODELS[kind].objects.get()
    page = act(admin, kind, "retire", row)
    assert "First day that no longer counts" in problems(page)
    row.refresh_from_db()
    assert row.active_until is None


@pytest.mark.parametrize("kind", MODELS)
def test_retired_and_brought_back(kind: str, plant: Site, admin: Client) -> None:
    row = MODELS[kind].objects.get()
    act(admin, kind, "retire", row, confirmed="1", on=DAY)
    row.refresh_from_db()
    assert row.active_until == date(2027, 1, 31)
    act(admin, kind, "bring_back", row, confirmed="1")
    row.refresh_from_db()
    assert row.active_until is None


@pytest.mark.parametrize("kind", MODELS)
def test_the_same_from_its_own_page(kind: str, plant: Site, admin: Client) -> None:
    row = MODELS[kind].objects.get()
    path = f"/admin/workers/{kind}/{row.pk}"
    assert "Retire …" in problems(admin.get(f"{path}/change/"))
    assert "First day that no longer counts" in problems(admin.get(f"{path}/retire/"))
    admin.post(f"{path}/retire/", {"confirmed": "1", "on": DAY})
    assert "Bring back …" in problems(admin.get(f"{path}/change/"))
    admin.post(f"{path}/bring-back/", {"confirmed": "1"})
    row.refresh_from_db()
    assert row.active_until is None


def test_a_name_is_taken_away_after_a_question(plant: Site, admin: Client) -> None:
    page = act(admin, "worker", "take_name", plant.workers.get())
    assert "It cannot be brought back" in problems(page)
    assert plant.workers.get().name == "Grace"


def test_a_name_that_was_taken_away_is_nowhere_in_the_history(plant: Site, admin: Client) -> None:
    worker = plant.workers.get()
    worker.name = "Grace H."
    worker.save()
    act(admin, "worker", "take_name", worker, confirmed="1")
    history = admin.get(f"/admin/workers/worker/{worker.pk}/history/").content.decode()
    assert plant.workers.get().name == worker.code
    assert "name taken away" in history
    assert "Grace" not in history


def test_history_says_who_retired_whom(plant: Site, admin: Client) -> None:
    worker = plant.workers.get()
    act(admin, "worker", "retire", worker, confirmed="1", on=DAY)
    change = changes.of(worker).changes[0]
    assert (change.who, [each.field for each in change.edits]) == ("admin", ["Active until"])


@pytest.mark.parametrize("given", ["", "soon", "0000-01-01"])
def test_a_day_that_is_none_is_asked_again(given: str, plant: Site, admin: Client) -> None:
    page = act(admin, "worker", "retire", plant.workers.get(), confirmed="1", on=given)
    assert page.context["question"].form.errors["on"]


def test_what_can_not_be_is_told_with_its_code(plant: Site, admin: Client) -> None:
    worker = Worker.objects.create(site=plant, code="W2", name="A", active_from=date(2030, 1, 1))
    page = act(admin, "worker", "retire", worker, confirmed="1", on=DAY)
    assert "W2: The end must lie after the start." in problems(page)


def test_workers_are_assigned_from_a_day(plant: Site, admin: Client) -> None:
    worker = plant.workers.get()
    early = plant.shifts.get()
    Shift.objects.create(site=plant, name="Late", start=early.end, end=early.start)
    form = {"shift": "Late", "on": DAY, "alone": "on"}
    assert "W1 – Early" in problems(act(admin, "worker", "assign", worker))
    act(admin, "worker", "assign", worker, confirmed="1", **form)
    rows = worker.shift_assignments.order_by("id").values_list("shift_name", "valid_until")
    assert list(rows) == [("Early", date(2027, 1, 31)), ("Late", None)]


def test_only_shifts_that_all_their_sites_have_are_offered(
    plant: Site, foreign: Site, browser_of: BrowserOf
) -> None:
    Shift.objects.filter(site=foreign).update(name="Late")
    page = act(browser_of("superuser"), "worker", "assign", *Worker.objects.all())
    assert page.context["question"].form.fields["shift"].choices == []


def test_a_target_is_set_from_a_day(plant: Site, admin: Client) -> None:
    station = plant.workstations.get()
    act(admin, "workstation", "aim", station, confirmed="1", per_hour="12.5", on=DAY)
    target = station.targets.get()
    assert (float(target.per_hour), target.valid_from) == (12.5, date(2027, 1, 31))
    assert "S1 Press – 12.50 per hour" in problems(act(admin, "workstation", "aim", station))


@pytest.mark.parametrize("action", ["retire", "bring_back", "assign"])
def test_another_sites_workers_are_left_alone(
    action: str, plant: Site, foreign: Site, admin: Client
) -> None:
    form = {"confirmed": "1", "on": DAY, "shift": "Early"}
    act(admin, "worker", action, foreign.workers.get(), **form)
    assert foreign.workers.get().active_until is None
    assert foreign.workers.get().shift_assignments.get().valid_from is None


def test_where_one_only_reads_nothing_happens(
    plant: Site, foreign: Site, browser_of: BrowserOf
) -> None:
    browser = browser_of("manager")
    user = User.objects.get(username="manager")
    Membership.objects.create(user=user, site=foreign, role=Role.ADMIN)
    worker = plant.workers.get()
    page = act(browser, "worker", "retire", worker, confirmed="1", on=DAY)
    assert "sites where you are an admin" in problems(page)
    path = f"/admin/workers/worker/{worker.pk}/retire/"
    assert browser.post(path, {"confirmed": "1", "on": DAY}).status_code == 403
    worker.refresh_from_db()
    assert worker.active_until is None


@pytest.mark.parametrize("role", ["viewer", "manager", "reviewer"])
def test_who_only_reads_is_offered_no_action(role: str, plant: Site, browser_of: BrowserOf) -> None:
    page = browser_of(role).get("/admin/workers/camera/")
    offered = {name for name, _ in page.context["action_form"].fields["action"].choices}
    assert offered == {"", "export_chosen_csv", "export_chosen_xlsx"}


def test_too_many_at_once_are_told(plant: Site, admin: Client) -> None:
    rows = Worker.objects.bulk_create(
        Worker(site=plant, code=f"X{number}", name="X") for number in range(501)
    )
    assert "at most 500" in problems(act(admin, "worker", "retire", *rows))


@pytest.mark.parametrize("kind", MODELS)
def test_the_page_that_refuses_to_delete_offers_to_retire(
    kind: str, plant: Site, admin: Client
) -> None:
    see(plant.workers.get())
    row = MODELS[kind].objects.get()
    page = admin.get(f"/admin/workers/{kind}/{row.pk}/delete/")
    assert "Retire it instead" in problems(page)
    assert f"/admin/workers/{kind}/{row.pk}/retire/" in page.content.decode()


def test_many_that_can_not_be_deleted_can_be_retired(plant: Site, admin: Client) -> None:
    worker = plant.workers.get()
    see(worker)
    page = act(admin, "worker", "delete_selected", worker)
    assert "Retire all of them" in problems(page)
    act(admin, "worker", "delete_selected", worker, post="yes")
    assert Worker.objects.filter(pk=worker.pk).exists()


# --- the pages themselves -------------------------------------------------------------------------


def test_weekdays_are_boxes(plant: Site, admin: Client) -> None:
    form = {"site": plant.pk, "name": "Late", "weekdays": ["6", "1"], "start": "14:00"}
    admin.post("/admin/workers/shift/add/", form | {"end": "22:00", **inline("breaks")})
    assert Shift.objects.get(name="Late").weekdays == "16"


def test_a_shift_without_a_weekday_is_refused(plant: Site, admin: Client) -> None:
    form = {"site": plant.pk, "name": "Late", "start": "14:00", "end": "22:00"}
    page = admin.post("/admin/workers/shift/add/", form | inline("breaks"))
    assert "This field is required" in problems(page)


@pytest.mark.parametrize(
    "digits, words",
    [("12345", "Mon–Fri"), ("1234567", "every day"), ("135", "Mon, Wed, Fri"), ("67", "Sat, Sun")],
)
def test_weekdays_are_listed_in_words(digits: str, words: str, plant: Site, admin: Client) -> None:
    Shift.objects.update(weekdays=digits)
    assert words in problems(admin.get("/admin/workers/shift/"))


@pytest.mark.parametrize("model", admin_site._registry)
def test_no_setting_is_forgotten_on_its_page(model: Any) -> None:
    """Where fields are named in groups, each that can be edited stands in one."""
    page = admin_site._registry[model]
    if not page.fieldsets or model is User:
        return
    shown = set(flatten_fieldsets(page.fieldsets))
    editable = {each.name for each in model._meta.fields if each.editable and not each.auto_created}
    assert editable <= shown


def closure(admin: Client, site: Site, start: str, end: str) -> Any:
    form = {"site": site.pk, "reason": "Fair"}
    for name, text in (("starts_at", start), ("ends_at", end)):
        form[f"{name}_0"], form[f"{name}_1"] = text.split(" ")
    return admin.post("/admin/workers/closure/add/", form)


def test_closures_are_entered_on_the_sites_clock(plant: Site, admin: Client) -> None:
    closure(admin, plant, "2026-07-01 06:00", "2026-07-01 14:00")
    made = Closure.objects.get(reason="Fair")
    assert made.starts_at.isoformat() == "2026-07-01T04:00:00+00:00"
    page = admin.get(f"/admin/workers/closure/{made.pk}/change/").content.decode()
    assert 'value="06:00:00"' in page


def test_a_time_that_the_clocks_skip_is_told(plant: Site, admin: Client) -> None:
    page = closure(admin, plant, "2026-03-29 02:30", "2026-03-30 00:00")
    assert "may not exist" in problems(page)


@pytest.mark.parametrize(
    "kind, query, expected",
    [
        ("worker", "in_use=yes", 1),
        ("worker", "in_use=retired", 0),
        ("worker", "in_use=nonsense", 1),
        ("worker", "shift=Early", 1),
        ("worker", "shift=-", 0),
        ("workstation", "type=press", 1),
        ("camera", "seen=never", 1),
        ("camera", "seen=hour", 0),
        ("camera", "q=S1", 1),
        ("shift", "holds=now", 1),
        ("shift", "holds=past", 0),
        ("shift", "name_is=Early", 1),
        ("closure", "when=past", 1),
        ("closure", "when=coming", 0),
    ],
)
def test_lists_are_filtered(
    kind: str, query: str, expected: int, plant: Site, admin: Client
) -> None:
    Workstation.objects.update(kind="press")
    page = admin.get(f"/admin/workers/{kind}/?{query}")
    assert len(page.context["cl"].result_list) == expected


def test_filters_offer_values_of_ones_own_sites(plant: Site, foreign: Site, admin: Client) -> None:
    Workstation.objects.filter(site=foreign).update(kind="secret press")
    Shift.objects.filter(site=foreign).update(name="Secret shift")
    for kind in ("workstation", "worker", "shift"):
        assert "ecret" not in problems(admin.get(f"/admin/workers/{kind}/"))
