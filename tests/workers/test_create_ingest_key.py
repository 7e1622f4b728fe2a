"""`manage.py create_ingest_key` prints a key, once."""

from datetime import UTC, datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from tests.workers.conftest import NOW
from workers import keys
from workers.models import IngestKey, Site

pytestmark = pytest.mark.django_db


def create(*args: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command("create_ingest_key", *args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_stdout_is_the_key_and_nothing_else(plant: Site) -> None:
    out, _ = create("--site", "F1")
    assert keys.key_for(out.removesuffix("\n"), at=NOW)


def test_stderr_says_what_it_is_good_for(plant: Site) -> None:
    _, err = create("--site", "F1", "--camera", "C1")
    assert err.startswith("Lets camera C1 of F1 POST events.")


def test_a_cameras_key(plant: Site) -> None:
    create("--site", "F1", "--camera", "C1")
    assert IngestKey.objects.get().camera == plant.cameras.get()


@pytest.mark.parametrize(
    "text, expected",
    [
        ("2026-03-29", datetime(2026, 3, 28, 23, tzinfo=UTC)),
        ("2026-03-29T06:00:00+02:00", datetime(2026, 3, 29, 4, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_the_site(text: str, expected: datetime, plant: Site) -> None:
    create("--site", "F1", "--expires", text)
    assert IngestKey.objects.get().expires_at == expected


@pytest.mark.parametrize(
    "args",
    [
        ("--site", "F9"),
        ("--site", "F1", "--camera", "C9"),
        ("--site", "F1", "--camera", ""),
        ("--site", "F1", "--expires", "soon"),
        ("--site", "F1", "--expires", "2026-13-01"),
        ("--site", "F1", "--expires", "2026-03-29T06:00:00"),
        ("--site", "F1", "--expires", "2020-01-01"),
        ("--site", "F1", "--expires", ""),
        (),
    ],
)
def test_what_can_not_be_is_said_and_makes_no_key(args: tuple[str, ...], plant: Site) -> None:
    with pytest.raises(CommandError):
        create(*args)
    assert not IngestKey.objects.exists()
