"""A new restricted store: what stays of the one before, what has arrived, and one resolved row per person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

import prioritisation
from prioritisation.contract import NO_FIXED_ABODE, NOT_KNOWN, WITHHELD
from prioritisation.errors import UserError
from prioritisation.ingest.contacts.check import CheckedFile
from prioritisation.ingest.contacts.named_sql import statement
from prioritisation.ingest.contacts.restricted import plain_write_faults
from prioritisation.ingest.contacts.snapshots import ensure_tables
from prioritisation.ingest.faults import NOT_DONE

LAYOUT = "2"
MEMORY_LIMIT = "3GB"
_BATCH = 100_000
_ARRIVED = """
CREATE TABLE arrived.person (id INTEGER, person BLOB, key_kind VARCHAR);
CREATE TABLE arrived.contact (
    extract_id INTEGER, person INTEGER, area_code VARCHAR, place VARCHAR, age_band VARCHAR, sex VARCHAR,
    service VARCHAR, month DATE, contacts INTEGER, flags VARCHAR, cost DECIMAL(12, 2)
);
"""
_SENT_PEOPLE = "SELECT id, second, key_kind FROM second_key WHERE number = $number"
_SENT_CONTACTS = """
SELECT CAST($extract_id AS INTEGER), person, area_code, place, age_band, sex, service, month, contacts, flags, cost
FROM arrived_contact WHERE number = $number
"""
_SNAPSHOTS = ("snapshot", "snapshot_key", "held", "published_cohort")


@dataclass(frozen=True)
class StoredExtract:
    """An extract that a restricted store has rows of."""

    extract_id: int
    partner: str
    services: tuple[str, ...]
    key_id: str
    key_kinds: tuple[str, ...]
    month_from: date
    month_to: date
    row_count: int
    content: str
    retain_until: date


@dataclass(frozen=True)
class Fate:
    """How many rows of an extract an import keeps, and how many are replaced or past retention."""

    kept: int
    gone: int


@dataclass(frozen=True)
class NewExtract:
    """A checked file with its number in the store. takes_out: extracts that it replaces as a whole, as stated."""

    extract_id: int
    file: CheckedFile
    content: str
    takes_out: tuple[int, ...] = ()


@dataclass(frozen=True)
class Before:
    """The stores that a new one begins from: contents, and the memory of the hold rule; either may be none."""

    people: Path | None
    snapshots: Path | None


def open_people(path: Path, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a restricted store. UserError: it cannot be opened."""
    try:
        connection = duckdb.connect(str(path), read_only=read_only)
    except duckdb.Error as fault:
        raise UserError(
            f"The restricted store {path.name} cannot be opened: it is absent, damaged or in use.",
            not_done=NOT_DONE,
            remedy="Bring the file back from a copy; or import every partner's extracts again with --start-again.",
        ) from fault
    connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET enable_progress_bar = false")
    return connection


def read_extracts(path: Path) -> list[StoredExtract]:
    """Return the extracts of a restricted store, the oldest first."""
    with open_people(path, read_only=True) as connection:
        rows = connection.execute(
            "SELECT extract_id, partner, services, key_id, key_kinds, month_from, month_to, row_count, content, "
            "retain_until "
            "FROM extract ORDER BY extract_id"
        ).fetchall()
    return [
        StoredExtract(number, partner, tuple(services.split(";")), key_id, tuple(kinds.split(";")), *rest)
        for number, partner, services, key_id, kinds, *rest in rows
    ]


def read_facts(path: Path) -> dict[str, str]:
    """Return the facts of a restricted store."""
    with open_people(path, read_only=True) as connection:
        return dict(connection.execute("SELECT name, value FROM fact").fetchall())


def build_people(
    path: Path,
    before: Before,
    arrived: Sequence[NewExtract],
    memory: duckdb.DuckDBPyConnection | None,
    *,
    facts: Mapping[str, str],
    retain_until: date,
    today: date,
) -> None:
    """Write a new restricted store.

    memory: holds `arrived_contact` and `second_key`; None when nothing has come. facts: app_key_id, contract_version.
    """
    aside = path.with_name("arrived.duckdb")
    with plain_write_faults(path.parent), open_people(path) as store:
        store.execute(statement("restricted"))
        ensure_tables(store)
        _attach(store, before, aside)
        _copy_snapshots(store, before, facts["app_key_id"])
        store.execute(_ARRIVED)
        if memory is not None:
            for each in arrived:
                _send(each, memory, store)
        _fill(store, arrived, facts, retain_until, today)
        for name in ("before", "remembered", "arrived"):
            store.execute(f"DETACH {name}")
        store.execute("CHECKPOINT")
    aside.unlink(missing_ok=True)


def _attach(store: duckdb.DuckDBPyConnection, before: Before, aside: Path) -> None:
    """Attach the stores before as `before` and `remembered` (empty ones where there is none), and one for arrivals."""
    own = store.execute("SELECT current_database()").fetchall()[0][0]
    for name, path in {"before": before.people, "remembered": before.snapshots}.items():
        if path is not None:
            store.execute(f"ATTACH {_quoted(path)} AS {name} (READ_ONLY)")
            continue
        store.execute(f"ATTACH ':memory:' AS {name}")
        store.execute(f"USE {name}")
        store.execute(statement("restricted"))
        ensure_tables(store)
    store.execute(f"ATTACH {_quoted(aside)} AS arrived")
    store.execute(f"USE {own}")


