"""The present keys that partners send for a referral list: read, keyed again in memory, and stored nowhere."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from prioritisation.contract import Contract
from prioritisation.errors import Fault, UserError
from prioritisation.identifiers import kinds_in
from prioritisation.ingest.contacts.keying import AppKey, second_key
from prioritisation.ingest.contacts.offered import label_of
from prioritisation.ingest.faults import ROWS_SHOWN

COLUMNS = ("partner", "key_kind", "key_id", "person_key")
NO_LIST = "No list was made."
LARGEST_FILE = 200_000_000
_ALONE = f"Send a CSV file with the columns {', '.join(COLUMNS)} and nothing else; the pseudonymise tool makes one."
_ANOTHER_KEY = "Make the file again with the project key that the extracts were made with."
PresentKeys = dict[str, dict[tuple[str, bytes], str]]


@dataclass(frozen=True)
class Expected:
    """What present keys are held against. key_ids: partner -> names of the project keys of its extracts."""

    contract: Contract
    key_ids: Mapping[str, frozenset[str]]
    today: date


def read_present_keys(paths: Sequence[Path], expected: Expected, key: AppKey) -> PresentKeys:
    """Return partner -> (kind, second key) -> first key. UserError: with every fault of every file, never a cell."""
    present: PresentKeys = {}
    faults: list[Fault] = []
    for number, path in enumerate(paths, 1):
        label, wrong = label_of(path, number, expected.today)
        partner, sent, more = _read_file(path, label, expected)
        faults += [*wrong, *more]
        own = present.setdefault(partner, {})
        for kind, first in sent if not faults else ():
            own[kind, second_key(bytes.fromhex(first), kind, partner, key)] = first
    if faults:
        raise UserError(
            "The partners' present keys cannot be used; no cell is repeated here.",
            faults=faults,
            not_done=NO_LIST,
            remedy="Ask the partner to make the file again with the pseudonymise tool.",
        )
    return present


def _read_file(path: Path, label: str, expected: Expected) -> tuple[str, list[tuple[str, str]], list[Fault]]:
    """Return the partner of a file, its (kind, first key) pairs, and what is wrong with it."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            return "", [], [Fault(label, "it is larger than any file of keys.", _ALONE)]
        with path.open(encoding="utf-8-sig", newline="") as text:
            return _read_rows(csv.reader(text, strict=True), label, expected)
    except OSError as fault:
        return "", [], [Fault(label, f"it cannot be read ({fault.strerror}).", "Check the path.")]
    except (UnicodeDecodeError, csv.Error):
        return "", [], [Fault(label, "it is no CSV file in UTF-8.", _ALONE)]


def _read_rows(
    rows: Iterator[list[str]], label: str, expected: Expected
) -> tuple[str, list[tuple[str, str]], list[Fault]]:
    if tuple(name.strip() for name in next(rows, [])) != COLUMNS:
        return "", [], [Fault(label, "its columns are not those of a file of keys.", _ALONE)]
    check = _Cells(expected)
    sent = [(cells[1], cells[3]) for number, cells in enumerate(rows, 2) if any(cells) and check.fits(number, cells)]
    faults = check.faults(label)
    if not sent and not faults:
        faults.append(Fault(label, "there is no key in it.", "Leave it out, or send it when there are people in it."))
    return next(iter(check.partners), ""), sent, faults


class _Cells:
    """Holds rows against the contract and gathers the numbers of those that do not fit, by column."""

    def __init__(self, expected: Expected) -> None:
        contract = expected.contract
        self.expected = expected
        self.partners: dict[str, None] = {}
        self.wrong: dict[str, list[int]] = {}
        self.key, self.name = contract.pattern("person_key"), contract.pattern("key_id")
        self.kinds = set(contract.key_kinds)
        self.key_ids: set[str] = set()

    def fits(self, number: int, cells: list[str]) -> bool:
        """Whether a row keeps the contract; number as a spreadsheet counts."""
        if len(cells) != len(COLUMNS):
            self.wrong.setdefault("", []).append(number)
            return False
        partner, kind, key_id, first = cells
        fit = {
            "partner": partner in self.expected.contract.partners,
            "key_kind": kind in self.kinds,
            "key_id": key_id in self.key_ids or self._is_name(key_id),
            "person_key": self.key.fullmatch(first) is not None,
        }
        for name, good in fit.items():
            if not good:
                self.wrong.setdefault(name, []).append(number)
        if all(fit.values()):
            self.partners[partner] = None
        return all(fit.values())

    def _is_name(self, key_id: str) -> bool:
        """Remember a name of a key that could be one; there are few different ones."""
        good = self.name.fullmatch(key_id) is not None and not kinds_in(key_id)
        if good:
            self.key_ids.add(key_id)
        return good

    def faults(self, label: str) -> list[Fault]:
        """Return what is wrong with the rows, and with the file as a whole."""
        found = [
            Fault(_where(label, name, rows), "the contract does not allow it.") for name, rows in self.wrong.items()
        ]
        if len(self.partners) > 1:
            found.append(Fault(label, "it holds keys of more than one partner.", "Send one file for each partner."))
        for partner in self.partners:
            known = self.expected.key_ids.get(partner, frozenset())
            if not known:
                found.append(
                    Fault(label, f"no extract of {partner} is in the restricted store.", "Leave the file out.")
                )
            elif not self.key_ids <= known:
                found.append(Fault(label, "its keys were made with another project key.", _ANOTHER_KEY))
        return found


def _where(label: str, column: str, rows: Sequence[int]) -> str:
    shown = ", ".join(f"{row:,}" for row in rows[:ROWS_SHOWN])
    more = f" and {len(rows) - ROWS_SHOWN:,} more" if len(rows) > ROWS_SHOWN else ""
    return f"{label}{f', column {column}' if column else ''}, row{'s' if len(rows) > 1 else ''} {shown}{more}"
