"""Files as tables: what was written is read back, nothing is computed, what is broken is told."""

import csv
import io
import zipfile
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell import WriteOnlyCell

from workers import sheets
from workers.sheets import UnreadableError

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")  # of damaged files
PRINTABLE = st.characters(exclude_categories=["Cs", "Cc", "Cn"])
cell = st.text(PRINTABLE, max_size=12).map(str.strip)
risky = st.tuples(st.sampled_from(["=", "+", "-", "@", "'", "''=", "'@", "＝"]), cell).map("".join)
lines = st.lists(st.tuples(cell | risky, cell | risky), min_size=1, max_size=6)
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
WHOLE = sheets.to_xlsx([["code", "name"], ["W1", "Ada"], ["W2", "Bo"]])
WRITERS: dict[str, Any] = {"csv": sheets.to_csv, "xlsx": sheets.to_xlsx}


def workbook(*rows: list[Any]) -> bytes:
    """As a spreadsheet program would save it; a text that begins with = is a formula."""
    stream, book = io.BytesIO(), openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


def problem_of(content: bytes, name: str = "workers.csv") -> str:
    with pytest.raises(UnreadableError) as caught:
        sheets.read(name, content)
    return str(caught.value)


@pytest.mark.parametrize("kind", WRITERS)
@given(table=lines)
@settings(max_examples=60)
def test_what_was_written_is_read_back(kind: str, table: list[tuple[str, str]]) -> None:
    written = WRITERS[kind]([["code", "name"], *table])
    kept = [line for line in table if any(line)]
    if not kept:
        assert "no rows" in problem_of(written, f"x.{kind}")
        return
    read = sheets.read(f"x.{kind}", written)
    assert [(row["code"], row["name"]) for _, row in read.rows] == kept


@given(table=lines)
def test_no_cell_of_a_csv_file_is_computed(table: list[tuple[str, str]]) -> None:
    text = sheets.to_csv([["code", "name"], *table]).decode("utf-8-sig")
    written = [each for line in csv.reader(io.StringIO(text, newline="")) for each in line]
    assert not [each for each in written if each.lstrip(" ").startswith(STARTS_A_FORMULA)]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum(a1)", "\t=1", "\r=1", "\n=1", " =1"])
def test_each_way_to_begin_a_formula_is_guarded(text: str) -> None:
    assert b"'" in sheets.to_csv([["name"], [text]])


def test_texts_that_look_like_formulas_stay_texts_in_a_workbook() -> None:
    book = openpyxl.load_workbook(io.BytesIO(sheets.to_xlsx([["name"], ["=1+1"], ["007"]])))
    cells = [book["data"]["A2"], book["data"]["A3"]]
    assert [(each.value, each.data_type) for each in cells] == [("=1+1", "s"), ("007", "s")]


def test_rows_are_numbered_as_spreadsheets_do() -> None:
    read = sheets.read("x.csv", b'code\nW1\n\n"a\nb"\nW2\n')
    assert [number for number, _ in read.rows] == [2, 4, 5]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_each_usual_delimiter_is_known(delimiter: str) -> None:
    content = f"code{delimiter}name\nW1{delimiter}Ada\n".encode()
    assert sheets.read("x.csv", content).rows == ((2, {"code": "W1", "name": "Ada"}),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_each_usual_encoding_is_known(encoding: str) -> None:
    read = sheets.read("x.csv", "code,name\nW1,Zoë\n".encode(encoding))
    assert read.rows[0][1]["name"] == "Zoë"


def test_cells_of_a_workbook_become_texts() -> None:
    row = [7, 7.5, True, date(2026, 1, 31), datetime(2026, 1, 31, 6, 5), time(6, 5), None, "x"]  # noqa: DTZ001 - a workbook knows no zones
    names = [chr(ord("a") + number) for number in range(len(row))]
    read = sheets.read("x.xlsx", workbook(names, row))
    assert list(read.rows[0][1].values()) == [
        *("7", "7.5", "yes", "2026-01-31", "2026-01-31T06:05", "06:05", "", "x")
    ]


def test_headings_may_be_written_in_capitals() -> None:
    assert sheets.read("x.csv", b" Code , NAME \nW1,Ada").columns == ("code", "name")


@pytest.mark.parametrize(
    "content, told",
    [
        (b"", "empty"),
        (b"\n\n", "first row"),
        (b"code\n", "no rows"),
        (b"code,\nW1,x\n", "more cells"),
        (b"code,,name\nW1,,x\n", "Column 2 has no name"),
        (b"code,code\nW1,W2\n", "occurs twice"),
        (b"code\nW1,Ada\n", "Row 2 has more cells"),
        (b'code\n"W1\n', "quote not closed"),
        ("code\nZoë\n".encode("latin-1"), "not UTF-8 (line 2)"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"code\nW\x001\n", "no text file"),
        (b"\x89PNG\r\n\x1a\n", "not UTF-8"),
        (b"code\n" + b"x" * 10_001, "10,000 characters"),
        (b"code\n" + b"W\n" * 5_001, "5,000 rows"),
        (b",".join(b"c%d" % n for n in range(101)) + b"\n1\n", "100 columns"),
        (b"x" * 2_000_001, "2 MB"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save it as .xlsx without a password"),
    ],
)
def test_what_is_wrong_with_a_csv_file_is_told(content: bytes, told: str) -> None:
    assert told in problem_of(content)


def test_a_workbook_that_is_none_is_told() -> None:
    assert "no workbook" in problem_of(b"code,name", "workers.xlsx")


def test_a_formula_is_told_with_its_cell() -> None:
    assert "Cell B2 holds a formula" in problem_of(workbook(["code", "n"], ["W1", "=1+1"]))


def test_an_error_in_a_cell_is_told() -> None:
    stream = io.BytesIO()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    wrong = WriteOnlyCell(sheet, value="#REF!")
    wrong.data_type = "e"
    sheet.append(["code"])
    sheet.append([wrong])
    book.save(stream)
    assert "Cell A2 holds an error" in problem_of(stream.getvalue())


def test_a_workbook_of_another_kind_is_told() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("letter.txt", "hello")
    assert "can't be read" in problem_of(stream.getvalue())


def test_a_small_file_that_unpacks_to_a_huge_one_is_not_unpacked() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (sheets.MAX_UNPACKED + 1))
    assert "too large once unpacked" in problem_of(stream.getvalue())


@given(st.data())
@settings(max_examples=150)
def test_a_damaged_workbook_is_told_and_nothing_else_happens(data: st.DataObject) -> None:
    whole = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    with suppress(UnreadableError):  # told in words; anything else fails
        sheets.read("x.xlsx", bytes(whole[: cut or None]))


@given(st.data())
@settings(max_examples=150)
def test_damaged_parts_of_a_workbook_are_told(data: st.DataObject) -> None:
    """The archive is whole, and what it holds is not."""
    source = zipfile.ZipFile(io.BytesIO(WHOLE))
    stream = io.BytesIO()
    victim = data.draw(st.sampled_from(source.namelist()))
    with zipfile.ZipFile(stream, "w") as archive:
        for name in source.namelist():
            part = bytearray(source.read(name))
            if name == victim:
                start = data.draw(st.integers(0, len(part) - 1))
                part[start : start + data.draw(st.integers(1, 40))] = data.draw(
                    st.binary(max_size=10)
                )
            archive.writestr(name, bytes(part))
    with suppress(UnreadableError):  # told in words; anything else fails
        sheets.read("x.xlsx", stream.getvalue())


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_told(content: bytes) -> None:
    with suppress(UnreadableError):  # told in words; anything else fails
        sheets.read("x.csv", content)
