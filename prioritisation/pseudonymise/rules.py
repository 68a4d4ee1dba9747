"""What an extract may hold, as the tool needs it, and refusals in three parts. Standard library, Python 3.9 syntax."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

ROWS_SHOWN = 5


@dataclass(frozen=True)
class Rules:
    """The contract of extracts without its explanations.

    columns: those of the keyed extract, in order; partners, flags: id -> name; services: id -> (name, partner);
    most_contacts, most_cost: the greatest numbers that one row may hold.
    """

    version: str
    columns: tuple[str, ...]
    partners: Mapping[str, str]
    services: Mapping[str, tuple[str, str]]
    flags: Mapping[str, str]
    key_kinds: tuple[str, ...]
    age_bands: tuple[str, ...]
    most_contacts: int
    most_cost: str

    @classmethod
    def from_record(cls, record: Mapping[str, object]) -> Rules:
        """Make rules of a record as JSON holds it: lists become tuples."""
        whole = {key: tuple(value) if isinstance(value, list) else value for key, value in record.items()}
        return cls(**whole)  # type: ignore[arg-type]


class Refusal(Exception):
    """Why the tool did nothing: what was found, with its details; what was not done; what to do next."""

    def __init__(self, found: str, not_done: str, remedy: str, details: tuple[str, ...] = ()) -> None:
        self.found = found
        self.not_done = not_done
        self.remedy = remedy
        self.details = details
        super().__init__(str(self))

    def __str__(self) -> str:
        details = [f"  - {detail}" for detail in self.details]
        return "\n".join([self.found, *details, f"Not done: {self.not_done}", f"What to do: {self.remedy}"])


@dataclass(frozen=True)
class Unfit:
    """What is wrong with a cell, and what to write instead; never the cell itself."""

    found: str
    remedy: str


class RowFaults:
    """Grows while rows are read: the same fault of the same column is told once, with its first rows and a count."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, Unfit], list[int]] = {}

    def add(self, row: int, column: str, unfit: Unfit) -> None:
        """Note a fault; row as a spreadsheet counts it; column: its header, or nothing for a whole row."""
        self._rows.setdefault((column, unfit), []).append(row)

    def __bool__(self) -> bool:
        return bool(self._rows)

    @property
    def rows(self) -> int:
        """How many rows have a fault."""
        return len({row for rows in self._rows.values() for row in rows})

    @property
    def details(self) -> tuple[str, ...]:
        return tuple(
            f"{_rows_named(rows)}{f', column {column}' if column else ''}: {unfit.found} {unfit.remedy}"
            for (column, unfit), rows in self._rows.items()
        )


def _rows_named(rows: list[int]) -> str:
    shown = ", ".join(str(row) for row in rows[:ROWS_SHOWN])
    rest = f" and {len(rows) - ROWS_SHOWN:,} more" if len(rows) > ROWS_SHOWN else ""
    return f"Row{'s' if len(rows) > 1 else ''} {shown}{rest}"


def comparable(text: str) -> str:
    """Return a word or header as words are compared: NFKC, small letters, _ between the parts."""
    return re.sub(r"[\W_]+", "_", unicodedata.normalize("NFKC", text).casefold()).strip("_")
