"""Long lists are looked through in place: the address says what is shown, and figures go on."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.visitor import let_in
from tests.floor import NOW, Floor, after, event
from workers.models import Worker, Workstation

LISTS = ["workers", "workstations", "timeline", "hours", "floor"]


@pytest.fixture
def visitor(floor: Floor, page: Page, base_url: str) -> Page:
    """A manager of a site with W1–W120 and S1–S120, on its pages."""
    numbers = range(6, 121)
    Worker.objects.bulk_create(Worker(site=floor.site, code=f"W{n}", name=f"W{n}") for n in numbers)
    Workstation.objects.bulk_create(
        Workstation(site=floor.site, code=f"S{n}", name=f"S{n}") for n in numbers
    )
    floor.site.save()  # what was made at once has raised no revision
    floor.put(*(event(after(NOW, hours=-1), f"W{n}", f"S{n}") for n in range(1, 121)))
    let_in(page.context, floor.manager, base_url)
    return page


def rows(page: Page) -> Locator:
    return page.locator('[id^="worker-"], [id^="workstation-"]')


def shown(page: Page) -> Locator:
    return page.locator(".finding .pager span")


def opened(page: Page, path: str) -> Page:
    """With the first answer to its script, from which on it can turn pages in place."""
    with page.expect_response(lambda answer: "/api/v1/metrics/" in answer.url):
        page.goto(f"/sites/F1/{path}")
    return page


@pytest.mark.parametrize("path", LISTS)
def test_pages_are_turned_in_place_and_stay_while_figures_come(visitor: Page, path: str) -> None:
    opened(visitor, f"{path}/?period=today")
    expect(rows(visitor)).to_have_count(50)
    visitor.evaluate("window.same = true")
    visitor.locator(".pager-below").get_by_text("Next").click()
    expect(shown(visitor)).to_have_text("51–100 of 120")
    expect(visitor).to_have_url(re.compile(r"\?period=today&page=2$"))
    if path not in ("timeline", "hours"):  # which ask every 15 and 30 seconds
        visitor.wait_for_event("response", lambda answer: "/metrics/overview/" in answer.url)
    expect(rows(visitor).first).to_have_attribute("id", re.compile("-[WS]51$"))
    assert visitor.evaluate("window.same")


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_narrowed_while_one_writes(visitor: Page, path: str) -> None:
    opened(visitor, f"{path}/?period=today&page=2")
    visitor.get_by_label("Find by code or name").fill("11")
    expect(rows(visitor)).to_have_count(11)  # 11, and 110 to 119
    expect(visitor).to_have_url(re.compile(r"\?period=today&find=11$"))
    visitor.get_by_label("Find by code or name").fill("zz")
    expect(visitor.get_by_text("No code or name here has “zz” in it.")).to_be_visible()
    visitor.locator(".finding").get_by_text("Show all").click()
    expect(shown(visitor)).to_have_text("1–50 of 120")
    expect(visitor.get_by_label("Find by code or name")).to_have_value("")


def test_a_list_is_sorted_as_a_whole_and_its_pages_keep_the_order(visitor: Page) -> None:
    opened(visitor, "workers/?period=today&page=2")
    heading = visitor.get_by_role("columnheader", name="Worker").get_by_role("button")
    heading.click()  # they come in ascending order
    expect(rows(visitor).first).to_have_attribute("id", "worker-W120")
    visitor.locator(".pager-below").get_by_text("Next").click()
    expect(rows(visitor).first).to_have_attribute("id", "worker-W70")
    visitor.wait_for_event("response", lambda answer: "/metrics/overview/" in answer.url)
    expect(rows(visitor).first).to_have_attribute("id", "worker-W70")


def test_a_filter_of_the_floor_and_what_is_looked_for_go_together(visitor: Page) -> None:
    opened(visitor, "floor/?period=today")
    visitor.get_by_label("Find by code or name").fill("S11")
    visitor.locator('a[data-filter="working"]').click()
    expect(rows(visitor)).to_have_count(11)
    expect(visitor).to_have_url(re.compile(r"\?period=today&state=working&find=S11$"))
    visitor.locator('a[data-filter="idle"]').click()
    expect(visitor.get_by_text("No workstation is like that now.")).to_be_visible()


def test_a_keyboard_stays_in_the_pager_at_its_end(visitor: Page) -> None:
    opened(visitor, "workers/?period=today&page=2")
    below = visitor.locator(".pager-below")
    below.get_by_text("Next").focus()
    visitor.keyboard.press("Enter")
    expect(shown(visitor)).to_have_text("101–120 of 120")
    expect(below.get_by_text("Previous")).to_be_focused()


def test_without_scripts_the_browser_asks_for_the_same(
    floor: Floor, visitor: Page, base_url: str
) -> None:
    browser = visitor.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    let_in(context, floor.manager, base_url)
    plain = context.new_page()
    plain.goto("/sites/F1/workers/?period=today")
    plain.get_by_label("Find by code or name").fill("w")
    plain.get_by_role("button", name="Find").click()
    plain.locator(".pager-below").get_by_text("Next").click()
    expect(plain).to_have_url(re.compile(r"\?period=today&find=w&page=2#list$"))
    expect(rows(plain).first).to_have_attribute("id", "worker-W51")
    context.close()


def test_few_are_shown_as_before(floor: Floor, page: Page, base_url: str) -> None:
    floor.put(event(after(NOW, hours=-1)))
    let_in(page.context, floor.manager, base_url)
    opened(page, "workers/?period=today")
    expect(page.get_by_label("Find by code or name")).to_be_hidden()
    expect(page.locator(".pager").first).to_be_hidden()
    expect(page.locator(".pager").last).to_be_hidden()
