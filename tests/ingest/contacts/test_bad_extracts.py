"""Sixty bad extracts by hand: each a clear answer in seconds, none a traceback, nothing half written, no cell told."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
from drawn_partner_files import AREAS, COLUMNS, Row, csv_bytes, first_key, row, rows, saved, table, workbook, write_csv
from made_identifiers import chi_numbers
from people_places import Places

from prioritisation.errors import UserError

SECONDS = 30  # shared machines are slow; alone each takes one or two
Made = tuple[str, bytes]


def bad(**cells: str) -> Callable[[], Made]:
    """A CSV whose third row has these cells."""
    return lambda: ("x.csv", csv_bytes(table([*rows(12), row(40, **cells), *rows(5, 50)])))


def plain(content: bytes, name: str = "x.csv") -> Callable[[], Made]:
    return lambda: (name, content)


def lines(made: Sequence[Row] = (), columns: Sequence[str] = COLUMNS, **how: str) -> bytes:
    return csv_bytes(table(made or rows(12), columns), **how)


def renamed(**new: str) -> Callable[[], Made]:
    cells = table(rows(12))
    cells[0] = [new.get(name, name) for name in cells[0]]
    return plain(csv_bytes(cells))


def added(header: str, cell: str) -> Callable[[], Made]:
    return plain(csv_bytes([[*line, header if place == 0 else cell] for place, line in enumerate(table(rows(12)))]))


def book(change: Callable[[openpyxl.Workbook], object]) -> Callable[[], Made]:
    """A workbook with one good sheet that is then changed."""

    def make() -> Made:
        made = workbook({"Extract": table(rows(12))})
        change(made)
        return "x.xlsx", saved(made)

    return make


def _zip_with(change: Callable[[zipfile.ZipFile], object]) -> Callable[[], Made]:
    def make() -> Made:
        content = io.BytesIO(saved(workbook({"Extract": table(rows(12))})))
        with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
            change(archive)
        return "x.xlsx", content.getvalue()

    return make


def _bomb(archive: zipfile.ZipFile) -> None:
    with archive.open("xl/worksheets/sheet9.xml", "w") as member:
        for _ in range(80):
            member.write(b" " * 4 * 1024**2)


def _far_cell(made: openpyxl.Workbook) -> None:
    made["Extract"].cell(1_048_576, 12, "x")


def _comment(made: openpyxl.Workbook) -> None:
    made["Extract"]["A2"].comment = openpyxl.comments.Comment("known to us", "partner")


def _hide(made: openpyxl.Workbook) -> None:
    made.create_sheet("Lists").append(["a", "b"])
    made["Lists"].sheet_state = "hidden"


def _second(cells: Sequence[Sequence[object]]) -> Callable[[openpyxl.Workbook], object]:
    def change(made: openpyxl.Workbook) -> None:
        sheet = made.create_sheet("More")
        for line in cells:
            sheet.append(list(line))

    return change


def _set(cell: str, value: object) -> Callable[[openpyxl.Workbook], object]:
    def change(made: openpyxl.Workbook) -> None:
        made["Extract"][cell] = value

    return change


def _damaged() -> Made:
    return "x.xlsx", saved(workbook({"Extract": table(rows(12))}))[:2500]


def _without(column: str) -> bytes:
    return lines(columns=[name for name in COLUMNS if name != column])


BAD: dict[str, tuple[Callable[[], Made], str]] = {
    "empty file": (plain(b""), "the file is empty"),
    "only spaces": (plain(b"  \n \n"), "the file is empty"),
    "header only": (plain(lines()[: lines().index(b"\n") + 1]), "a header and no rows"),
    "header and empty rows": (plain(lines()[: lines().index(b"\n") + 1] + b",,,,,,,,,,,\n" * 3), "header and no rows"),
    "no header": (plain(lines().split(b"\n", 1)[1]), "the column person_key (Person key) is missing"),
    "title above the header": (plain(b"Council extract\n" + lines()), "no columns separated by"),
    "one word": (plain(b"hello"), "no columns separated by"),
    "sep= line of a spreadsheet": (plain(b"sep=,\n" + lines()), "the line 'sep='"),
    "a picture": (plain(b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 9), "it is not a table but"),
    "a PDF": (plain(b"%PDF-1.7\n\x01\x02\x03\n" * 9, "x.pdf"), "it is not a table but"),
    "JSON": (plain(b'[{"person_key": "x"}]', "x.json"), "no columns separated by"),
    "Parquet": (plain(b"PAR1" + bytes(200), "x.parquet"), "it is not a table but: Parquet table"),
    "old or locked workbook": (plain(b"\xd0\xcf\x11\xe0" + bytes(600), "x.xls"), "old or password-protected workbook"),
    "zip of extracts": (lambda: ("x.zip", _zip_of_csv()), "it is not a table but: zip file"),
    "UTF-16": (plain(lines().decode().encode("utf-16")), "UTF-16"),
    "Latin-1": (
        plain(lines([row(), row(1, flags="Càrn")]).decode().encode("latin-1")),
        "row 3: it holds letters in an older",
    ),
    "mixed encodings": (plain(lines([row(1, flags="Càrn")]) + ",,,é\n".encode("latin-1")), "older encoding"),
    "NUL far inside": (plain(lines(rows(200)) + b"a\x00b,,,,,,,,,,,\n"), "row 202: it holds NUL bytes"),
    "NUL in the header": (plain(lines().replace(b"sex", b"s\x00x")), "unknown binary file"),
    "a million columns": (plain(b",".join([b"c"] * 1_000_000) + b"\n"), "longer than 64 KB"),
    "two hundred columns": (plain(b",".join([b"c"] * 200) + b"\n"), "it has 200 columns"),
    "short rows": (plain(lines() + b"a,b,c\n"), "row 14: the header has 12 columns"),
    "long rows": (plain(lines() + b"," * 15 + b"\n"), "row 14: the header has 12 columns"),
    "a quotation mark left open": (plain(lines() + b'"' + b"x" * 9_000_000), "far too long, or a quotation mark"),
    "an open quotation mark in the header": (plain(lines().replace(b"sex", b'"sex', 1)), "row 1: a quotation mark"),
    "unknown column": (added("colour", "blue"), "column M: is an unknown column"),
    "local references": (added("local_reference", "HOU00123"), "by its name a local reference"),
    "names": (added("Surname", "Burns"), "by its name personal details"),
    "free text": (added("Notes", "very upset"), "by its name free text"),
    "column without a name": (added("", "x"), "column M: has no name"),
    "missing column": (plain(_without("age_band")), "the column age_band (Age band) is missing"),
    "column twice": (added("sex", "female"), "column M: is sex again; the first is column F"),
    "old schema": (renamed(area="datazone", month="event_date"), "area may be meant"),
    "not a key": (bad(person_key="A12345"), "column person_key, row 14: is not a person key"),
    "capitals in the key": (bad(person_key=first_key(1).upper()), "is not a person key"),
    "unknown kind of key": (bad(key_kind="swift"), "column key_kind, row 14: is not one of the allowed values"),
    "wrong key id": (bad(key_id="Key 1"), "column key_id, row 14"),
    "two key ids": (bad(key_id="project-2025"), "made with 2 different keys"),
    "unknown area": (bad(area="S01099999"), "column area, row 14: is not a data zone of the release in use"),
    "unknown postcode": (bad(area="EH1 1YZ"), "is a postcode that the release in use does not know"),
    "words for an area": (bad(area="Girvan"), "column area, row 14: is not an area"),
    "age instead of a band": (bad(age_band="47"), "column age_band, row 14: is not one of"),
    "other capitals": (bad(sex="Female"), "other capitals"),
    "unknown partner": (bad(partner="navy"), "column partner, row 14"),
    "service of another partner": (bad(service="custody"), "column service, row 14: belongs to another partner"),
    "two partners": (bad(partner="police", service="custody"), "holds rows of 2 partners"),
    "unknown service": (bad(service="golf"), "column service, row 14: is not one of the allowed values"),
    "serial date": (bad(month="46023"), "a date as a spreadsheet counts it"),
    "31 February": (bad(month="31/02/2026"), "column month, row 14: is a full date"),
    "month 13": (bad(month="2025-13"), "months go from 01 to 12"),
    "future month": (bad(month="2026-05"), "is in the future"),
    "long ago": (bad(month="1999-12"), "is before 2000"),
    "name of a month": (bad(month="Jan 2026"), "is not a year and month"),
    "1,234": (bad(contacts="1,234"), "has a mark between thousands"),
    "no contacts": (bad(contacts="0"), "is not between 1 and 9,999"),
    "too many contacts": (bad(contacts="10000"), "is not between 1 and 9,999"),
    "half a contact": (bad(contacts="1.5"), "is not a whole number"),
    "few contacts": (bad(contacts="a few"), "column contacts, row 14: is not a number"),
    "nothing where something must be": (bad(contacts=""), "column contacts, row 14: is empty"),
    "spaces around": (bad(sex=" female"), "spaces before or after"),
    "formula": (bad(flags="=cmd|' /C calc'!A0"), "as a formula does"),
    "minus": (bad(cost="-5"), "as a formula does"),
    "unknown flag": (bad(flags="money;tall"), "holds a value that is not in the contract"),
    "flags joined by commas": (bad(flags="money,carer"), "another mark than a semicolon"),
    "pound sign": (bad(cost="£5"), "has a pound sign"),
    "pounds with thousands": (bad(cost="1,234.50"), "has a mark between thousands"),
    "pence and more": (bad(cost="12.345"), "another mark or more digits"),
    "invisible characters": (bad(sex="fem\u200bale"), "invisible characters"),
    "workbook cut short": (_damaged, "damaged or cut short"),
    "zip bomb": (_zip_with(_bomb), "times its size"),
    "workbook with macros": (_zip_with(lambda archive: archive.writestr("xl/vbaProject.bin", b"x")), "macros"),
    "workbook with a link": (
        _zip_with(lambda archive: archive.writestr("xl/externalLinks/externalLink1.xml", b"x")),
        "links to other workbooks",
    ),
    "a cell far away": (book(_far_cell), "cells far below the table"),
    "a thousand columns in a workbook": (book(_set("ALL1", "x")), "it has 1,000 columns"),
    "formula in a workbook": (book(_set("J3", "=1+1")), "1 cell with formulas"),
    "merged cells": (book(lambda made: made["Extract"].merge_cells("A3:A5")), "merged cells"),
    "hidden sheet": (book(_hide), "sheet 2: the sheet is hidden"),
    "comment in a workbook": (book(_comment), "the workbook holds comments"),
    "second sheet of something else": (book(_second([["colour", "size"], ["blue", "12"]])), "sheet 2, column A"),
    "date in a workbook": (book(_set("I3", __import__("datetime").date(2026, 1, 31))), "row 3: is a full date"),
    "workbook without a table": (lambda: ("x.xlsx", saved(workbook({"Empty": []}))), "no sheet holds an extract"),
    "workbook with a header only": (lambda: ("x.xlsx", saved(workbook({"Extract": [COLUMNS]}))), "header and no rows"),
}


def _zip_of_csv() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("x.csv", lines())
    return content.getvalue()


@pytest.fixture(scope="module")
def shared_places(tmp_path_factory: pytest.TempPathFactory, release_once: Path) -> Places:
    """One place that no bad extract may change."""
    from prioritisation.folder import DataFolder
    from prioritisation.ingest.contacts.restricted import RestrictedFolder

    root = tmp_path_factory.mktemp("bad-extracts")
    __import__("shutil").copytree(release_once, root / "store")
    (root / "extracts").mkdir()
    data = DataFolder(root / "store")
    made = Places(root / "extracts", data, RestrictedFolder.chosen(data, root / "restricted"))
    made.load(write_csv(root / "good.csv", rows(20, partner="police", service="victim")))
    return made


def test_there_are_sixty() -> None:
    assert len(BAD) >= 60


@pytest.mark.parametrize("name", BAD)
def test_bad_extract(shared_places: Places, name: str) -> None:
    make, expected = BAD[name]
    file, content = make()
    path = shared_places.files / file
    path.write_bytes(content)
    before, begun = shared_places.snapshot(), time.monotonic()
    with pytest.raises(UserError) as refusal:
        shared_places.load(path)
    assert time.monotonic() - begun < SECONDS
    assert shared_places.snapshot() == before
    assert expected in str(refusal.value)
    assert refusal.value.not_done == "Nothing was imported; the release in use is as it was."
    assert refusal.value.remedy
    assert all(fault.where and fault.found for fault in refusal.value.faults)
    assert first_key(0) not in str(refusal.value)


def test_every_fault_of_every_file_at_once(places: Places) -> None:
    one = write_csv(places.files / "a.csv", [row(0, sex="F", contacts="many"), row(1, month="2026-13")])
    other = write_csv(places.files / "b.csv", [row(0, area="Ayr")])
    with pytest.raises(UserError) as refusal:
        places.load(one, other, places.files / "absent.csv")
    text = str(refusal.value)
    assert len(refusal.value.faults) == 5
    for expected in (
        "a.csv, column sex, row 2",
        "a.csv, column contacts, row 2",
        "a.csv, column month, row 3",
        "b.csv, column area, row 2",
        "absent.csv: there is no such file",
    ):
        assert expected in text


def test_many_rows_of_one_fault_are_counted(places: Places) -> None:
    path = write_csv(places.files / "a.csv", rows(500, contacts="1,234"))
    with pytest.raises(UserError, match=r"rows 2, 3, 4, 5, 6 and 495 more: has a mark between thousands"):
        places.load(path)


def test_no_release_no_import(places: Places) -> None:
    places.data.pointer.unlink()
    with pytest.raises(UserError, match="There is no data in"):
        places.load(write_csv(places.files / "a.csv", rows()))


@pytest.mark.parametrize(
    "kind",
    [
        "semicolons",
        "tabs",
        "byte order mark",
        "carriage returns",
        "titles",
        "workbook",
        "two sheets",
        "other order",
        "without optional columns",
    ],
)
def test_other_forms_of_good_extracts(places: Places, kind: str) -> None:
    cells = table(rows(30))
    titles = [["Person key", "Kind of key", *COLUMNS[2:]], *cells[1:]]
    made = {
        "semicolons": csv_bytes(cells, between=";"),
        "tabs": csv_bytes(cells, between="\t"),
        "byte order mark": b"\xef\xbb\xbf" + csv_bytes(cells),
        "carriage returns": csv_bytes(cells, ends="\r\n"),
        "titles": csv_bytes(titles),
        "workbook": saved(
            workbook({"Extract": [*cells[:2], *[[*line[:9], int(line[9]), *line[10:]] for line in cells[2:]]]})
        ),
        "two sheets": saved(workbook({"One": cells[:11], "Two": [cells[0], *cells[11:]], "Sheet3": []})),
        "other order": csv_bytes([line[::-1] for line in cells]),
        "without optional columns": csv_bytes([line[:10] for line in cells]),
    }[kind]
    path = places.files / ("a.xlsx" if made.startswith(b"PK") else "a.csv")
    path.write_bytes(made)
    places.load(path)
    assert places.people("SELECT count(*), count(DISTINCT person_id) FROM contact") == [(30, 30)]
    assert {each[0] for each in places.people("SELECT DISTINCT area_code FROM contact")} == set(AREAS)


RAW = {
    "CHI numbers": (["chi_number", "sex"], "column A: CHI number"),
    "a partner's references": (["identifier", "sex"], "column A: by its name an identifier"),
    "names": (["surname", "forename"], "column A: by its name an identifier; column B: by its name an identifier"),
    "numbers under another name": (["service_user", "sex"], "column A: CHI number"),
    "dates of birth": (["dob", "sex"], "column A: date of birth"),
}


@pytest.mark.parametrize("name", RAW)
def test_an_export_that_was_never_pseudonymised_is_said_first(places: Places, name: str) -> None:
    headers, expected = RAW[name]
    cell = {
        "chi_number": chi_numbers(11, 1, seed=5)[0],
        "service_user": chi_numbers(11, 1, seed=5)[0],
        "dob": "1970-03-04",
    }.get(headers[0], "HOU12")
    path = places.files / "raw.csv"
    path.write_bytes(csv_bytes([headers, *[[cell, "female"]] * 20]))
    faulty = write_csv(places.files / "faulty.csv", [row(0, sex="F")])
    before = places.snapshot()
    with pytest.raises(UserError) as refusal:
        places.load(faulty, path)
    assert places.snapshot() == before
    first, *rest = refusal.value.faults
    assert "There are identifiers of people" in refusal.value.found
    assert "The rest has 1 fault." in refusal.value.found
    assert first.found.startswith("it holds identifiers of people and no keys")
    assert expected in first.found
    assert "It was not imported: delete it here." in first.remedy
    assert "pseudonymise" in refusal.value.remedy
    assert [fault.where for fault in rest] == ["faulty.csv, column sex, row 2"]
    assert cell not in str(refusal.value)


@pytest.mark.parametrize("headers", [["person_key", "identifier"], ["pseudo_id", "surname"], ["area", "month"]])
def test_a_file_with_keys_or_without_identifiers_is_no_raw_export(places: Places, headers: list[str]) -> None:
    path = places.files / "other.csv"
    path.write_bytes(csv_bytes([headers, *[["KA26 1AA", "2026-01-31"]] * 20]))
    with pytest.raises(UserError, match="faults; no cell is repeated here") as refusal:
        places.load(path)
    assert "never pseudonymised" not in str(refusal.value)
