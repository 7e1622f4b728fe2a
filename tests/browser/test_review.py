"""A reviewer works through a queue by keyboard, by touch, and with a second reviewer beside."""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Route, expect

from common import clock
from drift.models import ReviewItem
from events import snapshots
from events.models import Verdict
from tests.browser.visitor import figure, let_in
from tests.drift.review_desk import Desk, now_ms
from tests.floor import Floor, after, event
from workers.models import User

NewContext = Callable[..., BrowserContext]

QUEUE = "/admin/drift/reviewitem/queue/?site=F1"
ITEMS = 22


def keep_picture(desk: Desk, number: int) -> str:
    """A different one each time."""
    file = io.BytesIO()
    Image.new("RGB", (48, 30), (8 * number, 120, 200)).save(file, "PNG")
    kept = snapshots.keep(
        file.getvalue(),
        site_id=desk.site.pk,
        camera_id=desk.floor.cameras["C1"].pk,
        now_ms=now_ms(),
    )
    return kept.public_id


@pytest.fixture
def desk(floor: Floor) -> Desk:
    """Twenty-two minutes in which W1 works, an event a minute, each with a picture."""
    desk = Desk(floor)
    now = clock.now()
    desk.floor.put(
        *(
            event(after(now, minutes=n - ITEMS), snapshot_id=keep_picture(desk, n))
            for n in range(ITEMS)
        )
    )
    desk.tend()
    assert len(desk.items()) == ITEMS
    return desk


def visitor(context: BrowserContext, user: User, base_url: str) -> Page:
    let_in(context, user, base_url)
    return context.new_page()


@pytest.fixture
def page(desk: Desk, context: BrowserContext, base_url: str) -> Page:
    """The reviewer's, at the queue."""
    page = visitor(context, desk.grace, base_url)
    page.goto(QUEUE)
    return page


def shown(page: Page) -> int:
    return int(page.locator("[data-card]:not([hidden])").get_attribute("data-card"))


def press(page: Page, *keys: str) -> int:
    """Which item was answered; waits for the next."""
    item = shown(page)
    for key in keys:
        page.keyboard.press(key)
    expect(page.locator(f'[data-card="{item}"]')).to_have_count(0)
    return item


def settle(page: Page) -> None:
    """Until all answers are sent."""
    expect(page.locator("[data-review]:not([data-sending])")).to_have_count(1)


