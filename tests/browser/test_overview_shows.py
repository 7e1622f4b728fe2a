"""What the overview shows: before any script, to each role, of any name, at any size."""

from collections.abc import Callable
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from demo.accounts import create_accounts
from tests.browser.visitor import figure, let_in, path_of, row
from tests.floor import NOW, Floor, after, count, event
from workers.models import Role, Site, User

NewContext = Callable[..., BrowserContext]
Theme = Literal["light", "dark"]

SCRIPT = "<img src=x onerror=alert(1)>"
DAY = "?start=2026-06-16T00:00:00Z&end=2026-06-17T00:00:00Z"
SIZES = (320, 640, 768, 1280, 1920, 3840)


@pytest.fixture
def busy(floor: Floor) -> Floor:
    """A day with all states, units, and a worker who moved; and an hour of today."""
    floor.put(
        *(event("08:00", worker, station) for worker, station in (("W1", "S1"), ("W2", "S2"))),
        event("09:00", "W2", "S2", "idle"),
        event("09:30", "W2", "S3"),
        event("08:00", "W3", "S4", "absent"),
        count("08:10", 40),
        event("16:00", "W1", "S1", "absent"),
        event("16:00", "W2", "S3", "absent"),
        event(after(NOW, hours=-1), "W1", "S1"),
        event(after(NOW, hours=-1), "W2", "S2", "idle"),
        count(after(NOW, minutes=-30), 1_234, worker="W1"),
    )
    return floor


@pytest.fixture
def visitor(busy: Floor, page: Page, base_url: str) -> Page:
    """The manager's page, not opened yet."""
    let_in(page.context, busy.manager, base_url)
    return page


def test_a_demo_role_logs_in_by_one_click(floor: Floor, page: Page) -> None:
    create_accounts(floor.site, at=NOW)
    floor.put(event(after(NOW, hours=-1)))
    page.goto("/")
    page.get_by_role("button", name="viewer demo-viewer", exact=True).click()
    expect(page.get_by_role("heading", name=floor.site.name)).to_be_visible()


def test_a_wrong_password_is_said(floor: Floor, page: Page) -> None:
    page.goto("/login/")
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("correct")


def test_figures_stand_in_the_page_before_any_script(
    busy: Floor, new_context: NewContext, base_url: str
) -> None:
    context = new_context(java_script_enabled=False)
    let_in(context, busy.manager, base_url)
    page = context.new_page()
    page.goto("/")
    expect(figure(page, "units")).to_contain_text("1,234")
    expect(figure(page, "utilization")).to_contain_text("by events 50.0 %")
    expect(row(page, "workers", "W2")).to_contain_text("idle")
    expect(page.get_by_role("link", name="S3 not seen")).to_be_visible()


def test_the_first_poll_changes_nothing(visitor: Page) -> None:
    first = visitor.request.get(f"/sites/F1/{DAY}").text()
    visitor.clock.install()
    with visitor.expect_response("**/metrics/overview/**"):
        visitor.goto(f"/sites/F1/{DAY}")
    with visitor.expect_response("**/metrics/series/**"):
        visitor.clock.run_for(31_000)
    polled = visitor.locator("#page")
    _expect_same_text(visitor, first)
    expect(polled).to_contain_text("Tue 16 Jun 2026")


def _expect_same_text(page: Page, html: str) -> None:
    """Text and drawn attributes of the page are those of the HTML as it was sent."""
    both = page.evaluate(
        """html => {
            const sent = new DOMParser().parseFromString(html, "text/html");
            const names = (element) => (element.dataset.set ?? "").split(" ").filter(Boolean);
            const value = (element, pair) => element.getAttribute(pair.split(":")[0]);
            const said = (element) => [
                element.textContent.replace(/\\s+/g, " "),
                ...names(element).map((pair) => value(element, pair)),
            ].join("|");
            const parts = "#page [data-text], #page [data-set]";
            return [sent, document].map((root) => Array.from(root.querySelectorAll(parts), said));
        }""",
        html,
    )
    assert both[0] == both[1]
    assert len(both[0]) > 100


def test_names_that_look_like_script_are_text(
    floor: Floor, page: Page, base_url: str, page_problems: list[str]
) -> None:
    Site.objects.filter(pk=floor.site.pk).update(name=SCRIPT, people_shown=Site.PeopleShown.NAMES)
    for subject in (floor.workers["W1"], floor.stations["S1"]):
        subject.name = SCRIPT
        subject.save()
    floor.put(event(after(NOW, hours=-1)))
    page.on("dialog", lambda dialog: page_problems.append(dialog.message))
    let_in(page.context, floor.manager, base_url)
    with page.expect_response("**/metrics/overview/**"):
        page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text(SCRIPT)
    for table, code in (("workers", "W1"), ("workstations", "S1")):
        expect(row(page, table, code).locator(".name")).to_have_text(SCRIPT)
    assert page.locator("main img").count() == 0


def test_a_viewer_sees_no_workers_and_is_told_why(busy: Floor, page: Page, base_url: str) -> None:
    let_in(page.context, busy.add_member("vera", Role.VIEWER), base_url)
    with page.expect_response("**/metrics/overview/**"):
        page.goto("/")
    expect(page.get_by_text("Your role at this site is viewer")).to_be_visible()
    expect(page.locator('[data-list="workers"]')).to_have_count(0)
    expect(page.get_by_role("columnheader", name="Who")).to_have_count(0)
    expect(page.locator("main")).not_to_contain_text("W1")
    expect(row(page, "workstations", "S1")).to_contain_text("working")


