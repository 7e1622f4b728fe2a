"""The timeline: told by pointer, keys and touch; zoomed in the address; moving in place."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from time_machine import TimeMachineFixture

from metrics.shown.part import AT_ONCE
from tests.browser.visitor import let_in, path_of
from tests.browser.workday import work
from tests.floor import NOW, Floor, after, event
from workers.models import Worker

NewContext = Callable[..., BrowserContext]

STRIPS = "**/api/v1/metrics/strips/**"
ZOOM = "2026-06-17T15%3A00%3A00Z%2F2026-06-17T17%3A00%3A00Z"
MANY = 200
SPANS = 20  # of each worker in a shift


@pytest.fixture
def visitor(floor: Floor, page: Page, base_url: str) -> Page:
    """The manager's page, not opened yet; C1 is assigned to S2."""
    floor.cameras["C1"].workstations.add(floor.stations["S2"])
    let_in(page.context, work(floor).manager, base_url)
    page.clock.install()
    return page


def open_answered(page: Page, path: str = "timeline/") -> None:
    with page.expect_response(STRIPS):
        page.goto(f"/sites/F1/{path}")
    expect(page.locator('[role="slider"][tabindex="0"]')).to_have_count(1)


def strip(page: Page, code: str) -> Locator:
    return page.locator(f'[data-key="{code}"] .strip')


def plainly(text: str) -> re.Pattern[str]:
    """Whatever kind of spaces."""
    return re.compile(f"^{re.escape(text)}$".replace(r"\ ", r"\s"))


def point(page: Page, place: Locator, share: float) -> None:
    """To a part of something's width."""
    box: Any = place.bounding_box()
    page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)


# --- on a phone -----------------------------------------------------------------------------------


def test_a_phone_shows_the_last_hours_first_and_all_on_demand(visitor: Page) -> None:
    visitor.set_viewport_size({"width": 390, "height": 800})
    open_answered(visitor)
    expect(strip(visitor, "W1")).to_have_attribute("viewBox", "3600 0 10800 24")
    assert path_of(visitor) == "/sites/F1/timeline/"
    visitor.get_by_role("link", name="Show all").click()
    expect(strip(visitor, "W1")).to_have_attribute("viewBox", "0 0 28800 24")


# --- told -----------------------------------------------------------------------------------------


def test_what_is_under_the_pointer_is_told(visitor: Page) -> None:
    open_answered(visitor)
    point(visitor, strip(visitor, "W2"), 0.3)
    expect(visitor.locator("#hint")).to_have_text(
        "W2 · idle, 2 h 00 min\n16:00–18:00\nS2, watched by C1, as assigned today",
        use_inner_text=True,
    )


def test_time_after_now_is_not_told(visitor: Page) -> None:
    open_answered(visitor)
    point(visitor, strip(visitor, "W2"), 0.9)
    expect(visitor.locator("#hint")).to_be_hidden()


def test_arrow_keys_go_from_span_to_span_and_from_strip_to_strip(visitor: Page) -> None:
    open_answered(visitor)
    strip(visitor, "W1").focus()
    visitor.keyboard.press("ArrowDown")
    expect(strip(visitor, "W2")).to_be_focused()
    expect(visitor.locator("#hint")).to_contain_text("W2 · idle")
    expect(strip(visitor, "W2")).to_have_attribute("aria-valuenow", "1")
    visitor.keyboard.press("ArrowLeft")
    told = "W2 · working, 2 h 00 min, 14:00–16:00, S2, watched by C1, as assigned today"
    units = ", 1,200 units from 14:00–16:00"
    expect(strip(visitor, "W2")).to_have_attribute("aria-valuetext", plainly(told + units))
    for _ in range(2):
        visitor.keyboard.press("ArrowDown")
    expect(visitor.locator("#hint")).to_contain_text("W4 · not seen, 3 h 50 min 14:10–18:00")


