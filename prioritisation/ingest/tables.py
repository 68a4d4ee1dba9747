"""CSV, XLSX and Parquet files as raw tables: cells as published, rows numbered as a spreadsheet does."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from prioritisation.ingest import containers

HEADER_WITHIN = 20
AREA_CODE = re.compile(r"S01\d{6}|DEMO\d{5}")
ANY_CODE = re.compile(r"[A-Z]\d{8}|S01\d{6}|DEMO\d{5}")
DOWNLOAD_AGAIN = "Download it again from its publisher."
SAVE_AS_UTF8 = "Open it in a spreadsheet and save it again as 'CSV UTF-8 (comma delimited)'."


class Unreadable(Exception):
    """The file cannot be read as a table; found and remedy are for the user."""

    def __init__(self, found: str, remedy: str) -> None:
        super().__init__(found)
        self.found, self.remedy = found, remedy


@dataclass(frozen=True)
class RawTable:
    """One table as published.

    frame: one column per header under its key (`header_key`), index = row number as a spreadsheet counts;
    headers: key -> header as written; twice: headers that are there more than once; title: text above the header;
    is_text: from a text file; cut_rows: its rows that end before the last column.
    """

    name: str
    sheet: str
    frame: pd.DataFrame
    headers: dict[str, str]
    twice: tuple[str, ...]
    title: str
    is_text: bool = False
    cut_rows: frozenset[int] = frozenset()

    def where(self, row: object = None, key: str | None = None) -> str:
        """Return 'file, sheet, row 5, column Income_rate' as far as it applies."""
        parts = [self.name]
        parts += [f"sheet '{self.sheet}'"] if self.sheet else []
        parts += [f"row {row}"] if row is not None else []
        parts += [f"column {self.headers.get(key, key)}"] if key is not None else []
        return ", ".join(parts)


def header_key(header: object) -> str:
    """Return a header in the form used for comparing: small letters, no SIMD2020v2_ prefix, _ between words."""
    key = re.sub(r"[^0-9a-z+]+", "_", _header_text(header).lower()).strip("_")
    return re.sub(r"^simd2020(v2)?_", "", key)


def _header_text(header: object) -> str:
    """Return a header as written; a workbook gives whole numbers, such as years of age, as 0.0."""
    return f"{header:g}" if isinstance(header, float) else str(header).strip()


def read_tables(path: Path, name: str, kind: str) -> list[RawTable]:
    """Return the tables of a file of this container kind: one, or one per sheet. Unreadable: with the reason."""
    if kind == containers.XLSX:
        return _read_workbook(path, name)
    if kind == containers.PARQUET:
        return [_read_parquet(path, name)]
    return [_read_text(path, name)]


def _read_workbook(path: Path, name: str) -> list[RawTable]:
    damaged = Unreadable("the workbook is damaged or cut short.", DOWNLOAD_AGAIN)
    try:
        containers.check_zip(path)
        workbook = CalamineWorkbook.from_path(str(path))
        names = workbook.sheet_names
        sheets = [(each, workbook.get_sheet_by_name(each).to_python(skip_empty_area=False)) for each in names]
    except containers.UnsafeZip as fault:
        raise Unreadable(str(fault), DOWNLOAD_AGAIN) from fault
    except (CalamineError, OSError, ValueError) as fault:
        raise damaged from fault
    return [table for sheet, rows in sheets if (table := _from_rows(name, sheet, rows)) is not None]


def _from_rows(name: str, sheet: str, rows: Sequence[Sequence[object]]) -> RawTable | None:
    if not rows:
        return None
    frame = pd.DataFrame(list(rows), dtype=object)
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return _with_header(name, sheet, frame)


def _read_parquet(path: Path, name: str) -> RawTable:
    try:
        table = pq.read_table(path)
        table.validate(full=True)
        frame = table.to_pandas()
    except (pa.ArrowException, OSError, ValueError) as fault:
        raise Unreadable("the Parquet file is damaged or cut short.", DOWNLOAD_AGAIN) from fault
    frame = frame.reset_index() if frame.index.name else frame
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    headers = [str(header) for header in frame.columns]
    return _keyed(name, "", frame, headers, "")


def _read_text(path: Path, name: str) -> RawTable:
    text = _decoded(path.read_bytes())
    delimiter = _delimiter(text)
    if delimiter is None:
        found = "it holds no table: no line has columns separated by commas, semicolons or tabs."
        raise Unreadable(found, SAVE_AS_UTF8)
    lengths = _lengths(text, delimiter)
    try:
        frame = pd.read_csv(
            io.StringIO(text),
            sep=delimiter,
            header=None,
            names=range(max(lengths[: 2 * HEADER_WITHIN])),
            dtype=str,
            keep_default_na=False,
            na_values=[],
            skip_blank_lines=False,
            on_bad_lines="error",
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as fault:
        line = re.search(r"line (\d+)", str(fault))
        place = f"row {line[1]} has more cells than the header" if line else "a quotation mark is not closed"
        raise Unreadable(f"{place}, so its columns cannot be told apart.", DOWNLOAD_AGAIN) from fault
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return _with_header(name, "", frame, lengths)


def _decoded(content: bytes) -> str:
    """Return the text. Only UTF-8 is read: any other encoding would be a guess."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content:
        raise Unreadable("it is saved as UTF-16 ('Unicode text'), not UTF-8.", SAVE_AS_UTF8)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        row = content.count(b"\n", 0, fault.start) + 1
        found = f"row {row} holds letters in an older encoding (such as Latin-1), not UTF-8, so accents would be lost."
        raise Unreadable(found, SAVE_AS_UTF8) from fault


