"""Sums over tables of buckets (site, grain, start_at, …), in one pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from common.dialect.given import Row, Rows, as_json, fetch, integers, is_sqlite, probing, table_of

ALWAYS = 2**62  # no instant comes after it


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
    below: int = ALWAYS
    group_by: Sequence[str] = ()
    only: Sequence[tuple[str, Sequence[int]]] = ()
    cohorts: tuple[str, Rows] | None = None


def totals(model: type[Model], asked: Totals) -> list[Row]:
    """Rows of (label, cohort if asked for, *group_by, *add, *greatest), all whole numbers."""
    tables, conditions, arguments = _narrowed(asked)
    groups = [
        "given.label",
        *([_cohort(asked.cohorts)] if asked.cohorts else []),
        *(f"n.{name}" for name in asked.group_by),
    ]
    results = [
        *(f"SUM(n.{name})" for name in asked.add),
        *(_greatest(f"n.{name}", asked.below) for name in asked.greatest),
    ]
    covered = (
        f"n.site_id = {int(asked.site_id)} AND n.grain = given.grain"
        f" AND n.start_at >= given.low AND n.start_at < given.high"
    )
    sql = (
        f"WITH {', '.join(tables)} SELECT {', '.join([*groups, *results])}"
        f" FROM given {probing(table_of(model), covered)}"
        f" WHERE {' AND '.join(conditions)}"
        f" GROUP BY {', '.join(str(place + 1) for place in range(len(groups)))}"
    )
    rows = fetch(sql, arguments)
    return rows if is_sqlite() else [tuple(map(int, row)) for row in rows]  # numeric, of bigints


def _cohort(cohorts: tuple[str, Rows]) -> str:
    """There are few cohorts: naming their ids costs less than a join."""
    column, rows = cohorts
    members: dict[int, list[str]] = {}
    for each, cohort in rows:
        members.setdefault(int(cohort), []).append(str(int(each)))
    cases = (
        f"WHEN n.{column} IN ({', '.join(ids)}) THEN {cohort}" for cohort, ids in members.items()
    )
    return f"CASE {' '.join(cases)} END"


def _greatest(column: str, below: int) -> str:
    return f"MAX(CASE WHEN {column} < {int(below)} THEN {column} ELSE 0 END)"


def _narrowed(asked: Totals) -> tuple[list[str], list[str], list[Any]]:
    """The given rows as tables of their own, the conditions, and the arguments in order.

    Written out as tables, JSON is read once and not again for every bucket.
    """
    tables = [_as_table("given", ["grain", "low", "high", "label"])]
    arguments, conditions = [as_json(asked.cover)], ["TRUE"]
    only = [*asked.only]
    if asked.cohorts is not None:
        only.append((asked.cohorts[0], [each for each, _ in asked.cohorts[1]]))
    for number, (column, ids) in enumerate(only):
        tables.append(_as_table(f"chosen_{number}", ["id"]))
        arguments.append(as_json([(each,) for each in ids]))
        conditions.append(f"n.{column} IN (SELECT id FROM chosen_{number})")
    return tables, conditions, arguments


def _as_table(name: str, columns: Sequence[str]) -> str:
    return f"{name} AS MATERIALIZED (SELECT * FROM {integers(columns, 'rows_given')})"