def test_a_finger_is_told_too(
    floor: Floor, new_context: NewContext, base_url: str, page_problems: list[str]
) -> None:
    context = new_context(has_touch=True, viewport={"width": 320, "height": 800})
    let_in(context, work(floor).manager, base_url)
    page = context.new_page()
    open_answered(page)
    strip(page, "W3").tap(position={"x": 25, "y": 8})
    expect(page.locator("#hint")).to_contain_text("W3 · working, 3 h 00 min")
    hint: Any = page.locator("#hint").bounding_box()
    assert hint["x"] + hint["width"] <= 320


def test_the_same_spans_stand_in_a_table(visitor: Page) -> None:
    open_answered(visitor)
    visitor.get_by_text("The same as a table").click()
    rows = visitor.locator('[data-list="spans"] tr')
    expect(rows).to_have_count(8)
    expect(rows.nth(2)).to_contain_text("16:00–18:00")


def test_a_day_on_which_clocks_go_back_is_an_hour_longer_and_says_so(
    db: None, page: Page, base_url: str, still_clock: TimeMachineFixture
) -> None:
    floor = Floor(zone="Europe/Berlin")
    still_clock.move_to(datetime(2026, 10, 26, 9, tzinfo=UTC), tick=False)
    floor.put(event("2026-10-25T00:30:00Z"), event("2026-10-25T01:30:00Z", kind="absent"))
    let_in(page.context, floor.manager, base_url)
    open_answered(page, "timeline/?period=yesterday")
    expect(page.locator(".strip-note")).to_contain_text("from 03:00 to 02:00")
    expect(strip(page, "W1")).to_have_attribute("viewBox", "0 0 90000 24")
    strip(page, "W1").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#hint")).to_contain_text("W1 · working, 1 h 00 min 02:30–02:30")


# --- zoomed ---------------------------------------------------------------------------------------


def test_a_part_of_the_axis_becomes_all_of_it_and_stands_in_the_address(visitor: Page) -> None:
    open_answered(visitor)
    axis = visitor.locator(".strip-axis")
    point(visitor, axis, 1 / 8 + 0.001)
    visitor.mouse.down()
    point(visitor, axis, 3 / 8 - 0.001)
    visitor.mouse.up()
    assert path_of(visitor) == f"/sites/F1/timeline/?zoom={ZOOM}"
    visitor.reload()
    expect(visitor.locator("#timeline")).to_contain_text("Shown: 15:00–17:00")
    expect(strip(visitor, "W1")).to_have_attribute("viewBox", "3600 0 7200 24")
    visitor.get_by_role("link", name="Show all").click()
    assert path_of(visitor) == "/sites/F1/timeline/"
    expect(strip(visitor, "W1")).to_have_attribute("viewBox", "0 0 28800 24")


def test_a_click_on_the_axis_zooms_in_there(visitor: Page) -> None:
    open_answered(visitor)
    point(visitor, visitor.locator(".strip-axis"), 0.5)
    visitor.mouse.down()
    visitor.mouse.up()
    expect(visitor.locator("#timeline")).to_contain_text("Shown: 16:00–20:00")


def test_buttons_and_keys_zoom_and_move(visitor: Page) -> None:
    open_answered(visitor)
    shown = visitor.locator("#timeline")
    visitor.get_by_role("button", name="Zoom in").click()
    expect(shown).to_contain_text("16:00–20:00")
    visitor.get_by_role("button", name="Earlier").click()
    expect(shown).to_contain_text("14:00–18:00")
    expect(visitor.get_by_role("button", name="Earlier")).to_have_attribute("aria-disabled", "true")
    visitor.get_by_role("button", name="Zoom out").click()
    expect(shown).not_to_contain_text("Shown")
    strip(visitor, "W2").focus()
    visitor.keyboard.press("End")
    visitor.keyboard.press("+")
    expect(shown).to_contain_text("15:00–19:00")
    visitor.keyboard.press("0")
    expect(shown).not_to_contain_text("Shown")


