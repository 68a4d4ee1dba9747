"""The sheets of an XLSX extract as batches of text cells; whatever is more than values is refused."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from prioritisation.ingest import containers
from prioritisation.ingest.contacts.frames import BATCH_ROWS, Sender
from prioritisation.ingest.contacts.refused import AGAIN, BLOCK, PLAIN, Refused, check_width

EXPLAINS = "How to fill this in"
EMPTY_ROWS_UP_TO = 10_000
_NOT_PLAIN = {
    "vbaproject": "macros",
    "xl/macrosheets/": "macros",
    "xl/externallinks/": "links to other workbooks",
    "xl/embeddings/": "embedded files",
    "xl/activex/": "embedded controls",
    "xl/comments": "comments",
    "xl/threadedcomments": "comments",
    "xl/media/": "pictures",
    "xl/connections": "connections to other places",
    "xl/pivot": "pivot tables",
}
_FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^<>]*)?/?>")


def parse_workbook(path: Path, sender: Sender) -> None:
    """Send every sheet that is a table. Refused: damaged, or more than a filled-in template."""
    try:
        _check_members(path)
        workbook = CalamineWorkbook.from_path(str(path))
        sender.send({"names": workbook.sheet_names})
        for place, about in enumerate(workbook.sheets_metadata):
            _parse_sheet(workbook, place, about.visible == SheetVisibleEnum.Visible, about.typ, sender)
    except containers.UnsafeZip as fault:
        raise Refused(str(fault), AGAIN) from None
    except (CalamineError, zipfile.BadZipFile, EOFError, ValueError):
        raise Refused("the workbook is damaged, cut short or protected by a password.", AGAIN) from None


def _check_members(path: Path) -> None:
    """Refuse what a filled-in template never has: macros, links, comments, pictures, formulas."""
    members = containers.check_zip(path)
    names = [member.filename.lower() for member in members]
    if "xl/workbook.xml" not in names:
        raise Refused("it is a binary workbook (XLSB), not XLSX.", PLAIN)
    held = sorted({what for part, what in _NOT_PLAIN.items() if any(part in name for name in names)})
    if held:
        raise Refused(f"the workbook holds {', '.join(held)}.", PLAIN)
    with zipfile.ZipFile(path) as archive:
        for member in members:
            if member.filename.lower().startswith("xl/worksheets/") and member.filename.lower().endswith(".xml"):
                _check_formulas(archive, member)


def _check_formulas(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    read, tail, count = 0, b"", 0
    with archive.open(member) as file:
        while chunk := file.read(BLOCK):
            read += len(chunk)
            if read > member.file_size:
                raise containers.UnsafeZip("it unpacks to more than it says.")
            count += len(_FORMULA.findall(tail + chunk)) - len(_FORMULA.findall(tail))
            tail = (tail + chunk)[-256:]
    if count:
        found = f"the workbook holds {count:,} cell{'s' if count != 1 else ''} with formulas."
        raise Refused(found, "Replace formulas by their values (copy, then 'paste values').")


def _parse_sheet(workbook: CalamineWorkbook, place: int, visible: bool, kind: SheetTypeEnum, sender: Sender) -> None:
    where = f"sheet {place + 1}"
    if not visible:
        raise Refused("the sheet is hidden.", "Ask the partner to delete hidden sheets.", where)
    if kind != SheetTypeEnum.WorkSheet:
        raise Refused("the sheet is a chart or macro, not a table.", PLAIN, where)
    sheet = workbook.get_sheet_by_index(place)
    if not sheet.height or not sheet.width or sheet.start is None:
        return
    check_width(sheet.width, where)
    if workbook.sheet_names[place] == EXPLAINS:
        texts = {_text(cell) for row in sheet.iter_rows() for cell in row} - {""}
        sender.send({"note": sorted(texts)[:10_000]})
        return
    if sheet.merged_cell_ranges:
        raise Refused("it has merged cells, so its columns cannot be told apart.", "Unmerge them.", where)
    _send_sheet(sheet, place, sender)


def _send_sheet(sheet: CalamineSheet, place: int, sender: Sender) -> None:
    where = f"sheet {place + 1}"
    rows = iter(sheet.iter_rows())
    header, headers = 0, [""]
    while not any(headers):
        header, headers = header + 1, [_text(cell).strip() for cell in next(rows)]
    first_column = sheet.start[1] if sheet.start else 0
    about = {"sheet": place + 1, "headers": headers, "first_row": header + 1, "first_column": first_column}
    sender.send({"table": about})
    gathered: list[Sequence[object]] = []
    empty = 0
    for row in rows:
        gathered.append(row)
        empty = 0 if any(cell != "" for cell in row) else empty + 1
        if empty > EMPTY_ROWS_UP_TO:
            raise Refused("it has cells far below the table.", "Delete everything below the table.", where)
        if len(gathered) == BATCH_ROWS:
            sender.send_batch(_batch(gathered, len(headers)))
            gathered = []
    if gathered:
        sender.send_batch(_batch(gathered, len(headers)))


def _batch(rows: Sequence[Sequence[object]], width: int) -> pa.RecordBatch:
    columns = [pa.array([_text(row[place]) for row in rows], pa.string()) for place in range(width)]
    return pa.RecordBatch.from_arrays(columns, [f"c{place}" for place in range(width)])


def _text(cell: object) -> str:
    """Return a cell as text; a whole number without .0, a date as 2026-03-01."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
