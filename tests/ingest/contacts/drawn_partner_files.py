"""Small partner extracts, drawn here: rows that keep the contract, and writers that can break it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl

from prioritisation.contract import load_contract
from prioritisation.folder import TRACKED_DATA

CONTRACT = load_contract(TRACKED_DATA / "catalogue")
COLUMNS = list(CONTRACT.columns)
TODAY = date(2026, 4, 20)
UNTIL = date(2029, 4, 1)
AREAS = [f"S01012{417 + place}" for place in range(12)]
Row = dict[str, str]


def first_key(person: int) -> str:
    return hashlib.sha256(f"first key of {person}".encode()).hexdigest()


def row(person: int = 0, **cells: str) -> Row:
    """One row that keeps the contract; cells: what is different."""
    usual = {
        "person_key": first_key(person),
        "key_kind": "chi",
        "key_id": "project-2026",
        "area": AREAS[person % 12],
        "age_band": CONTRACT.age_bands[person % 7],
        "sex": CONTRACT.sexes[person % 2],
        "partner": "council",
        "service": "rent_arrears",
        "month": "2026-01",
        "contacts": str(1 + person % 3),
        "flags": "money" if person % 2 else "",
        "cost": "",
    }
    return usual | cells


def rows(people: int = 30, first: int = 0, **cells: str) -> list[Row]:
    return [row(person, **cells) for person in range(first, first + people)]


def table(made: Sequence[Row], columns: Sequence[str] = COLUMNS) -> list[list[str]]:
    """Header and rows as lists of cells."""
    return [list(columns), *([each.get(column, "") for column in columns] for each in made)]


def csv_bytes(cells: Sequence[Sequence[str]], between: str = ",", ends: str = "\n") -> bytes:
    """Cells as they are: quoted only where they hold the mark between cells."""
    lines = [between.join(f'"{cell}"' if between in cell else cell for cell in line) for line in cells]
    return (ends.join(lines) + ends).encode()


def workbook(sheets: dict[str, Sequence[Sequence[object]]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, cells in sheets.items():
        sheet = book.create_sheet(name)
        for line in cells:
            sheet.append(list(line))
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def write_csv(path: Path, made: Sequence[Row]) -> Path:
    path.write_bytes(csv_bytes(table(made)))
    return path
