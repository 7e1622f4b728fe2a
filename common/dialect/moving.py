"""What the move of a whole site asks of a database: one view of it, streams, and room for ids."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, QuerySet

from common.dialect.given import (
    Rows,
    fetch,
    is_sqlite,
    listed,
    run,
    run_each,
    table_of,
    unnested,
)
from common.dialect.writing import inserting
from common.fields import InstantField

STEP = 2_000  # rows in memory at a time


@contextmanager
def one_view() -> Iterator[None]:
    """All that is read inside is as of one instant, however long it takes; writers go on.

    Nothing can be written inside. Not for use within another transaction.
    """
    if not is_sqlite():
        with transaction.atomic():
            run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY", [])
            yield
        return
    run("BEGIN DEFERRED", [])  # Django's own would be IMMEDIATE, and hold writers off
    try:
        yield
    finally:
        run("ROLLBACK", [])


def stream(rows: QuerySet[Any], columns: Sequence[str]) -> Iterator[list[Any]]:
    """Columns of the rows, a few thousand in memory at a time.

    Values are Python's, but instants stay whole milliseconds.
    """
    compiler = rows.values_list(*columns).query.get_compiler(connection=connection)
    fetched = chain.from_iterable(compiler.execute_sql(chunked_fetch=True, chunk_size=STEP))
    fields = [expression for expression, *_ in compiler.select]
    converters = {
        index: given
        for index, given in compiler.get_converters(fields).items()
        if not isinstance(fields[index].output_field, InstantField)
    }
    return compiler.apply_converters(fetched, converters)  # type: ignore[no-any-return]


def insert(model: type[Model], columns: Sequence[str], rows: Rows) -> None:
    """Inserts rows of which none may be stored yet. Raises IntegrityError."""
    if not rows:
        return
    table = table_of(model)
    if is_sqlite():
        run_each(inserting(table, columns), rows)
        return
    source = unnested(model, columns)
    arrays = [list(column) for column in zip(*rows, strict=True)]  # of any type
    run(f"INSERT INTO {table} ({listed(columns)}) SELECT * FROM {source}", arrays)


def reserve_ids(model: type[Model], width: int) -> int:
    """The first of so many ids in a row, which nobody else will get."""
    with transaction.atomic():
        first = (_last_id_on_sqlite if is_sqlite() else _last_id)(model) + 1
        (_skip_to_on_sqlite if is_sqlite() else _skip_to)(model, first + width - 1)
    return first


def _last_id(model: type[Model]) -> int:
    """Ids are drawn under the lock of an insert, which this one waits for and holds off."""
    table, key = table_of(model), _key_of(model)
    run(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE", [])
    drawn = f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {_sequence_of(model)}"
    ((last,),) = fetch(f"SELECT GREATEST((SELECT MAX({key}) FROM {table}), ({drawn}))", [])
    return int(last)


def _skip_to(model: type[Model], last: int) -> None:
    fetch("SELECT setval(%s, %s)", [_sequence_of(model), last])


def _sequence_of(model: type[Model]) -> str:
    names = [table_of(model), str(model._meta.pk.column)]
    ((name,),) = fetch("SELECT pg_get_serial_sequence(%s, %s)", names)
    return str(name)


def _last_id_on_sqlite(model: type[Model]) -> int:
    table, key = table_of(model), _key_of(model)
    drawn = "SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s"
    sql = f"SELECT MAX(COALESCE((SELECT MAX({key}) FROM {table}), 0), ({drawn}))"
    ((last,),) = fetch(sql, [model._meta.db_table])
    return int(last)


def _skip_to_on_sqlite(model: type[Model], last: int) -> None:
    table = model._meta.db_table
    run("DELETE FROM sqlite_sequence WHERE name = %s", [table])
    run("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])


def _key_of(model: type[Model]) -> str:
    return listed([str(model._meta.pk.column)])