def _lines(text: str) -> list[str]:
    return text[: 64 * 1024].splitlines()[: 2 * HEADER_WITHIN]


def _delimiter(text: str) -> str | None:
    """Return the delimiter that gives the most columns on the most lines."""
    counts = {mark: sum(line.count(mark) for line in _lines(text)) for mark in ",\t;"}
    best = max(counts, key=lambda mark: counts[mark])
    return best if counts[best] else None


def _lengths(text: str, delimiter: str) -> list[int]:
    """Return how many cells each row has; pandas fills short rows up and does not say so."""
    try:
        return [len(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error as fault:
        raise Unreadable(f"its columns cannot be told apart ({fault}).", DOWNLOAD_AGAIN) from fault


def _with_header(name: str, sheet: str, frame: pd.DataFrame, lengths: Sequence[int] = ()) -> RawTable:
    filled = frame.iloc[: 2 * HEADER_WITHIN].notna() & (frame.iloc[: 2 * HEADER_WITHIN] != "")
    place = _header_place(frame, filled.to_numpy())
    above = frame.iloc[:place].to_numpy().ravel()
    title = " ".join(str(cell) for cell in above if isinstance(cell, str) and cell.strip())
    headers = ["" if pd.isna(cell) else cell for cell in frame.iloc[place]]
    body = frame.iloc[place + 1 :]
    last = max((column for column, header in enumerate(headers) if str(header).strip()), default=0)
    cut = frozenset(row for row, length in enumerate(lengths, 1) if 0 < length <= last)
    table = _keyed(name, sheet, body, headers, title)
    return replace(table, is_text=not sheet, cut_rows=cut)


def _header_place(frame: pd.DataFrame, filled: np.ndarray) -> int:
    """Return where the header row is: the last with several cells above the first row that holds a code."""
    head = frame.iloc[: HEADER_WITHIN + 5].to_numpy()
    coded = [place for place, row in enumerate(head) if any(_is_code(cell) for cell in row)]
    if coded:
        for place in range(coded[0] - 1, -1, -1):
            if filled[place].sum() >= 2 and "Scotland" not in head[place]:
                return place
    widths = filled[:HEADER_WITHIN].sum(axis=1)
    return int(np.argmax(widths)) if len(widths) else 0


def _is_code(cell: object) -> bool:
    return isinstance(cell, str) and ANY_CODE.fullmatch(cell.strip()) is not None


def _keyed(name: str, sheet: str, frame: pd.DataFrame, headers: Sequence[object], title: str) -> RawTable:
    """Name the columns by their keys; drop columns without a header and rows without a cell."""
    keys = [header_key(header) for header in headers]
    count = Counter(key for key in keys if key)
    wanted = [place for place, key in enumerate(keys) if key and keys.index(key) == place]
    body = frame.iloc[:, wanted].set_axis([keys[place] for place in wanted], axis=1)
    filled = (body.notna() & (body != "")).any(axis=1) if len(body.columns) else pd.Series(False, index=body.index)
    written = {keys[place]: _header_text(headers[place]) for place in wanted}
    twice = tuple(written[key] for key, times in count.items() if times > 1)
    return RawTable(name, sheet, body[filled], written, twice, title)
