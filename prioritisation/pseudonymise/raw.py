"""A partner's own CSV table: its encoding, delimiter, columns and rows. Standard library, Python 3.9 syntax.

Headers are repeated in messages only once the first row is known to be one, and only where they hold no identifier.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from prioritisation.identifiers import first_kind
from prioritisation.pseudonymise.rules import Refusal, comparable

NOT_DONE = "Nothing was written."
AS_CSV = 'Open it in a spreadsheet and save it as "CSV UTF-8 (comma delimited)".'
DELIMITERS = (",", ";", "\t")
LONGEST_HEADER = 40
KNOWN_AT_LEAST = 2
ROLES: Mapping[str, tuple[str, ...]] = {
    "identifier": (
        "identifier",
        "chi",
        "chi_number",
        "chi_no",
        "upi",
        "reference",
        "person_reference",
        "client_reference",
        "client_id",
        "person_id",
        "case_reference",
    ),
    "area": ("area", "postcode", "post_code", "data_zone", "datazone", "data_zone_code", "home_postcode"),
    "birth": ("date_of_birth", "dob", "birth_date", "born"),
    "age": ("age", "age_in_years"),
    "sex": ("sex", "gender"),
    "service": ("service", "service_name"),
    "date": ("contact_date", "date", "date_of_contact", "contact_month", "month", "event_date", "month_of_contact"),
    "contacts": ("contacts", "number_of_contacts", "count"),
    "flags": ("flags", "flag", "needs", "need_flags"),
    "cost": ("cost", "costs", "cost_in_pounds", "cost_gbp"),
}
_MEANINGS = {
    "identifier": "the person's identifier (identifier, chi_number)",
    "area": "where the person lived (postcode or data_zone)",
    "birth": "the date of birth or the age (date_of_birth, age)",
    "sex": "sex",
    "service": "the service (or give the whole file one with --service)",
    "date": "the date or month of the contact (contact_date)",
}
_ROLE_OF = {name: role for role, names in ROLES.items() for name in names}


@dataclass(frozen=True)
class RawRows:
    """Where each role stands in the table, and its rows as lists of cells, numbered as a spreadsheet does."""

    places: Mapping[str, int]
    headers: list[str]
    rows: Iterator[tuple[int, list[str]]]


@contextmanager
def opened(path: Path, what: str) -> Iterator[TextIO]:
    """Open a CSV file as UTF-8 text; every way in which it is none becomes a Refusal. what: "The extract"."""
    try:
        with path.open("rb") as file:
            _refuse_other_formats(file.read(4096), what)
        with path.open(encoding="utf-8-sig", newline="") as text:
            yield text
    except OSError as fault:
        raise Refusal(f"{what} cannot be read ({fault.strerror}).", NOT_DONE, "Check its name and place.") from fault
    except UnicodeDecodeError as fault:
        raise Refusal(f"{what} is not in UTF-8.", NOT_DONE, AS_CSV) from fault
    except csv.Error as fault:
        found = f"{what} is damaged: quotes do not close, or a cell is longer than any should be."
        raise Refusal(found, NOT_DONE, f"Export it again. {AS_CSV}") from fault


def _refuse_other_formats(start: bytes, what: str) -> None:
    if not start.strip():
        raise Refusal(f"{what} is empty.", NOT_DONE, "Export it again, with a header row.")
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Refusal(f"{what} is a spreadsheet or zip file; this tool reads CSV only.", NOT_DONE, AS_CSV)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refusal(f"{what} is in UTF-16.", NOT_DONE, AS_CSV)


def table_of(
    text: TextIO,
    own_columns: Mapping[str, str],
    dropped: Collection[str],
    given: Collection[str],
    known_at_least: int = KNOWN_AT_LEAST,
) -> RawRows:
    """Place the columns of an open extract by role; refuse unknown, doubled and missing ones all at once.

    own_columns: header -> role or one of its names; dropped: headers to leave out; given: roles that need no column;
    known_at_least: how many known columns make a first row a header.
    """
    delimiter = _delimiter(text)
    rows = _numbered(csv.reader(text, delimiter=delimiter, strict=True))
    _, header = next(rows, (1, []))
    roles = {comparable(name): _ROLE_OF.get(comparable(role), role) for name, role in own_columns.items()}
    names = [comparable(cell) for cell in header]
    known = [roles.get(name) or _ROLE_OF.get(name) for name in names]
    left_out = {comparable(name) for name in dropped}
    if len({role for role in known if role}) < known_at_least:
        raise Refusal(
            "The first row of the extract is no header: hardly any column is known.",
            NOT_DONE,
            f"Put names above the columns: {', '.join(_MEANINGS.values())}. --map translates your own names.",
        )
    details = [
        _unknown(place, header[place]) for place, role in enumerate(known) if not role and names[place] not in left_out
    ]
    details += [
        f"--drop: there is no column with the name number {place}."
        for place, name in enumerate(dropped, 1)
        if comparable(name) not in names
    ]
    placed = [(role, place) for place, role in enumerate(known) if role and names[place] not in left_out]
    details += _doubled(placed)
    places = dict(placed)
    details += [
        f"There is no column for {meaning}."
        for role, meaning in _MEANINGS.items()
        if role not in places and role not in given and not (role == "birth" and "age" in places)
    ]
    if details:
        raise Refusal(
            "The columns of the extract are not as they should be.",
            NOT_DONE,
            "Leave columns out by name with --drop; rename the others, or translate them with --map.",
            tuple(details),
        )
    return RawRows(places, header, rows)


def _delimiter(text: TextIO) -> str:
    """Return the delimiter that finds the most known columns in the first line."""
    line = text.readline()
    text.seek(0)

    def known(delimiter: str) -> int:
        return sum(comparable(cell) in _ROLE_OF for cell in line.split(delimiter))

    return max(DELIMITERS, key=lambda delimiter: (known(delimiter), line.count(delimiter)))


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield rows that hold anything, with their numbers; refuse NULs, which no text holds."""
    for number, row in enumerate(reader, start=1):
        if any("\0" in cell for cell in row):
            found = f"Row {number} of the extract holds a NUL character, so the file is damaged."
            raise Refusal(found, NOT_DONE, f"Export it again. {AS_CSV}")
        if any(cell.strip() for cell in row):
            yield number, row


def shown(place: int, header: str) -> str:
    """Return a header for a message: its name where that holds no identifier, and its number."""
    name = " ".join(header.split())
    plain = name.isprintable() and 0 < len(name) <= LONGEST_HEADER and first_kind(name) is None
    return f"'{name}' (column {place + 1})" if plain else f"number {place + 1}"


def _unknown(place: int, header: str) -> str:
    return f"Column {shown(place, header)} is not one that may leave your organisation."


def _doubled(placed: list[tuple[str, int]]) -> list[str]:
    """Say which roles two columns claim; the date of birth and the age are one role."""
    first: dict[str, int] = {}
    details = []
    for claimed, place in placed:
        role = "birth" if claimed == "age" else claimed
        if role in first:
            details.append(f"Columns number {first[role] + 1} and {place + 1} both give {_MEANINGS.get(role, role)}.")
        first.setdefault(role, place)
    return details
