"""What an admin does on admin pages, by mouse as people do: connects, rotates, invites."""

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from common import clock
from tests.browser.visitor import let_in, path_of
from tests.floor import Floor
from workers import keys
from workers.models import IngestKey, Role, User

NewContext = Callable[..., BrowserContext]
Theme = Literal["light", "dark"]
SIZES = (320, 390, 768, 1280, 1920)
PASSWORD = "correct horse battery"
KEY = re.compile(r"fk_[0-9a-f]{12}_[0-9a-f]{64}")


@pytest.fixture
def floor(transactional_db: None) -> Floor:
    """As for all tests, but in the present: the examples that are run tell this machine's time."""
    return Floor()


@pytest.fixture
def admin(floor: Floor, page: Page, base_url: str) -> Page:
    """The page of an admin of the site."""
    let_in(page.context, floor.add_member("alan", Role.ADMIN), base_url)
    return page


def make_key(page: Page, floor: Floor) -> str:
    """By the form, as the camera's page fills it in; the key that is shown."""
    camera = floor.cameras["C1"]
    page.goto(f"/admin/workers/ingestkey/add/?site={floor.site.pk}&camera={camera.pk}")
    page.get_by_role("button", name="Save", exact=True).click()
    return shown(page)


def shown(page: Page) -> str:
    """The key that stands on the page, this once."""
    expect(page.get_by_role("heading", name="The key – keep it now")).to_be_visible()
    text = page.locator("#key").inner_text()
    assert KEY.fullmatch(text)
    return text


