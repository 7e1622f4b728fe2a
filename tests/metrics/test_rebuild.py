"""`rebuild` makes everything again from the events.

`verify` finds what does not follow from them.
"""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from common import clock
from metrics.models import Bucket, Span, WorkerStatus, WorkstationBucket
from tests.floor import HOUR, Floor, event
from tests.laws.stored import stored_rows
from workers import registry
from workers.models import Site

DERIVED = [Span, WorkerStatus, Bucket, WorkstationBucket]


def run(command: str, *words: str) -> str:
    out = StringIO()
    call_command(command, *words, stdout=out)
    return out.getvalue()


def test_verify_says_that_all_is_well(day: Floor) -> None:
    assert run("verify") == "F1: everything follows from the events\n"


@pytest.mark.parametrize("model", DERIVED)
def test_verify_names_what_is_missing(day: Floor, model: type[Span]) -> None:
    model.objects.order_by("pk").first().delete()
    with pytest.raises(CommandError, match="expected and not stored"):
        run("verify")


CHANGES = {
    Span: {"state": "absent"},
    WorkerStatus: {"state": "idle"},
    Bucket: {"units": 999},
    WorkstationBucket: {"working_any_ms": 1},
}


@pytest.mark.parametrize("model, change", CHANGES.items())
def test_verify_finds_what_is_wrong(day: Floor, model: type[Span], change: dict) -> None:
    model.objects.filter(pk=model.objects.order_by("pk").first().pk).update(**change)
    with pytest.raises(CommandError, match="F1, work"):
        run("verify")


def test_verify_writes_nothing(day: Floor) -> None:
    Span.objects.all().delete()
    with pytest.raises(CommandError):
        run("verify")
    assert not Span.objects.exists()


def test_verify_of_one_site_does_not_look_at_another(day: Floor) -> None:
    other = Floor("F2")
    other.put(event("08:00"))
    WorkerStatus.objects.filter(worker__site=other.site).delete()
    assert run("verify", "--site", "F1") == "F1: everything follows from the events\n"


@pytest.mark.parametrize("command", ["verify", "rebuild"])
def test_unknown_site_is_named(db: None, command: str) -> None:
    with pytest.raises(CommandError, match="There is no site 'NOPE'"):
        run(command, "--site", "NOPE")


@pytest.mark.parametrize("model", DERIVED)
def test_rebuild_restores_what_is_missing(day: Floor, model: type[Span]) -> None:
    before = stored_rows()
    model.objects.all().delete()
    run("rebuild")
    assert stored_rows() == before


def test_rebuild_removes_what_does_not_follow(day: Floor) -> None:
    before = stored_rows()
    Span.objects.update(state="absent")
    Bucket.objects.update(units=999)
    WorkstationBucket.objects.update(working_any_ms=1)
    run("rebuild")
    assert stored_rows() == before


def test_rebuild_twice_is_the_same(day: Floor) -> None:
    before = stored_rows()
    run("rebuild")
    run("rebuild")
    assert stored_rows() == before


def test_rebuild_makes_readers_ask_again(day: Floor) -> None:
    tag = day.ask("factory", "08:00", "09:00").headers["ETag"]
    run("rebuild")
    assert day.ask("factory", "08:00", "09:00").headers["ETag"] != tag


@pytest.fixture
def quiet(floor: Floor) -> Floor:
    """An event at 8 and one at 12; a state holds for eight hours."""
    floor.put(event("08:00", confidence=0.7), event("12:00", kind="absent", confidence=0.7))
    return floor


@pytest.mark.django_db(transaction=True)
def test_new_ttl_changes_all_of_history_at_once(quiet: Floor) -> None:
    quiet.cameras["C1"].state_ttl_s = 3600
    registry.save_camera(quiet.cameras["C1"], at=clock.now())
    assert quiet.worker("W1", "08:00", "12:00")["working_ms"] == HOUR


@pytest.mark.django_db(transaction=True)
def test_new_threshold_counts_low_confidence_anew(quiet: Floor) -> None:
    site = Site.objects.get()
    site.acceptance_threshold = "0.750"
    registry.save_site(site, at=clock.now())
    assert quiet.worker("W1", "08:00", "12:05")["low_confidence_pct"] == 100


@pytest.mark.django_db(transaction=True)
def test_small_site_is_no_longer_due_after_a_change(quiet: Floor) -> None:
    quiet.cameras["C1"].state_ttl_s = 3600
    registry.save_camera(quiet.cameras["C1"], at=clock.now())
    assert Site.objects.get().recalculation_due_at is None


def test_rebuild_of_what_is_due_leaves_the_others(day: Floor) -> None:
    Bucket.objects.update(units=999)
    assert run("rebuild", "--due") == ""
