"""Whose a sent key is, and when it is refused."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.workers.conftest import NOW
from workers import keys
from workers.domain.keys import key_from
from workers.models import IngestKey, Site

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def issued(plant: Site) -> keys.IssuedKey:
    return keys.create_key(site=plant, camera=plant.cameras.get(), at=NOW)


@pytest.fixture
def demo_key(plant: Site) -> str:
    key = key_from("demo1", "public")
    IngestKey.objects.create(
        site=plant, prefix=key.prefix, secret_hash=key.secret_hash, is_demo=True
    )
    return key.text


def test_a_key_stands_for_its_camera(plant: Site, issued: keys.IssuedKey) -> None:
    camera = plant.cameras.get()
    assert keys.key_for(issued.text, at=NOW) == keys.Key(
        issued.row.pk, plant.pk, "F1", camera.pk, "C1"
    )


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-1] + ("0" if text[-1] != "0" else "1"),
        lambda text: text.upper(),
        lambda text: text + "_x",
        lambda text: text.removeprefix("fk_"),
        lambda text: "fk_no_such",
        lambda text: "fk_\x00_\ud800",
        lambda text: "",
    ],
)
def test_another_text_is_no_key(spoil: Callable[[str], str], issued: keys.IssuedKey) -> None:
    assert keys.key_for(spoil(issued.text), at=NOW) is None


def test_a_revoked_key_is_refused(issued: keys.IssuedKey) -> None:
    assert keys.key_for(issued.text, at=NOW)
    keys.revoke(issued.row, at=NOW)
    assert keys.key_for(issued.text, at=NOW) is None


def test_a_key_is_refused_from_its_end_on(plant: Site) -> None:
    text = keys.create_key(site=plant, expires_at=NOW + SECOND, at=NOW).text
    assert keys.key_for(text, at=NOW)
    assert keys.key_for(text, at=NOW + SECOND) is None


def test_a_demo_key_is_refused_without_demo(demo_key: str, settings: Settings) -> None:
    settings.DEMO = False
    assert keys.key_for(demo_key, at=NOW) is None


def test_a_demo_key_is_good_with_demo(demo_key: str, settings: Settings) -> None:
    settings.DEMO = True
    assert keys.key_for(demo_key, at=NOW)


def test_a_key_just_seen_costs_no_query(issued: keys.IssuedKey) -> None:
    keys.key_for(issued.text, at=NOW)
    assert queries_of(lambda: keys.key_for(issued.text, at=NOW + 4 * SECOND)) == 0


def test_a_key_is_read_anew_after_five_seconds(issued: keys.IssuedKey) -> None:
    keys.key_for(issued.text, at=NOW)
    assert queries_of(lambda: keys.key_for(issued.text, at=NOW + 5 * SECOND)) == 1


def test_a_key_revoked_in_another_process_is_refused_after_five_seconds(
    issued: keys.IssuedKey,
) -> None:
    keys.key_for(issued.text, at=NOW)
    IngestKey.objects.update(revoked_at=NOW)  # as if from elsewhere: no signal
    assert keys.key_for(issued.text, at=NOW + 5 * SECOND) is None


def test_guesses_are_not_remembered(issued: keys.IssuedKey) -> None:
    keys.key_for("fk_0123_4567", at=NOW)
    assert queries_of(lambda: keys.key_for("fk_0123_4567", at=NOW)) == 1


def test_a_key_for_a_camera_of_another_site_is_refused(plant: Site, foreign: Site) -> None:
    with pytest.raises(ValidationError):
        keys.create_key(site=plant, camera=foreign.cameras.get(), at=NOW)


def test_use_is_noted(issued: keys.IssuedKey) -> None:
    keys.touch(issued.row.pk, NOW)
    assert IngestKey.objects.get().last_used_at == NOW


def test_use_is_noted_once_a_minute(issued: keys.IssuedKey) -> None:
    keys.touch(issued.row.pk, NOW)
    assert queries_of(lambda: keys.touch(issued.row.pk, NOW + 59 * SECOND)) == 0
    keys.touch(issued.row.pk, NOW + 60 * SECOND)
    assert IngestKey.objects.get().last_used_at == NOW + 60 * SECOND


def test_use_noted_by_another_process_is_not_noted_again(issued: keys.IssuedKey) -> None:
    IngestKey.objects.update(last_used_at=NOW)
    keys.touch(issued.row.pk, NOW + 59 * SECOND)
    assert IngestKey.objects.get().last_used_at == NOW


def test_use_is_no_change_of_master_data(plant: Site, issued: keys.IssuedKey) -> None:
    before = Site.objects.get().master_revision
    keys.touch(issued.row.pk, NOW)
    assert Site.objects.get().master_revision == before


def queries_of(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)
