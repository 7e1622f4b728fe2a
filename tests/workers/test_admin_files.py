"""Import and export on admin pages: tried out first, told by row, all or nothing, own sites."""

import base64
import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.floor import taken_back
from tests.workers.conftest import NOW, BrowserOf, rows_of
from tests.workers.test_admin_pages import problems
from workers import changes, registry, sheets
from workers.access import Roles
from workers.exports import lines_of
from workers.imports import Import
from workers.models import Membership, Role, Site, User, Worker
from workers.tables import TABLES

pytestmark = pytest.mark.django_db
KINDS = list(TABLES)
EVERYWHERE = Roles(everywhere=True, by_site={})


@pytest.fixture
def admin(browser_of: BrowserOf) -> Client:
    return browser_of("admin")


def choose(browser: Client, text: str | bytes, kind: str = "worker", **more: Any) -> Any:
    """The page after a file was chosen."""
    content = text.encode() if isinstance(text, str) else text
    upload = SimpleUploadedFile(more.pop("name", "people.csv"), content)
    return browser.post(f"/admin/workers/{kind}/import/", {"file": upload, **more})


def confirm(browser: Client, page: Any, kind: str = "worker") -> Any:
    """The page after its button was pressed."""
    form = {
        "content": page.context["content"],
        "name": page.context["file_name"],
        "expected": page.context["report"].fingerprint,
        "site": "",
        "confirmed": "1",
    }
    return browser.post(f"/admin/workers/{kind}/import/", form, follow=True)


def told(page: Any) -> list[tuple[int, str, list[str]]]:
    """Row, what becomes of it, and the details, as the page lists them."""
    return [
        (
            each.number,
            each.what,
            [*each.errors, *(f"{edit.field}: {edit.old} → {edit.new}" for edit in each.edits)],
        )
        for each in page.context["report"].outcomes
    ]


def names_at(site: Site) -> dict[str, str]:
    return dict(site.workers.order_by("code").values_list("code", "name"))


# --- the trial ----------------------------------------------------------------------------------


def test_a_trial_says_what_would_become_of_each_row(plant: Site, admin: Client) -> None:
    Worker.objects.create(site=plant, code="W2", name="Ada")
    page = choose(admin, "site,code,name\nF1,W1,Grace H.\nF1,W2,Ada\nF1,W3,Zoë\n")
    assert told(page) == [
        (2, "changed", ["name: Grace → Grace H."]),
        (3, "unchanged", []),
        (4, "new", ["name:  → Zoë"]),
    ]


def test_a_trial_stores_nothing(plant: Site, admin: Client) -> None:
    before = Site.objects.get().master_revision
    choose(admin, "code,name\nW1,Grace H.\nW3,Zoë\n")
    assert names_at(plant) == {"W1": "Grace"}
    assert Site.objects.get().master_revision == before
    assert Worker.history.count() == 1


def test_what_was_confirmed_is_stored(plant: Site, admin: Client) -> None:
    page = choose(admin, "code,name\nW1,Grace H.\nW3,Zoë\n")
    assert "Imported: 1 new, 1 changed, 0 unchanged." in problems(confirm(admin, page))
    assert names_at(plant) == {"W1": "Grace H.", "W3": "Zoë"}


def test_history_says_that_it_came_from_a_file(plant: Site, admin: Client) -> None:
    confirm(admin, choose(admin, "code,name\nW1,Grace H.\n"))
    change = changes.of(plant.workers.get()).changes[0]
    assert (change.who, change.way) == ("admin", "import of people.csv")


def test_a_file_that_changes_nothing_says_so(plant: Site, admin: Client) -> None:
    assert "nothing to import" in problems(choose(admin, "code,name\nW1,Grace\n"))


def test_unchanged_rows_are_not_written(plant: Site, admin: Client) -> None:
    page = choose(admin, "code,name\nW1,Grace\nW2,Ada\n")
    before = Site.objects.get().master_revision
    confirm(admin, page)
    assert Site.objects.get().master_revision == before + 1


def test_a_column_that_is_left_out_stays_as_it_is(plant: Site, admin: Client) -> None:
    confirm(admin, choose(admin, "code,active_until\nW1,2027-01-31\n"))
    worker = Worker.objects.get()
    assert (worker.name, str(worker.active_until)) == ("Grace", "2027-01-31")
    assert worker.shift_assignments.get().shift_name == "Early"


def test_an_empty_cell_empties(plant: Site, admin: Client) -> None:
    confirm(admin, choose(admin, "code,shifts\nW1,\n"))
    assert not Worker.objects.get().shift_assignments.exists()


# --- rows that are wrong ------------------------------------------------------------------------