# --- moving ---------------------------------------------------------------------------------------


def test_strips_grow_in_place(visitor: Page, floor: Floor, still_clock: TimeMachineFixture) -> None:
    open_answered(visitor)
    strip(visitor, "W2").focus()
    visitor.keyboard.press("End")
    box = strip(visitor, "W2").bounding_box()
    still_clock.shift(60)
    floor.put(event(after(NOW, seconds=30), "W2", "S2", "absent"))
    with visitor.expect_response(STRIPS):
        visitor.clock.run_for(16_000)
    absent = strip(visitor, "W2").locator(".strip-absent")
    expect(absent).to_have_attribute("d", "M14430 2h30v14h-30z")
    expect(strip(visitor, "W2")).to_be_focused()
    expect(strip(visitor, "W2")).to_have_attribute("aria-valuetext", re.compile("^W2 · idle"))
    assert strip(visitor, "W2").bounding_box() == box


def test_two_hundred_workers_cost_few_elements_and_shift_nothing(
    floor: Floor, page: Page, base_url: str
) -> None:
    _many(floor)
    let_in(page.context, floor.manager, base_url)
    page.add_init_script(WATCH)
    open_answered(page)
    assert page.evaluate("window.moved") == 0
    assert page.locator(".strip *").count() == 7 * AT_ONCE
    page.get_by_role("button", name="Zoom in").click()
    expect(page.locator("#timeline")).to_contain_text("Shown: 16:00–20:00")
    expect(page.locator(f'[data-key="X{AT_ONCE - 1}"] .strip')).to_have_attribute(
        "viewBox", "7200 0 14400 24"
    )


WATCH = """window.moved = 0;
new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) window.moved += shift.value;
}).observe({ type: "layout-shift", buffered: true });"""


def _many(floor: Floor) -> None:
    """In a shift that began four hours ago, each in another state every twelve minutes."""
    floor.add_shift("Late", "14:00", "22:00")
    for worker in floor.workers.values():
        worker.delete()
    Worker.objects.bulk_create(
        Worker(site=floor.site, code=f"X{n}", name=f"Worker {n}") for n in range(MANY)
    )
    floor.site.refresh_from_db()
    floor.site.save()
    for number in range(SPANS):
        moment, kind = after(NOW, minutes=12 * number - 240), ("working", "idle")[number % 2]
        floor.put(*(event(moment, f"X{n}", "S1", kind) for n in range(MANY)))


# --- one worker, many days ------------------------------------------------------------------------


def test_a_worker_s_page_has_their_strip(visitor: Page) -> None:
    open_answered(visitor, "workers/W2/")
    point(visitor, strip(visitor, "W2"), 0.3)
    expect(visitor.locator("#hint")).to_contain_text("W2 · idle, 2 h 00 min")
    expect(visitor.locator(".strip-row")).to_have_count(1)


@pytest.mark.parametrize("path", ["timeline/", "workers/W2/"])
def test_of_many_days_one_is_chosen(visitor: Page, path: str) -> None:
    visitor.goto(f"/sites/F1/{path}?period=7d")
    visitor.get_by_role("link", name="Tue 16 Jun").click()
    assert path_of(visitor) == (
        f"/sites/F1/{path}?start=2026-06-16T00%3A00%3A00Z&end=2026-06-17T00%3A00%3A00Z"
    )
    expect(strip(visitor, "W2")).to_be_visible()


def test_names_of_shifts_and_cameras_are_text(visitor: Page, floor: Floor) -> None:
    floor.site.refresh_from_db()
    floor.site.shifts.update(name="<b>Late</b>")
    floor.add_camera("<i>C</i>", ttl=60).workstations.add(floor.stations["S2"])
    open_answered(visitor)
    point(visitor, strip(visitor, "W2"), 0.3)
    expect(visitor.locator("#hint")).to_contain_text("watched by <i>C</i>, C1")
    expect(visitor.locator(".strip-axis")).to_contain_text("<b>Late</b>")
