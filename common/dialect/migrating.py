"""Of several who bring the same database up to date, one at a time does."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.utils import CursorWrapper

LOCK = 7_150_923_846  # any number that nobody else takes in this database
PAUSE_S = 0.5


@contextmanager
def alone_in_migrating() -> Iterator[None]:
    """Waits for the others. On SQLite one machine has one server, and nobody is waited for.

    It asks again and again instead of hanging in one statement, which a statement timeout would
    end; the same goes for a long migration.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        while not _has_locked(cursor):
            time.sleep(PAUSE_S)
        cursor.execute("SET statement_timeout = 0")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET statement_timeout")
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _has_locked(cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
    return bool(cursor.fetchone()[0])
