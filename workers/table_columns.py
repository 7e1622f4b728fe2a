"""How a value on the API's wire stands in a cell of a table, and what a cell says of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from common.instants import to_ms, to_rfc3339


class CellError(ValueError):
    """The cell's text is no such value; the message says what is."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the name that the field has on the wire.

    `read(text, zone)` raises CellError; `show(value, zone)` is its inverse.
    """

    name: str
    read: Callable[[str, ZoneInfo], Any]
    show: Callable[[Any, ZoneInfo], str]
    help: str


def text(name: str, told: str) -> Column:
    """As it is; an empty cell is an empty text."""
    return Column(name, lambda cell, _zone: cell, lambda value, _zone: str(value or ""), told)


def optional(name: str, told: str) -> Column:
    """As it is; an empty cell is nothing."""
    return Column(
        name, lambda cell, _zone: cell or None, lambda value, _zone: str(value or ""), told
    )


def day(name: str, told: str) -> Column:
    """2026-01-31; an empty cell is nothing."""

    def read(cell: str, _zone: ZoneInfo) -> str | None:
        try:
            return date.fromisoformat(cell).isoformat() if cell else None
        except ValueError as error:
            raise CellError(f"{cell!r} is no day: give it as 2026-01-31.") from error

    return Column(name, read, lambda value, _zone: value or "", f"{told} As 2026-01-31.")


def number(name: str, told: str) -> Column:
    """12 or 12.5."""

    def read(cell: str, _zone: ZoneInfo) -> Any:
        if not cell:
            return None
        if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d*)?", cell):
            raise CellError(f"{cell!r} could be two numbers: give it without the comma.")
        try:
            value = float(cell.replace(",", "."))
        except ValueError as error:
            raise CellError(f"{cell!r} is no number.") from error
        return int(value) if value.is_integer() else value

    def show(value: Any, _zone: ZoneInfo) -> str:
        return "" if value is None else f"{value:.10g}"

    return Column(name, read, show, told)


def yes_no(name: str, told: str) -> Column:
    """Yes or no; an empty cell is no."""

    def read(cell: str, _zone: ZoneInfo) -> bool:
        if cell.lower() not in ("yes", "no", ""):
            raise CellError(f"{cell!r} is neither yes nor no.")
        return cell.lower() == "yes"

    return Column(
        name, read, lambda value, _zone: "yes" if value else "no", f"{told} As yes or no."
    )


def names(name: str, told: str) -> Column:
    """Names with semicolons between them; a backslash keeps one that belongs to a name."""

    def read(cell: str, _zone: ZoneInfo) -> list[str]:
        parts = [re.sub(r"\\(.)", r"\1", part).strip() for part in _SPLIT.findall(cell)]
        return sorted({part for part in parts if part})

    def show(value: Any, _zone: ZoneInfo) -> str:
        return "; ".join(re.sub(r"([\\;])", r"\\\1", part) for part in sorted(value))

    return Column(name, read, show, told)


_SPLIT = re.compile(r"(?:\\.|[^;\\])+", re.DOTALL)


def weekdays(name: str, told: str) -> Column:
    """12345: Monday is 1."""

    def read(cell: str, _zone: ZoneInfo) -> list[int]:
        digits = re.sub(r"[\s,;]", "", cell)
        if not re.fullmatch("[1-7]+", digits):
            raise CellError(f"{cell!r} is no list of weekdays: give digits, Monday is 1, as 12345.")
        return sorted({int(digit) for digit in digits})

    return Column(name, read, lambda value, _zone: "".join(map(str, value)), told)


def clock_time(name: str, told: str) -> Column:
    """06:00."""
    return Column(
        name, lambda cell, _zone: _clock_time(cell), lambda value, _zone: str(value), told
    )


def breaks(name: str, told: str) -> Column:
    """10:00-10:30; 12:00-12:15."""

    def read(cell: str, _zone: ZoneInfo) -> list[dict[str, str]]:
        found = []
        for part in filter(None, (part.strip() for part in cell.split(";"))):
            marks = re.split(r"\s*[-–]\s*", part)
            if len(marks) != 2:
                raise CellError(f"{part!r} is no break: give it as 10:00-10:30.")
            found.append({"start": _clock_time(marks[0]), "end": _clock_time(marks[1])})
        return sorted(found, key=lambda each: each["start"])

    def show(value: Any, _zone: ZoneInfo) -> str:
        return "; ".join(sorted(f"{each['start']}-{each['end']}" for each in value))

    return Column(name, read, show, told)


def moment(name: str, told: str) -> Column:
    """2026-12-24T06:00 on the site's clock, or with an offset."""

    def read(cell: str, zone: ZoneInfo) -> str:
        try:
            given = datetime.fromisoformat(cell)
        except ValueError as error:
            raise CellError(f"{cell!r} is no time: give it as 2026-12-24T06:00.") from error
        if given.tzinfo is None:
            given = _local(given, zone)
        try:
            return to_rfc3339(to_ms(given))
        except OverflowError as error:
            raise CellError(f"{cell!r} lies too far away.") from error

    def show(value: Any, zone: ZoneInfo) -> str:
        return datetime.fromisoformat(value).astimezone(zone).isoformat(timespec="minutes")

    return Column(name, read, show, told)


def _clock_time(cell: str) -> str:
    found = re.fullmatch(r"(\d?\d):(\d\d)(?::00)?", cell)
    if not found:
        raise CellError(f"{cell!r} is no time of day: give it as 06:00.")
    return f"{int(found[1]):02}:{found[2]}"


def _local(given: datetime, zone: ZoneInfo) -> datetime:
    """Raises CellError for what the clocks skip or show twice."""
    first, second = (given.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        raise CellError(
            f"On that day the clocks change, and {given:%H:%M} is not one instant: give it with its"
            " offset, as 2026-10-25T02:30+01:00."
        )
    return first
