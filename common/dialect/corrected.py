"""Reads rows as the rows of a second table correct them: replaced, taken out, or as they were.

Each given row is one probe of an index in either table.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Model

from common.dialect.given import (
    Row,
    Rows,
    as_json,
    bounds,
    fetch,
    integers,
    joining,
    probing,
    table_of,
)

_NEVER = 2**62  # after any instant; none is before 0


@dataclass(frozen=True, slots=True)
class Corrected:
    """A table and its corrections.

    A correction names a row by its column `of`. While its column `in_force` is true, its `columns`
    stand instead of the row's; they are named alike in both tables, and empty where nothing counts.
    `instant` is the same in both. A row without a correction counts unless its column `least[0]` is
    less than `least[1]`.
    """

    rows: type[Model]
    corrections: type[Model]
    of: str
    in_force: str
    columns: Sequence[str]
    group: str
    instant: str
    least: tuple[str, float]


def corrected_within(table: Corrected, columns: Sequence[str], given: Rows) -> list[Row]:
    """Of each (group, low, high) what counts with low <= instant <= high.

    Rows of these columns and whether they are corrected.
    """
    rows, corrections = table_of(table.rows), table_of(table.corrections)
    source = integers(["grp", "low", "high"])
    region = f"n.{table.group} = given.grp AND n.{table.instant} BETWEEN given.low AND given.high"
    in_parts = _bounds(table, given)
    instead = (f"{'n' if name in table.columns else 'r'}.{name}" for name in columns)
    sql = (
        f"SELECT {', '.join(f'n.{name}' for name in columns)}, FALSE"
        f" FROM {source} {probing(rows, f'{region}{in_parts} AND {_counts(table)}')}"
        f" UNION ALL SELECT {', '.join(instead)}, TRUE"
        f" FROM {source} {probing(corrections, f'{region} AND n.{table.in_force}')}"
        f" {joining()} {rows} r ON {_of_row(table)}"
    )
    given_rows = as_json(given)
    return fetch(sql, [given_rows, *_least(table), given_rows])


def corrected_neighbours(table: Corrected, given: Rows, *, exclude: tuple[str, str]) -> list[Row]:
    """For each (group, instant) the nearest instants around it of what counts.

    Rows of (group, instant, before, after). What has the value `exclude[1]` in the column
    `exclude[0]` is passed over; a missing neighbour is None.
    """
    # First the nearest corrections: no row beyond them is looked at, however few rows count.
    nearest = (
        f"SELECT given.grp, given.at,"
        f" COALESCE({_nearest(table, exclude[0], '<')}, -1) AS low,"
        f" COALESCE({_nearest(table, exclude[0], '>')}, {_NEVER}) AS high"
        f" FROM {integers(['grp', 'at'])}"
    )
    sql = (
        f"WITH found AS MATERIALIZED ({nearest}) SELECT given.grp, given.at,"
        f" COALESCE({_nearest(table, exclude[0], '<', 'low')}, NULLIF(given.low, -1)),"
        f" COALESCE({_nearest(table, exclude[0], '>', 'high')}, NULLIF(given.high, {_NEVER}))"
        f" FROM found AS given"
    )
    passed, least = exclude[1], _least(table)
    return fetch(sql, [passed, passed, as_json(given), passed, *least, passed, *least])


def _nearest(table: Corrected, exclude: str, sign: str, bound: str = "") -> str:
    """The nearest instant of the corrections, or of the rows that lie within a bound."""
    of = table_of(table.rows if bound else table.corrections)
    back, order = (">", "DESC") if sign == "<" else ("<", "ASC")
    counts = (
        f"n.{table.instant} {back} given.{bound} AND {_counts(table)}"
        if bound
        else f"n.{table.in_force}"
    )
    return (
        f"(SELECT n.{table.instant} FROM {of} n WHERE n.{table.group} = given.grp"
        f" AND n.{table.instant} {sign} given.at AND n.{exclude} <> %s AND {counts}"
        f" ORDER BY n.{table.instant} {order} LIMIT 1)"
    )


def corrected_last(table: Corrected, same: Sequence[str], given: Rows, *, unless: str) -> list[Row]:
    """For each (*group, low, high) the last instant with low <= instant <= high, or None.

    `same` names the columns of group, `unless` a column of the rows that must be false. Rows are
    what was given and the instant.
    """
    rows, corrections = table_of(table.rows), table_of(table.corrections)
    names = [*(f"of_{name}" for name in same), "low", "high"]
    region = " AND ".join(
        [
            *(f"n.{name} = given.of_{name}" for name in same),
            f"n.{table.instant} BETWEEN given.low AND given.high",
        ]
    )
    last = f"ORDER BY n.{table.instant} DESC LIMIT 1"
    reported = (
        f"SELECT n.{table.instant} FROM {rows} n"
        f" WHERE {region}{_bounds(table, given)} AND NOT n.{unless} AND {_counts(table)} {last}"
    )
    corrected = (
        f"SELECT n.{table.instant} FROM {corrections} n"
        f" {joining()} {rows} r ON {_of_row(table)}"
        f" WHERE {region} AND NOT r.{unless} AND n.{table.in_force} {last}"
    )
    columns = ", ".join(f"given.{name}" for name in names)
    sql = f"SELECT {columns}, ({reported}), ({corrected}) FROM {integers(names)}"
    found = fetch(sql, [*_least(table), as_json(given)])
    return [(*row[:-2], _later(row[-2], row[-1])) for row in found]


def _bounds(table: Corrected, given: Rows) -> str:
    """Of rows that end with (low, high)."""
    if not given:
        return ""
    lows, highs = zip(*((row[-2], row[-1]) for row in given), strict=True)
    return bounds(f"n.{table.instant}", min(lows), max(highs))


def _of_row(table: Corrected) -> str:
    """The condition that `n` corrects the row `r`; the instant leads to the part where it lies."""
    return f"r.id = n.{table.of} AND r.{table.instant} = n.{table.instant}"


def _counts(table: Corrected) -> str:
    """The condition that a row `n` counts as it is."""
    column, least = table.least
    is_sure = f"(n.{column} IS NULL OR n.{column} >= %s) AND " if least else ""
    return (
        f"{is_sure}NOT EXISTS (SELECT 1 FROM {table_of(table.corrections)} c"
        f" WHERE c.{table.of} = n.id AND c.{table.in_force})"
    )


def _least(table: Corrected) -> list[float]:
    return [table.least[1]] if table.least[1] else []


def _later(one: int | None, other: int | None) -> int | None:
    return max((each for each in (one, other) if each is not None), default=None)
