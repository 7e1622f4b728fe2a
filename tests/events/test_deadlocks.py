"""Two transactions wait for each other: PostgreSQL takes one back, and it is tried again."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from common.dialect import retrying
from events.models import Event
from events.sinks import DirectSink
from tests.floor import Floor, event
from workers.models import Camera, Site, Worker

pytestmark = pytest.mark.django_db(transaction=True)
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


class Other:
    """Somebody else's transaction, which takes a worker's row and then wants the site's."""

    def __init__(self, worker: Worker) -> None:
        self._connection = connections.create_connection(DEFAULT_DB_ALIAS)
        self._worker = worker

    @contextmanager
    def holding(self) -> Iterator[None]:
        with self._connection.cursor() as cursor:
            cursor.execute("BEGIN; SET LOCAL deadlock_timeout = '1min'")  # it never loses
            cursor.execute(_take(Worker), [self._worker.pk])
            yield
        self._connection.close()

    def want_the_site(self) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(_take(Site), [self._worker.site_id])
            cursor.execute("COMMIT")


def _take(model: Any) -> str:
    return f"SELECT id FROM {model._meta.db_table} WHERE id = %s FOR UPDATE"


def until_somebody_waits(working: Future) -> None:
    with connection.cursor() as cursor:
        while not working.done():
            cursor.execute(WAITING)
            if cursor.fetchone() != (0,):
                return


def send(floor: Floor, when: str) -> Any:
    try:
        return floor.send([event(when)])
    finally:
        connections.close_all()


def meet(floor: Floor, when: str) -> Any:
    """The answer to an event whose transaction holds the site and waits for the worker.

    The other one then wants the site. Who finds out loses: the one who stores.
    """
    other = Other(floor.workers["W1"])
    with ThreadPoolExecutor(1) as pool, other.holding():
        working = pool.submit(send, floor, when)
        until_somebody_waits(working)
        other.want_the_site()
        return working.result()


def test_event_that_met_a_deadlock_is_stored(floor: Floor, writer: DirectSink) -> None:
    assert meet(floor, "09:00").json()["accepted"] == 1
    assert Event.objects.count() == 1


def test_deadlock_was_real(
    floor: Floor, writer: DirectSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a second try it is answered as a database that is busy."""
    monkeypatch.setattr(retrying, "TIMES", 1)
    assert meet(floor, "09:00").status_code == 503


def test_camera_that_is_being_saved_holds_up_no_events(floor: Floor, writer: DirectSink) -> None:
    mine = Camera.objects.filter(pk=floor.cameras["C1"].pk)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        mine.update(name="being saved")
        assert pool.submit(send, floor, "09:00").result().status_code == 200
