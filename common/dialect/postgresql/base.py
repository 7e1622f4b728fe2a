"""Django's PostgreSQL backend; its pool recovers at once when the server has been away.

Django's own pool looks at one idle connection after another, and waits twice as long after each
that is dead: with five of them a caller waits half a minute and then fails.
"""

from functools import partial

from django.db.backends.postgresql import base
from psycopg import Connection
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """The vendor stays "postgresql"."""

    @property
    def pool(self) -> ConnectionPool | None:
        """Where one connection is found dead, all idle ones are looked at and replaced."""
        pool: ConnectionPool | None = super().pool
        if pool is not None:
            pool._check = partial(_check, pool)
        return pool


def _check(pool: ConnectionPool, connection: Connection) -> None:
    try:
        ConnectionPool.check_connection(connection)
    except Exception:
        pool.check()
        raise
