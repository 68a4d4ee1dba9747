"""People of the restricted store whom a cohort asks for, for a referral list: second keys and counts, no more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import duckdb
import pandas as pd

from prioritisation.cohorts.rule import CohortRule
from prioritisation.contract import Contract
from prioritisation.ingest.contacts.areas import area_table
from prioritisation.ingest.contacts.counting import describe_people
from prioritisation.ingest.contacts.named_sql import statement
from prioritisation.ingest.contacts.steps import Steps

_ASKED = "asked for"


@dataclass(frozen=True)
class Wanted:
    """Whom a list is about: a cohort's rule, and the data zones that its people live in (None: the whole council).

    People of no fixed abode, or whose address is protected, live in no data zone: only the whole council has them.
    """

    rule: CohortRule
    zones: tuple[str, ...] | None


@dataclass(frozen=True)
class Known:
    """Somebody whom a list is about. contacts: in 12 months, with all partners; partners: in contact in these months.

    reached_by: those of them that have sent a present key of this person.
    """

    second: bytes
    key_kind: str
    contacts: int
    partners: tuple[str, ...]
    reached_by: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """Everybody whom a list is about. matched: partner -> (people in contact with it, of these with a present key)."""

    people: tuple[Known, ...]
    matched: Mapping[str, tuple[int, int]]


def choose_people(
    connection: duckdb.DuckDBPyConnection,
    wanted: Wanted,
    present: Mapping[str, Collection[tuple[str, bytes]]],
    *,
    contract: Contract,
    areas: pd.DataFrame,
    council: str,
    until: date,
) -> Found:
    """Find people by the counting's own steps, so that a list and the published counts mean the same.

    connection: to a restricted store; it is given tables that vanish with it. present: partner -> (kind, second key);
    areas: from `areas_of`; until: the last month counted (its first day).
    """
    steps = Steps(connection)
    describe_people(steps, contract, area_table(areas, council), {_ASKED: wanted.rule.structure(contract)}, until)
    _fill_present(steps, present)
    rows = connection.execute(
        statement("referrals/found"),
        {"cohort": _ASKED, "anywhere": wanted.zones is None, "zones": list(wanted.zones or ())},
    ).fetchall()
    people = tuple(Known(second, kind, int(count), tuple(met), tuple(by)) for second, kind, count, met, by in rows)
    matched = connection.execute(statement("referrals/matched")).fetchall()
    return Found(people, {partner: (int(there), int(sent)) for partner, there, sent in matched})


def _fill_present(steps: Steps, present: Mapping[str, Iterable[tuple[str, bytes]]]) -> None:
    steps.connection.execute(statement("referrals/present_key"))
    rows = [(partner, kind, second) for partner, keys in present.items() for kind, second in keys]
    if rows:
        steps.fill("present_key", pd.DataFrame(rows, columns=["partner", "key_kind", "second"]))
