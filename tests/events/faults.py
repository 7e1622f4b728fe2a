"""Real faults of the database, as each of the two has them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

IS_SQLITE = connection.vendor == "sqlite"
BRIEF = "PRAGMA busy_timeout=200" if IS_SQLITE else "SET lock_timeout='200ms'"
USUAL = "PRAGMA busy_timeout=10000" if IS_SQLITE else "RESET lock_timeout"
EXCLUSIVE = "BEGIN IMMEDIATE" if IS_SQLITE else "BEGIN; SELECT id FROM workers_site FOR UPDATE"
NO_ROOM = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER no_room BEFORE INSERT ON events_event EXECUTE FUNCTION no_room();
"""


class WriterConnection:
    """The driver's connection under the writer thread, once that has opened it."""

    raw: Any = None

    def __enter__(self) -> "WriterConnection":
        connection_created.connect(self._created)
        return self

    def __exit__(self, *_: object) -> None:
        connection_created.disconnect(self._created)

    def _created(self, connection: BaseDatabaseWrapper, **_: object) -> None:
        if threading.current_thread().name == "event-writer":
            self.raw = connection.connection

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """It and the test's own wait a fifth of a second for a lock."""
        ours: Any = connection.connection
        for raw in (self.raw, ours):
            raw.execute(BRIEF)
        yield
        for raw in (self.raw, ours):
            raw.execute(USUAL)

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """SQLite may not grow its file; PostgreSQL says what it says when it can't."""
        if IS_SQLITE:
            ours: Any = connection.connection
            ours.execute("VACUUM")
            (pages,) = self.raw.execute("PRAGMA page_count").fetchone()
            self.raw.execute(f"PRAGMA max_page_count={pages}")
            yield
            self.raw.execute("PRAGMA max_page_count=1073741823")
        else:
            with connection.cursor() as cursor:
                cursor.execute(NO_ROOM)
                yield
                cursor.execute("DROP FUNCTION no_room CASCADE")


@contextmanager
def locked() -> Iterator[None]:
    """Another connection holds what a writer needs."""
    other = connections.create_connection(DEFAULT_DB_ALIAS)
    with other.cursor() as cursor:
        cursor.execute(EXCLUSIVE)
        yield
        cursor.execute("ROLLBACK")
    other.close()


def cut(raw: Any) -> None:
    """PostgreSQL ends a connection behind the writer's back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [raw.info.backend_pid])