def run(page: Page, which: str, **replaced: str) -> str:
    """Does what the page says to do; the answer."""
    program = page.locator(f"#snippet-{which}").inner_text()
    for old, new in replaced.items():
        program = program.replace(old, new)
    command = ["sh", "-c", program] if which == "1" else [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_camera_is_connected_and_its_events_arrive_live(admin: Page, floor: Floor) -> None:
    make_key(admin, floor)
    live = admin.get_by_role("status")
    expect(live).to_contain_text("waiting")
    assert '"accepted"' in run(admin, "1")
    expect(live).to_contain_text("accepted 1")
    assert "201" in run(admin, "2", working="idle")
    expect(live).to_contain_text("accepted 2")
    expect(live).to_contain_text("W1 idle at S1, seen by C1")


def test_what_is_refused_leads_to_the_form_that_mends_it(admin: Page, floor: Floor) -> None:
    make_key(admin, floor)
    assert "422" in run(admin, "2", W1="W9")
    expect(admin.get_by_role("status")).to_contain_text("refused 1")
    expect(admin.get_by_text("refused: unknown_worker W9")).to_be_visible()
    admin.get_by_role("link", name="Create worker W9").click()
    expect(admin.get_by_label("Code")).to_have_value("W9")
    admin.get_by_label("Name").fill("Ada")
    admin.get_by_role("button", name="Save", exact=True).click()
    assert floor.site.workers.filter(code="W9", name="Ada").exists()


def test_the_key_is_gone_when_the_page_is_loaded_again(admin: Page, floor: Floor) -> None:
    text = make_key(admin, floor)
    before = IngestKey.objects.count()
    assert path_of(admin) == f"/admin/connect/{floor.site.pk}/{floor.cameras['C1'].pk}/"
    admin.reload()
    assert text not in admin.content()
    admin.go_back()
    assert text not in admin.content()
    assert IngestKey.objects.count() == before


def test_the_key_is_copied(admin: Page, floor: Floor) -> None:
    admin.context.grant_permissions(["clipboard-read", "clipboard-write"])
    text = make_key(admin, floor)
    admin.get_by_role("button", name="Copy", exact=True).click()
    expect(admin.get_by_role("button", name="Copied")).to_be_visible()
    assert admin.evaluate("navigator.clipboard.readText()") == text


def test_an_admin_rotates_a_key(admin: Page, floor: Floor) -> None:
    old = make_key(admin, floor)
    prefix = old.split("_")[1]
    admin.goto("/admin/workers/ingestkey/")
    admin.get_by_role("link", name=f"fk_{prefix}_…").click()
    admin.get_by_role("link", name="Rotate …").click()
    expect(admin.get_by_label("The old key goes on until")).not_to_have_value("")
    admin.get_by_role("button", name="Make the new key").click()
    new = shown(admin)
    expect(admin.get_by_text(f"The old key fk_{prefix}_… goes on until")).to_be_visible()
    assert '"accepted"' in run(admin, "1")
    expect(admin.get_by_role("status")).to_contain_text("accepted 1")
    now = clock.now()
    assert (old != new, keys.key_for(old, at=now), keys.key_for(new, at=now)) == (
        True,
        keys.key_for(old, at=now),
        keys.key_for(new, at=now),
    )
    assert keys.key_for(old, at=now + keys.OVERLAP) is None
    admin.goto("/admin/workers/ingestkey/")
    expect(admin.get_by_role("row", name=f"fk_{prefix}_…")).to_contain_text("in 23 h")


def test_an_admin_revokes_a_key_after_a_question(admin: Page, floor: Floor) -> None:
    text = make_key(admin, floor)
    admin.goto("/admin/workers/ingestkey/")
    admin.get_by_role("link", name=f"fk_{text.split('_')[1]}_…").click()
    admin.get_by_role("link", name="Revoke …").click()
    admin.get_by_role("link", name="Cancel").click()
    assert keys.key_for(text, at=clock.now())
    admin.get_by_role("link", name="Revoke …").click()
    admin.get_by_role("button", name="Revoke").click()
    expect(admin.get_by_text("is revoked")).to_be_visible()
    assert keys.key_for(text, at=clock.now()) is None


def test_an_admin_invites_a_person_who_then_logs_in(
    admin: Page, floor: Floor, new_context: NewContext
) -> None:
    admin.goto("/admin/workers/membership/")
    admin.get_by_role("link", name="Invite a person").click()
    admin.get_by_label("Role").select_option("manager")
    admin.get_by_label("For").fill("Grace")
    admin.get_by_role("button", name="Save", exact=True).click()
    link = admin.locator("#secret").inner_text()
    admin.reload()
    expect(admin.locator("#secret")).to_have_count(0)
    _make_account(new_context().new_page(), link, floor)
    again = new_context().new_page()
    again.goto("/login/")
    again.get_by_label("User name").fill("grace")
    again.get_by_label("Password").fill(PASSWORD)
    again.get_by_role("button", name="Log in", exact=True).click()
    expect(again.get_by_role("heading", level=1)).to_contain_text(floor.site.name)
    admin.goto("/admin/workers/membership/")
    expect(admin.get_by_role("row", name="Grace Hopper")).to_contain_text("manager")


def test_an_admin_helps_out_with_a_link_for_a_new_password(
    admin: Page, floor: Floor, new_context: NewContext
) -> None:
    member = floor.site.memberships.get(user__username="ada")
    admin.goto(f"/admin/workers/membership/{member.pk}/new-password/")
    admin.get_by_role("button", name="Make the link").click()
    page = new_context().new_page()
    page.goto(admin.locator("#secret").inner_text())
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password confirmation").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("heading", name="Your password is set")).to_be_visible()
    assert User.objects.get(username="ada").check_password(PASSWORD)
    admin.get_by_role("link", name="Done").click()
    admin.locator("#logout-form button").dispatch_event("click")
    expect(admin.get_by_role("heading", name="Log in")).to_be_visible()


def _make_account(page: Page, link: str, floor: Floor) -> None:
    page.goto(link)
    assert path_of(page) == "/invitation/"
    expect(page.get_by_role("heading", level=1)).to_contain_text(floor.site.name)
    for label, text in {
        "User name": "grace",
        "First name": "Grace",
        "Last name": "Hopper",
        "Password confirmation": PASSWORD,
    }.items():
        page.get_by_label(label).fill(text)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(floor.site.name)


def test_an_empty_server_leads_from_step_to_step(
    transactional_db: None, page: Page, base_url: str
) -> None:
    let_in(page.context, User.objects.create_superuser("root"), base_url)
    page.goto("/admin/")
    page.get_by_role("link", name="Next: Site").click()
    page.get_by_label("Code").fill("F1")
    page.locator("#id_name").fill("Plant")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Set up Plant")).to_contain_text("1 of 7 done")
    page.get_by_role("link", name="Next: Shift").click()
    assert "site=" in page.url


def pages(floor: Floor) -> list[str]:
    """Each kind of page, with something on it."""
    camera, member = floor.cameras["C1"], floor.site.memberships.get(user__username="ada")
    key = IngestKey.objects.filter(camera=camera).latest("pk")
    return [
        "/admin/",
        f"/admin/connect/{floor.site.pk}/{camera.pk}/",
        f"/admin/workers/ingestkey/{key.pk}/rotate/",
        f"/admin/workers/ingestkey/{key.pk}/revoke/",
        f"/admin/workers/membership/{member.pk}/account/",
        "/password/",
    ]


def test_nothing_is_wider_than_the_screen(admin: Page, floor: Floor) -> None:
    floor.cameras["C1"].name = "Extraordinarily-long-camera-name-without-any-space " * 3
    floor.cameras["C1"].save()
    for path in pages(floor):
        admin.goto(path)
        for width in SIZES:
            admin.set_viewport_size({"width": width, "height": 900})
            needed = admin.evaluate("document.documentElement.scrollWidth")
            assert needed <= width, f"{path}: {needed} px on a screen of {width}"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_serious_bars_anybody(admin: Page, floor: Floor, theme: Theme) -> None:
    """From our own parts; the frame around them is the admin theme's."""
    admin.emulate_media(color_scheme=theme)
    make_key(admin, floor)
    run(admin, "2", W1="W9")
    expect(admin.get_by_role("status")).to_contain_text("refused 1")
    _expect_accessible(admin)
    for path in pages(floor):
        admin.goto(path)
        _expect_accessible(admin)


def _expect_accessible(page: Page) -> None:
    where = ".own-page" if page.locator(".own-page").count() else "body"
    found = Axe().run(page, context=where).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    told = [(each["id"], each["nodes"][0]["html"], each["nodes"][0]["any"]) for each in serious]
    assert told == []
