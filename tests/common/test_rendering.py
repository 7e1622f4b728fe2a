"""Tables leave as CSV and XLSX that a spreadsheet can open without harm."""

import csv
import io
import zipfile

import pytest

from common.rendering import CsvRenderer, JsonRenderer, XlsxRenderer

ANSWER = {
    "site": "F1",
    "results": [{"name": "Zoë, the 1st", "units": 3, "shift_names": ["A", "B"]}],
}


def lines(answer: object) -> list[list[str]]:
    return list(csv.reader(io.StringIO(CsvRenderer().render(answer).decode("utf-8-sig"))))


def sheet(answer: object) -> str:
    with zipfile.ZipFile(io.BytesIO(XlsxRenderer().render(answer))) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


def test_csv_has_a_heading_and_a_row_per_record() -> None:
    assert lines(ANSWER) == [["name", "units", "shift_names"], ["Zoë, the 1st", "3", "A, B"]]


def test_csv_begins_with_a_mark_for_spreadsheets() -> None:
    assert CsvRenderer().render(ANSWER).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1+1", "＠SUM(A1)"]
)
def test_csv_disarms_formulas(text: str) -> None:
    assert lines({"results": [{"name": text}]})[1][0].startswith("'")


@pytest.mark.parametrize("text", ["Saw;=1+1", "Saw\t@SUM(A1)", "Saw\n=1", "Saw; =1"])
def test_csv_disarms_what_a_spreadsheet_may_take_for_another_cell(text: str) -> None:
    assert lines({"results": [{"name": text}]})[1][0] == f"{text[:4]}'{text[4:]}"


@pytest.mark.parametrize("text", ["Line 4 - north", "S1", "a=b", "x@y.example", "1; 2; 3"])
def test_csv_leaves_harmless_texts_alone(text: str) -> None:
    assert lines({"results": [{"name": text}]})[1] == [text]


def test_csv_leaves_negative_numbers_as_numbers() -> None:
    assert lines({"results": [{"lag": -5}]})[1] == ["-5"]


def test_csv_writes_null_as_nothing() -> None:
    assert lines({"results": [{"lag": None, "units": 0}]})[1] == ["", "0"]


def test_xlsx_writes_numbers_as_numbers() -> None:
    assert "<v>3</v>" in sheet(ANSWER)


def test_xlsx_writes_no_formula() -> None:
    assert "<f>" not in sheet({"results": [{"name": "=1+1"}]})


@pytest.mark.parametrize("text", ["https://example.com/", "external:c:\\x.xlsx", "mailto:a@b"])
def test_xlsx_writes_no_link(text: str) -> None:
    assert "hyperlink" not in sheet({"results": [{"name": text}]})


@pytest.mark.parametrize("renderer", [CsvRenderer, XlsxRenderer])
def test_error_stays_json(renderer: type[CsvRenderer | XlsxRenderer]) -> None:
    assert renderer().render({"code": "not_found"}) == b'{"code":"not_found"}'


def test_json_of_nothing_is_empty() -> None:
    assert JsonRenderer().render(None) == b""
