"""How rows are handed to a statement, and how it is run."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, cast

import msgspec
from django.db import connection
from django.db.models import Model

Row = tuple[Any, ...]
Rows = Sequence[Row]


# A process has one kind of database, and its tables and columns have one name: what a small batch
# costs is for a good part the making of its statements.


@cache
def is_sqlite() -> bool:
    """Whether this is the one-writer database."""
    return connection.vendor == "sqlite"


@cache
def table_of(model: type[Model]) -> str:
    """The model's table, quoted."""
    return _quoted(model._meta.db_table)


@cache
def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def listed(names: Iterable[str]) -> str:
    """Column names, quoted, for a list."""
    return ", ".join(map(_quoted, names))


def selected(table: str, names: Iterable[str]) -> str:
    """Columns of a table, for a SELECT."""
    return ", ".join(f"{table}.{name}" for name in names)


def equal(table: str, key: Sequence[str]) -> str:
    """The condition that a table's row has a given row's key."""
    return " AND ".join(f"{table}.{name} = given.{name}" for name in key)


def joining() -> str:
    """SQLite reads the given rows first where the join says so; PostgreSQL decides by itself."""
    return "CROSS JOIN" if is_sqlite() else "JOIN"


def probing(table: str, condition: str) -> str:
    """Joins, for each given row, the table's rows under a condition: by its index, row by row.

    Left to itself, PostgreSQL expects a range to hold a ninth of the table, and reads it whole.
    """
    if is_sqlite():
        return f"CROSS JOIN {table} n ON {condition}"
    return f"CROSS JOIN LATERAL (SELECT * FROM {table} n WHERE {condition} OFFSET 0) AS n"


def given(model: type[Model], names: Sequence[str]) -> str:
    """The given rows as a relation `given` with these columns of the model."""
    if is_sqlite():
        return integers(names)
    columns = (f"(value->>{i})::{type_of(model, name)} AS {name}" for i, name in enumerate(names))
    return f"(SELECT {', '.join(columns)} FROM json_array_elements(%s::json)) AS given"


def integers(names: Sequence[str], alias: str = "given") -> str:
    """The given rows as a relation of whole numbers; they travel as one JSON parameter."""
    cast, source = (
        ("", "json_each(%s)") if is_sqlite() else ("::bigint", "json_array_elements(%s::json)")
    )
    columns = (f"(value->>{i}){cast} AS {name}" for i, name in enumerate(names))
    return f"(SELECT {', '.join(columns)} FROM {source}) AS {alias}"


@cache
def type_of(model: type[Model], name: str) -> str:
    """The column's type, without a length: a cast to one would cut what is too long in silence."""
    field = next(field for field in model._meta.concrete_fields if field.column == name)
    kind = field.rel_db_type(connection) if field.is_relation else field.cast_db_type(connection)
    return str(kind).partition("(")[0]


def as_json(rows: Rows) -> str:
    """The parameter for `given` and `integers`."""
    return msgspec.json.encode(rows).decode()


def unnested(model: type[Model], columns: Sequence[str]) -> str:
    """PostgreSQL: the given rows as a relation `given`; they travel as one array a column."""
    arrays = ", ".join(f"%s::{type_of(model, name)}[]" for name in columns)
    return f"unnest({arrays}) AS given({listed(columns)})"


def as_arrays(model: type[Model], columns: Sequence[str], rows: Rows) -> list[Any]:
    """The parameters for `unnested`, each written out as PostgreSQL writes an array.

    The driver would look at every value, and take twice as long as the insert itself.
    """
    return [
        _array(type_of(model, name), column)
        for name, column in zip(columns, zip(*rows, strict=True), strict=True)
    ]


def _array(kind: str, values: Sequence[Any]) -> Any:
    if kind.startswith(("varchar", "text")):
        return f"{{{','.join(map(_text, values))}}}"
    if kind == "bytea":
        return list(values)
    return f"{{{msgspec.json.encode(values)[1:-1].decode()}}}"  # numbers, true, false, null


def _text(value: str | None) -> str:
    if value is None:
        return "NULL"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def own_cursor() -> Any:
    """The cursor for all statements of this package."""
    return connection.cursor() if is_sqlite() else cast(Any, connection).own_cursor()


def fetch(sql: str, arguments: Sequence[Any]) -> list[Row]:
    """Runs a statement and returns its rows."""
    with own_cursor() as cursor:
        cursor.execute(sql, arguments)
        return list(cursor.fetchall())


def run(sql: str, arguments: Sequence[Any]) -> None:
    """Runs a statement."""
    with own_cursor() as cursor:
        cursor.execute(sql, arguments)


def run_each(sql: str, rows: Rows) -> None:
    """SQLite: runs one prepared statement for each row, without a round trip between them."""
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)
