"""`loaddata demo`: alone, it fills an empty database; and it is what `record_demo` makes today."""

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, models, transaction
from pytest_django.plugin import DjangoDbBlocker

from demo.accounts import DEMO_ACCOUNTS
from demo.keys import demo_key
from demo.recording import RECORDED_ON, record
from events.models import Event, RefusedEvent
from metrics.models import Bucket, Span, WorkerStatus, WorkstationBucket
from workers import keys
from workers.models import Camera, IngestKey, Membership, Shift, Site, User, Worker, Workstation

pytestmark = pytest.mark.django_db
FIXTURE = Path(__file__).parents[2] / "fixtures" / "demo.json.gz"


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loading takes seconds, and the tests only look at what is there then."""
    with django_db_blocker.unblock(), transaction.atomic():
        User.objects.create(username="ada")  # somebody who was there before
        call_command("loaddata", "demo", verbosity=0)
        yield
        transaction.set_rollback(True)


def test_the_fixture_is_what_is_recorded_today(tmp_path: Path) -> None:
    record(tmp_path / "demo.json.gz")
    files = (tmp_path / "demo.json.gz", FIXTURE)
    fresh, kept = (gzip.decompress(file.read_bytes()) for file in files)
    is_same = fresh == kept  # not compared in the assertion, which would print megabytes
    assert is_same, "run `make fixture`"


def test_the_fixture_is_small() -> None:
    assert FIXTURE.stat().st_size < 400_000


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    "model, rows",
    [
        (Site, 1),
        (Shift, 2),
        (Worker, 7),
        (Workstation, 7),
        (Camera, 7),
        (IngestKey, 7),
        (Membership, 4),
        (WorkerStatus, 6),
    ],
)
def test_the_factory_is_whole(model: type[models.Model], rows: int) -> None:
    assert model._default_manager.count() == rows


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("model", [Event, Span, Bucket, WorkstationBucket])
def test_a_shift_is_recorded_and_all_that_follows(model: type[models.Model]) -> None:
    assert model._default_manager.count() > 500


@pytest.mark.usefixtures("loaded")
def test_what_follows_is_what_a_recomputation_finds() -> None:
    call_command("verify", stdout=StringIO())


@pytest.mark.usefixtures("loaded")
def test_the_events_are_of_the_recorded_day() -> None:
    times = Event.objects.aggregate(a=models.Min("occurred_at"), z=models.Max("occurred_at"))
    opens = datetime(RECORDED_ON.year, RECORDED_ON.month, RECORDED_ON.day, 5, tzinfo=UTC)
    assert (times["a"] - opens).total_seconds() < 300
    assert 11 * 3600 < (times["z"] - opens).total_seconds() < 12 * 3600


@pytest.mark.usefixtures("loaded")
def test_nothing_was_refused() -> None:
    assert RefusedEvent.objects.count() == 0


@pytest.mark.usefixtures("loaded")
def test_answers_are_tagged_with_a_revision() -> None:
    site = Site.objects.get()
    assert site.revision > 0
    assert site.master_revision > 0


@pytest.mark.usefixtures("loaded")
def test_each_role_has_a_log_in() -> None:
    roles = {row.user.username: row.role for row in Membership.objects.select_related("user")}
    assert roles == {account.username: account.role for account in DEMO_ACCOUNTS}
    assert all(row.user.is_demo for row in Membership.objects.select_related("user"))


@pytest.mark.usefixtures("loaded")
def test_whoever_was_there_before_still_is() -> None:
    assert User.objects.filter(username="ada", is_demo=False).exists()


@pytest.mark.usefixtures("loaded")
def test_the_key_for_events_by_hand_is_there() -> None:
    valid = keys.key_for(demo_key("CAM-7").text, at=datetime(2026, 6, 16, tzinfo=UTC))
    assert valid
    assert valid.camera_code == "CAM-7"


@pytest.mark.usefixtures("loaded")
def test_new_rows_get_numbers_of_their_own() -> None:
    if connection.vendor == "postgresql":  # where numbers come from a sequence of their own
        assert Workstation.objects.create(site=Site.objects.get(), code="S8", name="New").pk > 7
    newest: Any = Event.objects.order_by("-id").first()
    newest.pk, newest.occurred_at = None, datetime(2026, 6, 16, tzinfo=UTC)
    newest.save()
    assert newest.pk
