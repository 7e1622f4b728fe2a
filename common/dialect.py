"""All SQL text, and all that differs between SQLite and PostgreSQL.

Rows travel as tuples in the order of the named columns. Instants are whole milliseconds (common.fields.InstantField), so nothing
here converts a value. Every function costs a fixed number of statements, however many rows it is given.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from django.db import DatabaseError, connection
from django.db.models import Model

Row = tuple[Any, ...]
Rows = Sequence[Row]


def insert_missing(model: type[Model], columns: Sequence[str], key: Sequence[str], rows: Rows) -> set[Row] | None:
    """Inserts the rows whose key is not stored yet. Returns the keys inserted, or None when that was all of them."""
    if connection.vendor == "sqlite":
        return _insert_missing_sqlite(model, columns, key, rows)
    source = _unnest(model, columns)
    sql = (
        f"INSERT INTO {_table(model)} ({_list(columns)}) SELECT * FROM {source} "
        f"ON CONFLICT DO NOTHING RETURNING {_list(key)}"
    )
    inserted = set(_fetch(sql, _arrays(rows)))
    return None if len(inserted) == len(rows) else inserted


def _insert_missing_sqlite(
    model: type[Model], columns: Sequence[str], key: Sequence[str], rows: Rows
) -> set[Row] | None:
    """One writer at a time: what has a higher id than before is what was inserted."""
    table = _table(model)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")
        (before,) = cursor.fetchone()
        cursor.executemany(
            f"INSERT INTO {table} ({_list(columns)}) VALUES ({_marks(columns)}) ON CONFLICT DO NOTHING", rows
        )
        if cursor.rowcount == len(rows):
            return None
        cursor.execute(f"SELECT {_list(key)} FROM {table} WHERE id > %s", [before])
        return set(cursor.fetchall())


def upsert(
    model: type[Model],
    key: Sequence[str],
    rows: Rows,
    *,
    add: Sequence[str] = (),
    replace: Sequence[str] = (),
    keep: Sequence[str] = (),
    greatest: Sequence[str] = (),
) -> None:
    """Inserts rows of (key, add, replace, keep, greatest); where the key exists, adds, replaces, leaves, or takes the greater."""
    if not rows:
        return
    table, columns = _table(model), [*key, *add, *replace, *keep, *greatest]
    larger = "MAX" if connection.vendor == "sqlite" else "GREATEST"
    changes = [
        *(f"{name} = {table}.{name} + excluded.{name}" for name in add),
        *(f"{name} = excluded.{name}" for name in replace),
        *(f"{name} = {larger}({table}.{name}, excluded.{name})" for name in greatest),
    ]
    action = f"ON CONFLICT ({_list(key)}) DO UPDATE SET {', '.join(changes)}"
    if connection.vendor == "sqlite":
        _many(f"INSERT INTO {table} ({_list(columns)}) VALUES ({_marks(columns)}) {action}", rows)
    else:
        source = _unnest(model, columns)
        _run(f"INSERT INTO {table} ({_list(columns)}) SELECT * FROM {source} {action}", _arrays(rows))


def delete(model: type[Model], key: Sequence[str], rows: Rows, *, only_zero: Sequence[str] = ()) -> None:
    """Deletes the rows with these keys; with `only_zero`, those alone in which all these columns are 0."""
    if not rows:
        return
    table = _table(model)
    zero = "".join(f" AND {table}.{name} = 0" for name in only_zero)
    if connection.vendor == "sqlite":
        where = " AND ".join(f"{name} = %s" for name in key)
        _many(f"DELETE FROM {table} WHERE {where}{zero}", rows)
    else:
        source = _unnest(model, key)
        _run(f"DELETE FROM {table} USING {source} WHERE {_on(table, key)}{zero}", _arrays(rows))


def matching(model: type[Model], columns: Sequence[str], key: Sequence[str], rows: Rows) -> list[Row]:
    """The stored rows that have one of these keys."""
    table = _table(model)
    selected = ", ".join(f"{table}.{name}" for name in columns)
    return _fetch(f"SELECT {selected} FROM {_given(model, key)} JOIN {table} ON {_on(table, key)}", _given_args(rows))


def neighbours(model: type[Model], group: str, instant: str, rows: Rows, *, exclude: tuple[str, str]) -> list[Row]:
    """For each (group, instant) the nearest stored instants before and after it, as (group, instant, before, after).

    Rows in which column `exclude[0]` has the value `exclude[1]` do not count; a missing neighbour is None.
    """
    table = _table(model)

    def nearest(sign: str, order: str) -> str:
        return (
            f"(SELECT n.{instant} FROM {table} n WHERE n.{group} = given.{group} AND n.{instant} {sign} given.{instant} "
            f"AND n.{exclude[0]} <> %s ORDER BY n.{instant} {order} LIMIT 1)"
        )

    sql = (
        f"SELECT given.{group}, given.{instant}, {nearest('<', 'DESC')}, {nearest('>', 'ASC')} "
        f"FROM {_given(model, (group, instant))}"
    )
    return _fetch(sql, [exclude[1], exclude[1], *_given_args(rows)])


def within(
    model: type[Model],
    columns: Sequence[str],
    group: str,
    instant: str,
    rows: Rows,
    *,
    until: str | None = None,
) -> list[Row]:
    """The stored rows of each (group, low, high): those with low <= instant <= high and, if given, `until` >= the 4th value."""
    table = _table(model)
    selected = ", ".join(f"{table}.{name}" for name in columns)
    names = ["grp", "low", "high", "reach"][: 4 if until else 3]
    conditions = [
        f"{table}.{group} = given.grp",
        f"{table}.{instant} >= given.low",
        f"{table}.{instant} <= given.high",
        *([f"{table}.{until} >= given.reach"] if until else []),
    ]
    return _fetch(
        f"SELECT {selected} FROM {_given_integers(names)} {_join()} {table} ON {' AND '.join(conditions)}",
        _given_args(rows),
    )


def last_before(model: type[Model], columns: Sequence[str], group: str, instant: str, rows: Rows) -> list[Row]:
    """For each (group, high) the one stored row with the greatest instant <= high."""
    table = _table(model)
    selected = ", ".join(f"{table}.{name}" for name in columns)
    newest = (
        f"(SELECT n.{instant} FROM {table} n WHERE n.{group} = given.grp AND n.{instant} <= given.high "
        f"ORDER BY n.{instant} DESC LIMIT 1)"
    )
    return _fetch(
        f"SELECT {selected} FROM {_given_integers(['grp', 'high'])} {_join()} {table} "
        f"ON {table}.{group} = given.grp AND {table}.{instant} = {newest}",
        _given_args(rows),
    )


def run_starts(
    model: type[Model], group: str, start: str, end: str, same: Sequence[str], rows: Rows
) -> dict[int, int]:
    """For each (group, high): where the unbroken run of stored pieces that includes the last start <= high began.

    Pieces touch when one's end is the next one's start; they are of one run when the columns `same` are equal too.
    """
    table = _table(model)
    alike = "".join(f" AND q.{name} = p.{name}" for name in same)
    first = (
        f"(SELECT p.{start} FROM {table} p WHERE p.{group} = given.grp AND p.{start} <= given.high AND NOT EXISTS ("
        f"SELECT 1 FROM {table} q WHERE q.{group} = p.{group} AND q.{start} < p.{start} AND q.{end} = p.{start}{alike} "
        f"AND q.{start} >= p.{start} - 3600000) ORDER BY p.{start} DESC LIMIT 1)"
    )
    return dict(_fetch(f"SELECT given.grp, {first} FROM {_given_integers(['grp', 'high'])}", _given_args(rows)))


def sums(
    model: type[Model],
    where: tuple[int, Rows],
    group_by: Sequence[str],
    add: Sequence[str],
    *,
    greatest: Sequence[str] = (),
    only: tuple[str, Sequence[int]] | None = None,
    label_of: tuple[str, Rows] | None = None,
) -> list[Row]:
    """Sums over buckets, as rows of (label, *group_by, *add, *greatest).

    `where` is a site and cover rows (grain, low, high, label): each bucket with low <= start_at < high counts for that label.
    `only` keeps the rows in which a column has one of some ids. `label_of` maps a column's ids to a further label, and
    is grouped by in place of the column, as the first of `group_by`.
    """
    table, (site_id, cover) = _table(model), where
    groups, joined, arguments = [f"{table}.{name}" for name in group_by], "", _given_args(cover)
    if label_of is not None:
        column, labels = label_of
        joined = f" JOIN {_given_integers(['id', 'cohort'], 'labels')} ON labels.id = {table}.{column}"
        arguments += _given_args(labels)
        groups = ["labels.cohort", *groups]
    chosen = ""
    if only is not None:
        chosen = f" AND {table}.{only[0]} IN (SELECT id FROM {_given_integers(['id'], 'chosen')})"
        arguments += _given_args([(each,) for each in only[1]])
    results = [*(f"SUM({table}.{name})" for name in add), *(f"MAX({table}.{name})" for name in greatest)]
    grouped = ", ".join(["given.label", *groups])
    sql = (
        f"SELECT {grouped}, {', '.join(results)} FROM {_given_integers(['grain', 'low', 'high', 'label'])} {_join()} {table} "
        f"ON {table}.site_id = {int(site_id)} AND {table}.grain = given.grain AND {table}.start_at >= given.low "
        f"AND {table}.start_at < given.high{joined} WHERE TRUE{chosen} GROUP BY {grouped}"
    )
    return [tuple(map(_whole, row)) for row in _fetch(sql, arguments)]


def is_disk_full(error: DatabaseError) -> bool:
    """Whether the database has no room left."""
    return getattr(error.__cause__, "sqlstate", "") == "53100" or "disk is full" in str(error)


def is_passing(error: DatabaseError) -> bool:
    """Whether trying again may help: busy, away, deadlocked, or without room."""
    return type(error).__name__ in ("OperationalError", "InterfaceError")


# --- private -----------------------------------------------------------------------------------


def _whole(value: Any) -> Any:
    """PostgreSQL sums bigints to numeric."""
    return value if value is None or isinstance(value, str) else int(value)


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _list(names: Iterable[str]) -> str:
    return ", ".join(connection.ops.quote_name(name) for name in names)


def _marks(names: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(names))


def _on(table: str, key: Sequence[str]) -> str:
    return " AND ".join(f"{table}.{name} = given.{name}" for name in key)


def _join() -> str:
    """SQLite reads the given rows first where the join is written so; PostgreSQL decides by itself."""
    return "CROSS JOIN" if connection.vendor == "sqlite" else "JOIN"


def _type(model: type[Model], name: str) -> str:
    field = next(field for field in model._meta.concrete_fields if field.column == name)
    return str(field.rel_db_type(connection) if field.is_relation else field.db_type(connection)).split(" GENERATED")[0]


def _unnest(model: type[Model], columns: Sequence[str]) -> str:
    arrays = ", ".join(f"%s::{_type(model, name)}[]" for name in columns)
    return f"unnest({arrays}) AS given({_list(columns)})"


def _given(model: type[Model], names: Sequence[str]) -> str:
    """The given rows as a relation with these columns of the model."""
    if connection.vendor == "sqlite":
        return _given_integers(names)
    fields = ", ".join(f"(value->>{index})::{_type(model, name)} AS {name}" for index, name in enumerate(names))
    return f"(SELECT {fields} FROM json_array_elements(%s::json)) AS given"


def _given_integers(names: Sequence[str], alias: str = "given") -> str:
    """The given rows as a relation: one JSON parameter. SQLite keeps JSON's types; PostgreSQL gets bigints."""
    if connection.vendor == "sqlite":
        fields = ", ".join(f"value->>{index} AS {name}" for index, name in enumerate(names))
        return f"(SELECT {fields} FROM json_each(%s)) AS {alias}"
    fields = ", ".join(f"(value->>{index})::bigint AS {name}" for index, name in enumerate(names))
    return f"(SELECT {fields} FROM json_array_elements(%s::json)) AS {alias}"


def _given_args(rows: Rows) -> list[Any]:
    import msgspec

    return [msgspec.json.encode(rows).decode()]


def _arrays(rows: Rows) -> list[Any]:
    return [list(column) for column in zip(*rows, strict=True)]


def _run(sql: str, arguments: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)


def _many(sql: str, rows: Rows) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


def _fetch(sql: str, arguments: Sequence[Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        return list(cursor.fetchall())