def test_a_user_without_a_site_is_told_what_to_do(floor: Floor, page: Page, base_url: str) -> None:
    let_in(page.context, User.objects.create(username="nobody"), base_url)
    page.goto("/")
    expect(page.get_by_role("heading", name="You are not a member of a site yet")).to_be_visible()


def test_the_site_and_the_period_stand_in_the_address(visitor: Page, busy: Floor) -> None:
    other = Floor.__new__(Floor)
    other.site = Site.objects.create(code="F/2", name="Second floor", time_zone="UTC")
    other.add_member("ada", Role.MANAGER)
    visitor.goto("/sites/F1/?period=today")
    visitor.get_by_role("link", name="7 days").click()
    expect(visitor.get_by_role("link", name="7 days")).to_have_attribute("aria-current", "page")
    visitor.locator("summary", has_text="Site:").click()
    visitor.get_by_role("link", name="Second floor").click()
    assert path_of(visitor) == "/sites/F%252F2/?period=7d"
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Second floor")


def test_a_click_on_a_heading_sorts(visitor: Page, busy: Floor) -> None:
    busy.site.refresh_from_db()
    busy.site.people_shown = Site.PeopleShown.NAMES
    busy.site.save()
    with visitor.expect_response("**/metrics/overview/**"):
        visitor.goto("/")
    codes = visitor.locator('[data-list="workers"] .code')
    expect(codes).to_have_text(["W1", "W2", "W3", "W4", "W5"])
    visitor.get_by_role("button", name="Units/h").click()
    expect(codes).to_have_text(["W2", "W1", "W3", "W4", "W5"])  # no figure, no rank
    visitor.get_by_role("button", name="Units/h").click()
    expect(codes).to_have_text(["W1", "W2", "W3", "W4", "W5"])
    heading = visitor.get_by_role("columnheader", name="Units/h")
    expect(heading).to_have_attribute("aria-sort", "descending")


def test_people_shown_by_codes_are_not_ranked(visitor: Page) -> None:
    with visitor.expect_response("**/metrics/overview/**"):
        visitor.goto("/")
    expect(visitor.get_by_role("button", name="Seen")).to_be_visible()
    expect(visitor.get_by_role("button", name="Units/h")).to_have_count(0)


def test_what_a_figure_rests_on_is_told_on_focus_and_put_away_by_escape(visitor: Page) -> None:
    visitor.goto("/")
    hint = visitor.get_by_role("tooltip").filter(has_text="between")
    expect(hint).to_have_count(0)
    visitor.get_by_role("button", name="About Utilization").focus()
    expect(hint).to_contain_text("newest event 30 min ago")
    expect(hint).to_contain_text("3 events")
    visitor.keyboard.press("Escape")
    expect(hint).to_have_count(0)


def test_the_chosen_theme_stays(visitor: Page) -> None:
    visitor.emulate_media(color_scheme="light")
    visitor.goto("/")
    html = visitor.locator("html")
    expect(html).to_have_attribute("data-theme", "light")
    visitor.get_by_role("button", name="Dark colours").click()
    expect(html).to_have_attribute("data-theme", "dark")
    visitor.reload()
    expect(html).to_have_attribute("data-theme", "dark")
    expect(visitor.get_by_role("button", name="Dark colours")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_nothing_is_wider_than_the_screen(visitor: Page, busy: Floor) -> None:
    busy.stations["S1"].name = "Extraordinarily-long-workstation-name-without-any-space " * 3
    busy.stations["S1"].save()
    visitor.goto("/")
    for width in SIZES:
        visitor.set_viewport_size({"width": width, "height": 900})
        needed = visitor.evaluate("document.documentElement.scrollWidth")
        assert needed <= width, f"{needed} px on a screen of {width}"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_serious_bars_anybody(visitor: Page, busy: Floor, theme: Theme) -> None:
    visitor.emulate_media(color_scheme=theme)
    for path in ("/", "/sites/F1/?period=yesterday"):
        visitor.goto(path)
        _expect_accessible(visitor)
    visitor.set_viewport_size({"width": 320, "height": 640})
    _expect_accessible(visitor)
    visitor.get_by_role("button", name="About Coverage").focus()
    visitor.get_by_text("The numbers of both charts").click()
    _expect_accessible(visitor)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_serious_bars_anybody_from_the_small_pages(
    floor: Floor, page: Page, base_url: str, page_problems: list[str], theme: Theme
) -> None:
    page.emulate_media(color_scheme=theme)
    page.goto("/login/")
    _expect_accessible(page)
    let_in(page.context, floor.manager, base_url)
    for path in ("/", "/sites/none/", "/sites/F1/?period=never"):  # empty, 404, 400
        page.goto(path)
        _expect_accessible(page)
    let_in(page.context, User.objects.create(username="nobody"), base_url)
    page.goto("/")
    _expect_accessible(page)
    page_problems.clear()  # Chromium logs the 404 and the 400


def _expect_accessible(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    told = [(each["id"], each["nodes"][0]["html"], each["nodes"][0]["any"]) for each in serious]
    assert told == []