@contextmanager
def held_up(page: Page) -> Iterator[list[Route]]:
    """Answers do not reach the server before the block ends."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/queue/**", hold)
    yield held
    while held:
        held.pop().continue_()
    page.unroute("**/queue/**", hold)


def words() -> list[str]:
    standing = Verdict.objects.filter(undone_at=None, replaced_at=None)
    return sorted(standing.values_list("verdict", flat=True))


def utilization(page: Page) -> str:
    cache.clear()
    page.goto("/sites/F1/?period=live")
    return figure(page, "utilization").inner_text()


def test_twenty_items_by_keyboard_one_undone_and_the_overview_follows(
    desk: Desk, page: Page
) -> None:
    before = utilization(page)
    page.goto(QUEUE)
    for number in range(20):
        if number % 5 == 4:
            press(page, "2", "i", "Enter")  # it was idle
        else:
            press(page, "1")
    last = press(page, "3")
    page.keyboard.press("z")
    expect(page.locator(f'[data-card="{last}"]:not([hidden])')).to_have_count(1)
    settle(page)
    expect(page.locator(".rv-progress")).to_contain_text("20 of 22 today")
    assert words() == ["confirmed"] * 16 + ["relabelled"] * 4
    assert {each.event_type for each in Verdict.objects.filter(verdict="relabelled")} == {"idle"}
    assert ReviewItem.objects.filter(status="waiting").count() == 2
    changed = utilization(page)
    assert "100.0\xa0%" in before
    assert "100.0\xa0%" not in changed


def test_an_undone_answer_gives_the_figures_back(desk: Desk, page: Page) -> None:
    before = utilization(page)
    page.goto(QUEUE)
    press(page, "2", "a", "Enter")
    settle(page)
    assert utilization(page) != before
    page.goto(QUEUE)
    page.keyboard.press("z")
    settle(page)
    assert utilization(page) == before


def test_what_is_right_can_be_said_by_keyboard_alone(desk: Desk, page: Page) -> None:
    """Another type, worker and workstation."""
    page.keyboard.press("2")
    page.keyboard.press("p")
    page.keyboard.press("Tab")
    page.keyboard.type("W3")
    page.keyboard.press("Tab")
    page.keyboard.type("S2")
    page.keyboard.press("Tab")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("4")
    press(page, "Enter")
    settle(page)
    verdict = Verdict.objects.get()
    assert (verdict.event_type, verdict.worker.code, verdict.workstation.code, verdict.count) == (
        "product_count",
        "W3",
        "S2",
        4,
    )


def test_nothing_of_the_kind_is_a_rejection(desk: Desk, page: Page) -> None:
    press(page, "2", "n")
    settle(page)
    assert words() == ["rejected"]


def test_escape_leaves_the_item_as_it_is(desk: Desk, page: Page) -> None:
    page.keyboard.press("2")
    expect(page.get_by_role("group", name="What is right?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("group", name="What is right?")).to_be_hidden()
    assert words() == []


def test_a_correction_that_corrects_nothing_brings_the_item_back(desk: Desk, page: Page) -> None:
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("confirm it instead")
    settle(page)
    assert page.locator("[data-card]:not([hidden])").count() == 1
    assert words() == []


def test_the_next_picture_is_there_before_it_is_asked_for(desk: Desk, page: Page) -> None:
    loaded = "[...document.querySelectorAll('[data-picture]')].map(p => p.naturalWidth)"
    page.wait_for_function(f"({loaded}).length === 3 && ({loaded}).every(Boolean)")
    with held_up(page):
        press(page, "1")
        picture = page.locator("[data-card]:not([hidden]) [data-picture]")
        assert picture.evaluate("p => p.complete && p.naturalWidth") == 48
    settle(page)


def test_without_an_answer_from_the_server_the_item_comes_back(
    desk: Desk, page: Page, page_problems: list[str]
) -> None:
    item = shown(page)
    page.context.set_offline(True)
    page.keyboard.press("1")
    expect(page.get_by_role("status")).to_contain_text("does not answer")
    assert shown(page) == item
    page.context.set_offline(False)
    press(page, "1")
    settle(page)
    assert words() == ["confirmed"]
    assert all("ERR_INTERNET_DISCONNECTED" in each for each in page_problems)
    page_problems.clear()


def test_a_picture_that_is_lost_is_said(desk: Desk, page: Page, page_problems: list[str]) -> None:
    page.route("**/snapshots/**", lambda route: route.fulfill(status=404))
    page.reload()
    expect(page.get_by_text("The picture could not be loaded.").first).to_be_visible()
    press(page, "3")
    settle(page)
    expect(page.locator("[data-lost]:not([hidden])")).to_have_count(3)
    assert all("404" in each for each in page_problems)
    page_problems.clear()


def test_a_fast_reviewer_is_not_held_up_by_a_slow_server(desk: Desk, page: Page) -> None:
    with held_up(page) as answers:
        press(page, "1")
        press(page, "3")
        page.wait_for_timeout(100)
        assert len(answers) == 1  # one after the other
    settle(page)
    expect(page.locator(".rv-progress")).to_contain_text("2 of 22 today")
    assert words() == ["confirmed", "unclear"]


def test_two_reviewers_never_see_the_same_item(
    desk: Desk, page: Page, new_context: NewContext, base_url: str
) -> None:
    other = visitor(new_context(), desk.joan, base_url)
    other.goto(QUEUE)
    seen = [press(each, "1") for _ in range(5) for each in (page, other)]
    assert len(set(seen)) == 10


def test_on_a_phone_the_thumb_is_enough(desk: Desk, new_context: NewContext, base_url: str) -> None:
    context = new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = visitor(context, desk.grace, base_url)
    page.goto(QUEUE)
    for name in ("Right", "Wrong", "Cannot tell"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert box["height"] >= 44
        assert box["y"] + box["height"] <= 844
    page.get_by_role("button", name="Wrong").tap()
    page.locator("[data-card]:not([hidden])").get_by_text("absent").tap()
    page.get_by_role("button", name="Save").tap()
    page.get_by_role("button", name="Cannot tell").tap()
    settle(page)
    expect(page.locator(".rv-progress")).to_contain_text("2 of 22 today")
    page.get_by_role("button", name="Undo").tap()
    expect(page.locator(".rv-progress")).to_contain_text("1 of 22 today")
    assert words() == ["relabelled"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_last_answer_leads_to_a_calm_end(desk: Desk, page: Page) -> None:
    ReviewItem.objects.exclude(pk=shown(page)).update(status="expired")
    page.reload()
    page.keyboard.press("1")
    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Next sample about \d\d:\d\d"))).to_be_visible()


@pytest.mark.parametrize(
    "width, theme", [(320, "light"), (390, "dark"), (1280, "light"), (1920, "dark")]
)
def test_it_fits_and_can_be_read(
    desk: Desk, new_context: NewContext, base_url: str, width: int, theme: str
) -> None:
    context = new_context(viewport={"width": width, "height": 800}, color_scheme=theme)
    page = visitor(context, desk.grace, base_url)
    for path in (QUEUE, "/admin/drift/reviewitem/precision/?site=F1"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page, context="[data-review], .rv-page")
        assert found.violations_count == 0, found.generate_report()
