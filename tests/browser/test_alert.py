"""An alert from its opening to its resolution, by mouse and eye, on any screen."""

import re

import pytest
from playwright.sync_api import Page, expect

from drift.models import Alert
from tests.browser.visitor import let_in
from tests.drift.camera_days import check, falls, reports, send
from tests.floor import Floor


@pytest.fixture
def visitor(floor: Floor, page: Page, base_url: str) -> Page:
    """The manager's page; C1 has been less sure since ten o'clock."""
    floor.cameras["C1"].workstations.add(floor.stations["S1"])
    send(floor, reports(falls("10:00")))
    check()
    let_in(page.context, floor.manager, base_url)
    return page


@pytest.mark.django_db(transaction=True)
def test_an_alert_is_found_acknowledged_and_resolved(visitor: Page) -> None:
    visitor.goto("/admin/drift/alert/")
    visitor.get_by_role("link", name=re.compile("recognition less sure")).click()
    expect(
        visitor.get_by_role("heading", name=re.compile("since Tue 16 Jun 10:00"))
    ).to_be_visible()
    visitor.get_by_role("button", name="Acknowledge").click()
    expect(visitor.get_by_text("You look after it: no more reminders.")).to_be_visible()
    expect(visitor.get_by_role("button", name="Acknowledge")).to_have_count(0)
    visitor.get_by_label("fixed").check()
    visitor.get_by_label("Note").fill("Lens cleaned")
    visitor.get_by_role("button", name="Resolve").click()
    expect(visitor.get_by_text("The alert is resolved.")).to_be_visible()
    log = visitor.get_by_role("region", name="What has happened")
    expect(log.get_by_role("listitem").last).to_contain_text("resolved: fixed by ada")
    assert Alert.objects.get(is_live=False).note == "Lens cleaned"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_fits_the_screen(visitor: Page, width: int) -> None:
    visitor.set_viewport_size({"width": width, "height": 800})
    visitor.goto(f"/admin/drift/alert/{Alert.objects.get(is_live=False).pk}/change/")
    expect(visitor.get_by_role("img", name="Mean confidence")).to_be_visible()
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not visitor.evaluate(wide)


@pytest.mark.django_db(transaction=True)
def test_the_numbers_stand_behind_the_drawing(visitor: Page) -> None:
    visitor.goto(
        f"/admin/drift/alert/{Alert.objects.get(is_live=False).pk}/change/?segment=working"
    )
    plot = visitor.get_by_role("figure").filter(has_text="Events an hour")
    plot.get_by_text("As a table").click()
    expect(plot.get_by_role("row", name="Tue 16 Jun 10:00 16")).to_be_visible()
