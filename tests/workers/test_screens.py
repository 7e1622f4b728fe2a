"""Which screen a sent key is of, and when it is refused."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.workers.conftest import NOW
from workers import keys, screens
from workers.models import Site, WallScreen

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def issued(plant: Site) -> screens.IssuedScreen:
    return screens.create(WallScreen(site=plant, name="Gate"), at=NOW)


def is_good(key: str, at: object = NOW) -> bool:
    return screens.screen_of(key, at=at) is not None


def test_a_key_stands_for_its_screen(plant: Site, issued: screens.IssuedScreen) -> None:
    found = screens.screen_of(issued.key, at=NOW)
    assert (found, found.site) == (issued.row, plant)


def test_only_a_hash_of_the_key_is_kept(issued: screens.IssuedScreen) -> None:
    secret = issued.key.split("_")[2]
    row = WallScreen.objects.filter(pk=issued.row.pk).values().get()
    versions = WallScreen.history.filter(id=issued.row.pk).values()
    assert secret not in repr(row) + repr(list(versions))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: key[:-1] + ("0" if key[-1] != "0" else "1"),
        lambda key: key.upper(),
        lambda key: key + "_x",
        lambda key: key.replace("sk_", "fk_"),
        lambda key: "sk_no_such",
        lambda key: "sk_\x00_\ud800",
        lambda key: "",
    ],
)
def test_another_text_is_no_key(spoil: Callable[[str], str], issued: screens.IssuedScreen) -> None:
    assert not is_good(spoil(issued.key))


def test_a_screen_is_no_camera_and_a_camera_no_screen(
    plant: Site, issued: screens.IssuedScreen
) -> None:
    camera = keys.create_key(site=plant, at=NOW).text
    assert keys.key_for(issued.key, at=NOW) is None
    assert not is_good(camera)
    assert not is_good(camera.replace("fk_", "sk_"))


def test_a_revoked_screen_is_refused(issued: screens.IssuedScreen) -> None:
    screens.revoke(issued.row, at=NOW)
    assert not is_good(issued.key)


def test_revoking_again_keeps_the_first_time(issued: screens.IssuedScreen) -> None:
    screens.revoke(issued.row, at=NOW)
    screens.revoke(WallScreen.objects.get(), at=NOW + SECOND)
    assert WallScreen.objects.get().revoked_at == NOW


def test_a_screen_is_refused_from_its_end_on(plant: Site) -> None:
    wanted = WallScreen(site=plant, name="Gate", expires_at=NOW + SECOND)
    key = screens.create(wanted, at=NOW).key
    assert is_good(key)
    assert not is_good(key, NOW + SECOND)


def test_an_end_in_the_past_is_refused(plant: Site) -> None:
    with pytest.raises(ValidationError):
        screens.create(WallScreen(site=plant, name="Gate", expires_at=NOW), at=NOW)
    assert not WallScreen.objects.exists()


def test_use_is_noted_once_a_minute(issued: screens.IssuedScreen) -> None:
    for second in (0, 59):
        screens.touch(WallScreen.objects.get(), at=NOW + second * SECOND)
    assert WallScreen.objects.get().last_used_at == NOW
    screens.touch(WallScreen.objects.get(), at=NOW + 60 * SECOND)
    assert WallScreen.objects.get().last_used_at == NOW + 60 * SECOND


def test_use_is_no_change(plant: Site, issued: screens.IssuedScreen) -> None:
    before = Site.objects.get().revision, WallScreen.history.count()
    screens.touch(issued.row, at=NOW)
    assert (Site.objects.get().revision, WallScreen.history.count()) == before


@pytest.mark.parametrize("others", [0, 50])
def test_a_key_costs_one_statement_a_good_one_or_a_guess(
    plant: Site, issued: screens.IssuedScreen, others: int
) -> None:
    for number in range(others):
        screens.create(WallScreen(site=plant, name=f"Screen {number}"), at=NOW)
    for key in (issued.key, "sk_012345678901_0"):
        with CaptureQueriesContext(connection) as queries:
            screens.screen_of(key, at=NOW)
        assert len(queries) == 1
