"""What an import would do, before it writes anything: what is new, what goes, what stays, what is covered then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from prioritisation.ingest.contacts.check import CheckedFile
from prioritisation.ingest.contacts.offered import Request
from prioritisation.ingest.contacts.people import Before, Fate, NewExtract, StoredExtract, fates
from prioritisation.ingest.contacts.replacing import sorted_out

Months = tuple[date, date]


@dataclass(frozen=True)
class Plan:
    """What becomes of files and of extracts in the store.

    known: file number -> the extract that it repeats; fates: what becomes of each stored extract that has rows.
    """

    files: Sequence[CheckedFile]
    new: Sequence[NewExtract]
    known: Mapping[int, int]
    stored: Sequence[StoredExtract]
    fates: Mapping[int, Fate]

    @property
    def staying(self) -> list[StoredExtract]:
        """Earlier extracts of which some rows would stay."""
        return [each for each in self.stored if each.extract_id in self.fates and self.fates[each.extract_id].kept]

    @property
    def after(self) -> list[StoredExtract | CheckedFile]:
        """Everything that the store would have rows of."""
        return [*self.staying, *(new.file for new in self.new)]

    def covered(self) -> dict[str, dict[tuple[Months, ...], list[str]]]:
        """Return partner -> months, without gaps in each -> services that would be covered in these months."""
        found: dict[tuple[str, str], list[Months]] = {}
        for each in self.after:
            for service in each.services:
                found.setdefault((each.partner, service), []).append((each.month_from, each.month_to))
        covered: dict[str, dict[tuple[Months, ...], list[str]]] = {}
        for (partner, service), parts in sorted(found.items()):
            covered.setdefault(partner, {}).setdefault(_joined(parts), []).append(service)
        return covered


def planned(
    files: Sequence[CheckedFile],
    stored: Sequence[StoredExtract],
    request: Request,
    before: Before,
    memory: duckdb.DuckDBPyConnection,
) -> Plan:
    """Return what an import of these files would do. UserError: what cannot be meant."""
    new, known = sorted_out(files, stored, request, before, memory)
    found = fates(before.people, new, request.today) if before.people is not None and new else {}
    return Plan(files, new, known, stored, found)


def _joined(parts: Sequence[Months]) -> tuple[Months, ...]:
    """Return stretches of months in order, those that overlap or follow each other as one."""
    joined: list[Months] = []
    for first, last in sorted(parts):
        if joined and _number(first) <= _number(joined[-1][1]) + 1:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return tuple(joined)


def _number(month: date) -> int:
    return 12 * month.year + month.month
