"""No identifier gets in, wherever a file can hold one, and none is told; clean files all get in."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from drawn_partner_files import (
    AREAS,
    COLUMNS,
    CONTRACT,
    TODAY,
    csv_bytes,
    row,
    rows,
    saved,
    table,
    workbook,
    write_csv,
)
from people_places import Places
from planted import KINDS, planted

from prioritisation.contract_files import EXPLAINS, template_xlsx
from prioritisation.errors import UserError
from prioritisation.ingest.contacts import parse_workbook
from prioritisation.ingest.contacts.check import texts_faults
from prioritisation.ingest.contacts.headers import place_columns
from prioritisation.ingest.contacts.offered import label_of
from prioritisation.ingest.contacts.read import RawTable, ReadFile


def _said_nothing(text: str, identifiers: list[str]) -> None:
    assert not [each for each in identifiers if each in text or each.replace(" ", "") in text]


def _rows_refused(text: str, where: str, reason: str) -> int:
    """How many rows the refusals of one column and reason name or count."""
    found = [
        line.split(where, 1)[1].split(": ")[0].removeprefix("s")
        for line in text.splitlines()
        if where in line and reason in line
    ]
    return sum(
        len(named.split(",")) + int(rest.removesuffix(" more") or 0)
        for named, _, rest in (places.partition(" and ") for places in found)
    )


def _refused(places: Places, path: Path) -> str:
    with pytest.raises(UserError) as refusal:
        places.load(path)
    assert not places.restricted.root.exists()
    return "\n".join([str(refusal.value), *places.said])


@pytest.mark.parametrize("kind", KINDS)
def test_in_every_column(places: Places, kind: str) -> None:
    """Five hundred of a kind in each column: every row that holds one is counted in the refusal."""
    identifiers, path = planted(kind), places.files / "a.csv"
    for column in COLUMNS:
        if (kind, column) == ("postcode", "area"):
            continue
        path.write_bytes(csv_bytes(table([row(place, **{column: each}) for place, each in enumerate(identifiers)])))
        text = _refused(places, path)
        _said_nothing(text, identifiers)
        reason = "is a full date" if (kind, column) == ("date of birth", "month") else "holds what looks like"
        assert _rows_refused(text, f"column {column}, row", reason) == len(identifiers)
        assert KINDS[kind] in text or reason == "is a full date"


@pytest.mark.parametrize("kind", KINDS)
def test_in_a_column_of_their_own(places: Places, kind: str) -> None:
    identifiers = planted(kind)
    cells = [[*line, each] for line, each in zip(table(rows(500)), ["colour", *identifiers], strict=True)]
    path = places.files / "a.csv"
    path.write_bytes(csv_bytes(cells))
    text = _refused(places, path)
    _said_nothing(text, identifiers)
    assert "column M" in text
    assert KINDS[kind] in text


@pytest.mark.parametrize("kind", KINDS)
def test_in_headers_and_names(kind: str) -> None:
    """Every single one is found as a header, as the name of a sheet, beside the extract, and as the name of a file."""
    identifiers = planted(kind)
    headers = RawTable("raw", "a.csv", tuple(identifiers), 2, 0)
    found = [
        str(fault) for fault in place_columns(headers, CONTRACT)[1] if "its name holds what looks like" in fault.found
    ]
    assert len(found) == len(identifiers)
    _said_nothing("".join(found), identifiers)
    for each in identifiers:
        for where in ("names", "note"):
            faults = texts_faults(ReadFile(Path("a.xlsx"), "a.xlsx", texts={where: ["Extract", each]}))
            assert len(faults) == 1
            _said_nothing(str(faults[0]), [each])
        label, faults = label_of(Path("/x") / f"{each.replace('/', '.')}.csv", 3, TODAY)
        assert label == "file 3 of those named"
        assert len(faults) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_in_files(places: Places, kind: str) -> None:
    """One of each kind through the whole import: in a header, a sheet's name, a file's name, the explaining sheet."""
    one = planted(kind)[1]
    good, name = table(rows(20)), one.replace("/", ".")
    made = {
        "header.csv": csv_bytes([[*line, one if place == 0 else ""] for place, line in enumerate(good)]),
        "sheet.xlsx": saved(workbook({name: good})),
        f"{name}.csv": csv_bytes(good),
        "beside.xlsx": saved(workbook({"Extract": good, EXPLAINS: [["Ask for", one]]})),
    }
    for file, content in made.items():
        path = places.files / file
        path.write_bytes(content)
        text = _refused(places, path)
        _said_nothing(text, [one, name])
        assert "holds what looks like a" in text


def test_the_template_itself_is_clean(places: Places) -> None:
    """A filled-in template, with its own explaining sheet, is imported."""
    import io

    import openpyxl

    assert parse_workbook.EXPLAINS == EXPLAINS
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx(CONTRACT)))
    for line in table(rows(20))[1:]:
        book.worksheets[0].append(line)
    path = places.files / "filled in.xlsx"
    path.write_bytes(saved(book))
    assert places.load(path).release_id


def test_an_example_of_the_contract_is_a_good_row(places: Places) -> None:
    example = {name: column.example for name, column in CONTRACT.columns.items()}
    assert places.load(write_csv(places.files / "a.csv", [example])).release_id


def test_clean_files_are_never_refused(places: Places) -> None:
    """Twenty files as partners send them: every service, word and form that the contract has."""
    draw = random.Random(4)
    paths = []
    for number in range(20):
        partner = list(CONTRACT.partners)[number % len(CONTRACT.partners)]
        made = [_drawn(draw, partner, number) for _ in range(300)]
        form = ["csv", "xlsx", "tab"][number % 3]
        path = (
            places.files
            / f"{partner} contacts 2026-0{1 + number % 3}-{1 + number:02} v{number}.{form.replace('tab', 'csv')}"
        )
        content = (
            saved(workbook({"Extract": table(made)}))
            if form == "xlsx"
            else csv_bytes(table(made), "\t" if form == "tab" else ",")
        )
        path.write_bytes(content)
        paths.append(path)
    for first in range(0, len(paths), 5):  # five different partners at a time
        summary = places.load(*paths[first : first + 5])
        assert all(path.name in summary.text for path in paths[first : first + 5])
    assert places.people("SELECT count(*) FROM extract") == [(20,)]


def _drawn(draw: random.Random, partner: str, number: int) -> dict[str, str]:
    year, month = divmod(2016 * 12 + 6 * number + draw.randint(0, 5), 12)
    month_of = date(year, month + 1, 1)
    return {
        "person_key": f"{draw.getrandbits(256):064x}",
        "key_kind": draw.choice(list(CONTRACT.key_kinds)),
        "key_id": "project-2026",
        "area": draw.choice([*AREAS, "no fixed abode", "withheld", "KA26 0AA", "ka26 3aa", "KA261AA"]),
        "age_band": draw.choice(CONTRACT.age_bands),
        "sex": draw.choice(CONTRACT.sexes),
        "partner": partner,
        "service": draw.choice(CONTRACT.services_of(partner)),
        "month": f"{month_of:%Y-%m}",
        "contacts": str(draw.choice([1, 2, 3, 14, 365, 9999])),
        "flags": ";".join(draw.sample(list(CONTRACT.flags), draw.randint(0, 3))),
        "cost": draw.choice(["", "0", "12", "310.50", "9999999.99", "1.5"]),
    }
