"""Partner extracts into memory: each file parsed by a child that is limited, its cells as text, nothing on disk."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import duckdb
import pyarrow as pa

from prioritisation.confined import confined
from prioritisation.errors import Fault
from prioritisation.ingest import containers
from prioritisation.ingest.contacts.frames import received
from prioritisation.ingest.contacts.refused import Refused

TEXT_BYTES_UP_TO = 8 * 1024**3
WORKBOOK_BYTES_UP_TO = 200 * 1024**2
MEMORY_LIMIT = "6GB"
_WAIT_SECONDS_FROM = 60
_WAIT_BYTES_A_SECOND = 1024**2
_SEND = "Send the filled-in template as XLSX, or as 'CSV UTF-8 (comma delimited)'."


@dataclass(frozen=True)
class RawTable:
    """One table of one extract, in memory as `name` with text columns c0, c1, ... and rowid 0, 1, ...

    place: file and sheet for messages; headers: as written, never shown; first_row, first_column: where the cell
    of rowid 0 and c0 stands, rows counted from 1 and columns from 0.
    """

    name: str
    place: str
    headers: tuple[str, ...]
    first_row: int
    first_column: int

    def letter(self, column: int) -> str:
        """Return the letter of a column as a spreadsheet shows it: A, B, ..., AA."""
        number, letters = self.first_column + column + 1, ""
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord("A") + rest) + letters
        return letters


@dataclass
class ReadFile:
    """What one file held. texts: names of sheets and explaining cells, to be searched for identifiers, never shown."""

    path: Path
    label: str
    tables: list[RawTable] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


@contextmanager
def working_memory() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a compressed database in memory that never spills to disk, and reaches no file and no network."""
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET temp_directory = ''")
        connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
        connection.execute("SET autoinstall_known_extensions = false")
        connection.execute("SET autoload_known_extensions = false")
        connection.execute("ATTACH ':memory:' AS extracts (COMPRESS)")
        connection.execute("USE extracts")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection


def read_extract(path: Path, number: int, label: str, memory: duckdb.DuckDBPyConnection) -> ReadFile:
    """Read one file into tables of `memory`; what is wrong with its form becomes faults, never an exception.

    number: the file's place in this import; label: how messages call it.
    """
    file = ReadFile(path, label)
    try:
        kind = _kind(path)
    except Refused as refusal:
        file.faults.append(Fault(label, refusal.found, refusal.remedy))
        return file
    seconds = _WAIT_SECONDS_FROM + path.stat().st_size / _WAIT_BYTES_A_SECOND
    with confined("prioritisation.ingest.contacts.parse", [str(path.resolve()), kind], seconds) as child:
        try:
            ended = _receive(child.stdout, file, number, memory)
        except (ValueError, pa.ArrowException):  # what a broken child sends is no Arrow or JSON
            ended = False
    if not ended:
        found = "reading it took more time or memory than an extract ever needs, or it is badly damaged."
        file.faults.append(Fault(label, found, _SEND))
    return file


def _kind(path: Path) -> str:
    """Return the container kind of a file that may be read. Refused: it may not."""
    try:
        kind = containers.container(path) if path.is_file() else ""
        size = path.stat().st_size
    except OSError as fault:
        found = (
            "there is no such file." if isinstance(fault, FileNotFoundError) else f"cannot be read: {fault.strerror}."
        )
        raise Refused(found, "Check the name and that you may read it.") from fault
    if not kind:
        raise Refused("it is not a file.", "Name the extracts one by one.")
    if kind == containers.EMPTY:
        raise Refused("the file is empty.", "Ask the partner to send it again.")
    if kind == containers.ZIP and not zipfile.is_zipfile(path):
        raise Refused("the workbook is damaged or cut short.", "Ask the partner to save and send it again.")
    if kind not in (containers.XLSX, containers.TEXT, containers.JSON):
        raise Refused(f"it is not a table but: {kind}.", _SEND)
    most = WORKBOOK_BYTES_UP_TO if kind == containers.XLSX else TEXT_BYTES_UP_TO
    if size > most:
        found = f"it has {size / 1024**2:,.0f} MB; at most {most // 1024**2:,} MB are read."
        raise Refused(found, "Ask the partner to send it in parts, by month.")
    return kind


def _receive(source: IO[bytes] | None, file: ReadFile, number: int, memory: duckdb.DuckDBPyConnection) -> bool:
    """Take in what the child sends. Return whether it came to its end."""
    for message in received(cast("BinaryIO", source)):
        if isinstance(message, pa.Table):
            _insert(file.tables[-1], message, memory)
            continue
        for kind, words in message.items():
            if kind == "end":
                return True
            if kind == "table":
                file.tables.append(_new_table(words, file, number, memory))
            elif kind == "fault":
                place, found, remedy = words
                file.faults.append(Fault(", ".join(filter(None, [file.label, place])), found, remedy))
            else:
                file.texts[kind] = words
    return False


def _new_table(about: Any, file: ReadFile, number: int, memory: duckdb.DuckDBPyConnection) -> RawTable:
    sheet, headers = int(about["sheet"]), tuple(str(header) for header in about["headers"])
    name = f"raw_{number}_{sheet}"
    columns = ", ".join(f"c{place} VARCHAR" for place in range(len(headers)))
    memory.execute(f"CREATE TABLE {name} ({columns})")
    place = f"{file.label}, sheet {sheet}" if sheet else file.label
    return RawTable(name, place, headers, int(about["first_row"]), int(about["first_column"]))


def _insert(table: RawTable, rows: pa.Table, memory: duckdb.DuckDBPyConnection) -> None:
    memory.register("arrived", rows)
    memory.execute(f"INSERT INTO {table.name} SELECT * FROM arrived")  # noqa: S608 - the name is made of numbers
    memory.unregister("arrived")


def drop_tables(tables: Sequence[RawTable], memory: duckdb.DuckDBPyConnection) -> None:
    """Forget the cells of these tables."""
    for table in tables:
        memory.execute(f"DROP TABLE IF EXISTS {table.name}")
