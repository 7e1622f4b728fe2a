"""A full disk, a locked database, a cut connection: say so, store nothing, and go on afterwards."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from rest_framework.response import Response

from events.sinks import DirectSink
from tests.events.faults import IS_SQLITE, WriterConnection, cut, locked
from tests.floor import Floor, event

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
IDLE = 10  # connections in the pool
BATCH = [event(f"09:{n // 60:02}:{n % 60:02}") for n in range(3_000)]


@pytest.fixture
def wire(floor: Floor, writer: DirectSink) -> Iterator[WriterConnection]:
    """One event is stored, so that the writer is connected."""
    writer.close()
    with WriterConnection() as wire:
        floor.put(event("08:00"))
        yield wire


def send_and_close(floor: Floor) -> Response:
    """In a thread of its own."""
    try:
        return floor.send(BATCH)
    finally:
        connections.close_all()


def assert_asks_to_come_back(response: Response, status: int) -> None:
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/json"
    assert int(response.headers["Retry-After"]) > 0


# --- a full disk ---------------------------------------------------------------------------------


def test_full_disk_is_507(floor: Floor, wire: WriterConnection) -> None:
    with wire.full_disk():
        response = floor.send(BATCH)
    assert_asks_to_come_back(response, 507)
    assert response.json()["code"] == "disk_full"


def test_full_disk_stores_nothing_of_a_batch(floor: Floor, wire: WriterConnection) -> None:
    with wire.full_disk():
        floor.send([event("08:30", worker="nobody"), *BATCH])
    assert (floor.events(), floor.refused().count()) == (1, 0)


def test_same_batch_is_stored_once_there_is_room(floor: Floor, wire: WriterConnection) -> None:
    with wire.full_disk():
        floor.send(BATCH)
    floor.put(*BATCH)


def test_figures_are_right_after_a_full_disk(floor: Floor, wire: WriterConnection) -> None:
    with wire.full_disk():
        floor.send(BATCH)
    floor.put(*BATCH)
    assert floor.difference() is None


def test_figures_are_read_while_the_disk_is_full(floor: Floor, wire: WriterConnection) -> None:
    floor.factory("08:00", "09:00")
    with wire.full_disk():
        floor.send(BATCH)
        assert floor.factory("08:00", "09:00")["working_events"] == 1


# --- a locked database ---------------------------------------------------------------------------


def test_locked_database_is_503(floor: Floor, wire: WriterConnection) -> None:
    with wire.impatient(), locked():
        response = floor.send(BATCH)
    assert_asks_to_come_back(response, 503)


def test_locked_database_stores_nothing(floor: Floor, wire: WriterConnection) -> None:
    with wire.impatient(), locked():
        floor.send(BATCH)
    assert floor.events() == 1


def test_same_batch_is_stored_after_the_lock(floor: Floor, wire: WriterConnection) -> None:
    with wire.impatient(), locked():
        floor.send(BATCH)
    floor.put(*BATCH)


def test_first_request_of_a_key_is_answered_under_a_lock(
    floor: Floor, wire: WriterConnection
) -> None:
    fresh = floor.new_key(floor.cameras["C2"])
    with wire.impatient(), locked():
        response = floor.send(BATCH, key=fresh)
    assert_asks_to_come_back(response, 503)


def test_lock_that_goes_in_time_is_waited_for(floor: Floor, wire: WriterConnection) -> None:
    with ThreadPoolExecutor(1) as pool, locked():
        done = pool.submit(send_and_close, floor)
        assert not wait([done], timeout=0.3).done
    assert done.result().status_code == 200


# --- a cut connection ----------------------------------------------------------------------------

if not IS_SQLITE:  # whose connection is a file

    def test_cut_connection_is_503(floor: Floor, wire: WriterConnection) -> None:
        cut(wire.raw)
        assert_asks_to_come_back(floor.send(BATCH), 503)

    def test_writer_connects_again_after_a_cut(floor: Floor, wire: WriterConnection) -> None:
        cut(wire.raw)
        floor.send(BATCH)
        floor.put(*BATCH)

    def test_many_cut_connections_keep_nobody_waiting_in_vain(floor: Floor) -> None:
        """As after a restart of the server: what waits in the pool is dead."""
        others = [connections.create_connection(DEFAULT_DB_ALIAS) for _ in range(IDLE)]
        for each in others:
            each.ensure_connection()
        pids = [each.connection.info.backend_pid for each in others]
        for each in others:
            each.close()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid, 5000) FROM unnest(%s) AS pid", [pids])
        connection.close()
        assert floor.events() == 0
