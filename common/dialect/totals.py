"""Sums over tables of buckets (site, grain, start_at, …), in one pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from common.dialect.given import Row, Rows, as_json, fetch, integers, joining, table_of


@dataclass(frozen=True, slots=True)
class Totals:
    """What is summed and by what.

    `cover`: rows of (grain, low, high, label); a bucket with low <= start_at < high counts for that
    label. `only`: columns, each with the ids that count. `cohorts`: a column, and rows of
    (id, cohort): its ids are summed by cohort, and those not named do not count. `greatest`: the
    greatest value below `below`, or 0.
    """

    site_id: int
    cover: Rows
    add: Sequence[str]
    greatest: Sequence[str] = ()
    below: int = 2**62
    group_by: Sequence[str] = ()
    only: Sequence[tuple[str, Sequence[int]]] = ()
    cohorts: tuple[str, Rows] | None = None


def totals(model: type[Model], asked: Totals) -> list[Row]:
    """Rows of (label, cohort if asked for, *group_by, *add, *greatest), all whole numbers."""
    table = table_of(model)
    joined, condition, arguments = _narrowed(table, asked)
    groups = [
        "given.label",
        *(["cohorts.cohort"] if asked.cohorts else []),
        *(f"{table}.{name}" for name in asked.group_by),
    ]
    results = [
        *(f"SUM({table}.{name})" for name in asked.add),
        *(_greatest(f"{table}.{name}", asked.below) for name in asked.greatest),
    ]
    sql = (
        f"SELECT {', '.join([*groups, *results])}"
        f" FROM {integers(['grain', 'low', 'high', 'label'])} {joining()} {table}"
        f" ON {table}.site_id = {int(asked.site_id)} AND {table}.grain = given.grain"
        f" AND {table}.start_at >= given.low AND {table}.start_at < given.high{joined}"
        f"{condition} GROUP BY {', '.join(groups)}"
    )
    rows = fetch(sql, [as_json(asked.cover), *arguments])
    return [tuple(map(int, row)) for row in rows]  # PostgreSQL sums bigints to numeric


def _greatest(column: str, below: int) -> str:
    return f"MAX(CASE WHEN {column} < {int(below)} THEN {column} ELSE 0 END)"


def _narrowed(table: str, asked: Totals) -> tuple[str, str, list[Any]]:
    """The further joins and conditions, and their arguments in the order of the text."""
    joined, arguments = "", []
    if asked.cohorts is not None:
        column, rows = asked.cohorts
        joined = f" JOIN {integers(['id', 'cohort'], 'cohorts')} ON cohorts.id = {table}.{column}"
        arguments.append(as_json(rows))
    conditions = []
    for column, ids in asked.only:
        chosen = f"(SELECT id FROM {integers(['id'], 'chosen')})"
        conditions.append(f"{table}.{column} IN {chosen}")
        arguments.append(as_json([(each,) for each in ids]))
    return joined, f" WHERE {' AND '.join(conditions)}" if conditions else "", arguments
