"""A screen on the wall: connected by its link, read from afar, going on by itself for months."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect
from time_machine import TimeMachineFixture

from tests.browser.visitor import let_in
from tests.browser.workday import work
from tests.floor import NOW, Floor, after, event
from workers import screens
from workers.models import WallScreen, Workstation, WorkstationTarget

SIZES = ((1280, 720), (1920, 1080), (3840, 2160))
FIGURES = "**/screen/figures/"
HOUR = 3_600


@pytest.fixture
def issued(floor: Floor) -> screens.IssuedScreen:
    wanted = WallScreen(site=work(floor).site, name="Gate", shows_workers=True)
    return screens.create(wanted, at=NOW)


@pytest.fixture
def wall(issued: screens.IssuedScreen, page: Page) -> Page:
    """The screen, which has been given its link."""
    page.clock.install()
    page.set_viewport_size({"width": 1920, "height": 1080})
    with page.expect_response(FIGURES):
        page.goto(f"/screen/#{issued.key}")
    return page


def add_stations(floor: Floor, number: int) -> None:
    """Up to so many, with long names and large figures."""
    Workstation.objects.bulk_create(
        Workstation(site=floor.site, code=f"S{n}", name="Assembly bench at the gate")
        for n in range(6, number + 1)
    )
    added = Workstation.objects.filter(targets=None)
    WorkstationTarget.objects.bulk_create(
        WorkstationTarget(workstation=station, per_hour=250) for station in added
    )
    floor.site.refresh_from_db()
    floor.site.save()


def shown(page: Page) -> list[str | None]:
    return [each.get_attribute("data-key") for each in page.locator(".wall-tile:visible").all()]


# --- connected by its link ------------------------------------------------------------------------


def test_the_key_stays_in_no_address_and_is_seen_by_no_script(
    issued: screens.IssuedScreen, page: Page
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.url} {request.headers}"))
    page.goto(f"/screen/#{issued.key}")
    page.wait_for_url("**/screen/floor/")
    secret = issued.key.split("_")[2]
    seen = page.evaluate("[document.cookie, location.href, document.referrer].join(' ')")
    assert secret not in seen + " ".join(asked)
    assert page.evaluate("history.length") == 2  # the empty page before, and the floor


def test_a_wrong_link_says_what_to_do(
    issued: screens.IssuedScreen, page: Page, page_problems: list[str]
) -> None:
    page.goto("/screen/#sk_no_such")
    expect(page.get_by_role("alert")).to_contain_text("An admin of the site makes a new one")
    page_problems.clear()  # Chromium logs the 403


def test_a_screen_that_starts_before_its_server_tries_again(
    issued: screens.IssuedScreen, page: Page, page_problems: list[str]
) -> None:
    page.clock.install()
    door = re.compile("/screen/$")
    answer = {"POST": lambda route: route.abort(), "GET": lambda route: route.continue_()}
    page.route(door, lambda route: answer[route.request.method](route))
    page.goto(f"/screen/#{issued.key}")
    expect(page.locator("#waiting")).to_have_text("The server does not answer. Trying again.")
    page.unroute(door)
    page.clock.run_for(10_000)
    page.wait_for_url("**/screen/floor/")
    page_problems.clear()  # Chromium logs the request that failed


# --- read from afar -------------------------------------------------------------------------------

UNREADABLE = """() => {
    const shown = (selector) => [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility());
    const own = ({ childNodes }) => [...childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim());
    const size = (each) => parseFloat(getComputedStyle(each).fontSize);
    const small = shown("body *").filter((each) => own(each) && size(each) < innerHeight / 30);
    const beyond = shown(".wall-tile").filter((each) => {
        const { right, bottom } = each.getBoundingClientRect();
        return right > innerWidth || bottom > innerHeight || each.scrollHeight > each.clientHeight + 1;
    });
    const cut = shown(".wall-units, .wall-state").filter((each) => each.scrollWidth > each.clientWidth + 1);
    const { scrollHeight, scrollWidth } = document.documentElement;
    const whole = scrollHeight > innerHeight || scrollWidth > innerWidth ? ["the page"] : [];
    return [...small, ...beyond, ...cut].map((each) => each.outerHTML).concat(whole);
}"""  # noqa: E501


@pytest.mark.parametrize("stations", [5, 8, 12, 20, 30, 40, 100])
def test_all_can_be_read_and_fits(
    floor: Floor, wall: Page, still_clock: TimeMachineFixture, stations: int
) -> None:
    add_stations(floor, stations)
    wall.reload()
    for width, height in SIZES:
        wall.set_viewport_size({"width": width, "height": height})
        assert wall.evaluate(UNREADABLE) == [], (width, height)
    assert len(shown(wall)) == min(stations, 25 if stations == 100 else 40)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_serious_bars_anybody(wall: Page, theme: str) -> None:
    wall.emulate_media(color_scheme=theme)
    found = Axe().run(wall).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []


def test_workstations_take_turns_where_not_all_have_room(floor: Floor, wall: Page) -> None:
    add_stations(floor, 45)
    wall.emulate_media(reduced_motion="reduce")
    wall.reload()
    assert (len(shown(wall)), shown(wall)[0]) == (23, "S1")
    expect(wall.locator("#turn")).to_have_text("1 of 2")
    wall.clock.run_for(12_000)
    assert (len(shown(wall)), shown(wall)[0]) == (22, "S24")
    expect(wall.locator("#turn")).to_have_text("2 of 2")
    assert wall.evaluate("document.getAnimations().length") == 0
    wall.clock.run_for(12_000)
    assert shown(wall)[0] == "S1"


def test_a_member_sees_it_too_with_codes_alone(floor: Floor, page: Page, base_url: str) -> None:
    let_in(page.context, work(floor).manager, base_url)
    page.goto("/sites/F1/floor/")
    page.get_by_role("link", name="For a big screen").click()
    expect(page.locator('[data-key="S2"]')).to_contain_text("W2")
    expect(page.get_by_role("navigation")).to_have_count(0)


# --- going on by itself ---------------------------------------------------------------------------


def test_it_follows_what_happens(floor: Floor, wall: Page, still_clock: TimeMachineFixture) -> None:
    tile = wall.locator('[data-key="S2"]')
    expect(tile).to_contain_text("idle")
    expect(tile).to_contain_text("W2")
    still_clock.shift(5)
    floor.put(event(after(NOW, seconds=1), "W2", "S2"))
    wall.clock.run_for(3_000)
    expect(tile).to_contain_text("working")


def test_its_clock_goes_on_by_the_server_s_time(wall: Page) -> None:
    expect(wall.locator(".kiosk-clock")).to_have_text("18:00")
    wall.clock.run_for(61_000)
    expect(wall.locator(".kiosk-clock")).to_have_text("18:01")


def test_without_an_answer_it_says_so_and_recovers(wall: Page, page_problems: list[str]) -> None:
    wall.route(FIGURES, lambda route: route.abort())
    wall.clock.run_for(30_000)
    expect(wall.locator("#trouble")).to_have_text("Showing 18:00:00, trying again")
    wall.unroute(FIGURES)
    _wait(wall)
    expect(wall.locator("#trouble")).to_be_empty()
    page_problems.clear()  # Chromium logs the requests that failed


def test_a_revoked_screen_says_so_within_a_poll_and_comes_back_by_itself(
    issued: screens.IssuedScreen, wall: Page, page_problems: list[str]
) -> None:
    screens.revoke(issued.row, at=NOW)
    wall.clock.run_for(3_000)
    expect(wall.get_by_role("alert")).to_contain_text("This screen is no longer connected")
    expect(wall.locator(".wall")).to_be_hidden()
    WallScreen.objects.update(revoked_at=None)  # as after a backup was read back
    _wait(wall)
    expect(wall.locator(".wall")).to_be_visible()
    expect(wall.get_by_role("alert")).to_be_hidden()
    page_problems.clear()  # Chromium logs the 401


def _wait(page: Page) -> None:
    """Longer than it ever waits between two polls; each answers in real time."""
    for _ in range(10):
        page.clock.run_for(4_000)
        page.wait_for_timeout(50)


def test_another_release_is_loaded(wall: Page) -> None:
    wall.route("**/screen/floor/", _of_another_release)
    with wall.expect_navigation():
        wall.clock.run_for(5 * 60_000)


def _of_another_release(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=re.sub('data-release="', "\\g<0>x", answer.text()))


def test_it_stays_while_the_release_does(wall: Page) -> None:
    wall.evaluate("window.stays = true")
    with wall.expect_response("**/screen/floor/"):
        wall.clock.fast_forward(19 * HOUR * 1_000)
    wall.wait_for_timeout(300)
    assert wall.evaluate("window.stays")


@pytest.mark.parametrize("hour, hours", [(18, 28), (22, 20)])
def test_it_is_loaded_anew_once_a_day_while_nobody_works_or_a_little_later(
    wall: Page, still_clock: TimeMachineFixture, hour: int, hours: int
) -> None:
    still_clock.move_to(NOW.replace(hour=hour, minute=30))
    with wall.expect_response(FIGURES):
        wall.clock.run_for(4_000)
    with wall.expect_navigation():
        wall.clock.fast_forward((hours * HOUR + 60) * 1_000)


def test_without_a_server_it_stays_as_it_is(wall: Page, page_problems: list[str]) -> None:
    wall.route("**/screen/**", lambda route: route.abort())
    wall.clock.fast_forward(30 * HOUR * 1_000)
    wall.wait_for_timeout(300)
    expect(wall.locator(".wall-tile").first).to_be_visible()
    page_problems.clear()  # Chromium logs the requests that failed
