"""What holds of every page: for everybody, at any size, of any name, and how little it weighs."""

import json
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from time_machine import TimeMachineFixture

from tests.browser.visitor import let_in, row
from tests.browser.workday import LONG, MOVING, PAGES, SCRIPT, work
from tests.floor import NOW, Floor, after, event
from workers.models import Role, Site

Theme = Literal["light", "dark"]

DAY = "?start=2026-06-16T00:00:00Z&end=2026-06-17T00:00:00Z"
SIZES = (320, 640, 768, 1280, 1920, 3840)
FIRST_PAINT = 300_000  # bytes, without fonts
FIGURES = "**/api/v1/metrics/**"


@pytest.fixture
def visitor(floor: Floor, page: Page, base_url: str) -> Page:
    """The manager's page, not opened yet."""
    let_in(page.context, work(floor).manager, base_url)
    return page


def _open_answered(page: Page, name: str, query: str = "") -> None:
    """Until the first poll has been answered, where there is one."""
    if name not in MOVING:
        page.goto(f"/sites/F1/{PAGES[name]}{query}")
        return
    with page.expect_response(FIGURES):
        page.goto(f"/sites/F1/{PAGES[name]}{query}")


# --- for everybody --------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_serious_bars_anybody(visitor: Page, theme: Theme) -> None:
    visitor.emulate_media(color_scheme=theme)
    for size, period in ((1280, "shift"), (320, "yesterday")):
        visitor.set_viewport_size({"width": size, "height": 800})
        for path in PAGES.values():
            visitor.goto(f"/sites/F1/{path}?period={period}")
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
    assert told == [], page.url


def test_all_that_can_be_clicked_can_be_reached_by_keys(visitor: Page) -> None:
    for path in PAGES.values():
        visitor.goto(f"/sites/F1/{path}")
        visitor.evaluate(
            """() => document.addEventListener("focusin", ({ target }) => {
                if (target.matches(":focus-visible")) target.dataset.reached = "";
            })"""
        )
        others = visitor.locator(".tip a, [role=slider], [role=region]").count()
        for _ in range(visitor.evaluate(f"{CLICKABLE}.length") + others):
            visitor.keyboard.press("Tab")
        missed = f"{CLICKABLE}.filter((each) => !('reached' in each.dataset))"
        assert visitor.evaluate(f"{missed}.map((each) => each.outerHTML)") == [], path


CLICKABLE = """Array.from(document.querySelectorAll("a[href], button, summary, input"))
    .filter((each) => each.checkVisibility({ visibilityProperty: true }))
    .filter((each) => !each.closest(".tip")) // it opens with its button
    .filter((each) => !each.matches(".heat [tabindex='-1']"))"""  # the arrow keys go there


def test_who_wants_no_movement_gets_none(
    visitor: Page, floor: Floor, still_clock: TimeMachineFixture
) -> None:
    visitor.emulate_media(reduced_motion="reduce")
    visitor.clock.install()
    for second, name in enumerate(MOVING, start=1):
        visitor.goto(f"/sites/F1/{PAGES[name]}")
        still_clock.shift(5)
        kind = ("idle", "working")[second % 2]
        floor.put(event(after(NOW, seconds=second), "W1", "S1", kind))
        with visitor.expect_response(FIGURES):
            visitor.clock.run_for(16_000)
        assert visitor.evaluate("document.getAnimations().length") == 0, name


def test_what_can_be_touched_is_large_enough(visitor: Page) -> None:
    """44 px high, but for links within a sentence."""
    visitor.set_viewport_size({"width": 320, "height": 800})
    for path in PAGES.values():
        visitor.goto(f"/sites/F1/{path}")
        assert visitor.evaluate(SMALL) == [], path


SMALL = """() => Array.from(document.querySelectorAll("a[href], button, summary"))
    .filter((each) => each.checkVisibility({ visibilityProperty: true }))
    .filter((each) => !each.closest(".skip, p:not(.downloads, .actions)"))
    .filter((each) => !each.matches(".tile-link")) // all of the tile
    .filter((each) => each.getBoundingClientRect().height < 43.5)
    .map((each) => each.outerHTML)"""


# --- of any name, at any size ---------------------------------------------------------------------


def test_names_that_look_like_script_are_text(
    visitor: Page, floor: Floor, page_problems: list[str]
) -> None:
    _rename(floor, SCRIPT)
    visitor.on("dialog", lambda dialog: page_problems.append(dialog.message))
    for name in PAGES:
        _open_answered(visitor, name)
        expect(visitor.locator("body")).to_contain_text(SCRIPT)
        assert visitor.locator("img").count() == 0, name


