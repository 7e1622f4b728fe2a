"""Reads and writes tables as CSV and XLSX files: texts in, texts out, and never a formula.

What can't be read is told in words that say what to do.
"""

import codecs
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
import xlsxwriter
from openpyxl.utils.exceptions import InvalidFileException

MAX_BYTES = 2_000_000
MAX_UNPACKED = 20_000_000  # a small file can unpack to a huge one
MAX_ROWS = 5_000
MAX_COLUMNS = 100
MAX_CELL = 10_000

# A spreadsheet would compute a cell of a CSV file that begins so; the wide signs are Excel's too.
_COMPUTED = re.compile(r"'*\s*[=+\-@＝＋－＠\t\r\n]")
_DELIMITERS = ",;\t"

Row = tuple[int, dict[str, str]]  # its number as spreadsheets count, and its texts by column


class UnreadableError(Exception):
    """The file can't be read; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its columns, and its rows that are not blank."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read(name: str, content: bytes) -> Sheet:
    """The first sheet of a workbook, or a CSV file. Raises UnreadableError."""
    if len(content) > MAX_BYTES:
        raise UnreadableError(f"The file is larger than {MAX_BYTES // 1_000_000} MB: split it.")
    if not content:
        raise UnreadableError("The file is empty.")
    if content.startswith(b"PK"):
        return _sheet(_workbook_lines(content))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableError(
            "This is an old or a protected Excel file: save it as .xlsx without a password."
        )
    if name.lower().endswith((".xlsx", ".xlsm", ".xls", ".ods")):
        raise UnreadableError("This is no workbook, whatever its name says: save it as .xlsx.")
    return _sheet(_csv_lines(content))


def to_csv(lines: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read it as such; no cell is computed when opened."""
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([_guarded(text) for text in line] for line in lines)
    return stream.getvalue().encode("utf-8-sig")


def to_xlsx(lines: Iterable[Sequence[str]], notes: Iterable[Sequence[str]] = ()) -> bytes:
    """Every cell is a text, also once it is edited; `notes` make a second sheet."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        text = book.add_format({"num_format": "@", "quote_prefix": True, "valign": "top"})
        bold = book.add_format({"bold": True, "bottom": 1})
        for title, table in (("data", list(lines)), ("how to fill it in", list(notes))):
            if table:
                _write(book.add_worksheet(title), table, text, bold)
    return stream.getvalue()


def _write(sheet: Any, table: list[Sequence[str]], text: Any, bold: Any) -> None:
    sheet.freeze_panes(1, 0)
    for column in range(len(table[0])):
        width = max(len(line[column]) for line in table[:200])
        sheet.set_column(column, column, min(max(width + 2, 10), 80), text)
    for number, line in enumerate(table):
        for column, cell in enumerate(line):
            sheet.write_string(number, column, cell, text if number else bold)


def _guarded(text: str) -> str:
    return f"'{text}" if _COMPUTED.match(text) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and _COMPUTED.match(text[1:]) else text


def _sheet(lines: Iterator[list[str]]) -> Sheet:
    columns = tuple(text.strip().lower() for text in next(lines, []))
    while columns and not columns[-1]:
        columns = columns[:-1]
    _check(columns)
    rows: list[Row] = []
    for number, line in enumerate(lines, start=2):
        texts = [text.strip() for text in line]
        if not any(texts):
            continue
        if len(rows) == MAX_ROWS:
            raise UnreadableError(f"The file has more than {MAX_ROWS:,} rows: split it.")
        if any(texts[len(columns) :]):
            raise UnreadableError(
                f"Row {number} has more cells than there are columns. Is there a comma in a text"
                " that is not in quotes?"
            )
        if any(len(text) > MAX_CELL for text in texts):
            raise UnreadableError(f"Row {number} has a cell of more than {MAX_CELL:,} characters.")
        filled = texts + [""] * (len(columns) - len(texts))
        rows.append((number, dict(zip(columns, filled, strict=False))))
    if not rows:
        raise UnreadableError("There are no rows below the heading.")
    return Sheet(columns, tuple(rows))


def _check(columns: tuple[str, ...]) -> None:
    if not columns:
        raise UnreadableError("The first row must name the columns; it is empty.")
    if len(columns) > MAX_COLUMNS:
        raise UnreadableError(f"There are more than {MAX_COLUMNS} columns.")
    if "" in columns:
        raise UnreadableError(f"Column {columns.index('') + 1} has no name in the first row.")
    twice = [name for name in columns if columns.count(name) > 1]
    if twice:
        raise UnreadableError(f"The column {twice[0]!r} occurs twice.")


def _csv_lines(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    heading = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=heading.count)
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [_unguarded(cell) for cell in line]
    except csv.Error as error:
        raise UnreadableError(
            f"This is no CSV file ({error}). Is a quote not closed? Save it anew as CSV UTF-8, or"
            " as .xlsx."
        ) from error


def _decoded(content: bytes) -> str:
    encoding = "utf-8-sig"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableError(
            f"The file is not UTF-8 (line {line}): in Excel choose “CSV UTF-8” when saving, or"
            " upload it as .xlsx."
        ) from error
    if "\0" in text:
        raise UnreadableError("This is no text file: save it as CSV UTF-8, or as .xlsx.")
    return text


# What openpyxl, zipfile and the XML parser raise for broken workbooks.
_BROKEN = (
    ArithmeticError,
    AttributeError,
    InvalidFileException,
    LookupError,
    NotImplementedError,
    OSError,
    ParseError,
    RuntimeError,
    TypeError,
    ValueError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
)


def _workbook_lines(content: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(each.file_size for each in archive.infolist())
        if unpacked > MAX_UNPACKED:
            raise UnreadableError("The workbook is too large once unpacked: split it.")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its own size may be wrong
        limits = {"max_row": MAX_ROWS * 10, "max_col": MAX_COLUMNS + 1}
        for row in sheet.iter_rows(**limits):
            yield [_text(cell) for cell in row]
    except _BROKEN as error:
        raise UnreadableError(
            "The workbook can't be read: it is broken, or protected by a password. Save it anew as"
            " .xlsx, or as CSV UTF-8."
        ) from error


def _text(cell: Any) -> str:
    value = cell.value
    if cell.data_type == "f":
        raise UnreadableError(
            f"Cell {cell.coordinate} holds a formula: paste its value (Paste special, values)."
        )
    if cell.data_type == "e":
        raise UnreadableError(f"Cell {cell.coordinate} holds an error ({value}): mend it first.")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else f"{value:%Y-%m-%dT%H:%M}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
