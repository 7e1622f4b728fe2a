"""What holds of every page: for everybody, at any size, of any name, and how little it weighs."""

import json
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from time_machine import TimeMachineFixture

from tests.browser.visitor import let_in
from tests.browser.workday import LONG, MOVING, PAGES, SCRIPT, work
from tests.floor import NOW, Floor, after, event
from workers.models import Role, Site

Theme = Literal["light", "dark"]

DAY = "?start=2026-06-16T00:00:00Z&end=2026-06-17T00:00:00Z"
SIZES = (320, 640, 768, 1280, 1920, 3840)
FIRST_PAINT = 300_000  # bytes, without fonts


@pytest.fixture
def visitor(floor: Floor, page: Page, base_url: str) -> Page:
    """The manager's page, not opened yet."""
    let_in(page.context, work(floor).manager, base_url)
    return page


# --- for everybody --------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_serious_bars_anybody(visitor: Page, name: str, theme: Theme) -> None:
    visitor.emulate_media(color_scheme=theme)
    for size, period in ((1280, "shift"), (320, "yesterday")):
        visitor.set_viewport_size({"width": size, "height": 800})
        visitor.goto(f"/sites/F1/{PAGES[name]}?period={period}")
        _expect_accessible(visitor)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_serious_bars_anybody_from_what_opens(visitor: Page, theme: Theme) -> None:
    visitor.emulate_media(color_scheme=theme)
    visitor.goto("/sites/F1/workers/")
    visitor.get_by_text("Range").click()
    visitor.locator("#workers").hover()
    visitor.locator('tr[data-key="W2"] th a').focus()
    _expect_accessible(visitor)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_serious_bars_viewers_and_who_has_no_figures(
    floor: Floor, page: Page, base_url: str, page_problems: list[str], theme: Theme
) -> None:
    page.emulate_media(color_scheme=theme)
    let_in(page.context, floor.add_member("vera", Role.VIEWER), base_url)
    for path in ("floor/", "workers/", "compare/"):  # nothing seen yet, 403, and a site of dashes
        page.goto(f"/sites/F1/{path}")
        _expect_accessible(page)
    page_problems.clear()  # Chromium logs the 403


def _expect_accessible(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    told = [(each["id"], each["nodes"][0]["html"], each["nodes"][0]["any"]) for each in serious]
    assert told == []


@pytest.mark.parametrize("name", PAGES)
def test_all_that_can_be_clicked_can_be_reached_by_keys(visitor: Page, name: str) -> None:
    visitor.goto(f"/sites/F1/{PAGES[name]}")
    wanted = visitor.evaluate(
        """() => Array.from(document.querySelectorAll("a[href], button, summary, input"))
            .filter((each) => each.checkVisibility({ visibilityProperty: true })).length"""
    )
    reached = set()
    for _ in range(wanted):
        visitor.keyboard.press("Tab")
        reached.add(visitor.evaluate("document.activeElement.outerHTML"))
        assert visitor.evaluate("document.activeElement.matches(':focus-visible')")
    assert len(reached) >= wanted - 2  # two downloads of one table may be alike


@pytest.mark.parametrize("name", MOVING)
def test_who_wants_no_movement_gets_none(
    visitor: Page, floor: Floor, still_clock: TimeMachineFixture, name: str
) -> None:
    visitor.emulate_media(reduced_motion="reduce")
    visitor.clock.install()
    visitor.goto(f"/sites/F1/{PAGES[name]}")
    still_clock.shift(5)
    floor.put(event(after(NOW, seconds=1), "W1", "S1", "idle"))
    with visitor.expect_response("**/api/v1/metrics/**"):
        visitor.clock.run_for(16_000)
    assert visitor.evaluate("document.getAnimations().length") == 0


# --- of any name, at any size ---------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_names_that_look_like_script_are_text(
    visitor: Page, floor: Floor, page_problems: list[str], name: str
) -> None:
    _rename(floor, SCRIPT)
    visitor.on("dialog", lambda dialog: page_problems.append(dialog.message))
    visitor.goto(f"/sites/F1/{PAGES[name]}")
    if name in MOVING:
        with visitor.expect_response("**/api/v1/metrics/**"):
            visitor.reload()
    expect(visitor.locator("body")).to_contain_text(SCRIPT)
    assert visitor.locator("img").count() == 0


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_the_screen(visitor: Page, floor: Floor, name: str) -> None:
    _rename(floor, LONG)
    visitor.goto(f"/sites/F1/{PAGES[name]}")
    for width in SIZES:
        visitor.set_viewport_size({"width": width, "height": 900})
        needed = visitor.evaluate("document.documentElement.scrollWidth")
        assert needed <= width, f"{needed} px on a screen of {width}"


