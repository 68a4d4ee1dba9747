"""The keys of people whom a partner knows at present, for a referral list, and the table that stays at the partner.

Standard library, Python 3.9 syntax.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from prioritisation.pseudonymise.cells import Once, read_identifier
from prioritisation.pseudonymise.keying import Keyed, Order, check_order, refuse_chi_numbers
from prioritisation.pseudonymise.raw import NOT_DONE, opened, shown, table_of
from prioritisation.pseudonymise.rules import Refusal, RowFaults, Rules, Unfit

PRESENT_COLUMNS = ("partner", "key_kind", "key_id", "person_key")
STAYS_COLUMNS = ("person_key", "identifier")
_NOT_NEEDED = ("area", "birth", "sex", "service", "date")


@dataclass(frozen=True)
class Present:
    """sent: the file for the secure side, keys alone; stays: which key is whom, for the partner's own eyes."""

    sent: Keyed
    stays: Keyed


def present_keys(people: Path, rules: Rules, order: Order) -> Present:
    """Key a list of identifiers (one column; other known ones are not read). Raises Refusal with every fault."""
    check_order(rules, order)
    faults = RowFaults()
    found: dict[str, str] = {}
    count = 0
    with opened(people, "The list") as text:
        raw = table_of(text, order.words.columns, order.dropped, _NOT_NEEDED, known_at_least=1)
        place = raw.places["identifier"]
        reader = Once(lambda cell: read_identifier(cell, order.key, order.kind, order.partner))
        for number, row in raw.rows:
            count += 1
            cell = row[place] if len(row) > place else ""
            key = reader[cell]
            if isinstance(key, Unfit):
                faults.add(number, shown(place, raw.headers[place]), key)
            else:
                found.setdefault(key, cell.strip())
    refuse_chi_numbers(reader, order, faults)
    _refuse(faults, found, count, order)
    months = ("", "")
    keys = sorted(found)
    sent: list[tuple[str, ...]] = [(order.partner, order.kind, order.key_id, key) for key in keys]
    stays: list[tuple[str, ...]] = [(key, found[key]) for key in keys]
    return Present(
        Keyed(PRESENT_COLUMNS, sent, months, count, faults), Keyed(STAYS_COLUMNS, stays, months, count, faults)
    )


def _refuse(faults: RowFaults, found: dict[str, str], count: int, order: Order) -> None:
    if faults and not (order.leave_out_faulty and found):
        raise Refusal(
            f"{faults.rows:,} of {count:,} rows of the list have faults.",
            NOT_DONE,
            "Correct the rows named above and start again; --leave-out-faulty leaves them out.",
            faults.details,
        )
    if not found:
        raise Refusal("The list has no rows below its header.", NOT_DONE, "Export it again, with its rows.")
