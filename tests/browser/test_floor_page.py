"""The live floor: a tile per workstation, worst first; in place, whatever the cameras send."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from time_machine import TimeMachineFixture

from metrics.shown.part import AT_ONCE
from tests.browser.visitor import let_in, path_of
from tests.browser.workday import work
from tests.floor import NOW, Floor, after, event
from workers.models import Role, Worker, Workstation, WorkstationTarget

NewContext = Callable[..., BrowserContext]

SOON = timedelta(seconds=5)  # answers about now are the same for so long
MANY = 200


@pytest.fixture
def visitor(floor: Floor, page: Page, base_url: str) -> Page:
    """The manager's page, not opened yet."""
    let_in(page.context, work(floor).manager, base_url)
    page.clock.install()
    return page


def tile(page: Page, code: str) -> Locator:
    return page.locator(f'.tile[data-key="{code}"]')


def stands(page: Page) -> list[str | None]:
    """The codes of the tiles, in the order in which they stand."""
    return [each.get_attribute("data-key") for each in page.locator(".tile:visible").all()]


def test_what_needs_attention_comes_first(visitor: Page) -> None:
    visitor.goto("/sites/F1/floor/")
    assert stands(visitor) == ["S4", "S5", "S3", "S1", "S2"]  # not seen, empty, under target, well


def test_a_tile_tells_who_how_since_when_and_how_much(visitor: Page) -> None:
    visitor.goto("/sites/F1/floor/")
    expect(tile(visitor, "S2")).to_contain_text("Station 2")
    expect(tile(visitor, "S2").locator(".tile-state")).to_have_text("idle W2")
    expect(tile(visitor, "S2")).to_contain_text("since 16:00, 2 h 00 min")
    expect(tile(visitor, "S2")).to_contain_text("1,200 of 40")
    expect(tile(visitor, "S2")).to_contain_text("newest event 2 h 00 min ago")
    expect(tile(visitor, "S1")).to_contain_text("behind: slower than planned")
    expect(tile(visitor, "S3").locator(".state")).to_have_text("empty")
    expect(tile(visitor, "S5")).to_contain_text("no event yet")


def test_where_a_camera_is_lost_the_tile_says_not_seen(visitor: Page) -> None:
    """C2's word holds for ten minutes; it spoke last at 14:00."""
    visitor.goto("/sites/F1/floor/")
    expect(tile(visitor, "S4").locator(".state")).to_have_text("not seen")
    expect(tile(visitor, "S4")).to_contain_text("since 14:10, 3 h 50 min")
    expect(tile(visitor, "S4")).to_have_attribute("data-kind", "not_seen")


def test_filters_leave_what_is_alike_and_stand_in_the_address(visitor: Page) -> None:
    visitor.goto("/sites/F1/floor/")
    filters = visitor.get_by_role("navigation", name="Show workstations")
    filters.get_by_role("link", name="not seen 2").click()
    assert stands(visitor) == ["S4", "S5"]
    assert path_of(visitor) == "/sites/F1/floor/?period=shift&state=unknown"
    visitor.reload()
    assert stands(visitor) == ["S4", "S5"]
    expect(filters.get_by_role("link", name="not seen")).to_have_attribute("aria-current", "true")
    filters.get_by_role("link", name="Need attention 4").click()
    assert stands(visitor) == ["S4", "S5", "S3", "S1"]
    filters.get_by_role("link", name="All 5").click()
    assert path_of(visitor) == "/sites/F1/floor/?period=shift"


def test_a_filter_that_leaves_none_says_so(visitor: Page, floor: Floor) -> None:
    floor.put(event(after(NOW, seconds=-20), "W3", "S3"))
    visitor.goto("/sites/F1/floor/?state=absent")
    assert stands(visitor) == []
    expect(visitor.get_by_text("No workstation is like that now.")).to_be_visible()
    visitor.get_by_role("link", name="All").click()
    expect(visitor.get_by_text("No workstation is like that now.")).to_be_hidden()


def test_filters_work_before_any_script(
    floor: Floor, new_context: NewContext, base_url: str
) -> None:
    context = new_context(java_script_enabled=False)
    let_in(context, work(floor).manager, base_url)
    page = context.new_page()
    page.goto("/sites/F1/floor/")
    page.get_by_role("link", name="idle").click()
    expect(page.locator(".tiles")).to_have_attribute("data-filter", "idle")
    assert stands(page) == ["S2"]