def _rename(floor: Floor, name: str) -> None:
    for subject in (floor.workers["W1"], floor.stations["S1"]):
        subject.name = name[:120]
        subject.save()
    floor.site.refresh_from_db()
    floor.site.name, floor.site.people_shown = name[:120], Site.PeopleShown.NAMES
    floor.site.save()


@pytest.mark.parametrize("name", PAGES)
def test_what_can_be_touched_is_large_enough(visitor: Page, name: str) -> None:
    """24 px at least (WCAG 2.2, 2.5.8); 44 px for all that is no link within a sentence."""
    visitor.set_viewport_size({"width": 320, "height": 800})
    visitor.goto(f"/sites/F1/{PAGES[name]}")
    small = visitor.evaluate(
        """() => Array.from(document.querySelectorAll("a[href], button, summary"))
            .filter((each) => each.checkVisibility({ visibilityProperty: true }))
            .filter((each) => !each.closest(".skip, p:not(.downloads, .actions)"))
            .filter((each) => !each.matches(".tile-link")) // all of the tile
            .filter((each) => each.getBoundingClientRect().height < 43.5)
            .map((each) => each.outerHTML)"""
    )
    assert small == []


# --- before and after the first poll --------------------------------------------------------------


@pytest.mark.parametrize("name", MOVING)
def test_the_first_poll_changes_nothing(visitor: Page, name: str) -> None:
    path = f"/sites/F1/{PAGES[name]}{DAY}"
    first = visitor.request.get(path).text()
    with visitor.expect_response("**/api/v1/metrics/**"):
        visitor.goto(path)
    visitor.wait_for_timeout(200)  # what the answer brings is written by then
    both = visitor.evaluate(SAID, first)
    assert both[0] == both[1]
    assert len(both[0]) > 10


SAID = """html => {
    const sent = new DOMParser().parseFromString(html, "text/html");
    const names = (element) => (element.dataset.set ?? "").split(" ").filter(Boolean);
    const value = (element, pair) => element.getAttribute(pair.split(":")[0]);
    const said = (element) => [
        element.textContent.replace(/\\s+/g, " "),
        ...names(element).map((pair) => value(element, pair)),
    ].join("|");
    const parts = "#page [data-text], #page [data-set]";
    return [sent, document].map((root) => Array.from(root.querySelectorAll(parts), said));
}"""


@pytest.mark.parametrize("name", PAGES)
def test_one_worker_is_enough_for_a_page(
    floor: Floor, page: Page, base_url: str, name: str
) -> None:
    for code in ("W2", "W3", "W4", "W5"):
        floor.workers[code].delete()
    for code in ("S2", "S3", "S4", "S5"):
        floor.stations[code].delete()
    floor.put(event(after(NOW, hours=-1)))
    let_in(page.context, floor.manager, base_url)
    if name in MOVING:
        with page.expect_response("**/api/v1/metrics/**"):
            page.goto(f"/sites/F1/{PAGES[name]}?period=today")
    else:
        page.goto(f"/sites/F1/{PAGES[name]}?period=today")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("name", PAGES)
def test_a_site_of_which_nothing_was_seen_says_what_fills_it(
    floor: Floor, page: Page, base_url: str, name: str
) -> None:
    let_in(page.context, floor.manager, base_url)
    page.goto(f"/sites/F1/{PAGES[name]}")
    if name in ("sites", "methods"):
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    else:
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "No camera of Floor F1 has reported yet"
        )


@pytest.mark.parametrize("name", MOVING)
def test_without_an_answer_a_page_says_what_it_still_shows(
    visitor: Page, page_problems: list[str], name: str
) -> None:
    visitor.clock.install()
    visitor.goto(f"/sites/F1/{PAGES[name]}")
    visitor.route("**/api/v1/metrics/**", lambda route: route.abort())
    visitor.clock.run_for(60_000)
    expect(visitor.locator("#trouble")).to_have_text("Showing 18:00:00, trying again")
    page_problems.clear()  # Chromium logs the requests that failed


# --- how much it weighs ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_the_first_paint_is_light(visitor: Page, name: str) -> None:
    """All that is asked for before it; charts come after. Tests' static files are as they lie."""
    visitor.goto(f"/sites/F1/{PAGES[name]}?period=today")
    visitor.wait_for_load_state("networkidle")
    weights = visitor.evaluate(
        """() => {
            const painted = performance.getEntriesByName("first-contentful-paint")[0].startTime;
            return ["navigation", "resource"]
                .flatMap((kind) => performance.getEntriesByType(kind))
                .filter(({ name, startTime }) => startTime < painted && !name.endsWith(".woff2"))
                .map(({ name, transferSize }) => [name.split("?")[0], transferSize]);
        }"""
    )
    assert 0 < sum(size for _, size in weights) < FIRST_PAINT, json.dumps(weights, indent=1)
