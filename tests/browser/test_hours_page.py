"""Hour × workstation: numbers that can be read, told by keys, leading to that hour."""

from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect
from time_machine import TimeMachineFixture

from tests.browser.visitor import let_in, path_of
from tests.browser.workday import work
from tests.floor import NOW, Floor, after, event

HOURS = "**/api/v1/metrics/hours/**"
SOON = 60


@pytest.fixture
def visitor(floor: Floor, page: Page, base_url: str) -> Page:
    """The manager's page, not opened yet."""
    let_in(page.context, work(floor).manager, base_url)
    page.clock.install()
    return page


def open_answered(page: Page, query: str = "") -> None:
    with page.expect_response(HOURS):
        page.goto(f"/sites/F1/hours/{query}")
    expect(page.locator('.heat td a[tabindex="0"]')).to_have_count(1)


def cell(page: Page, code: str, hour: int) -> Locator:
    return page.locator(f'.heat tr[data-key="{code}"] td[data-key="2026-06-17T{hour}:00:00Z"]')


def test_each_hour_has_its_number_or_says_that_nothing_was_seen(visitor: Page) -> None:
    open_answered(visitor)
    expect(visitor.locator(".heat thead th")).to_have_text(["Workstation", "14", "15", "16", "17"])
    expect(cell(visitor, "S2", 15)).to_have_text("100")
    expect(cell(visitor, "S2", 16)).to_have_text("0")
    expect(cell(visitor, "S5", 16)).to_have_text("not seen")
    expect(cell(visitor, "S4", 14)).to_have_attribute("data-partial", "true")


def test_arrow_keys_go_from_cell_to_cell_and_enter_leads_to_that_hour(visitor: Page) -> None:
    open_answered(visitor)
    cell(visitor, "S1", 14).get_by_role("link").focus()
    visitor.keyboard.press("ArrowRight")
    visitor.keyboard.press("ArrowDown")
    expect(cell(visitor, "S2", 15).get_by_role("link")).to_be_focused()
    expect(visitor.locator("#hint")).to_contain_text("S2 Station 2 · 15:00–16:00")
    expect(visitor.locator("#hint")).to_contain_text("1,200 units, 1,200.0 per scheduled hour")
    visitor.keyboard.press("Enter")
    visitor.wait_for_url("**/workstations/S2/**")
    assert path_of(visitor) == (
        "/sites/F1/workstations/S2/?start=2026-06-17T15%3A00%3A00Z&end=2026-06-17T16%3A00%3A00Z"
    )


def test_the_measure_can_be_chosen_and_stays(visitor: Page) -> None:
    open_answered(visitor)
    visitor.get_by_role("link", name="Units per hour").click()
    expect(cell(visitor, "S2", 15)).to_have_text("1,200")
    visitor.get_by_role("link", name="7 days").click()
    assert path_of(visitor) == "/sites/F1/hours/?period=7d&measure=units"
    expect(visitor.locator("#hours")).to_contain_text("each hour of the day, all days together")


def test_cells_change_in_place_and_a_new_hour_is_a_new_column(
    visitor: Page, floor: Floor, still_clock: TimeMachineFixture
) -> None:
    open_answered(visitor)
    still_clock.shift(SOON)
    floor.put(event(after(NOW, seconds=1), "W5", "S5"))
    with visitor.expect_response(HOURS):
        visitor.clock.run_for(31_000)
    expect(visitor.locator(".heat thead th").last).to_have_text("18")
    expect(cell(visitor, "S5", 18)).to_have_text("100")
    expect(cell(visitor, "S5", 18)).not_to_have_attribute("data-partial", "true")
    expect(visitor.locator('.heat td a[tabindex="0"]')).to_have_count(1)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_numbers_can_be_read_on_every_colour(
    visitor: Page, theme: Literal["light", "dark"]
) -> None:
    visitor.emulate_media(color_scheme=theme)
    open_answered(visitor)
    contrasts = visitor.evaluate(CONTRASTS)
    assert len(contrasts) == 6
    assert min(contrasts) >= 4.5


CONTRASTS = """() => {
    const linear = (value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    const luminance = (colour) => {
        const [red, green, blue] = colour.match(/[0-9.]+/g).map((value) => linear(value / 255));
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    return Array.from(document.querySelectorAll(".heat-keys .heat-cell"), (cell) => {
        const { color, backgroundColor } = getComputedStyle(cell);
        const both = [color, backgroundColor].map(luminance);
        return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
    });
}"""
