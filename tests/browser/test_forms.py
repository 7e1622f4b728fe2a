"""Forms outside the figures' pages, on a small screen."""

import pytest
from playwright.sync_api import Page

OUTSIDE = """() => Array.from(document.querySelectorAll(".panel :is(input, button, select)"))
    .filter((each) => each.checkVisibility())
    .filter((each) => each.getBoundingClientRect().right
        > each.closest(".panel").getBoundingClientRect().right)
    .map((each) => each.outerHTML)"""


@pytest.fixture
def small(page: Page) -> Page:
    """The smallest screen."""
    page.set_viewport_size({"width": 320, "height": 800})
    return page


@pytest.mark.parametrize("path", ["/login/", "/password/forgotten/"])
def test_a_form_stays_within_its_panel(small: Page, path: str) -> None:
    small.goto(path)
    assert small.locator(".panel input:visible").count() > 0
    assert small.evaluate(OUTSIDE) == []
