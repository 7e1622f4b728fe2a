"""The overview follows what cameras send, in place, and says when it can't."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect
from time_machine import TimeMachineFixture

from tests.browser.visitor import figure, let_in, row
from tests.floor import NOW, Floor, after, count, event

FIGURES = "**/api/v1/metrics/**"
SOON = timedelta(seconds=5)  # answers about now are the same for so long


@pytest.fixture
def visitor(floor: Floor, page: Page, base_url: str) -> Page:
    """The manager's page, not opened yet; closed before the clock goes on and the session ends."""
    let_in(page.context, floor.manager, base_url)
    page.clock.install()
    return page


def _wait_a_poll(page: Page) -> None:
    """As if 3 seconds had passed on the page."""
    page.clock.run_for(3_000)


def _ago(**delta: float) -> str:
    return after(NOW, **{name: -value for name, value in delta.items()})


def test_logging_in_leads_to_the_figures(floor: Floor, page: Page) -> None:
    floor.manager.set_password("by hand")
    floor.manager.save()
    floor.put(event(_ago(minutes=30)))
    page.goto("/")
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password").fill("by hand")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name=floor.site.name)).to_be_visible()
    expect(row(page, "workers", "W1")).to_contain_text("working")


def test_a_posted_event_changes_the_figures(
    visitor: Page, floor: Floor, still_clock: TimeMachineFixture
) -> None:
    floor.put(event(_ago(minutes=30)))
    visitor.goto("/")
    expect(figure(visitor, "units")).to_contain_text("0")
    still_clock.shift(SOON)
    floor.put(count(_ago(minutes=1), 7), event(_ago(seconds=1), "W2", "S2", "idle"))
    _wait_a_poll(visitor)
    expect(figure(visitor, "units").locator('[data-text="value"]')).to_have_text("7")
    expect(figure(visitor, "present")).to_contain_text("2 of 5")
    expect(row(visitor, "workstations", "S1")).to_contain_text("7 of")
    expect(row(visitor, "workers", "W2").locator("[data-state]")).to_have_text("idle")


def test_a_silent_worker_is_not_seen_soon_after_the_ttl(
    visitor: Page, floor: Floor, still_clock: TimeMachineFixture
) -> None:
    floor.cameras["C1"].state_ttl_s = 60
    floor.cameras["C1"].save()
    floor.put(event(_ago(seconds=30)))
    visitor.goto("/")
    state = row(visitor, "workers", "W1").locator("[data-state]")
    expect(state).to_have_text("working")
    still_clock.shift(timedelta(seconds=35))
    _wait_a_poll(visitor)
    expect(state).to_have_text("not seen")
    expect(visitor.locator(".attention")).to_contain_text("S1 not seen since 18:00")


def test_a_new_worker_gets_a_row(
    visitor: Page, floor: Floor, still_clock: TimeMachineFixture
) -> None:
    floor.put(event(_ago(minutes=30)))
    visitor.goto("/")
    expect(row(visitor, "workers", "W9")).to_have_count(0)
    floor.add_worker("W9")
    still_clock.shift(SOON)
    floor.put(event(_ago(seconds=1), "W9", "S3"))
    _wait_a_poll(visitor)
    expect(row(visitor, "workers", "W9").locator("[data-state]")).to_have_text("working")


def test_an_attention_link_leads_to_the_workstation(visitor: Page, floor: Floor) -> None:
    floor.put(event(_ago(minutes=30)), event(_ago(minutes=20), "W2", "S2", "absent"))
    visitor.goto("/")
    visitor.get_by_role("link", name="S2 empty since").click()
    expect(visitor).to_have_url(re.compile(r"/sites/F1/workstations/S2/\?period=shift$"))


def test_without_an_answer_the_page_says_what_it_still_shows(
    visitor: Page, floor: Floor, page_problems: list[str]
) -> None:
    floor.put(event(_ago(minutes=30)))
    visitor.goto("/")
    bar = visitor.locator("#trouble")
    expect(bar).to_be_empty()
    visitor.route(FIGURES, lambda route: route.abort())
    visitor.clock.run_for(15_000)
    expect(bar).to_have_text("Showing 18:00:00, trying again")
    visitor.unroute(FIGURES)
    _set_hidden(visitor, "false")  # asks at once, however long the pause has become
    expect(bar).to_be_empty()
    page_problems.clear()  # Chromium logs the requests that failed


def test_an_ended_session_is_said_with_a_way_back(
    visitor: Page, floor: Floor, page_problems: list[str]
) -> None:
    floor.put(event(_ago(minutes=30)))
    visitor.goto("/")
    Session.objects.all().delete()
    _wait_a_poll(visitor)
    expect(visitor.locator("#trouble")).to_contain_text("You are logged out")
    visitor.get_by_role("link", name="Log in again").click()
    expect(visitor.get_by_label("Password")).to_be_visible()
    page_problems.clear()  # Chromium logs the 401


def test_a_hidden_tab_asks_nothing_and_a_shown_one_at_once(visitor: Page, floor: Floor) -> None:
    floor.put(event(_ago(minutes=30)))
    asked: list[str] = []
    with visitor.expect_response("**/metrics/overview/**"):
        visitor.goto("/")
    visitor.on("request", lambda request: asked.append(request.url))
    _set_hidden(visitor, "true")
    visitor.clock.run_for(60_000)
    assert [url for url in asked if "/api/" in url] == []
    with visitor.expect_request("**/metrics/overview/**"):
        _set_hidden(visitor, "false")


def _set_hidden(page: Page, value: str) -> None:
    page.evaluate(
        f"Object.defineProperty(document, 'hidden', {{ get: () => {value}, configurable: true }});"
        "document.dispatchEvent(new Event('visibilitychange'));"
    )


def test_an_unchanged_answer_is_a_304(visitor: Page, floor: Floor) -> None:
    floor.put(event(_ago(minutes=30)))

    def is_unchanged(response: Any) -> bool:
        return "/metrics/overview/" in response.url and response.status == 304

    with visitor.expect_response(is_unchanged):
        visitor.goto("/")
        _wait_a_poll(visitor)


def test_with_no_figures_the_page_shows_the_newest_day_and_goes_on_when_some_come(
    visitor: Page, floor: Floor, still_clock: TimeMachineFixture
) -> None:
    floor.put(event("08:00"), event("09:00", kind="absent"))
    visitor.goto("/")
    expect(visitor.locator(".notice")).to_contain_text(
        "Nothing was seen in the shift: this is Tue 16 Jun 2026, the newest day that has figures."
    )
    expect(figure(visitor, "present")).to_contain_text("–")
    floor.put(event(_ago(minutes=1)))
    still_clock.shift(SOON)
    visitor.clock.run_for(12_000)
    expect(visitor.locator(".notice")).to_have_count(0)
    expect(row(visitor, "workers", "W1").locator("[data-state]")).to_have_text("working")


def test_an_empty_site_says_what_fills_it_and_becomes_the_dashboard(
    visitor: Page, floor: Floor
) -> None:
    visitor.goto("/")
    heading = visitor.get_by_role("heading", name="No camera of Floor F1 has reported yet")
    expect(heading).to_be_visible()
    expect(visitor.get_by_text("create_ingest_key --site F1")).to_be_visible()
    floor.put(event(_ago(minutes=1)))
    _wait_a_poll(visitor)
    expect(figure(visitor, "utilization")).to_contain_text("100.0 %")
