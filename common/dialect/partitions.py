"""A table in parts by UTC month, on PostgreSQL: whole months can be dropped at once.

Months follow each other without a gap, in one order, so that a search for the nearest row ends at
the first month that has one. What is older than all of them lies in the part "old", what is newer
in the part "later": no insert fails. Elsewhere a table is one, and has no months.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from django.db import transaction
from django.db.models import Model

from common.dialect.given import fetch, is_sqlite, run
from common.instants import month_after, month_of, to_datetime

# For a lock: whoever waits behind us waits no longer; autovacuum gives way after a second.
PATIENCE = "3s"


class Month(NamedTuple):
    """A part of a table: the instants [start, end)."""

    start: int
    end: int


def month_at(instant: int) -> Month:
    """The month in which an instant lies."""
    return Month(month_of(instant), month_after(instant))


def months_between(first: int, last: int) -> list[Month]:
    """All months from that of one instant to that of another."""
    found = [month_at(first)]
    while found[-1].end <= last:
        found.append(month_at(found[-1].end))
    return found


def months(model: type[Model]) -> list[Month]:
    """The months of the table, oldest first; none where it is one."""
    if is_sqlite():
        return []
    rows = fetch(
        "SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid IN"
        " (SELECT inhrelid FROM pg_inherits WHERE inhparent = to_regclass(%s))",
        [model._meta.db_table],
    )
    bounds = (re.findall(r"'(\d+)'", text) for (text,) in rows)
    return sorted(Month(int(found[0]), int(found[1])) for found in bounds if len(found) == 2)


@contextmanager
def giving_way() -> Iterator[None]:
    """A transaction that raises OperationalError rather than wait long for a lock."""
    with transaction.atomic():
        run(f"SET LOCAL lock_timeout = '{PATIENCE}'", [])
        yield


def lock_all(model: type[Model]) -> None:
    """Nobody else reads or writes the table until our transaction ends."""
    run(f"LOCK TABLE ONLY {model._meta.db_table} IN ACCESS EXCLUSIVE MODE", [])


def make_next_month(model: type[Model]) -> None:
    """Makes the month after the last one. Raises OperationalError as `giving_way` does."""
    table = model._meta.db_table
    with giving_way():
        lock_all(model)
        month = month_at(months(model)[-1].end)
        with _held(f"SELECT * FROM {table}_later", [], table):
            run(f"DROP TABLE {table}_later", [])
            _make(table, [month])
            _make_later(table, month.end)


def drop_before(model: type[Model], instant: int, *, but: Collection[int]) -> None:
    """Drops all months that end by the instant, and what is older; rows with these ids stay.

    To be called after `lock_all`.
    """
    table = model._meta.db_table
    over = [month for month in months(model) if month.end <= instant]
    with _held(f"SELECT * FROM {table} WHERE id = ANY(%s)", [list(but)], table):
        for name in (f"{table}_old", *(_part(table, month) for month in over)):
            run(f"DROP TABLE {name}", [])
        _make_old(table, over[-1].end)


def divide(table: str, column: str, *, since: int, until: int) -> None:
    """For migrations: puts a table into parts, with all its rows, indexes and constraints.

    Months are made from one instant to another. The primary key becomes (id, column).
    """
    parts = months_between(since, until)
    with _remade(table, f"PARTITION BY RANGE ({column})", f"id, {column}"):
        _make_old(table, parts[0].start)
        _make(table, parts)
        _make_later(table, parts[-1].end)


def unite(table: str) -> None:
    """For migrations: makes one table again of one that is in parts."""
    with _remade(table, "", "id"):
        pass


@contextmanager
def _held(rows: str, arguments: Sequence[object], table: str) -> Iterator[None]:
    """Rows that are put back, into the parts where they belong then."""
    run(f"CREATE TEMPORARY TABLE held ON COMMIT DROP AS {rows}", arguments)
    yield
    run(f"INSERT INTO {table} SELECT * FROM held", [])
    run("DROP TABLE held", [])


def _make(table: str, parts: Sequence[Month]) -> None:
    for start, end in parts:
        name = _part(table, Month(start, end))
        run(f"CREATE TABLE {name} PARTITION OF {table} FOR VALUES FROM ({start}) TO ({end})", [])


def _make_old(table: str, end: int) -> None:
    bounds = f"FOR VALUES FROM (MINVALUE) TO ({end})"
    run(f"CREATE TABLE {table}_old PARTITION OF {table} {bounds}", [])


def _make_later(table: str, start: int) -> None:
    bounds = f"FOR VALUES FROM ({start}) TO (MAXVALUE)"
    run(f"CREATE TABLE {table}_later PARTITION OF {table} {bounds}", [])


def _part(table: str, month: Month) -> str:
    return f"{table}_{to_datetime(month.start):y%Ym%m}"


@contextmanager
def _remade(table: str, how: str, key: str) -> Iterator[None]:
    """Inside the table is a new, bare one; then it gets the rows of the old one, and its indexes.

    Ids come from a sequence, since not all servers know identity columns of tables in parts.
    """
    old, sequence = f"{table}_whole", f"{table}_id_seq"
    definitions = _definitions(table)
    ((last,),) = fetch(f"SELECT COALESCE(MAX(id), 0) FROM {table}", [])
    ((next_id,),) = fetch("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
    run(f"ALTER TABLE {table} RENAME TO {old}", [])
    run(f"CREATE TABLE {table} (LIKE {old} INCLUDING CONSTRAINTS) {how}", [])
    yield
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
