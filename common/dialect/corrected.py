"""Reads rows as the rows of a second table correct them: replaced, taken out, or as they were.

Each given row is one probe of an index in either table.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Model

from common.dialect.given import Row, Rows, as_json, fetch, integers, joining, table_of


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


def corrected_within(of: Corrected, columns: Sequence[str], given: Rows) -> list[Row]:
    """Of each (group, low, high) what counts with low <= instant <= high.

    Rows of these columns and whether they are corrected.
    """
    facts, corrections = table_of(of.rows), table_of(of.corrections)
    source = integers(["grp", "low", "high"])
    between = "{0}.{1} = given.grp AND {0}.{2} BETWEEN given.low AND given.high"
    sql = (
        f"SELECT {_selected(of, columns)}, FALSE FROM {source}"
        f" {joining()} {facts} n ON {between.format('n', of.group, of.instant)}"
        f" WHERE {_as_it_was(of)}"
        f" UNION ALL SELECT {_selected(of, columns, 'c')}, TRUE FROM {source}"
        f" {joining()} {corrections} c ON {between.format('c', of.group, of.instant)}"
        f" {joining()} {facts} n ON n.id = c.{of.of} WHERE c.{of.in_force}"
    )
    rows = as_json(given)
    return fetch(sql, [rows, *_least(of), rows])


def corrected_neighbours(of: Corrected, given: Rows, *, exclude: tuple[str, str]) -> list[Row]:
    """For each (group, instant) the nearest instants around it of what counts.

    Rows of (group, instant, before, after). What has the value `exclude[1]` in the column
    `exclude[0]` is passed over; a missing neighbour is None.
    """
    facts, corrections = table_of(of.rows), table_of(of.corrections)

    def nearest(table: str, alias: str, condition: str, sign: str, order: str) -> str:
        return (
            f"(SELECT {alias}.{of.instant} FROM {table} {alias}"
            f" WHERE {alias}.{of.group} = given.grp"
            f" AND {alias}.{of.instant} {sign} given.at AND {alias}.{exclude[0]} <> %s"
            f" AND {condition} ORDER BY {alias}.{of.instant} {order} LIMIT 1)"
        )

    def fact(sign: str, order: str, back: str, bound: str) -> str:
        """No further than the correction that was found: what does not count is not walked over."""
        nearer = f"n.{of.instant} {back} {bound} AND {_as_it_was(of)}"
        return nearest(facts, "n", nearer, sign, order)

    c = f"c.{of.in_force}"
    found = (
        f"SELECT given.grp AS grp, given.at AS at,"
        f" COALESCE({nearest(corrections, 'c', c, '<', 'DESC')}, -1) AS low,"
        f" COALESCE({nearest(corrections, 'c', c, '>', 'ASC')}, {_NEVER}) AS high"
        f" FROM {integers(['grp', 'at'])}"
    )
    sql = (
        f"SELECT given.grp, given.at,"
        f" COALESCE({fact('<', 'DESC', '>', 'given.low')}, NULLIF(given.low, -1)),"
        f" COALESCE({fact('>', 'ASC', '<', 'given.high')}, NULLIF(given.high, {_NEVER}))"
        f" FROM ({found}) AS given"
    )
    passed = exclude[1]
    least = _least(of)
    return fetch(sql, [passed, *least, passed, *least, passed, passed, as_json(given)])


def corrected_last(of: Corrected, same: Sequence[str], given: Rows, *, unless: str) -> list[Row]:
    """For each (*group, low, high) the last instant with low <= instant <= high, or None.

    `same` names the columns of group, `unless` a column of the rows that must be false. Rows are
    what was given and the instant.
    """
    facts, corrections = table_of(of.rows), table_of(of.corrections)
    names = [*(f"of_{name}" for name in same), "low", "high"]

    def last(alias: str, source: str, condition: str) -> str:
        group = " AND ".join(f"{alias}.{name} = given.of_{name}" for name in same)
        return (
            f"(SELECT {alias}.{of.instant} FROM {source} WHERE {group}"
            f" AND {alias}.{of.instant} BETWEEN given.low AND given.high"
            f" AND NOT n.{unless} AND {condition} ORDER BY {alias}.{of.instant} DESC LIMIT 1)"
        )

    reported = last("n", f"{facts} n", _as_it_was(of))
    corrected = last(
        "c", f"{corrections} c {joining()} {facts} n ON n.id = c.{of.of}", f"c.{of.in_force}"
    )
    sql = (
        f"SELECT {', '.join(f'given.{name}' for name in names)}, {reported}, {corrected}"
        f" FROM {integers(names)}"
    )
    rows = fetch(sql, [*_least(of), as_json(given)])
    return [(*row[:-2], _later(row[-2], row[-1])) for row in rows]


_NEVER = 2**62


def _as_it_was(of: Corrected) -> str:
    """The condition that a row `n` counts without a correction."""
    column, least = of.least
    sure = f"(n.{column} IS NULL OR n.{column} >= %s) AND " if least else ""
    return (
        f"{sure}NOT EXISTS (SELECT 1 FROM {table_of(of.corrections)} d"
        f" WHERE d.{of.of} = n.id AND d.{of.in_force})"
    )


def _least(of: Corrected) -> list[float]:
    return [of.least[1]] if of.least[1] else []


def _selected(of: Corrected, columns: Sequence[str], correction: str = "n") -> str:
    return ", ".join(f"{correction if name in of.columns else 'n'}.{name}" for name in columns)


def _later(one: int | None, other: int | None) -> int | None:
    return max((each for each in (one, other) if each is not None), default=None)
