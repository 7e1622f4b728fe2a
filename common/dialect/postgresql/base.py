"""Django's PostgreSQL backend, with a pool that recovers at once, and statements under way.

Django's own pool looks at one idle connection after another, and waits twice as long after each
that is dead: with five of them a caller waits half a minute and then fails.

What common.dialect asks for in a transaction is under way together: the next statement is sent
before the last one's answer is here, and the database works while Python goes on. What fails is
told by the next statement that reads, or by the commit. Whatever else Django asks for first waits
until nothing is under way.
"""

from contextlib import AbstractContextManager, suppress
from functools import partial
from typing import Any

from django.db import Error
from django.db.backends.postgresql import base
from psycopg import Connection, Cursor
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """The vendor stays "postgresql"."""

    _under_way: AbstractContextManager[Any] | None = None

    @property
    def pool(self) -> ConnectionPool | None:
        """Where one connection is found dead, all idle ones are looked at and replaced."""
        pool: ConnectionPool | None = super().pool
        if pool is not None:
            pool._check = partial(_check, pool)
        return pool

    def own_cursor(self) -> Any:
        """A cursor whose parameters travel apart from the statement, without being quoted.

        In a transaction nothing waits for the answer of what it runs but a fetch.
        """
        self.ensure_connection()
        with self.wrap_database_errors:
            if self.in_atomic_block and self._under_way is None:
                self._under_way = self.connection.pipeline()
                self._under_way.__enter__()
            return self._prepare_cursor(Cursor(self.connection))  # type: ignore[attr-defined]

    def settle(self) -> None:
        """Waits until nothing is under way. Raises what failed, as an error of Django's."""
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            with self.wrap_database_errors:
                under_way.__exit__(None, None, None)

    def create_cursor(self, name: str | None = None) -> Any:
        """Django's cursors quote parameters themselves, one statement at a time."""
        self.settle()
        return super().create_cursor(name)

    def _commit(self) -> None:
        self.settle()
        super()._commit()  # type: ignore[misc]

    def _rollback(self) -> None:
        self._forget()
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        self._forget()
        super()._savepoint_rollback(sid)  # type: ignore[misc]

    def _close(self) -> None:
        self._forget()
        super()._close()  # type: ignore[misc]

    def _forget(self) -> None:
        """What failed is known, or does not matter any more."""
        with suppress(Error):
            self.settle()


def _check(pool: ConnectionPool, connection: Connection) -> None:
    try:
        ConnectionPool.check_connection(connection)
    except Exception:
        pool.check()
        raise
