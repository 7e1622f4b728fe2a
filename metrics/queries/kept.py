"""Sums of UTC days, kept in memory for as long as nothing in a day changes.

A month on a dashboard then costs the sums of the one day that goes on. Every change of a day's sums
replaces its mark in the same transaction (metrics.tables). What is kept is kept under the mark,
so that it can't be out of date, whichever process wrote.
"""

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from operator import add
from threading import Lock

from django.db.models import Model

from common import dialect
from common.dialect import ALWAYS, Row, Totals
from common.instants import DAY_MS, floor_to
from metrics.models import DayMark

MAX_ROWS = 30_000  # kept at most, about 20 MB: three months of a site with 100 workers

FEWEST_DAYS = 3  # of a shorter window all is read at once: two statements less

_Cover = tuple[Row, ...]


def totals(model: type[Model], asked: Totals, *, goes_on: bool) -> list[Row]:
    """As dialect.totals. Days are read only where they are new or have changed.

    The last one always, where the window goes on: as_of lies in it.
    """
    days = _by_day(tuple(asked.cover)).copy()
    if len(days) < FEWEST_DAYS:
        return dialect.totals(model, asked)
    marks = _marks(asked.site_id, days)
    timeless = replace(asked, cover=(), below=ALWAYS)
    what = _digest(model._meta.label, timeless)
    keys = {day: _digest(what, cover, marks.get(day)) for day, cover in days.items()}
    last, cover = days.popitem()
    key = keys.pop(last)
    settled = _kept.recall(tuple(keys.values()))
    if settled is None:
        covers = {keys[day]: days[day] for day in days}
        settled = _merged(_of_days(model, timeless, covers), asked)
        _kept.keep(tuple(covers), settled)
    if goes_on:
        return _merged([settled, dialect.totals(model, replace(asked, cover=cover))], asked)
    return _merged([settled, *_of_days(model, timeless, {key: cover})], asked)


class _Memory:
    """The rows of the latest questions."""

    def __init__(self) -> None:
        self._rows: OrderedDict[Hashable, list[Row]] = OrderedDict()
        self._number = 0
        self._lock = Lock()

    def recall(self, key: Hashable) -> list[Row] | None:
        """None: forgotten, or never kept."""
        with self._lock:
            if key in self._rows:
                self._rows.move_to_end(key)
            return self._rows.get(key)

    def keep(self, key: Hashable, rows: list[Row]) -> None:
        """Forgets the oldest where it becomes too much."""
        with self._lock:
            self._number += len(rows) - len(self._rows.pop(key, ()))
            self._rows[key] = rows
            while self._number > MAX_ROWS:
                self._number -= len(self._rows.popitem(last=False)[1])

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._rows.clear()
            self._number = 0


_kept = _Memory()


def forget() -> None:
    """As if the process had just begun."""
    _kept.clear()


@lru_cache(maxsize=64)
def _by_day(cover: _Cover) -> dict[int, _Cover]:
    """The rows of a cover, cut at midnights (UTC), by day."""
    days: dict[int, list[Row]] = {}
    for grain, low, high, label in cover:
        for day in range(floor_to(low, DAY_MS), high, DAY_MS):
            part = (grain, max(low, day), min(high, day + DAY_MS), label)
            days.setdefault(day, []).append(part)
    return {day: tuple(days[day]) for day in sorted(days)}


def _marks(site_id: int, days: dict[int, _Cover]) -> dict[int, int]:
    whole = [(site_id, min(days), max(days))]
    found = dialect.within(DayMark, ("start_at", "mark"), ("site_id", "start_at"), whole)
    return dict(found)


def _digest(*what: object) -> bytes:
    return sha256(repr(what).encode()).digest()


def _of_days(model: type[Model], asked: Totals, covers: Mapping[bytes, _Cover]) -> list[list[Row]]:
    """The rows of each day; those of all days that are not kept come in one statement."""
    found = {key: _kept.recall(key) for key in covers}
    missing = [key for key, rows in found.items() if rows is None]
    if missing:
        read = _read(model, asked, [covers[key] for key in missing])
        for key, rows in zip(missing, read, strict=True):
            found[key] = rows
            _kept.keep(key, rows)
    return [rows or [] for rows in found.values()]


def _read(model: type[Model], asked: Totals, covers: list[_Cover]) -> list[list[Row]]:
    labels = 1 + max(label for cover in covers for *_, label in cover)
    cover = [
        (grain, low, high, number * labels + label)
        for number, parts in enumerate(covers)
        for grain, low, high, label in parts
    ]
    rows: list[list[Row]] = [[] for _ in covers]
    for label, *row in dialect.totals(model, replace(asked, cover=cover)):
        rows[label // labels].append((label % labels, *row))
    return rows


def _merged(parts: Iterable[list[Row]], asked: Totals) -> list[Row]:
    """Rows of several days as one: summed where label and groups are the same."""
    width = 1 + (asked.cohorts is not None) + len(asked.group_by)
    end = width + len(asked.add)
    sums: dict[Row, Row] = {}
    for part in parts:
        for row in part:
            key = row[:width]
            known = sums.get(key)
            if known is None:
                sums[key] = row
            else:
                greatest = map(max, known[end:], row[end:])
                sums[key] = (*key, *map(add, known[width:end], row[width:end]), *greatest)
    return list(sums.values())
