"""A site's admin keeps master data by hand and from files; no page is wider than its window."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db.models import Model
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.visitor import let_in
from tests.floor import Floor, event
from workers.models import Role, Site, Worker

WIDTHS = (320, 768, 1920)


@pytest.fixture
def visitor(floor: Floor, page: Page, base_url: str) -> Page:
    floor.add_shift("Early", "06:00", "14:00", ("10:00", "10:30"))
    floor.put(event("08:00"))
    let_in(page.context, floor.add_member("root", Role.ADMIN), base_url)
    return page


def sheet(text: str) -> FilePayload:
    return {"name": "people.csv", "mimeType": "text/csv", "buffer": text.encode()}


def row(page: Page, number: int) -> Locator:
    """A row of the report, by its number in the file."""
    return page.locator(".sheet tr").filter(
        has=page.locator("td:first-child", has_text=f"{number}")
    )


def test_an_import_with_three_bad_rows_is_mended_and_done(visitor: Page, floor: Floor) -> None:
    visitor.goto("/admin/workers/worker/")
    visitor.get_by_text("Import and export").click()
    visitor.get_by_role("link", name="Import …").click()
    visitor.set_input_files(
        "input[type=file]",
        sheet(
            "code,name,shifts,active_from\n"
            "W1,Ada,Early,\nW2,Bo,Noon,\n,Nobody,Early,\nW3,Cy,Early,soon\nW9,Di,Early,\n"
        ),
    )
    visitor.get_by_role("button", name="Try it out").click()
    expect(visitor.get_by_text("Nothing can be imported yet")).to_be_visible()
    expect(row(visitor, 3)).to_contain_text("The site has no shift 'Noon'")
    expect(row(visitor, 4)).to_contain_text("code: This field may not be blank")
    expect(row(visitor, 5)).to_contain_text("give it as 2026-01-31")
    expect(visitor.get_by_role("button", name="Import", exact=True)).to_have_count(0)
    mended = "code,name,shifts\nW1,Ada,Early\nW2,Bo,Early\nW3,Cy,Early\nW9,Di,Early\n"
    visitor.set_input_files("input[type=file]", sheet(mended))
    visitor.get_by_role("button", name="Try it out").click()
    expect(visitor.locator(".sheet-sums")).to_contain_text("1 new")
    expect(row(visitor, 2)).to_contain_text("Worker 1")
    assert not floor.site.workers.filter(code="W9").exists()
    visitor.get_by_role("button", name="Import", exact=True).click()
    expect(visitor.get_by_text("Imported: 1 new, 3 changed, 0 unchanged.")).to_be_visible()
    assert floor.site.workers.get(code="W9").name == "Di"


def test_workers_are_chosen_and_assigned(visitor: Page, floor: Floor) -> None:
    visitor.goto("/admin/workers/worker/")
    for code in ("W1", "W2"):
        visitor.get_by_role("row", name=code).get_by_role("checkbox").check()
    visitor.get_by_label("Select action to run").select_option(label="Assign to a shift …")
    visitor.get_by_role("button", name="Run").click()
    expect(visitor.get_by_role("heading", name="Assign 2 workers to a shift")).to_be_visible()
    visitor.get_by_role("button", name="Assign").click()
    expect(visitor.get_by_text("2 workers assigned.")).to_be_visible()
    expect(visitor.get_by_role("row", name="W1")).to_contain_text("Early")


def test_who_can_not_be_deleted_is_retired(visitor: Page, floor: Floor) -> None:
    worker = floor.workers["W1"]
    visitor.goto(f"/admin/workers/worker/{worker.pk}/delete/")
    expect(visitor.get_by_text("W1 stays: it is in use.")).to_be_visible()
    visitor.get_by_role("link", name="Retire W1").click()
    visitor.get_by_role("button", name="Retire").click()
    expect(visitor.get_by_text("W1 retired.")).to_be_visible()
    assert Worker.objects.get(pk=worker.pk).active_until is not None


def test_no_field_warns_of_another_clock_than_the_sites(visitor: Page, floor: Floor) -> None:
    Site.objects.filter(pk=floor.site.pk).update(time_zone="Asia/Tokyo")
    visitor.goto("/admin/workers/closure/add/")
    warnings = visitor.locator(".timezonewarning")
    warnings.first.wait_for(state="attached")
    assert warnings.count() == 4
    for warning in warnings.all():
        expect(warning).to_be_hidden()


def test_a_maintenance_window_is_picked_from_a_calendar(visitor: Page, floor: Floor) -> None:
    visitor.goto("/admin/drift/maintenancewindow/add/")
    for name in ("starts_at", "ends_at"):
        picker = visitor.locator(f".field-{name}")
        expect(picker.get_by_title("Choose a Date")).to_be_visible()
        expect(picker.get_by_title("Choose a Time")).to_be_visible()


def paths(floor: Floor) -> Iterator[str]:
    """One of each kind of page."""
    objects: dict[str, Model] = {
        "site": floor.site,
        "worker": floor.workers["W1"],
        "workstation": floor.stations["S1"],
        "camera": floor.cameras["C1"],
        "shift": floor.site.shifts.get(),
    }
    for kind, thing in objects.items():
        yield f"{kind}/"
        yield f"{kind}/{thing.pk}/change/"
    yield f"site/{floor.site.pk}/history/"
    yield f"worker/{floor.workers['W1'].pk}/retire/"
    yield f"worker/{floor.workers['W1'].pk}/delete/"
    yield "worker/import/"
    yield "closure/"  # empty


def test_no_page_is_wider_than_its_window(visitor: Page, floor: Floor) -> None:
    for path in paths(floor):
        visitor.goto(f"/admin/workers/{path}")
        for width in WIDTHS:
            visitor.set_viewport_size({"width": width, "height": 900})
            wide = visitor.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, (path, width)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_our_own_pages_can_be_used_by_everyone(visitor: Page, floor: Floor, theme: str) -> None:
    """What axe finds on them, below what the theme itself brings."""
    visitor.emulate_media(color_scheme=theme)
    visitor.goto("/admin/workers/worker/import/")
    visitor.set_input_files("input[type=file]", sheet("code,name\nW1,Ada\nW9,Di\n,Nobody\n"))
    visitor.get_by_role("button", name="Try it out").click()
    for path in (None, f"site/{floor.site.pk}/history/", "worker/", "closure/"):
        if path:
            visitor.goto(f"/admin/workers/{path}")
        for part in (".own-page", ".sheet", ".list-empty", "#result_list .state"):
            if visitor.locator(part).count():
                found = Axe().run(visitor, context=part)
                assert found.violations_count == 0, found.generate_report()
