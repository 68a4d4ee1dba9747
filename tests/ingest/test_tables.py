"""Published tables as they really come: encodings, titles above the header, odd separators."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from prioritisation.ingest import containers
from prioritisation.ingest.codes import code_columns
from prioritisation.ingest.tables import RawTable, Unreadable, header_key, read_tables

ROWS = "Data_Zone,Name,Rate\nS01012417,Càrn,5\nS01012418,Ayr,6\n"


def _read(path: Path) -> RawTable:
    [table] = read_tables(path, path.name, containers.container(path))
    return table


def _from_bytes(folder: Path, content: bytes) -> RawTable:
    path = folder / "table"
    path.write_bytes(content)
    return _read(path)


@pytest.mark.parametrize(
    "content",
    [
        ROWS.encode(),
        ROWS.encode("utf-8-sig"),
        ROWS.replace(",", ";").encode(),
        ROWS.replace(",", "\t").encode(),
        ROWS.replace("\n", "\r\n").encode(),
        ROWS.replace("\n", "\n\n").encode(),
        ("Small area statistics\n\nPublished,2021\n" + ROWS).encode(),
        ROWS.replace("Càrn", '"Càrn"').encode(),
    ],
    ids=["plain", "mark", "semicolons", "tabs", "crlf", "blank lines", "titles", "quotes"],
)
def test_the_same_table_comes_in_many_forms(tmp_path: Path, content: bytes) -> None:
    table = _from_bytes(tmp_path, content)
    assert list(table.frame.columns) == ["data_zone", "name", "rate"]
    assert table.frame.to_numpy().tolist() == [["S01012417", "Càrn", "5"], ["S01012418", "Ayr", "6"]]
    assert code_columns(table.frame) == ["data_zone"]


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    table = _from_bytes(tmp_path, b"Title\n\n" + ROWS.replace("Ayr", '"A\ny\nr"').encode())
    assert list(table.frame.index) == [4, 5]
    assert table.where(5, "rate") == "table, row 5, column Rate"
    assert table.title == "Title"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (ROWS.encode("latin-1"), ["row 2", "older encoding"]),
        (ROWS.encode("utf-16-le"), ["UTF-16"]),
        (ROWS.encode("utf-16"), ["UTF-16"]),
        (b"\xfe\xff" + ROWS.encode("utf-16-be"), ["UTF-16"]),
        (b"\xff\xfe" + ROWS.encode("utf-16-le")[:-1], ["UTF-16"]),
        (ROWS.encode() + b"S01012419,Troon,7,8\n" + ROWS.encode() * 30, ["cannot be told apart"]),
        (ROWS.encode() + b'S01012419,"Troon,7\n', ["quotation mark"]),
        (b"only words here\nand here\n", ["no table"]),
    ],
)
def test_text_that_cannot_be_trusted_is_refused(tmp_path: Path, content: bytes, words: list[str]) -> None:
    if "cannot be told apart" in words:
        content = ROWS.encode() * 40 + b"S01012419,Troon,7,8\n"
    with pytest.raises(Unreadable) as fault:
        _from_bytes(tmp_path, content)
    assert all(word in fault.value.found for word in words)
    assert fault.value.remedy


def test_a_workbook_with_titles_above_its_header(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Persons"
    for row in (
        ["Small area population estimates, Scotland, mid-2021"],
        [],
        ["Data zone code", "Data zone name", "Total population", 0, 1, "90+"],
        [None, "Scotland", 5_000_000, 1, 2, 3],
        ["S01006506", "Culter - 01", 900.0, 9, 9, 1],
        ["S01006507", "Culter - 02", 800, 8, 8, 0],
        [],
        ["© Crown copyright"],
    ):
        sheet.append(row)
    book.save(tmp_path / "book.xlsx")
    table = _read(tmp_path / "book.xlsx")
    assert list(table.frame.columns) == ["data_zone_code", "data_zone_name", "total_population", "0", "1", "90+"]
    assert table.where(5, "0") == "book.xlsx, sheet 'Persons', row 5, column 0"
    assert "mid-2021" in table.title


def test_headers_are_compared_without_their_prefix() -> None:
    assert header_key("SIMD2020v2_Rank") == header_key("SIMD2020_Rank") == header_key(" rank ") == "rank"
    assert header_key(0.0) == "0"
    assert header_key("90+") == "90+"


def test_a_header_there_twice_is_remembered(tmp_path: Path) -> None:
    table = _from_bytes(tmp_path, b"Data_Zone,Rate,rate\nS01012417,1,2\n")
    assert table.twice == ("Rate",)
