"""Events in parts by month, as they lie on PostgreSQL: made ahead, and dropped when over."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, connections, transaction

from common import dialect
from common.dialect import partitions
from common.instants import DAY_MS, HOUR_MS, month_after, month_of, to_datetime, to_ms
from events import months, retention
from events.models import Event, Verdict
from tests.floor import Floor, event
from workers.models import Site

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, LAST = (to_ms(datetime(2026, month, 1, tzinfo=UTC)) for month in (4, 8))
INDEXES = {"event_by_site_and_time", "event_is_stored_once", "event_of_low_confidence"}


def divide() -> None:
    with transaction.atomic():
        partitions.divide("events_event", "occurred_at", since=FIRST, until=LAST)


def unite() -> None:
    with transaction.atomic():
        partitions.unite("events_event")


@pytest.fixture
def divided(floor: Floor) -> Iterator[Floor]:
    """With months from April to August 2026, whatever the clock said at the migration."""
    unite()
    divide()
    yield floor
    call_command("flush", interactive=False, verbosity=0)
    unite()
    call_command("migrate", "events", "0003", verbosity=0, fake=True)
    call_command("migrate", "events", "0004", verbosity=0)
    call_command("migrate", "events", verbosity=0, fake=True)


def parts() -> dict[str, int]:
    """How many rows lie in each part."""
    rows = Event.objects.values_list("pk", "occurred_at")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text, count(*) FROM events_event GROUP BY 1")
        found = dict(cursor.fetchall())
    assert sum(found.values()) == len(rows)
    return {name.removeprefix("events_event_"): count for name, count in found.items()}


def in_month(number: int, day: int = 10, **more: str) -> dict[str, object]:
    return event(f"2026-{number:02}-{day:02}T08:00:00Z", **more)


def remove_before(floor: Floor, month: int) -> int:
    """As on the third day of a month, 400 days later."""
    return retention.remove_old(to_ms(datetime(2026, month, 3, 5, tzinfo=UTC)) + 400 * DAY_MS)


def test_events_lie_in_the_part_of_their_month(divided: Floor) -> None:
    divided.put(in_month(4), in_month(5), in_month(5, 11))
    assert parts() == {"y2026m04": 1, "y2026m05": 2}


def test_what_is_older_than_all_months_is_stored_too(divided: Floor) -> None:
    divided.put(in_month(1), in_month(6))
    assert parts() == {"old": 1, "y2026m06": 1}


def test_what_is_newer_than_all_months_is_stored_too(divided: Floor) -> None:
    Event.objects.bulk_create([fact(divided, 9)])
    assert parts() == {"later": 1}


def fact(floor: Floor, month: int) -> Event:
    moment = datetime(2026, month, 10, tzinfo=UTC)
    return Event(
        site=floor.site,
        camera=floor.cameras["C1"],
        worker=floor.workers["W1"],
        workstation=floor.stations["S1"],
        event_type="working",
        occurred_at=moment,
        received_at=moment,
        count=0,
        restated=False,
    )


def test_every_part_has_the_indexes(divided: Floor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_index WHERE indrelid = 'events_event_y2026m05'::regclass"
        )
        (found,) = cursor.fetchone()
    assert found == len(INDEXES) + 1  # and the primary key


def test_facts_outlive_dividing_and_uniting(divided: Floor) -> None:
    divided.put(in_month(4), in_month(6))
    rows = list(Event.objects.order_by("pk").values())
    unite()
    assert list(Event.objects.order_by("pk").values()) == rows
    divide()
    assert list(Event.objects.order_by("pk").values()) == rows


def test_ids_go_on_from_the_last_one(divided: Floor) -> None:
    divided.put(in_month(4))
    before = Event.objects.get().pk
    unite()
    divide()
    divided.put(in_month(5))
    assert Event.objects.latest("pk").pk > before


def test_filled_tables_are_divided_by_the_migration(divided: Floor) -> None:
    divided.put(in_month(4), in_month(6))
    rows = list(Event.objects.order_by("pk").values())
    call_command("migrate", "events", "0003", verbosity=0)
    assert not dialect.months(Event)
    call_command("migrate", "events", verbosity=0)
    assert dialect.months(Event)
    assert list(Event.objects.order_by("pk").values()) == rows


def test_months_are_made_ahead(divided: Floor) -> None:
    now = to_ms(datetime(2026, 11, 20, tzinfo=UTC))
    months.make_ahead(now)
    months.make_ahead(now)
    last = dialect.months(Event)[-1]
    assert to_datetime(last.start) == datetime(2027, 1, 1, tzinfo=UTC)


def test_what_came_before_its_month_was_made_moves_there(divided: Floor) -> None:
    Event.objects.bulk_create([fact(divided, 9)])
    dialect.make_next_month(Event)
    assert parts() == {"y2026m09": 1}


def test_month_is_dropped_but_for_the_carried_states(divided: Floor) -> None:
    divided.put(in_month(4, 1), in_month(4, 2), in_month(4, 3, worker="W2"), in_month(6))
    assert remove_before(divided, 5) == 1
    assert parts() == {"old": 2, "y2026m06": 1}
    assert to_datetime(dialect.months(Event)[0].start) == datetime(2026, 5, 1, tzinfo=UTC)


def test_what_was_said_in_a_dropped_month_goes_too(divided: Floor) -> None:
    divided.put(in_month(4, 1), in_month(4, 2), in_month(6))
    for each in Event.objects.order_by("pk"):
        divided.say(each, "confirmed")
    remove_before(divided, 5)
    assert Verdict.objects.count() == 2
    assert divided.difference() is None


def test_several_months_are_dropped_at_once(divided: Floor) -> None:
    divided.put(in_month(1), in_month(4), in_month(5), in_month(6))
    remove_before(divided, 6)
    assert parts() == {"old": 1, "y2026m06": 1}


def test_the_horizon_waits_for_the_end_of_a_month(divided: Floor) -> None:
    divided.put(in_month(5, 1), in_month(5, 2))
    assert remove_before(divided, 5) == 0


def test_shorter_retention_does_not_wait(divided: Floor) -> None:
    Site.objects.create(code="F9", name="Floor F9", retention_days=500)
    divided.put(in_month(5, 1), in_month(5, 2), in_month(5, 20))
    assert remove_before(divided, 5) == 1
    assert parts() == {"y2026m05": 2}


def test_month_stays_while_another_site_keeps_it(divided: Floor) -> None:
    other = Floor("F2")
    other.site.retention_days = 500
    other.site.save()
    for each in (divided, other):
        each.put(in_month(4, 1), in_month(4, 2), in_month(6))
    remove_before(divided, 6)
    assert parts() == {"y2026m04": 3, "y2026m06": 2}


def test_dropping_gives_way_to_who_reads(divided: Floor) -> None:
    divided.put(in_month(4, 1), in_month(4, 2), in_month(6))
    with Reading(), pytest.raises(OperationalError, match="lock timeout"):
        remove_before(divided, 5)
    assert remove_before(divided, 5) == 1


class Reading:
    """Another connection in the middle of reading events."""

    def __enter__(self) -> None:
        self._begun, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()
        self._begun.wait()

    def _read(self) -> None:
        with transaction.atomic():
            Event.objects.count()
            self._begun.set()
            self._over.wait()
        connections.close_all()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def test_late_events_find_the_state_before_a_dropped_month(divided: Floor) -> None:
    divided.put(in_month(4, 1), in_month(4, 2), in_month(6, 2))
    remove_before(divided, 5)
    divided.put(in_month(5, 5))
    assert divided.difference() is None


def test_months_follow_each_other() -> None:
    found = dialect.months(Event)
    assert [month.end for month in found[:-1]] == [month.start for month in found[1:]]
    assert all(month_of(month.start) == month.start for month in found)
    assert all(month_after(month.start) == month.end for month in found)
    assert HOUR_MS < found[0].end - found[0].start <= 31 * DAY_MS
