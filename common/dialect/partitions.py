"""A table in parts by UTC month, on PostgreSQL: a whole month can be dropped at once.

Months are made ahead; what lies in none of them goes to the part "other", so that no insert fails.
Elsewhere a table is one, and has no months.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import transaction
from django.db.models import Model

from common.dialect.given import fetch, is_sqlite, run, table_of
from common.instants import month_after, month_of, to_datetime

PATIENCE = "2s"  # for a lock: whoever waits behind us waits no longer than this
_LIKE = "INCLUDING DEFAULTS INCLUDING CONSTRAINTS"


class Month(NamedTuple):
    """A part of a table: the instants [start, end)."""

    start: int
    end: int


def is_divided(model: type[Model]) -> bool:
    """Whether the table is in parts."""
    return not is_sqlite() and bool(fetch(_KIND, [model._meta.db_table]))


_KIND = "SELECT 1 FROM pg_class WHERE oid = to_regclass(%s) AND relkind = 'p'"


def months(model: type[Model]) -> list[Month]:
    """The parts of the table, oldest first; none where it is one."""
    if is_sqlite():
        return []
    rows = fetch(
        "SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid IN"
        " (SELECT inhrelid FROM pg_inherits WHERE inhparent = to_regclass(%s))",
        [model._meta.db_table],
    )
    bounds = (re.findall(r"'(-?\d+)'", text) for (text,) in rows)
    return sorted(Month(int(found[0]), int(found[1])) for found in bounds if found)


@contextmanager
def giving_way() -> Iterator[None]:
    """A transaction that raises OperationalError rather than wait long for a lock."""
    with transaction.atomic():
        if not is_sqlite():
            run(f"SET LOCAL lock_timeout = '{PATIENCE}'", [])
        yield


def crowded_months(model: type[Model], column: str, *, since: int, least: int) -> list[Month]:
    """Months without a part, not before `since`, that have at least so many rows."""
    if not is_divided(model):
        return []
    day = f"to_timestamp({column} / 1000) AT TIME ZONE 'UTC'"
    start = f"extract(epoch FROM date_trunc('month', {day}))::bigint * 1000"
    rows = fetch(
        f"SELECT {start} AS month FROM {_other(model)} WHERE {column} >= %s"
        f" GROUP BY month HAVING count(*) >= %s",
        [since, least],
    )
    return [Month(at, month_after(at)) for (at,) in sorted(rows)]


def make_month(model: type[Model], column: str, month: Month) -> None:
    """Makes the part, with what is stored of that month already. Safe to repeat."""
    table, part = table_of(model), _part(model, month)
    with giving_way():
        run("SELECT pg_advisory_xact_lock(to_regclass(%s)::oid::bigint)", [model._meta.db_table])
        if month in months(model):
            return
        run(f"LOCK TABLE {_other(model)} IN ACCESS EXCLUSIVE MODE", [])
        run(f"CREATE TABLE {part} (LIKE {table} {_LIKE})", [])
        run(
            f"WITH moved AS (DELETE FROM {_other(model)}"
            f" WHERE {column} >= %s AND {column} < %s RETURNING *)"
            f" INSERT INTO {part} SELECT * FROM moved",
            list(month),
        )
        run(f"ALTER TABLE {table} ATTACH PARTITION {part} {_bounds(month)}", [])


def lock_month(model: type[Model], month: Month) -> None:
    """Nobody else reads or writes it until our transaction ends."""
    run(f"LOCK TABLE {_part(model, month)} IN ACCESS EXCLUSIVE MODE", [])


def drop_month(model: type[Model], month: Month, *, but: Collection[int]) -> None:
    """Drops all rows of the month but those with these ids, which move to the part "other"."""
    part = _part(model, month)
    staying = f"SELECT * FROM {part} WHERE id = ANY(%s)"
    run(f"CREATE TEMPORARY TABLE staying ON COMMIT DROP AS {staying}", [list(but)])
    run(f"DROP TABLE {part}", [])
    run(f"INSERT INTO {table_of(model)} SELECT * FROM staying", [])
    run("DROP TABLE staying", [])


def divide(table: str, column: str, months_wanted: Iterable[Month]) -> None:
    """For migrations: puts a table into parts, with all its rows, indexes and constraints.

    The primary key becomes (id, column).
    """
    with _remade(table, f"PARTITION BY RANGE ({column})", f"id, {column}") as whole:
        run(f"CREATE TABLE {table}_other PARTITION OF {table} DEFAULT", [])
        for month in sorted({*months_wanted, *_months_of(whole, column)}):
            name = f"{table}_{_name(month)}"
            run(f"CREATE TABLE {name} PARTITION OF {table} {_bounds(month)}", [])


def unite(table: str) -> None:
    """For migrations: makes one table again of one that is in parts."""
    with _remade(table, "", "id"):
        pass


@contextmanager
def _remade(table: str, how: str, key: str) -> Iterator[str]:
    """A new table of the same name with the rows of the old one, whose name is given.

    Indexes are built once the rows are there.
    """
    old, sequence = f"{table}_before", f"{table}_id_seq"
    definitions = _definitions(table)
    ((last,),) = fetch(f"SELECT COALESCE(MAX(id), 0) FROM {table}", [])
    ((next_id,),) = fetch("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
    run(f"ALTER TABLE {table} RENAME TO {old}", [])
    run(f"CREATE TABLE {table} (LIKE {old} INCLUDING CONSTRAINTS) {how}", [])
    yield old
    run(f"INSERT INTO {table} SELECT * FROM {old}", [])
    run(f"DROP TABLE {old}", [])
    run(f"CREATE SEQUENCE {sequence} AS bigint OWNED BY {table}.id", [])
    run("SELECT setval(%s, %s, false)", [sequence, max(last + 1, next_id)])
    run(f"ALTER TABLE {table} ALTER COLUMN id SET DEFAULT nextval('{sequence}')", [])
    run(f"ALTER TABLE {table} ADD PRIMARY KEY ({key})", [])
    for definition in definitions:
        run(definition, [])


def _definitions(table: str) -> list[str]:
    """What makes the table's unique and foreign keys and its other indexes again."""
    keys = fetch(
        "SELECT format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', %s::text, conname,"
        " pg_get_constraintdef(oid)) FROM pg_constraint"
        " WHERE conrelid = to_regclass(%s) AND contype IN ('u', 'f') ORDER BY conname",
        [table, table],
    )
    indexes = fetch(
        "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = to_regclass(%s)"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)",
        [table],
    )
    return [text.replace(" ON ONLY ", " ON ") for (text,) in sorted([*keys, *indexes])]


def _months_of(table: str, column: str) -> list[Month]:
    ((first, last),) = fetch(f"SELECT MIN({column}), MAX({column}) FROM {table}", [])
    found = []
    at = None if first is None else month_of(first)
    while at is not None and at <= last:
        found.append(Month(at, month_after(at)))
        at = month_after(at)
    return found


def _part(model: type[Model], month: Month) -> str:
    return f"{model._meta.db_table}_{_name(month)}"


def _other(model: type[Model]) -> str:
    return f"{model._meta.db_table}_other"


def _name(month: Month) -> str:
    return f"{to_datetime(month.start):y%Ym%m}"


def _bounds(month: Month) -> str:
    return f"FOR VALUES FROM ({int(month.start)}) TO ({int(month.end)})"
