"""Extracts against the contract: columns, every cell, and what must agree within a file; every fault at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

from prioritisation.contract import NO_FIXED_ABODE, WITHHELD, Column, Contract
from prioritisation.errors import Fault
from prioritisation.identifiers import kinds_in
from prioritisation.ingest.contacts.headers import place_columns, unkeyed
from prioritisation.ingest.contacts.named_sql import statement
from prioritisation.ingest.contacts.read import RawTable, ReadFile, drop_tables
from prioritisation.ingest.contacts.reasons import FIRST_MONTH, Reason, identifier_reason, reason

ROWS_SHOWN = 5
CELLS_LOOKED_AT = 20_000
_KNOWN_AREA = """(
    {cell} IN ($nowhere, $withheld)
    OR {cell} IN (SELECT area_code FROM known_area)
    OR upper(regexp_replace({cell}, '[^0-9A-Za-z]', '', 'g')) IN (SELECT postcode FROM known_postcode)
)"""


@dataclass(frozen=True)
class Rules:
    """What the cells are held against, and the month in which that happens."""

    contract: Contract
    this_month: date
    has_postcodes: bool


@dataclass(frozen=True)
class CheckedFile:
    """A file whose every cell keeps the contract; its rows are in the table `arrived_contact` under `number`."""

    number: int
    label: str
    partner: str
    services: tuple[str, ...]
    key_id: str
    key_kinds: tuple[str, ...]
    month_from: date
    month_to: date
    rows: int
    repeated_rows: int
    rows_elsewhere: int


def prepare(memory: duckdb.DuckDBPyConnection, areas: pa.Table, postcodes: pa.Table) -> None:
    """Lay out what cells are checked against (area_code, in_council; postcode, area_code), and where rows go."""
    for name, rows in {"known_area": areas, "known_postcode": postcodes}.items():
        memory.register("rows", rows)
        memory.execute(f"CREATE TABLE {name} AS SELECT * FROM rows")  # noqa: S608 - two names of ours
        memory.unregister("rows")
    memory.execute(statement("arrived"))


def check_file(
    file: ReadFile, number: int, rules: Rules, memory: duckdb.DuckDBPyConnection
) -> tuple[CheckedFile | None, list[Fault]]:
    """Check one file, and move its rows to `arrived_contact` where it has no fault. Return it, and its faults."""
    faults = [*file.faults, *texts_faults(file)]
    placed = []
    for table in file.tables:
        columns, header_faults = place_columns(table, rules.contract)
        raw = unkeyed(table, _kinds(table, memory)) if "person_key" not in columns else []
        faults += raw or [*header_faults, *_cells(table, columns, rules, memory)]
        placed.append((table, columns))
    if not file.tables and not faults:
        faults.append(Fault(file.label, "no sheet holds an extract.", "Fill in the template's first sheet."))
    if not faults:
        for table, columns in placed:
            _move(table, columns, number, rules, memory)
        faults += _agreement(file.label, number, rules, memory)
    drop_tables(file.tables, memory)
    return (None if faults else _checked(file.label, number, memory)), faults


def texts_faults(file: ReadFile) -> list[Fault]:
    """Look for identifiers in what surrounds the cells: names of sheets, and sheets that explain."""
    what = {"names": "the name of a sheet", "note": "a sheet beside the extract"}
    faults = []
    for kind, texts in file.texts.items():
        if kinds := frozenset().union(*(kinds_in(text) for text in texts)):
            why = identifier_reason(kinds)
            faults.append(Fault(file.label, f"{what.get(kind, 'a text')} {why.found}", why.remedy))
    return faults


def _cells(table: RawTable, columns: Mapping[str, int], rules: Rules, memory: duckdb.DuckDBPyConnection) -> list[Fault]:
    """Hold every filled row of one table against the contract."""
    filled = _filled(table, memory)
    rows = _one(memory, f"SELECT count(*) FROM {table.name} WHERE {filled}")  # noqa: S608 - names of ours
    if not rows:
        return [Fault(table.place, "it has a header and no rows.", "Send it when there are contacts in it.")]
    faults = []
    for name, place in columns.items():
        faults += _column_faults(table, rules.contract.columns[name], place, filled, rules, memory)
    for place in set(range(len(table.headers))) - set(columns.values()):
        faults += _unknown_cells(table, place, memory)
    if "key_id" in columns:
        pattern = rules.contract.columns["key_id"].allowed
        faults += _scanned(table, "key_id", columns["key_id"], memory, pattern)
    if {"partner", "service"} <= columns.keys():
        faults += _wrong_partner(table, columns, rules.contract, memory)
    return faults


def _filled(table: RawTable, memory: duckdb.DuckDBPyConnection) -> str:
    """Return the condition that a row has a cell; spreadsheets and editors leave empty rows behind."""
    condition = "(" + " OR ".join(f"c{place} <> ''" for place in range(len(table.headers))) + ")"
    empty = _one(memory, f"SELECT count(*) FROM {table.name} WHERE NOT {condition}")  # noqa: S608 - names of ours
    return condition if empty else "true"


def _one(memory: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, object] | None = None) -> int:
    return int(memory.execute(query, dict(parameters or {})).fetchall()[0][0])


def _column_faults(
    table: RawTable, column: Column, place: int, filled: str, rules: Rules, memory: duckdb.DuckDBPyConnection
) -> list[Fault]:
    """Find the cells of one column that are not allowed, and say why, each kind of fault once."""
    allowed, parameters = _allowed(column, f"c{place}", rules)
    refused = f"{filled} AND NOT coalesce({allowed}, false)"
    total = _one(memory, f"SELECT count(*) FROM {table.name} WHERE {refused}", parameters)  # noqa: S608
    if not total:
        return []
    cells = memory.execute(
        f"SELECT c{place}, count(*), min(rowid, {ROWS_SHOWN}) FROM {table.name} WHERE {refused} "  # noqa: S608
        f"GROUP BY ALL ORDER BY min(rowid) LIMIT {CELLS_LOOKED_AT}",
        parameters,
    ).fetchall()
    gathered: dict[Reason, tuple[int, list[int]]] = {}
    for cell, count, places in cells:
        why = reason(cell or "", column, rules.contract, rules.this_month, rules.has_postcodes)
        before, rows = gathered.get(why, (0, []))
        gathered[why] = before + count, sorted([*rows, *places])[:ROWS_SHOWN]
    faults = [
        Fault(_where(table, column.name, rows, count), why.found, why.remedy) for why, (count, rows) in gathered.items()
    ]
    if rest := total - sum(count for count, _ in gathered.values()):
        faults.append(Fault(f"{table.place}, column {column.name}", f"and {rest:,} more cells are not allowed."))
    return faults


def _where(table: RawTable, column: str, places: Sequence[int], count: int) -> str:
    rows = ", ".join(f"{table.first_row + place:,}" for place in places)
    more = f" and {count - len(places):,} more" if count > len(places) else ""
    return f"{table.place}, column {column}, row{'s' if count > 1 else ''} {rows}{more}"


def _allowed(column: Column, cell: str, rules: Rules) -> tuple[str, dict[str, object]]:
    """Return the condition, with its parameters, that a cell keeps the contract."""
    contract = rules.contract
    optional = "" if column.required else f"{cell} = '' OR "
    if column.kind == "one of":
        return f"({optional}list_contains($values, {cell}))", {"values": list(contract.values(column.name))}
    if column.kind == "some of":
        every = f"list_has_all($values, string_split({cell}, ';'))"
        return f"({optional}{every})", {"values": list(contract.values(column.name))}
    if column.kind == "month":
        return f"list_contains($months, {cell})", {"months": months_up_to(rules.this_month)}
    if column.kind == "whole number":
        low, high = contract.limits(column.name)
        number = f"regexp_full_match({cell}, '[1-9][0-9]{{0,8}}|0') AND try_cast({cell} AS BIGINT)"
        return f"({optional}({number} BETWEEN $low AND $high))", {"low": int(low), "high": int(high)}
    if column.kind == "money":
        low, high = contract.limits(column.name)
        number = f"regexp_full_match({cell}, '[0-9]{{1,9}}([.][0-9]{{1,2}})?') AND try_cast({cell} AS DECIMAL(12, 2))"
        return f"({optional}({number} BETWEEN $low AND $high))", {"low": low, "high": high}
    if column.kind == "area":
        return _KNOWN_AREA.format(cell=cell), {"nowhere": NO_FIXED_ABODE, "withheld": WITHHELD}
    return f"({optional}regexp_full_match({cell}, $pattern))", {"pattern": column.allowed}


def months_up_to(this_month: date) -> list[str]:
    """Return every month from FIRST_MONTH to this one, as 2026-03."""
    last = this_month.year * 12 + this_month.month
    return [
        f"{(number - 1) // 12}-{(number - 1) % 12 + 1:02d}"
        for number in range(FIRST_MONTH.year * 12 + FIRST_MONTH.month, last + 1)
    ]


def _kinds(table: RawTable, memory: duckdb.DuckDBPyConnection) -> dict[int, frozenset[str]]:
    """Return the kinds of identifiers in the cells of each column, by place."""
    return {place: frozenset().union(*_kinds_of_cells(table, place, memory)) for place in range(len(table.headers))}


def _unknown_cells(table: RawTable, place: int, memory: duckdb.DuckDBPyConnection) -> list[Fault]:
    """A column without a place in the contract is refused anyway; say if it holds identifiers."""
    return _scanned(table, table.letter(place), place, memory)


def _scanned(
    table: RawTable, named: str, place: int, memory: duckdb.DuckDBPyConnection, pattern: str = ".*"
) -> list[Fault]:
    """Search the different cells of one column for identifiers: those that have the pattern."""
    return [
        Fault(_where(table, named, rows, count), identifier_reason(kinds).found, identifier_reason(kinds).remedy)
        for kinds, (count, rows) in _kinds_of_cells(table, place, memory, pattern).items()
    ]


def _kinds_of_cells(
    table: RawTable, place: int, memory: duckdb.DuckDBPyConnection, pattern: str = ".*"
) -> dict[frozenset[str], tuple[int, list[int]]]:
    """Return kinds of identifiers found together in cells of a column -> how many cells, and the first rows."""
    cells = memory.execute(
        f"SELECT c{place}, count(*), min(rowid, {ROWS_SHOWN}) FROM {table.name} "  # noqa: S608
        f"WHERE regexp_full_match(c{place}, $pattern, 's') GROUP BY ALL ORDER BY min(rowid) LIMIT {CELLS_LOOKED_AT}",
        {"pattern": pattern},
    ).fetchall()
    gathered: dict[frozenset[str], tuple[int, list[int]]] = {}
    for cell, count, places in cells:
        if kinds := kinds_in(cell or ""):
            before, rows = gathered.get(kinds, (0, []))
            gathered[kinds] = before + count, sorted([*rows, *places])[:ROWS_SHOWN]
    return gathered


def _wrong_partner(
    table: RawTable, columns: Mapping[str, int], contract: Contract, memory: duckdb.DuckDBPyConnection
) -> list[Fault]:
    partner, service = f"c{columns['partner']}", f"c{columns['service']}"
    pairs = [f"{each.partner}\n{each.id}" for each in contract.services.values()]
    found = memory.execute(
        f"SELECT count(*), min(rowid, {ROWS_SHOWN}) FROM {table.name} "  # noqa: S608
        f"WHERE list_contains($partners, {partner}) AND list_contains($services, {service}) "
        f"AND NOT list_contains($pairs, {partner} || chr(10) || {service})",
        {"partners": list(contract.partners), "services": list(contract.services), "pairs": pairs},
    ).fetchall()[0]
    if not found[0]:
        return []
    remedy = "Mend partner or service; the template lists the services of each partner."
    return [Fault(_where(table, "service", found[1], found[0]), "belongs to another partner.", remedy)]


def _move(
    table: RawTable, columns: Mapping[str, int], number: int, rules: Rules, memory: duckdb.DuckDBPyConnection
) -> None:
    """Store the rows of a table without faults by their meaning; what the optional columns lack is empty."""
    names = {name: f"c{columns[name]}" if name in columns else "''" for name in rules.contract.columns}
    cells = ", ".join(f"{cell} AS {name}" for name, cell in names.items())
    view = f"CREATE OR REPLACE TEMP VIEW clean_row AS SELECT {cells} FROM {table.name} WHERE {_filled(table, memory)}"  # noqa: S608
    memory.execute(view)
    memory.execute(statement("arrive_keys"))
    memory.execute(statement("keep_keys"), {"number": number})
    memory.execute(statement("arrive"), {"number": number, "nowhere": NO_FIXED_ABODE, "withheld": WITHHELD})
    memory.execute("DROP VIEW clean_row")
    memory.execute("DROP TABLE clean_key")


def _agreement(label: str, number: int, rules: Rules, memory: duckdb.DuckDBPyConnection) -> list[Fault]:
    """One file comes from one partner and was made with one key."""
    partners, keys = memory.execute(
        "SELECT count(DISTINCT partner), count(DISTINCT key_id) FROM arrived_contact WHERE number = $number",
        {"number": number},
    ).fetchall()[0]
    faults = []
    if partners > 1:
        found = f"column partner: the file holds rows of {partners} partners."
        faults.append(Fault(label, found, "Send one file for each partner."))
    if keys > 1:
        found = f"column key_id: the file was made with {keys} different keys, so its people do not match."
        faults.append(Fault(label, found, "Make the whole file again with the newest key."))
    return faults


def _checked(label: str, number: int, memory: duckdb.DuckDBPyConnection) -> CheckedFile:
    row = memory.execute(statement("checked"), {"number": number}).fetchall()[0]
    partner, services, key_id, key_kinds, *rest = row
    return CheckedFile(number, label, partner, tuple(services), key_id, tuple(key_kinds), *rest)