def test_tiles_change_in_place_until_they_are_sorted_again(
    visitor: Page, floor: Floor, still_clock: TimeMachineFixture
) -> None:
    visitor.goto("/sites/F1/floor/")
    again = visitor.get_by_role("button", name="Sort again")
    expect(again).to_be_hidden()
    box = tile(visitor, "S2").bounding_box()
    still_clock.shift(SOON)
    floor.put(event(after(NOW, seconds=1), "W2", "S2", "absent"))
    with visitor.expect_response("**/metrics/overview/**"):
        visitor.clock.run_for(3_000)
    expect(tile(visitor, "S2").locator(".state")).to_have_text("empty")
    assert stands(visitor) == ["S4", "S5", "S3", "S1", "S2"]
    assert tile(visitor, "S2").bounding_box() == box
    again.click()
    assert stands(visitor) == ["S4", "S5", "S2", "S3", "S1"]
    expect(again).to_be_hidden()


def test_a_tile_leads_to_its_workstation(visitor: Page) -> None:
    visitor.goto("/sites/F1/floor/?period=today")
    tile(visitor, "S2").click()
    assert path_of(visitor) == "/sites/F1/workstations/S2/?period=today"


def test_a_tile_tells_more_on_focus_until_escape(visitor: Page) -> None:
    visitor.goto("/sites/F1/floor/")
    visitor.locator('.filters a[data-filter="unknown"]').focus()
    visitor.keyboard.press("Tab")
    hint = visitor.locator("#hint")
    expect(hint).to_contain_text("somebody there 4.2 %, working")
    expect(hint).to_contain_text("1 event, newest event")
    expect(visitor.locator(":focus")).to_have_attribute("aria-describedby", "hint")
    visitor.keyboard.press("Escape")
    expect(hint).to_be_hidden()


def test_viewers_see_no_names(floor: Floor, page: Page, base_url: str) -> None:
    let_in(page.context, work(floor).add_member("vera", Role.VIEWER), base_url)
    with page.expect_response("**/metrics/overview/**"):
        page.goto("/sites/F1/floor/")
    expect(tile(page, "S2")).to_contain_text("idle")
    expect(page.locator("main")).not_to_contain_text("W2")


def test_a_period_that_is_over_shows_the_floor_at_its_end(visitor: Page) -> None:
    visitor.goto("/sites/F1/floor/?start=2026-06-16T14:00:00Z&end=2026-06-16T16:30:00Z")
    expect(tile(visitor, "S2")).to_contain_text("since 16:00")
    expect(tile(visitor, "S2")).not_to_contain_text("ago")
    expect(visitor.locator(".head")).not_to_contain_text("as of")


def test_two_hundred_workstations_move_without_shifting(
    floor: Floor, page: Page, base_url: str, still_clock: TimeMachineFixture
) -> None:
    _many(floor)
    let_in(page.context, floor.manager, base_url)
    page.add_init_script(WATCH)
    page.clock.install()
    page.goto("/sites/F1/floor/")
    expect(page.locator(".tile")).to_have_count(AT_ONCE)
    page.evaluate("window.moved = 0")
    still_clock.shift(SOON)
    floor.put(*(event(after(NOW, seconds=1), f"X{n}", f"Y{n}", "idle") for n in range(MANY)))
    page.clock.run_for(3_000)
    expect(page.locator('[data-text="idle"]')).to_have_text(str(MANY))
    assert page.evaluate("window.moved") == 0


WATCH = """window.moved = 0;
new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) window.moved += shift.value;
}).observe({ type: "layout-shift", buffered: true });"""


def _many(floor: Floor) -> None:
    Worker.objects.bulk_create(
        Worker(site=floor.site, code=f"X{n}", name=f"Worker {n}") for n in range(MANY)
    )
    stations = Workstation.objects.bulk_create(
        Workstation(site=floor.site, code=f"Y{n}", name=f"Station {n}") for n in range(MANY)
    )
    WorkstationTarget.objects.bulk_create(
        WorkstationTarget(workstation=station, per_hour=10) for station in stations
    )
    floor.site.refresh_from_db()
    floor.site.save()
    floor.add_shift("Late", "14:00", "22:00")
    floor.put(*(event(after(NOW, hours=-1), f"X{n}", f"Y{n}") for n in range(MANY)))