def _quoted(path: Path) -> str:
    """Return a path as an SQL text; ATTACH takes no parameter."""
    return "'" + str(path).replace("'", "''") + "'"


def _copy_snapshots(store: duckdb.DuckDBPyConnection, before: Before, app_key_id: str) -> None:
    """Carry the memory of the hold rule over; under another key of ours its people cannot be told apart any more."""
    for name in _SNAPSHOTS:
        store.execute(f"INSERT INTO {name} BY NAME SELECT * FROM remembered.{name}")  # noqa: S608 - names of ours
    earlier = store.execute("SELECT value FROM remembered.fact WHERE name = 'app_key_id'").fetchall()
    if before.snapshots is not None and earlier != [(app_key_id,)]:
        store.execute("UPDATE snapshot_key SET key_id = key_id || ' under an earlier key'")


def _send(extract: NewExtract, memory: duckdb.DuckDBPyConnection, store: duckdb.DuckDBPyConnection) -> None:
    """Copy the people and contacts of one file from memory, in parts."""
    number = {"number": extract.file.number}
    rows = memory.sql(_SENT_PEOPLE, params=number).to_arrow_reader(_BATCH)
    store.register("sent", rows)
    store.execute("INSERT INTO arrived.person SELECT * FROM sent")
    rows = memory.sql(_SENT_CONTACTS, params=number | {"extract_id": extract.extract_id}).to_arrow_reader(_BATCH)
    store.register("sent", rows)
    store.execute("INSERT INTO arrived.contact SELECT * FROM sent")
    store.unregister("sent")


def _fill(
    store: duckdb.DuckDBPyConnection,
    arrived: Sequence[NewExtract],
    facts: Mapping[str, str],
    retain_until: date,
    today: date,
) -> None:
    store.execute(statement("kept"), {"today": today, "taken_out": _cover(store, arrived)})
    store.execute(statement("extracts"))
    for each in arrived:
        store.execute(statement("new_extract"), _extract_row(each, facts["contract_version"], retain_until))
    for step in ("people", "numbers_before", "numbers_arrived", "contacts"):
        store.execute(statement(step))
    words = {"not_known": NOT_KNOWN, "withheld": WITHHELD, "nowhere": NO_FIXED_ABODE}
    store.execute(statement("residents"), words)
    ours = {"layout": LAYOUT, "software_version": prioritisation.__version__, "built_at": _now().isoformat()}
    written = [[name, value] for name, value in (ours | dict(facts)).items()]
    store.executemany("INSERT INTO fact VALUES (?, ?)", written)
    for name in ("kept_contact", "cover", "number_before", "number_arrived"):
        store.execute(f"DROP TABLE {name}")


def _cover(store: duckdb.DuckDBPyConnection, arrived: Sequence[NewExtract]) -> list[int]:
    """Write down which services and months new extracts cover. Return the extracts that they take out as a whole."""
    store.execute("CREATE OR REPLACE TEMP TABLE cover (service VARCHAR, month DATE)")
    for each in arrived:
        store.execute(
            statement("cover"),
            {"services": list(each.file.services), "first": each.file.month_from, "last": each.file.month_to},
        )
    return [extract_id for each in arrived for extract_id in each.takes_out]


def _extract_row(extract: NewExtract, contract_version: str, retain_until: date) -> dict[str, object]:
    file = extract.file
    return {
        "extract_id": extract.extract_id,
        "partner": file.partner,
        "services": ";".join(file.services),
        "key_id": file.key_id,
        "key_kinds": ";".join(file.key_kinds),
        "contract_version": contract_version,
        "month_from": file.month_from,
        "month_to": file.month_to,
        "rows": file.rows,
        "content": extract.content,
        "received_at": _now(),
        "retain_until": retain_until,
        "replaces": ";".join(map(str, extract.takes_out)) or None,
    }


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def content_of(number: int, memory: duckdb.DuckDBPyConnection) -> str:
    """Return what stands for the keyed content of a file, whatever the order of its rows."""
    return str(memory.execute(statement("content"), {"number": number}).fetchall()[0][0])


def fates(path: Path, arrived: Sequence[NewExtract], today: date) -> dict[int, Fate]:
    """Return what would become of each extract of a restricted store if new ones came to it."""
    with open_people(path, read_only=True) as store:
        taken_out = _cover(store, arrived)
        rows = store.execute(statement("fates"), {"today": today, "taken_out": taken_out}).fetchall()
    return {extract_id: Fate(kept, gone) for extract_id, kept, gone in rows}


def rows_covered(path: Path, new: Sequence[NewExtract]) -> dict[int, tuple[int, tuple[int, ...]]]:
    """Return, for each new extract, how many rows of the store before it covers, and of which extracts."""
    with open_people(path, read_only=True) as store:
        found = {}
        for each in new:
            services, first, last = list(each.file.services), each.file.month_from, each.file.month_to
            row = store.execute(
                "SELECT count(*), list(DISTINCT extract_id) FROM contact "
                "WHERE list_contains($services, service) AND month BETWEEN $first AND $last",
                {"services": services, "first": first, "last": last},
            ).fetchall()[0]
            found[each.extract_id] = (int(row[0]), tuple(row[1] or ()))
    return found
