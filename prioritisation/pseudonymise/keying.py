"""A partner's raw rows to rows that the importer takes. Standard library, Python 3.9 syntax."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from prioritisation.identifiers import kinds_in
from prioritisation.pseudonymise.cells import (
    Once,
    age_reached,
    band_of,
    mostly_chi,
    one_of,
    read_age,
    read_area,
    read_birth,
    read_cost,
    read_count,
    read_identifier,
    read_month,
    read_sex,
    some_of,
)
from prioritisation.pseudonymise.keys import PARTNER_REFERENCE
from prioritisation.pseudonymise.raw import NOT_DONE, RawRows, opened, shown, table_of
from prioritisation.pseudonymise.rules import Refusal, RowFaults, Rules, Unfit, comparable
from prioritisation.pseudonymise.words import OwnWords

_WRONG_LENGTH = Unfit(
    "the row has more or fewer cells than the header.", "Correct it, or put texts with commas into quotes."
)


@dataclass(frozen=True)
class Order:
    """Everything that says how an extract is to be keyed."""

    partner: str
    key: bytes
    key_id: str
    kind: str = "chi"
    zones: Mapping[str, str] | None = None
    words: OwnWords = field(default_factory=OwnWords)
    service: str | None = None
    dropped: tuple[str, ...] = ()
    leave_out_faulty: bool = False


@dataclass(frozen=True)
class Keyed:
    """Keyed rows, sorted by key: one per person, area, band, sex, service, month and flags.

    columns: names as in the contract, without cost where the extract has none; months: (first, last) as YYYY-MM;
    rows_read: of the extract; left_out: the faults of the rows that were left out.
    """

    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    months: tuple[str, str]
    rows_read: int
    left_out: RowFaults


def pseudonymise(extract: Path, rules: Rules, order: Order, today: date) -> Keyed:
    """Key and band every row of a partner's CSV extract, and add up rows of the same person, service and month.

    Raises Refusal with every fault; its text holds row numbers, names of columns and counts, never a cell.
    """
    check_order(rules, order)
    faults = RowFaults()
    with opened(extract, "The extract") as text:
        raw = table_of(text, order.words.columns, order.dropped, ("service",) if order.service else ())
        reading = _Reading(raw, rules, order, today, faults)
        for number, row in raw.rows:
            reading.add(number, row)
    refuse_chi_numbers(reading.identifiers, order, faults)
    if faults and not (order.leave_out_faulty and reading.sums):
        raise Refusal(
            f"{faults.rows:,} of {reading.rows_read:,} rows of the extract have faults.",
            NOT_DONE,
            "Correct the rows named above and start again; --leave-out-faulty leaves them out.",
            faults.details,
        )
    if not reading.sums:
        raise Refusal("The extract has no rows below its header.", NOT_DONE, "Export it again, with its rows.")
    return reading.keyed(faults)


def check_order(rules: Rules, order: Order) -> None:
    """Refuse what the options say where the contract does not know it."""
    details = []
    if order.partner not in rules.partners:
        details.append(f"--partner: write one of {', '.join(rules.partners)}.")
    if order.kind not in rules.key_kinds:
        details.append(f"--kind: write one of {', '.join(rules.key_kinds)}.")
    if not re.fullmatch("[a-z0-9-]{1,32}", order.key_id) or kinds_in(order.key_id):
        details.append("--key-id: write 1 to 32 small letters, digits and -, such as project-2026; no date.")
    if order.service and rules.services.get(order.service, ("", ""))[1] != order.partner:
        details.append(f"--service: write one of {', '.join(_own_services(rules, order.partner))}.")
    details += order.words.faults(rules.services, rules.flags)
    if details:
        raise Refusal("The options cannot be used.", NOT_DONE, "Correct them and start again.", tuple(details))


def refuse_chi_numbers(identifiers: Iterable[str], order: Order, faults: RowFaults) -> None:
    """Refuse CHI numbers that would be keyed as the partner's own references, and so match with nobody else's."""
    if order.kind == PARTNER_REFERENCE and mostly_chi(identifiers):
        raise Refusal(
            f"Most identifiers are valid CHI numbers, but --kind says {PARTNER_REFERENCE}: these people would never "
            "match those of other partners.",
            NOT_DONE,
            "Use --kind chi; --leave-out-faulty then leaves out rows without a CHI number.",
            faults.details,
        )


def _own_services(rules: Rules, partner: str) -> list[str]:
    return [id for id, (_, owner) in rules.services.items() if owner == partner]


class _Reading:
    """Rows as they are read: sums of contacts and cost by everything else that a keyed row says."""

    def __init__(self, raw: RawRows, rules: Rules, order: Order, today: date, faults: RowFaults) -> None:
        self.raw, self.rules, self.order, self.faults = raw, rules, order, faults
        readers = _readers(rules, order, today)
        cells = {role: Once(readers[role]) for role in raw.places}
        self.identifiers: Mapping[str, Any] = cells["identifier"]
        self.columns = [(cells[role], place) for role, place in raw.places.items()]
        self.sums: dict[tuple[str, ...], list[Any]] = {}
        self.bands: dict[Any, str | Unfit] = {}
        self.rows_read = 0

    def add(self, number: int, row: list[str]) -> None:
        """Add one row, or note what is wrong with it; number as a spreadsheet counts."""
        self.rows_read += 1
        width = len(self.raw.headers)
        if len(row) < width or any(row[width:]):
            self.faults.add(number, "", _WRONG_LENGTH)
            return
        cells = [reader[row[place]] for reader, place in self.columns]
        if Unfit in map(type, cells):
            for cell, (_, place) in zip(cells, self.columns):  # noqa: B905 - Python 3.9
                if isinstance(cell, Unfit):
                    self.faults.add(number, shown(place, self.raw.headers[place]), cell)
            return
        values = dict(zip(self.raw.places, cells))  # noqa: B905 - Python 3.9
        band = self._band(values)
        if isinstance(band, Unfit):
            self.faults.add(number, "", band)
        else:
            self._sum(values, band)

    def _band(self, values: Mapping[str, Any]) -> str | Unfit:
        """Return the age band at the month of contact; each different pair of birth and month is counted once."""
        if "age" in values:
            return band_of(values["age"], self.rules.age_bands)
        pair = values["birth"], values["date"]
        if pair not in self.bands:
            years = age_reached(*pair)
            self.bands[pair] = years if isinstance(years, Unfit) else band_of(years, self.rules.age_bands)
        return self.bands[pair]

    def _sum(self, values: Mapping[str, Any], band: str) -> None:
        year, month = values["date"]
        said = (
            values["identifier"],
            values["area"],
            band,
            values["sex"],
            values.get("service", self.order.service),
            f"{year}-{month:02d}",
            values.get("flags", ""),
        )
        total = self.sums.setdefault(said, [0, None])
        total[0] += values.get("contacts", 1)
        cost = values.get("cost")
        if cost is not None:
            total[1] = (total[1] or Decimal(0)) + cost

    def keyed(self, left_out: RowFaults) -> Keyed:
        rules, order = self.rules, self.order
        most = Decimal(rules.most_cost)
        high = sum(total[0] > rules.most_contacts or (total[1] or 0) > most for total in self.sums.values())
        if high:
            found = (
                f"{high:,} sums of contacts or cost of one person, service and month are greater than a row may hold."
            )
            limits = f"at most {rules.most_contacts:,} contacts and {most:,.2f} pounds"
            raise Refusal(
                found, NOT_DONE, f"Look for rows that were exported several times; a month may hold {limits}."
            )
        with_cost = "cost" in self.raw.places
        rows: list[tuple[str, ...]] = []
        for (person, area, band, sex, service, month, flags), (contacts, cost) in sorted(self.sums.items(), key=_said):
            values = (
                person,
                order.kind,
                order.key_id,
                area,
                band,
                sex,
                order.partner,
                service,
                month,
                str(contacts),
                flags,
            )
            rows.append((*values, "" if cost is None else f"{cost:.2f}") if with_cost else values)
        months = [said[5] for said in self.sums]
        columns = rules.columns if with_cost else tuple(name for name in rules.columns if name != "cost")
        return Keyed(columns, rows, (min(months), max(months)), self.rows_read, left_out)


def _said(item: tuple[tuple[str, ...], list[Any]]) -> tuple[str, ...]:
    return item[0]


def _readers(rules: Rules, order: Order, today: date) -> dict[str, Callable[[str], Any]]:
    """Return for each role how a cell of it is read."""
    services: dict[str, str | None] = {}
    for own in (False, True):
        for id, (name, partner) in rules.services.items():
            if (partner == order.partner) is own:
                services |= dict.fromkeys((comparable(id), comparable(name)), id if own else None)
    services |= {
        comparable(word): id if rules.services[id][1] == order.partner else None
        for word, id in order.words.services.items()
    }
    flags = {comparable(word): id for id, name in rules.flags.items() for word in (id, name)}
    flags |= {comparable(word): id for word, id in order.words.flags.items()}
    ids = _own_services(rules, order.partner)
    return {
        "identifier": lambda text: read_identifier(text, order.key, order.kind, order.partner),
        "area": lambda text: read_area(text, order.zones),
        "birth": read_birth,
        "age": read_age,
        "sex": read_sex,
        "service": lambda text: one_of(text, services, "service", ids),
        "date": lambda text: read_month(text, today),
        "contacts": lambda text: read_count(text, rules.most_contacts),
        "flags": lambda text: some_of(text, flags, rules.flags),
        "cost": lambda text: read_cost(text, rules.most_cost),
    }
