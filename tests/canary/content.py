"""What a file or a message holds, however it is packed: pieces of bytes, and everything that can be read as text."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
from google.protobuf.message import Message

_ARROW = b"\xff\xff\xff\xff"
_TYPED = {"bdata", "dtype"}  # how Plotly packs an array of numbers


@dataclass(frozen=True)
class Piece:
    """Bytes, and whether they are text, numbers in decimal included."""

    where: str
    content: bytes
    is_text: bool


def pieces_of(where: str, content: bytes) -> Iterator[Piece]:
    """Give the content itself and whatever is packed inside it."""
    yield Piece(where, content, _is_text(content))
    if content[:4] == b"PK\x03\x04":
        yield from _in_zip(where, content)
    elif content[:4] == b"PAR1":
        yield from _table(where, parquet.read_table(io.BytesIO(content)))
    elif content[:15] == b"SQLite format 3":
        yield from _in_sqlite(where, content)
    elif content[:5] == b"%PDF-":
        yield _in_pdf(where, content)
    elif content[8:12] == b"DUCK":
        yield from _in_duckdb(where, content)
    elif content[:4] == _ARROW:
        yield from _table(where, pa.ipc.open_stream(content).read_all())
    elif _is_text(content):
        yield from _packed_arrays(where, content)


def pieces_of_message(where: str, message: Message) -> Iterator[Piece]:
    """Give the fields of a protocol message, those of its parts included."""
    for field, value in message.ListFields():
        parts = value.values() if isinstance(value, dict) else value if field.is_repeated else [value]
        for part in [parts] if isinstance(parts, str | bytes) else parts:
            if isinstance(part, Message):
                yield from pieces_of_message(where, part)
            elif isinstance(part, bytes):
                yield from pieces_of(f"{where} {field.name}", part)
            else:
                yield from pieces_of(f"{where} {field.name}", str(part).encode())


def files_below(*folders: Path) -> Iterator[tuple[str, bytes]]:
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield str(path), path.read_bytes()


def _is_text(content: bytes) -> bool:
    try:
        return b"\0" not in content and bool(content.decode("utf-8") or True)
    except UnicodeDecodeError:
        return False


def _in_zip(where: str, content: bytes) -> Iterator[Piece]:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            yield from pieces_of(f"{where}/{name}", parts.read(name))


def _table(where: str, table: pa.Table) -> Iterator[Piece]:
    for name in table.column_names:
        yield from _values(f"{where} column {name}", table.column(name).to_pylist())


def _values(where: str, values: Iterable[Any]) -> Iterator[Piece]:
    listed = list(values)
    blobs = [value for value in listed if isinstance(value, bytes)]
    yield Piece(where, b"\n".join(blobs), is_text=False)
    texts = (str(value) for value in listed if value is not None and not isinstance(value, bytes))
    yield Piece(where, "\n".join(texts).encode("utf-8", "replace"), is_text=True)


def _in_sqlite(where: str, content: bytes) -> Iterator[Piece]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copy.sqlite"
        path.write_bytes(content)
        connection = sqlite3.connect(path)
        try:
            names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for name in names:
                rows = connection.execute(f'SELECT * FROM "{name}"').fetchall()
                yield from _values(f"{where} table {name}", (value for row in rows for value in row))
        finally:
            connection.close()


def _in_duckdb(where: str, content: bytes) -> Iterator[Piece]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copy.duckdb"
        path.write_bytes(content)
        with duckdb.connect(str(path), read_only=True) as connection:
            for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                yield from _table(f"{where} table {name}", connection.sql(f'FROM "{name}"').to_arrow_table())


def _in_pdf(where: str, content: bytes) -> Piece:
    tool = shutil.which("pdftotext")
    if tool is None:
        return Piece(where, b"", is_text=False)
    told = subprocess.run([tool, "-", "-"], input=content, capture_output=True, check=True, timeout=60).stdout
    return Piece(f"{where} as text", told, is_text=True)


def _packed_arrays(where: str, content: bytes) -> Iterator[Piece]:
    """Give the arrays of numbers that a figure's JSON holds in base64."""
    if b'"bdata"' not in content:
        return
    for found in re.finditer(rb'\{[^{}]*"bdata"[^{}]*\}', content):
        packed = json.loads(found[0])
        if packed.keys() >= _TYPED:
            numbers = np.frombuffer(base64.b64decode(packed["bdata"]), dtype=packed["dtype"])
            yield from _values(f"{where} packed array", numbers.tolist())
