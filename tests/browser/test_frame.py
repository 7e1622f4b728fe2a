"""The frame of all pages: where one is, where one can go, and that site and period come along."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import let_in, path_of
from tests.browser.workday import PAGES, work
from tests.floor import Floor
from workers.models import Role, Site


@pytest.fixture
def visitor(floor: Floor, page: Page, base_url: str) -> Page:
    """The manager's page, not opened yet."""
    let_in(page.context, work(floor).manager, base_url)
    return page


def test_every_entry_leads_to_its_page_and_keeps_the_period(visitor: Page) -> None:
    visitor.goto("/sites/F1/?period=7d")
    places = visitor.get_by_role("navigation", name="Pages").get_by_role("link")
    for number, (label, path) in enumerate(
        [
            ("Overview", ""),
            ("Live floor", "floor/"),
            ("Timeline", "timeline/"),
            ("By hour", "hours/"),
            ("Workers", "workers/"),
            ("Workstations", "workstations/"),
            ("Recognition", "recognition/"),
            ("Sites", "compare/"),
        ]
    ):
        places.nth(number).click()
        assert path_of(visitor) == f"/sites/F1/{path}?period=7d"
        expect(places.nth(number)).to_have_text(label)
        expect(places.nth(number)).to_have_attribute("aria-current", "page")


def test_the_period_picker_stays_on_the_page_and_in_its_place(visitor: Page) -> None:
    places = set()
    for path in PAGES.values():
        visitor.goto(f"/sites/F1/{path}?period=today")
        visitor.get_by_role("link", name="Yesterday").click()
        assert path_of(visitor) == f"/sites/F1/{path}?period=yesterday"
        box: Any = visitor.locator(".periods").bounding_box() or {}
        places.add((box["x"], box["y"]))
    assert len(places) == 1


def test_any_range_is_asked_for_in_the_site_s_own_time(visitor: Page, floor: Floor) -> None:
    Site.objects.filter(pk=floor.site.pk).update(time_zone="Europe/Berlin", master_revision=99)
    visitor.goto("/sites/F1/floor/?period=shift&state=idle")
    visitor.get_by_text("Range").click()
    visitor.get_by_label("From").fill("2026-06-17T16:00")
    visitor.get_by_label("To").fill("2026-06-17T17:30")
    visitor.get_by_role("button", name="Show").click()
    assert path_of(visitor) == (
        "/sites/F1/floor/?start=2026-06-17T14%3A00%3A00Z&end=2026-06-17T15%3A30%3A00Z&state=idle"
    )
    expect(visitor.locator(".head")).to_contain_text("Wed 17 Jun 2026, 16:00–17:30")
    expect(visitor.locator(".head")).to_contain_text("times in Europe/Berlin")
    visitor.get_by_text("Range").click()
    expect(visitor.get_by_label("From")).to_have_value("2026-06-17T16:00")


@pytest.mark.parametrize(
    "asked, told",
    [
        ("from=2026-06-17T16:01&to=2026-06-17T17:00", "5-minute marks"),
        ("from=2026-06-17T18:00&to=2026-06-17T17:00", "end must lie after start"),
        ("from=&to=2026-06-17T17:00", "from a day and a time to another"),
    ],
)
def test_a_range_that_is_none_is_told(
    visitor: Page, page_problems: list[str], asked: str, told: str
) -> None:
    visitor.goto(f"/sites/F1/?{asked}")
    expect(visitor.get_by_role("heading", level=1)).to_contain_text(told)
    page_problems.clear()  # Chromium logs the 400


def test_another_site_is_shown_on_the_same_page_in_the_same_period(
    visitor: Page, floor: Floor
) -> None:
    other = Floor("A2")
    work(other)
    visitor.goto("/sites/F1/workers/W1/?period=yesterday")
    visitor.locator("summary", has_text="Site:").click()
    visitor.get_by_role("link", name="Floor A2").click()
    assert path_of(visitor) == "/sites/A2/workers/?period=yesterday"


def test_viewers_are_not_led_to_people_and_told_why(
    floor: Floor, page: Page, base_url: str, page_problems: list[str]
) -> None:
    let_in(page.context, work(floor).add_member("vera", Role.VIEWER), base_url)
    page.goto("/sites/F1/workstations/S1/")
    places = page.get_by_role("navigation", name="Pages")
    expect(places.get_by_role("link", name="Workers")).to_have_count(0)
    expect(page.locator("main")).not_to_contain_text("W1")
    for path in ("timeline/", "workers/", "workers/W1/", "workers/nobody/"):
        response = page.goto(f"/sites/F1/{path}")
        assert response is not None
        assert response.status == 403
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Figures about people are for managers"
        )
    page_problems.clear()  # Chromium logs the 403s


def test_who_or_what_is_not_known_does_not_exist(visitor: Page, page_problems: list[str]) -> None:
    for path in ("workers/nobody/", "workstations/nothing/"):
        response = visitor.goto(f"/sites/F1/{path}")
        assert response is not None
        assert response.status == 404
    page_problems.clear()


def test_drill_down_and_back_keeps_site_and_period(visitor: Page) -> None:
    visitor.goto("/sites/F1/?period=today")
    visitor.get_by_role("link", name="S4 not seen since").click()
    assert path_of(visitor) == "/sites/F1/workstations/S4/?period=today"
    visitor.locator('[data-list="people"]').get_by_role("link", name=re.compile("^W4")).click()
    assert path_of(visitor) == "/sites/F1/workers/W4/?period=today"
    visitor.get_by_role("link", name="at S4").click()
    assert path_of(visitor) == "/sites/F1/workstations/S4/?period=today"
    visitor.locator(".crumb a").click()
    assert path_of(visitor) == "/sites/F1/workstations/?period=today"


def test_every_page_leads_to_how_its_figures_are_computed(visitor: Page) -> None:
    for path in set(PAGES.values()) - {"methods/"}:
        html = visitor.request.get(f"/sites/F1/{path}").text()
        for anchor in re.findall(r'/sites/F1/methods/[^"#]*#([a-z]+)"', html):
            assert f'id="{anchor}"' in visitor.request.get("/sites/F1/methods/").text()
        assert "How is this computed?" in html, path


def test_the_method_is_one_click_away(visitor: Page) -> None:
    visitor.goto("/sites/F1/?period=today")
    visitor.get_by_role("button", name="About Utilization").focus()
    visitor.keyboard.press("Tab")
    expect(visitor.get_by_role("link", name="How is this computed?")).to_be_focused()
    visitor.keyboard.press("Enter")
    expect(visitor).to_have_url(re.compile(r"/sites/F1/methods/\?period=today#utilization$"))
    expect(visitor.locator("#utilization")).to_be_in_viewport()
    expect(visitor.locator("#here")).to_contain_text("Late: 14:00–22:00")
