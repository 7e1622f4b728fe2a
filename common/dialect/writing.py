"""Inserts, additions and deletions of many rows at once; each can be repeated."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Model, QuerySet

from common.dialect.copying import COPY_FROM, insert_copied
from common.dialect.given import (
    Row,
    Rows,
    as_arrays,
    equal,
    fetch,
    is_sqlite,
    listed,
    run,
    run_each,
    table_of,
    unnested,
)


def insert_missing(
    model: type[Model], columns: Sequence[str], key: Sequence[str], rows: Rows
) -> set[Row] | None:
    """Inserts the rows whose key is not stored yet.

    Returns the keys inserted, or None when that was all of them.
    """
    if is_sqlite():
        return _insert_missing_on_sqlite(model, columns, key, rows)
    insert = _insert_unnested if len(rows) < COPY_FROM else insert_copied
    inserted = insert(model, columns, key, rows)
    return None if len(inserted) == len(rows) else set(inserted)


def _insert_unnested(
    model: type[Model], columns: Sequence[str], key: Sequence[str], rows: Rows
) -> list[Row]:
    sql = (
        f"INSERT INTO {table_of(model)} ({listed(columns)}) SELECT * FROM"
        f" {unnested(model, columns)} ON CONFLICT DO NOTHING RETURNING {listed(key)}"
    )
    return fetch(sql, as_arrays(model, columns, rows))


def _insert_missing_on_sqlite(
    model: type[Model], columns: Sequence[str], key: Sequence[str], rows: Rows
) -> set[Row] | None:
    """There is one writer at a time: what has a higher id than any before is what was inserted."""
    table = table_of(model)
    ((before,),) = fetch(f"SELECT COALESCE(MAX(id), 0) FROM {table}", [])
    with connection.cursor() as cursor:
        cursor.executemany(f"{inserting(table, columns)} ON CONFLICT DO NOTHING", rows)
        if cursor.rowcount == len(rows):
            return None
    return set(fetch(f"SELECT {listed(key)} FROM {table} WHERE id > %s", [before]))


class Merge(NamedTuple):
    """What an upsert does where the key exists: add, replace, leave, or take the greater value."""

    add: Sequence[str] = ()
    replace: Sequence[str] = ()
    keep: Sequence[str] = ()
    greatest: Sequence[str] = ()

    @property
    def columns(self) -> list[str]:
        """All of them, in the order in which rows carry them."""
        return [*self.add, *self.replace, *self.keep, *self.greatest]


def upsert(model: type[Model], key: Sequence[str], rows: Rows, merge: Merge) -> None:
    """Inserts rows of (key, merge's columns), or merges them into those stored."""
    if not rows:
        return
    table, columns = table_of(model), [*key, *merge.columns]
    action = f"ON CONFLICT ({listed(key)}) DO UPDATE SET {', '.join(_changes(table, merge))}"
    if is_sqlite():
        run_each(f"{inserting(table, columns)} {action}", rows)
        return
    source = unnested(model, columns)
    run(
        f"INSERT INTO {table} ({listed(columns)}) SELECT * FROM {source} {action}",
        as_arrays(model, columns, rows),
    )


def _changes(table: str, merge: Merge) -> list[str]:
    larger = "MAX" if is_sqlite() else "GREATEST"
    return [
        *(f"{name} = {table}.{name} + excluded.{name}" for name in merge.add),
        *(f"{name} = excluded.{name}" for name in merge.replace),
        *(f"{name} = {larger}({table}.{name}, excluded.{name})" for name in merge.greatest),
    ]


def assign(model: type[Model], key: Sequence[str], columns: Sequence[str], rows: Rows) -> None:
    """Sets columns of the stored rows that have one of these keys: rows of (key, columns)."""
    if not rows:
        return
    table = table_of(model)
    if is_sqlite():
        change = ", ".join(f"{name} = %s" for name in columns)
        where = " AND ".join(f"{name} = %s" for name in key)
        values_first = [(*row[len(key) :], *row[: len(key)]) for row in rows]
        run_each(f"UPDATE {table} SET {change} WHERE {where}", values_first)
        return
    change = ", ".join(f"{name} = given.{name}" for name in columns)
    names = [*key, *columns]
    sql = f"UPDATE {table} SET {change} FROM {unnested(model, names)} WHERE {equal(table, key)}"
    run(sql, as_arrays(model, names, rows))


def lock(model: type[Model], columns: Sequence[str], ids: Sequence[int]) -> list[Row]:
    """Columns of the rows with these ids, which stay ours until the transaction ends.

    On SQLite the transaction is exclusive by itself. Rows are locked in the order of their ids.
    """
    table = table_of(model)
    hold = "" if is_sqlite() else " FOR NO KEY UPDATE"
    marks = ", ".join(["%s"] * len(ids))
    sql = f"SELECT {listed(columns)} FROM {table} WHERE id IN ({marks}) ORDER BY id{hold}"
    return fetch(sql, ids)


def count_up(model: type[Model], column: str, row_id: int) -> None:
    """Adds one to a column of one row."""
    run(f"UPDATE {table_of(model)} SET {column} = {column} + 1 WHERE id = %s", [row_id])


def raise_to(model: type[Model], column: str, rows: Rows) -> None:
    """Sets a column to a value, where it is empty or less: rows of (id, value).

    On PostgreSQL a row that somebody else is changing is passed over. Whoever saves one holds it
    and waits for its site, which is ours: neither would ever go on.
    """
    if not rows:
        return
    table = table_of(model)
    if is_sqlite():
        less = f"({column} IS NULL OR {column} < %s)"
        swapped = [(value, row_id, value) for row_id, value in rows]
        run_each(f"UPDATE {table} SET {column} = %s WHERE id = %s AND {less}", swapped)
        return
    names = ["id", column]
    run(
        f"WITH given AS (SELECT * FROM {unnested(model, names)}),"
        f" free AS (SELECT n.id FROM {table} n JOIN given ON given.id = n.id"
        f" WHERE n.{column} IS NULL OR n.{column} < given.{column}"
        f" FOR NO KEY UPDATE OF n SKIP LOCKED)"
        f" UPDATE {table} SET {column} = given.{column} FROM given JOIN free ON free.id = given.id"
        f" WHERE {table}.id = given.id",
        as_arrays(model, names, rows),
    )


def delete(
    model: type[Model], key: Sequence[str], rows: Rows, *, only_zero: Sequence[str] = ()
) -> None:
    """Deletes the rows with these keys; with `only_zero`, if all these columns are 0 in them."""
    if not rows:
        return
    table = table_of(model)
    zero = "".join(f" AND {table}.{name} = 0" for name in only_zero)
    if is_sqlite():
        where = " AND ".join(f"{name} = %s" for name in key)
        run_each(f"DELETE FROM {table} WHERE {where}{zero}", rows)
        return
    source = unnested(model, key)
    run(
        f"DELETE FROM {table} USING {source} WHERE {equal(table, key)}{zero}",
        as_arrays(model, key, rows),
    )


def delete_all(rows: QuerySet[Any]) -> int:
    """Deletes what a query finds in one statement, and not what hangs on it; how many rows."""
    return int(rows.order_by()._raw_delete(rows.db))


def inserting(table: str, columns: Sequence[str]) -> str:
    """SQLite: the statement that inserts one row."""
    marks = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {table} ({listed(columns)}) VALUES ({marks})"