def test_nothing_is_wider_than_the_screen(visitor: Page, floor: Floor) -> None:
    _rename(floor, LONG)
    for name, path in PAGES.items():
        visitor.goto(f"/sites/F1/{path}")
        for width in SIZES:
            visitor.set_viewport_size({"width": width, "height": 900})
            needed = visitor.evaluate("document.documentElement.scrollWidth")
            assert needed <= width, f"{name} needs {needed} px on a screen of {width}"


def test_a_short_name_is_not_cut_in_two(visitor: Page, floor: Floor) -> None:
    _rename(floor, "Cleo")
    floor.stations["S1"].name = "Where gear boxes are put together, greased and closed for good"
    floor.stations["S1"].save()
    visitor.goto("/sites/F1/")
    who = row(visitor, "workstations", "S1").locator(".who")
    expect(who).to_have_text("Cleo")
    for width in range(640, 1300, 20):
        visitor.set_viewport_size({"width": width, "height": 900})
        assert who.evaluate(LINES) == 1, width


LINES = """cell => {
    const text = document.createRange();
    text.selectNodeContents(cell);
    return text.getClientRects().length;
}"""


def _rename(floor: Floor, name: str) -> None:
    for subject in (floor.workers["W1"], floor.stations["S1"]):
        subject.name = name[:120]
        subject.save()
    floor.site.refresh_from_db()
    floor.site.name, floor.site.people_shown = name[:120], Site.PeopleShown.NAMES
    floor.site.save()


# --- before and after the first poll --------------------------------------------------------------


def test_the_first_poll_changes_nothing(visitor: Page) -> None:
    for name in MOVING:
        first = visitor.request.get(f"/sites/F1/{PAGES[name]}{DAY}").text()
        _open_answered(visitor, name, DAY)
        visitor.wait_for_timeout(200)  # what the answer brings is written by then
        sent, shown = visitor.evaluate(SAID, first)
        assert sent == shown, name
        assert len(sent) > 10, name


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


def test_one_worker_is_enough_for_a_page(floor: Floor, page: Page, base_url: str) -> None:
    _alone(floor)
    floor.put(event(after(NOW, hours=-1)))
    let_in(page.context, floor.manager, base_url)
    for name in PAGES:
        _open_answered(page, name, "?period=today")
        expect(page.get_by_role("heading", level=1)).to_be_visible()


def _alone(floor: Floor) -> None:
    subjects: list[Any] = [*floor.workers.values(), *floor.stations.values()]
    for subject in subjects:
        if subject.code not in ("W1", "S1"):
            subject.delete()


def test_a_site_of_which_nothing_was_seen_says_what_fills_it(
    floor: Floor, page: Page, base_url: str
) -> None:
    let_in(page.context, floor.manager, base_url)
    for name in PAGES:
        page.goto(f"/sites/F1/{PAGES[name]}")
        heading = page.get_by_role("heading", level=1)
        if name in ("sites", "methods", "recognition"):
            expect(heading).to_be_visible()
        else:
            expect(heading).to_have_text("No camera of Floor F1 has reported yet")


def test_without_an_answer_a_page_says_what_it_still_shows(
    visitor: Page, page_problems: list[str]
) -> None:
    visitor.clock.install()
    visitor.route(FIGURES, lambda route: route.abort())
    for name in MOVING:
        visitor.goto(f"/sites/F1/{PAGES[name]}")
        visitor.clock.run_for(60_000)
        expect(visitor.locator("#trouble")).to_have_text("Showing 18:00:00, trying again")
    page_problems.clear()  # Chromium logs the requests that failed


# --- how much it weighs ---------------------------------------------------------------------------


def test_the_first_paint_is_light(visitor: Page) -> None:
    """All that is asked for before it; charts come after. Tests' static files are as they lie."""
    for path in PAGES.values():
        visitor.goto(f"/sites/F1/{path}?period=today")
        visitor.wait_for_load_state("networkidle")
        weights = visitor.evaluate(BEFORE_PAINT)
        assert 0 < sum(size for _, size in weights) < FIRST_PAINT, json.dumps(weights, indent=1)


BEFORE_PAINT = """() => {
    const painted = performance.getEntriesByName("first-contentful-paint")[0].startTime;
    return ["navigation", "resource"]
        .flatMap((kind) => performance.getEntriesByType(kind))
        .filter(({ name, startTime }) => startTime < painted && !name.endsWith(".woff2"))
        .map(({ name, transferSize }) => [name.split("?")[0], transferSize]);
}"""
