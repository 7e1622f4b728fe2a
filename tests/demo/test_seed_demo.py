"""`manage.py seed_demo`: history through the same ingest as HTTP, and never twice."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Max, Min

from common.instants import HOUR_MS, to_ms
from demo.domain.factory import PLAN
from demo.domain.history import history
from demo.plant import build_plant, opened_on
from demo.seeding import seed_history
from events.models import Event, RefusedEvent
from metrics.models import Bucket, Span, WorkerStatus, WorkstationBucket
from workers.models import Camera, Site, Worker, Workstation

UNTIL = datetime(2026, 6, 17, 9, 30, tzinfo=UTC)
A_WHILE = timedelta(hours=2)


@pytest.fixture
def site(db: None) -> Site:
    """The demo factory on the morning of its first day."""
    return build_plant(opens_on=UNTIL.date())


def seed_demo(*, until: datetime = UNTIL, days: int = 1) -> str:
    """What the command says."""
    said = StringIO()
    call_command("seed_demo", days=days, until=until, stdout=said)
    return said.getvalue()


def keys() -> Counter[tuple[object, ...]]:
    columns = ("worker", "occurred_at", "event_type", "workstation", "camera")
    return Counter(Event.objects.order_by().values_list(*columns))


@pytest.mark.django_db
def test_history_begins_with_a_local_day_and_ends_at_the_moment() -> None:
    seed_demo(days=2)
    found = Event.objects.aggregate(first=Min("occurred_at"), last=Max("occurred_at"))
    assert found["first"] - datetime(2026, 6, 16, 4, tzinfo=UTC) < timedelta(minutes=5)
    assert timedelta(0) < UNTIL - found["last"] < timedelta(minutes=1)


def test_all_that_follows_from_events_is_there(site: Site) -> None:
    seed_demo()
    for model in (Span, Bucket, WorkstationBucket):
        assert model.objects.count() > 100
    assert WorkerStatus.objects.count() == 6
    call_command("verify", stdout=StringIO())


def test_nothing_is_refused(site: Site) -> None:
    seed_demo()
    assert RefusedEvent.objects.count() == 0


def test_nothing_is_received_after_the_moment(site: Site) -> None:
    seed_demo()
    assert Event.objects.aggregate(last=Max("received_at"))["last"] <= UNTIL


def test_done_twice_nothing_is_stored_twice(site: Site) -> None:
    seed_demo()
    before = keys()
    assert "0 events stored" in seed_demo()
    assert keys() == before


def test_the_same_history_again_is_all_duplicates(site: Site) -> None:
    seed_demo()
    end = to_ms(UNTIL)
    before = keys()
    done = seed_history(site, (end - HOUR_MS, end), seed=1)
    assert (done.accepted, done.duplicate > 100) == (0, True)
    assert keys() == before


def test_started_again_it_fills_what_is_missing(site: Site) -> None:
    seed_demo()
    seed_demo(until=UNTIL + A_WHILE)
    in_two = keys()
    window = (to_ms(UNTIL), to_ms(UNTIL + A_WHILE))
    missing = list(history(PLAN, window, opened_on=opened_on(site), seed=1))
    assert in_two.total() == Event.objects.count()
    assert Event.objects.filter(occurred_at__gte=UNTIL).count() == len(missing) > 500


def test_an_event_sent_by_hand_leaves_no_gap_behind(site: Site) -> None:
    seed_demo()
    Event.objects.create(
        site=site,
        camera=Camera.objects.get(code="CAM-7"),
        worker=Worker.objects.get(code="W7"),
        workstation=Workstation.objects.get(code="S7"),
        event_type="working",
        occurred_at=to_ms(UNTIL + A_WHILE / 2),
        received_at=to_ms(UNTIL + A_WHILE / 2),
        count=0,
        restated=False,
    )
    seed_demo(until=UNTIL + A_WHILE)
    filled = Event.objects.filter(occurred_at__range=(UNTIL, UNTIL + A_WHILE / 2))
    assert filled.exclude(worker__code="W7").count() > 200


@pytest.mark.django_db
def test_a_real_site_of_that_code_is_left_alone() -> None:
    Site.objects.create(code="F1", name="A real one")
    with pytest.raises(CommandError, match="not the demo's"):
        seed_demo()
    assert Event.objects.count() == 0


def test_changed_master_data_is_said(site: Site) -> None:
    worker = Worker.objects.get(code="W2")
    worker.active_until = UNTIL.date()
    worker.save()
    with pytest.raises(CommandError, match="W2 was not active"):
        seed_demo()


@pytest.mark.parametrize("words", [["--days", "0"], ["--until", "2026-06-17T09:30"]])
def test_a_wrong_option_is_said(words: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("seed_demo", *words)
