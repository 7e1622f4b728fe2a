"""Reads rows by key, by range and by neighbourhood; each given row is one probe of an index."""

from collections.abc import Sequence

from django.db.models import Model

from common.dialect.given import (
    Row,
    Rows,
    as_json,
    equal,
    fetch,
    given,
    integers,
    is_sqlite,
    joining,
    probing,
    selected,
    table_of,
)
from common.instants import HOUR_MS


def matching(
    model: type[Model], columns: Sequence[str], key: Sequence[str], rows: Rows
) -> list[Row]:
    """The stored rows that have one of these keys."""
    table = table_of(model)
    source = f"{given(model, key)} {joining()} {table} ON {equal(table, key)}"
    return fetch(f"SELECT {selected(table, columns)} FROM {source}", [as_json(rows)])


def within(
    model: type[Model], columns: Sequence[str], at: tuple[str, str], rows: Rows, until: str = ""
) -> list[Row]:
    """The stored rows of each given (group, low, high): those with low <= instant <= high.

    `at` names the columns of group and instant. With `until`, given rows have a fourth value, which
    that column must reach.
    """
    table, (group, instant) = table_of(model), at
    names = ["grp", "low", "high", *(["reach"] if until else [])]
    condition = f"n.{group} = given.grp AND n.{instant} BETWEEN given.low AND given.high" + (
        f" AND n.{until} >= given.reach" if until else ""
    )
    source = f"{integers(names)} {probing(table, condition)}"
    return fetch(f"SELECT {selected('n', columns)} FROM {source}", [as_json(rows)])


def last_before(
    model: type[Model], columns: Sequence[str], at: tuple[str, str], rows: Rows
) -> list[Row]:
    """For each (group, high) a stored row with the greatest instant <= high, if there is any.

    `at` names the columns of group and instant.
    """
    table, (group, instant) = table_of(model), at
    newest = (
        f"FROM {table} n WHERE n.{group} = given.grp AND n.{instant} <= given.high"
        f" ORDER BY n.{instant} DESC LIMIT 1"
    )
    found = (
        f"CROSS JOIN {table} AS found ON found.id = (SELECT n.id {newest})"
        if is_sqlite()
        else f"CROSS JOIN LATERAL (SELECT n.* {newest}) AS found"
    )
    source = f"{integers(['grp', 'high'])} {found}"
    return fetch(f"SELECT {selected('found', columns)} FROM {source}", [as_json(rows)])


def run_starts(
    model: type[Model], at: tuple[str, str, str], same: Sequence[str], rows: Rows
) -> dict[int, int]:
    """For each (group, high): where the unbroken run began that includes the last start <= high.

    `at` names the columns of group, start and end. Pieces, none longer than an hour, touch when
    one's end is the next one's start; they are of one run when the columns `same` are equal too.
    """
    table, (group, start, end) = table_of(model), at
    alike = "".join(f" AND q.{name} = p.{name}" for name in same)
    touching = (
        f"SELECT 1 FROM {table} q WHERE q.{group} = p.{group} AND q.{start} < p.{start}"
        f" AND q.{start} >= p.{start} - {HOUR_MS} AND q.{end} = p.{start}{alike}"
    )
    first = (
        f"(SELECT p.{start} FROM {table} p WHERE p.{group} = given.grp"
        f" AND p.{start} <= given.high AND NOT EXISTS ({touching})"
        f" ORDER BY p.{start} DESC LIMIT 1)"
    )
    return dict(
        fetch(f"SELECT given.grp, {first} FROM {integers(['grp', 'high'])}", [as_json(rows)])
    )
