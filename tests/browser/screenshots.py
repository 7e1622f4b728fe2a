"""Every page as the demo shows it, in three widths, light and dark: `make screenshots`.

No test, and so not collected: it runs as one for its database, its clock that stands still and its
browser. Some of the pictures are README's.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, NamedTuple

import pytest
from django.conf import settings
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import BrowserContext
from time_machine import TimeMachineFixture

from common.instants import to_ms
from demo.seeding import seed_days
from drift.models import Alert
from tests.browser.visitor import let_in
from workers.models import User

MOMENT = datetime(2026, 6, 17, 9, 30, tzinfo=UTC)  # a Wednesday; one camera failed this morning
DAYS = 14
SIZES = {390: 844, 1280: 800, 1920: 1080}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TAKEN = settings.DATA_DIR / "screenshots"
COLOURS = 128  # of a picture in README: enough for drawings of few colours
IN_README = {
    "overview-1280-light": "overview",
    "timeline-1280-light": "timeline",
    "hours-1280-dark": "hours",
    "floor-390-dark": "floor-phone",
    "review-1280-light": "review",
}


class Shown(NamedTuple):
    """A page: where it lies, and who looks; nobody: before the log-in."""

    path: str
    username: str = "demo-manager"


PAGES = {
    "login": Shown("/login/", ""),
    "overview": Shown("/sites/F1/?period=today"),
    "floor": Shown("/sites/F1/floor/"),
    "timeline": Shown("/sites/F1/timeline/?period=shift"),
    "hours": Shown("/sites/F1/hours/?period=today"),
    "workers": Shown("/sites/F1/workers/?period=today"),
    "worker": Shown("/sites/F1/workers/W5/?period=today"),
    "workstations": Shown("/sites/F1/workstations/?period=today"),
    "workstation": Shown("/sites/F1/workstations/S4/?period=today"),
    "recognition": Shown("/sites/F1/recognition/?period=7d"),
    "compare": Shown("/sites/F1/compare/?period=today"),
    "methods": Shown("/sites/F1/methods/"),
    "kiosk": Shown("/sites/F1/floor/?kiosk"),
    "admin": Shown("/admin/", "demo-admin"),
    "review": Shown("/admin/drift/reviewitem/queue/?site=F1", "demo-reviewer"),
    "alert": Shown("/admin/drift/alert/{alert}/change/", "demo-admin"),
}


@pytest.fixture
def alert(transactional_db: None, time_machine: TimeMachineFixture) -> int:
    """Of the demo factory as it is at the moment."""
    time_machine.move_to(MOMENT, tick=False)
    seed_days(days=DAYS, until=to_ms(MOMENT), seed=1)
    call_command("run_worker", once=True, verbosity=0)
    return Alert.objects.earliest("opened_at").pk


def test_every_page_is_photographed(
    alert: int, new_context: Callable[..., BrowserContext], base_url: str
) -> None:
    TAKEN.mkdir(parents=True, exist_ok=True)
    for theme in THEMES:
        for width, height in SIZES.items():
            size = {"width": width, "height": height}
            look = {"viewport": size, "color_scheme": theme, "reduced_motion": "reduce"}
            for name, shown in PAGES.items():
                context = new_context(**look, locale="en-GB", timezone_id="Europe/Berlin")
                _take(context, shown, alert, TAKEN / f"{name}-{width}-{theme}.png", base_url)
                context.close()
    for taken, name in IN_README.items():
        _reduce(TAKEN / f"{taken}.png", settings.BASE_DIR / "docs" / "images" / f"{name}.png")


def _take(context: BrowserContext, shown: Shown, alert: int, target: Path, base_url: str) -> None:
    if shown.username:
        let_in(context, User.objects.get(username=shown.username), base_url)
    page = context.new_page()
    page.goto(shown.path.format(alert=alert))
    page.wait_for_load_state("networkidle")  # what is drawn later is drawn by then
    page.screenshot(path=target, full_page=True)


def _reduce(taken: Path, target: Path) -> None:
    with Image.open(taken) as picture:
        picture.convert("RGB").quantize(COLOURS).save(target, optimize=True)