WRONG = {
    "no site F2": ("site,code,name\nF2,W9,X\n", "There is no site 'F2' of which you are an admin"),
    "no name": ("code,name\nW9,\n", "name: This field may not be blank."),
    "name left out": ("code\nW9\n", "name: This field is required."),
    "no code": ("code,name\n,Ada\n", "code: This field may not be blank."),
    "twice": ("code,name\nW9,A\nW9,B\n", "This is the same as row 2"),
    "no such shift": ("code,name,shifts\nW9,X,Noon\n", "shifts: The site has no shift 'Noon'."),
    "no day": ("code,name,active_from\nW9,X,31.1.2026\n", "give it as 2026-01-31"),
    "days reversed": (
        "code,name,active_from,active_until\nW9,X,2026-02-01,2026-01-01\n",
        "The end must lie after the start.",
    ),
    "code too long": (f"code,name\n{'W' * 65},X\n", "code: Ensure this field has no more than 64"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_row_is_told(case: str, plant: Site, foreign: Site, admin: Client) -> None:
    text, expected = WRONG[case]
    page = choose(admin, text)
    assert expected in "; ".join(detail for *_, details in told(page) for detail in details)
    assert "Nothing can be imported yet" in problems(page)


@pytest.mark.parametrize(
    "kind, text, expected",
    [
        ("workstation", "code,name,target_per_hour\nS9,X,many\n", "'many' is no number"),
        ("workstation", 'code,name,target_per_hour\nS9,X,"1,200"\n', "without the comma"),
        ("workstation", "code,name,target_per_hour\nS9,X,-1\n", "greater than or equal to 0"),
        ("workstation", "code,name,target_per_hour\nS9,X,nan\n", "A valid number is required"),
        ("camera", "code,name,workstations\nC9,X,S7\n", "The site has no workstation 'S7'."),
        ("camera", "code,name,state_ttl_s\nC9,X,0\n", "greater than or equal to 1"),
        ("camera", "code,name,state_ttl_s\nC9,X,1.5\n", "A valid integer is required"),
        ("shift", "name,start,end\nLate,6,14:00\n", "start: '6' is no time of day"),
        ("shift", "name,start,end\nLate,06:03,14:00\n", "on a 5-minute mark"),
        ("shift", "name,start,end,weekdays\nLate,06:00,14:00,Mon\n", "Monday is 1"),
        ("shift", "name,start,end,breaks\nLate,06:00,14:00,noon\n", "give it as 10:00-10:30"),
        ("shift", "name,start,end,breaks\nLate,06:00,14:00,15:00-15:30\n", "inside its shift"),
        ("closure", "start,end,reason\n2026-03-29T02:30,2026-03-30,X\n", "is not one instant"),
        ("closure", "start,end,reason\nsoon,2026-03-30,X\n", "start: 'soon' is no time"),
        ("closure", "start,end,reason\n0001-01-01,2026-03-30,X\n", "too far away"),
        ("closure", "start,end,reason\n2026-03-30,2026-03-29,X\n", "must lie after the start"),
    ],
)
def test_wrong_values_of_other_kinds_are_told(
    kind: str, text: str, expected: str, plant: Site, admin: Client
) -> None:
    page = choose(admin, text, kind)
    assert expected in "; ".join(detail for *_, details in told(page) for detail in details)


def test_all_that_is_wrong_with_a_row_is_told_at_once(plant: Site, admin: Client) -> None:
    page = choose(admin, "code,name,active_from,active_until\nW9,X,a,b\n")
    assert [len(details) for *_, details in told(page)] == [2]


def test_one_wrong_row_keeps_all_out(plant: Site, admin: Client) -> None:
    page = choose(admin, "code,name\nW8,Ada\nW9,\n")
    confirm(admin, page)
    assert names_at(plant) == {"W1": "Grace"}


def test_a_file_that_can_not_be_read_is_told(plant: Site, admin: Client) -> None:
    page = choose(admin, "Name;Größe\n".encode("latin-1"))
    assert "not UTF-8" in problems(page)
    assert page.status_code == 200


@pytest.mark.parametrize(
    "text, expected",
    [
        ("code,nmae\nW1,X\n", "There is no column 'nmae'. The columns are: site, code"),
        ("name\nX\n", "The column 'code' is missing."),
    ],
)
def test_unknown_and_missing_columns_are_told(
    text: str, expected: str, plant: Site, admin: Client
) -> None:
    assert expected in choose(admin, text).context["problem"]


@pytest.mark.parametrize(
    "form", [{}, {"content": "%%%"}, {"content": "eA==", "site": "x"}, {"confirmed": "1"}]
)
def test_a_form_that_lost_something_is_told(form: Any, plant: Site, admin: Client) -> None:
    page = admin.post("/admin/workers/worker/import/", form)
    assert page.status_code == 200
    assert page.context["problem"]


# --- between trial and confirmation ---------------------------------------------------------------


def test_what_has_moved_on_since_the_trial_is_shown_again(plant: Site, admin: Client) -> None:
    page = choose(admin, "code,name\nW1,Grace H.\n")
    worker = plant.workers.get()
    worker.name = "G. Hopper"
    registry.save_worker(worker)
    again = confirm(admin, page)
    assert "Something else changed meanwhile" in problems(again)
    assert told(again) == [(2, "changed", ["name: G. Hopper → Grace H."])]
    assert names_at(plant) == {"W1": "G. Hopper"}
    confirm(admin, again)
    assert names_at(plant) == {"W1": "Grace H."}


def test_a_confirmation_without_a_trial_stores_nothing(plant: Site, admin: Client) -> None:
    content = base64.b64encode(b"code,name\nW1,X\n").decode()
    admin.post("/admin/workers/worker/import/", {"content": content, "confirmed": "1"})
    assert names_at(plant) == {"W1": "Grace"}


# --- who, and where -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", ["viewer", "manager", "reviewer"])
def test_only_admins_import(role: str, kind: str, plant: Site, browser_of: BrowserOf) -> None:
    browser = browser_of(role)
    assert browser.get(f"/admin/workers/{kind}/import/").status_code == 403
    assert choose(browser, "code,name\nW9,X\n", kind).status_code == 403


def test_an_admin_elsewhere_can_not_import_where_they_only_read(
    plant: Site, foreign: Site, browser_of: BrowserOf
) -> None:
    browser = browser_of("manager")
    user = User.objects.get(username="manager")
    Membership.objects.create(user=user, site=foreign, role=Role.ADMIN)
    page = choose(browser, "site,code,name\nF1,W1,Mine\nF2,W1,Mine\n")
    assert [what for _, what, _ in told(page)] == ["wrong", "changed"]


def test_a_row_without_a_site_goes_to_the_one_that_was_chosen(
    plant: Site, foreign: Site, browser_of: BrowserOf
) -> None:
    browser = browser_of("superuser")
    assert "Name one" in told(choose(browser, "code,name\nW9,X\n"))[0][2][0]
    page = choose(browser, "code,name\nW9,X\n", site=foreign.pk)
    form = {"content": page.context["content"], "name": "x", "site": foreign.pk}
    form |= {"expected": page.context["report"].fingerprint, "confirmed": "1"}
    browser.post("/admin/workers/worker/import/", form)
    assert (plant.workers.count(), foreign.workers.count()) == (1, 2)


def test_a_foreign_site_can_not_be_chosen(plant: Site, foreign: Site, admin: Client) -> None:
    page = choose(admin, "code,name\nW9,X\n", site=foreign.pk)
    assert "Select a valid choice" in page.context["problem"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_export_holds_ones_own_sites(
    kind: str, plant: Site, foreign: Site, admin: Client
) -> None:
    read = sheets.read("x.csv", admin.get(f"/admin/workers/{kind}/export-csv/").content)
    assert {row["site"] for _, row in read.rows} == {"F1"}


def test_those_chosen_are_exported(plant: Site, foreign: Site, admin: Client) -> None:
    second = Worker.objects.create(site=plant, code="W2", name="Ada")
    chosen = [second.pk, foreign.workers.get().pk]
    form = {"action": "export_chosen_csv", "_selected_action": chosen}
    content = admin.post("/admin/workers/worker/", form).content
    assert [row["code"] for _, row in sheets.read("x.csv", content).rows] == ["W2"]


def test_names_are_left_out_of_an_export_for_whom_the_site_hides_them(
    plant: Site, browser_of: BrowserOf
) -> None:
    browser = browser_of("manager")
    hidden = browser.get("/admin/workers/worker/export-csv/").content
    Site.objects.update(people_shown="names")
    shown = browser.get("/admin/workers/worker/export-csv/").content
    assert b"name" not in hidden
    assert b"Grace" in shown


@pytest.mark.parametrize("kind", ["worker", "shift", "closure"])
def test_who_may_not_read_a_list_may_not_export_it(
    kind: str, plant: Site, browser_of: BrowserOf
) -> None:
    browser = browser_of("viewer")
    assert browser.get(f"/admin/workers/{kind}/export-csv/").status_code == 403


# --- what is written is read back -----------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_export_is_imported_without_a_change(
    suffix: str, kind: str, plant: Site, admin: Client
) -> None:
    rows_of(plant)
    content = admin.get(f"/admin/workers/{kind}/export-{suffix}/").content
    page = choose(admin, content, kind, name=f"x.{suffix}")
    assert [what for _, what, _ in told(page)] == ["unchanged"]


name = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=12)
name = name.map(str.strip).filter(bool)
minute = st.integers(0, 24 * 12 - 1).map(lambda number: f"{number // 12:02}:{number % 12 * 5:02}")


@given(
    shifts=st.lists(name, unique=True, min_size=1, max_size=3),
    who=st.sampled_from(["=cmd()", "+1", "-", "@x", "'=x", "a;b", "a\\"]) | name,
)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_names_there_are_come_back(shifts: list[str], who: str, plant: Site) -> None:
    with taken_back():
        for each in shifts:
            registry.save_shift(_shift(plant, each))
        registry.save_worker(Worker(site=plant, code="W9", name=who), shifts=shifts)
        for write in (sheets.to_csv, sheets.to_xlsx):
            for kind in ("worker", "shift"):
                lines = lines_of(TABLES[kind], EVERYWHERE, Q(site=plant))
                sheet = sheets.read("x", write(lines))
                report = Import(TABLES[kind], sheet, EVERYWHERE).try_out()
                assert {each.what for each in report.outcomes} == {"unchanged"}, report


def _shift(site: Site, called: str) -> Any:
    early: Any = site.shifts.get(name="Early")
    return type(early)(site=site, name=called, start=early.start, end=early.end)


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_site_is_filled_from_another_sites_export(
    kind: str, plant: Site, browser_of: BrowserOf
) -> None:
    rows_of(plant)
    empty = Site.objects.create(code="F3", name="New", time_zone="Asia/Kolkata")
    browser = browser_of("superuser")
    for each in ("shift", "workstation", kind):
        text = browser.get(f"/admin/workers/{each}/export-csv/").content.decode("utf-8-sig")
        page = choose(browser, text.replace("F1,", "F3,"), each)
        confirm(browser, page, each)
    rows = TABLES[kind].view.queryset.filter(site=empty)
    assert rows.count() == 1


def test_closures_stand_on_the_sites_clock(plant: Site, admin: Client) -> None:
    content = admin.get("/admin/workers/closure/export-csv/").content
    assert b"2026-01-15T01:00+01:00" in content
    text = "start,end,reason\n2026-12-24T06:00,2026-12-24T14:00,Christmas\n"
    confirm(admin, choose(admin, text, "closure"), "closure")
    closure = plant.closures.get(reason="Christmas")
    assert closure.starts_at.isoformat() == "2026-12-24T05:00:00+00:00"


def test_a_shift_is_known_by_its_name_where_there_is_one_of_it(plant: Site, admin: Client) -> None:
    page = choose(admin, "name,end\nEarly,15:00\n", "shift")
    assert told(page) == [(2, "changed", ["end: 14:00 → 15:00"])]


def test_a_shift_of_several_spans_needs_its_day(plant: Site, admin: Client) -> None:
    early = plant.shifts.get()
    early.valid_until = NOW.date()
    early.save()
    later = _shift(plant, "Early")
    later.valid_from = NOW.date()
    registry.save_shift(later)
    page = choose(admin, "name,end\nEarly,15:00\n", "shift")
    assert told(page)[0][2] == ["There are 2 of these: give valid_from too."]


@pytest.mark.parametrize("kind", KINDS)
def test_templates_name_every_column(kind: str, plant: Site, admin: Client) -> None:
    blank = admin.get(f"/admin/workers/{kind}/template-csv/").content.decode("utf-8-sig")
    assert blank.strip().split(",") == TABLES[kind].names
    content = admin.get(f"/admin/workers/{kind}/template-xlsx/").content
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert [cell.value for cell in book["data"][1]] == TABLES[kind].names
    assert book["how to fill it in"].max_row == len(TABLES[kind].names) + 1


def test_a_template_is_filled_in_and_imported(plant: Site, admin: Client) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(admin.get("/admin/workers/workstation/template-xlsx/").content)
    )
    book["data"].append(["F1", "S7", "Saw", "cutting", 12.5, None, None])
    stream = io.BytesIO()
    book.save(stream)
    page = choose(admin, stream.getvalue(), "workstation", name="s.xlsx")
    confirm(admin, page, "workstation")
    assert plant.workstations.get(code="S7").targets.get().per_hour == 12.5


def test_markup_in_a_file_is_text(plant: Site, admin: Client) -> None:
    page = choose(admin, "code,name\nW9,<script>alert(1)</script>\n", name="<b>.csv")
    assert "<script>alert" not in page.content.decode()
    assert "<b>.csv" not in page.content.decode()


def test_an_export_costs_the_same_for_many(plant: Site, admin: Client) -> None:
    few = cost_of(admin)
    for number in range(20):
        registry.save_worker(Worker(site=plant, code=f"X{number}", name="X"), shifts=["Early"])
    assert cost_of(admin) == few


def cost_of(browser: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        browser.get("/admin/workers/worker/export-csv/")
    return len(queries)
