"""A CSV extract as batches of text cells: UTF-8 only, every row as wide as the header, in bounded memory."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.csv

from prioritisation.ingest.contacts.frames import Sender
from prioritisation.ingest.contacts.refused import AGAIN, BLOCK, PLAIN, ROWS_UP_TO, UTF8, Refused, check_width

HEADER_BYTES_UP_TO = 64 * 1024
_PLACES_SHOWN = 5


class _Watched(io.RawIOBase):
    """A file that is read once from the start, and refuses a NUL or a byte that is not UTF-8, naming its row."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file, self._rows, self._pending = file, 1, False
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        place = chunk.find(0)
        if place >= 0:
            raise Refused("it holds NUL bytes, which no table has.", AGAIN, self._row(chunk, place))
        if not chunk.isascii() or self._pending or not chunk:
            self._decode(chunk)
        self._rows += chunk.count(b"\n")
        return chunk

    def _decode(self, chunk: bytes) -> None:
        try:
            self._decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as fault:
            found = "it holds letters in an older encoding (such as Latin-1), not UTF-8, or in two encodings at once."
            raise Refused(found, UTF8, self._row(chunk, fault.start)) from None
        self._pending = self._decoder.getstate()[0] != b""

    def _row(self, chunk: bytes, place: int) -> str:
        row = self._rows + chunk.count(b"\n", 0, place)
        return f"row {row:,}"


def parse_text(file: BinaryIO, sender: Sender) -> None:
    """Send the one table of the file. Refused: it cannot be told into rows and cells."""
    headers, delimiter = _header(file)
    sender.send({"table": {"sheet": 0, "headers": headers, "first_row": 2, "first_column": 0}})
    names = [f"c{place}" for place in range(len(headers))]
    uneven = _Uneven(len(headers))
    file.seek(0)
    try:
        reader = pyarrow.csv.open_csv(
            pa.PythonFile(_Watched(file), mode="r"),
            pyarrow.csv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=names, skip_rows=1),
            pyarrow.csv.ParseOptions(
                delimiter=delimiter, ignore_empty_lines=False, newlines_in_values=False, invalid_row_handler=uneven
            ),
            pyarrow.csv.ConvertOptions(
                column_types={name: pa.string() for name in names}, strings_can_be_null=False, check_utf8=True
            ),
        )
        _send_batches(reader, sender)
    except pa.ArrowInvalid as fault:
        if "Empty CSV" not in str(fault):
            raise Refused("a row is far too long, or a quotation mark is not closed.", AGAIN) from None
    uneven.refuse()


def _send_batches(reader: Iterator[pa.RecordBatch], sender: Sender) -> None:
    rows = 0
    for batch in reader:
        rows += batch.num_rows
        if rows > ROWS_UP_TO:
            raise Refused(f"it has over {ROWS_UP_TO:,} rows.", "Ask the partner to send it in parts, by month.")
        sender.send_batch(batch)


class _Uneven:
    """Counts rows that have more or fewer cells than the header."""

    def __init__(self, columns: int) -> None:
        self._columns, self._count = columns, 0
        self._rows: list[int] = []

    def __call__(self, row: pa.csv.InvalidRow) -> str:
        self._count += 1
        if len(self._rows) < _PLACES_SHOWN and row.number is not None:
            self._rows.append(row.number)
        return "skip"

    def refuse(self) -> None:
        if self._count:
            rows = ", ".join(f"{row:,}" for row in self._rows)
            more = f" and {self._count - len(self._rows):,} more" if self._count > len(self._rows) else ""
            found = f"the header has {self._columns} columns, but these rows have more or fewer cells."
            raise Refused(found, AGAIN, f"row{'s' if self._count > 1 else ''} {rows}{more}")


def _header(file: BinaryIO) -> tuple[list[str], str]:
    """Return the column names and the mark between columns, from the first row alone."""
    start = file.read(HEADER_BYTES_UP_TO + 1)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("it is saved as UTF-16 ('Unicode text'), not UTF-8.", UTF8)
    line = re.split(rb"[\r\n]", start.removeprefix(b"\xef\xbb\xbf"), maxsplit=1)[0]
    if len(line) >= HEADER_BYTES_UP_TO:
        raise Refused(
            f"its first row is longer than {HEADER_BYTES_UP_TO // 1024} KB; an extract has 12 columns.", PLAIN
        )
    if b"\x00" in line:
        raise Refused("it holds NUL bytes, which no table has.", AGAIN, "row 1")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("it holds letters in an older encoding, not UTF-8.", UTF8, "row 1") from None
    if text.lower().startswith("sep="):
        raise Refused("its first row is the line 'sep=' of a spreadsheet.", "Delete that row.", "row 1")
    delimiter = max(",;\t", key=text.count)
    try:
        headers = next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        raise Refused("a quotation mark is not closed.", AGAIN, "row 1") from None
    check_width(len(headers), "row 1")
    if len(headers) < 2:
        raise Refused("its first row has no columns separated by commas, semicolons or tabs.", PLAIN, "row 1")
    return [header.strip() for header in headers], delimiter
