"""shortlist.xlsx: the ranked list whose scores, ranks and order follow the weights when somebody changes them.

Every formula also carries the value that it has now, for programs that read and do not calculate. Text is never a
formula: XlsxWriter is told to write all of it as text.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from prioritisation.pack.community import community_columns, known_of_ranked
from prioritisation.pack.content import Content
from prioritisation.pack.formulas import WEIGHTS, Cell, list_cells, value_cells, weight_cells
from prioritisation.pack.lists import (
    cohort_columns,
    lookup_table,
    patch_table,
    shortlist_columns,
    values_columns,
)
from prioritisation.pack.wording import MEANING_OF_STATUS, read_me

LINES_ABOVE = 3  # what the sheet is, a remark, and the heading
_PLAIN = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
    "nan_inf_to_errors": False,
}
_WIDEST = 60
_NO_LESS_THAN_NOTHING = {
    "validate": "decimal",
    "criteria": ">=",
    "value": 0,
    "error_title": "A number of 0 or more",
    "error_message": "Write a number of 0 or more, such as 25; 0 is off.",
}


def workbook(content: Content) -> bytes:
    """Return the workbook's bytes: the same for the same content, whenever it is made."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, dict(_PLAIN)) as book:
        moment = content.dated.replace(tzinfo=None, microsecond=0)
        book.set_properties({"title": content.title, "comments": _banner(content), "created": moment})
        sheets = _Sheets(book, _banner(content))
        sheets.lines("Read me", read_me(content))
        heads, rows = list_cells(content)
        sheets.table(
            "Shortlist", "Follows the sheet Weights: change a weight there, and this list recomputes.", heads, rows
        )
        heads, rows = value_cells(content)
        sheets.table("Values", "By area code. The first columns calculate; the rest are the values.", heads, rows)
        heads, rows = weight_cells(content)
        sheets.table(WEIGHTS, "Change the yellow cells; 0 is off. Only proportions count.", heads, rows)
        if content.patch is not None:
            sheets.frame("Patch", " ".join(content.patch.sentences), patch_table(content))
        sheets.frame("Dictionary", MEANING_OF_STATUS, _dictionary(content))
        sheets.frame("Sources and licences", "Where every number comes from.", _sources(content))
        sheets.frame("Lookup", "The zones and places that each area lies in.", lookup_table(content))
    return target.getvalue()


def _banner(content: Content) -> str:
    stamp = content.ranking.stamp()
    decision = f"decision {content.decision.id}" if content.decision else ""
    parts = [content.note, content.title, content.state, decision]
    return " | ".join(part for part in [*parts, f"scenario {stamp['scenario']}", f"release {stamp['release']}"] if part)


class _Sheets:
    """Writes sheets of one look: what it is, a remark, headings that stay, one row each."""

    def __init__(self, book: Any, banner: str) -> None:
        self._book, self._banner = book, banner
        self._formats = {
            "banner": book.add_format({"bold": True}),
            "remark": book.add_format({"italic": True}),
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "text": book.add_format({"num_format": "@", "valign": "top"}),
            "wrapped": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
            "whole": book.add_format({"num_format": "0"}),
            "number": book.add_format({"num_format": "0.00"}),
            "share": book.add_format({"num_format": "0.0000"}),
            "input": book.add_format({"num_format": "0.00##", "bg_color": "#FFF2CC", "border": 1}),
        }

    def lines(self, name: str, lines: Sequence[tuple[str, str]]) -> None:
        """Write a sheet of two columns: what, and the words about it."""
        sheet = self._sheet(name, "")
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 110)
        for row, (what, words) in enumerate(lines, start=LINES_ABOVE - 1):
            sheet.write_string(row, 0, what, self._formats["head" if what else "text"])
            sheet.write_string(row, 1, words, self._formats["wrapped"])

    def frame(self, name: str, remark: str, table: pd.DataFrame) -> None:
        """Write a table of values."""
        rows = ([Cell.of(value) for value in row] for row in table.itertuples(index=False))
        self.table(name, remark, list(table.columns), rows)

    def table(self, name: str, remark: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        """Write headings and cells, with a filter, and the headings kept in sight."""
        sheet, width = self._sheet(name, remark), [12] * len(heads)
        for column, head in enumerate(heads):
            sheet.write_string(LINES_ABOVE - 1, column, head, self._formats["head"])
        last = LINES_ABOVE
        for last, row in enumerate(rows, start=LINES_ABOVE):
            for column, cell in enumerate(row):
                self._write(sheet, last, column, cell)
                width[column] = max(width[column], min(len(str(cell.value)) + 2, _WIDEST) if cell.is_text else 0)
        for column, wide in enumerate(width):
            sheet.set_column(column, column, wide)
        sheet.freeze_panes(LINES_ABOVE, 0)
        sheet.autofilter(LINES_ABOVE - 1, 0, last, max(len(heads) - 1, 0))

    def _sheet(self, name: str, remark: str) -> Any:
        sheet = self._book.add_worksheet(name)
        sheet.write_string(0, 0, self._banner, self._formats["banner"])
        sheet.write_string(1, 0, remark, self._formats["remark"])
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{self._banner.replace('&', '&&')[:200]}&R&P/&N")
        return sheet

    def _write(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        look = self._formats[cell.look]
        if cell.formula:
            sheet.write_formula(row, column, cell.formula, look, "" if cell.is_empty else cell.value)
        elif cell.is_empty:
            sheet.write_blank(row, column, None, look)
        elif cell.is_text:
            sheet.write_string(row, column, str(cell.value), look)
        else:
            sheet.write_number(row, column, cell.value, look)
            if cell.look == "input":
                sheet.data_validation(row, column, row, column, _NO_LESS_THAN_NOTHING)


def _dictionary(content: Content) -> pd.DataFrame:
    """Return the meaning of every column of the files, then of every indicator."""
    described = [("shortlist.csv", shortlist_columns(content)), ("values.csv", values_columns(content))]
    if content.cohorts is not None:
        described.append(("cohorts.csv", cohort_columns()))
    if known_of_ranked(content):
        described.append(("community.csv", community_columns()))
    rows = [(file, each.name, each.type, each.meaning, "", "", "", "") for file, found in described for each in found]
    for name, row in content.indicators.iterrows():
        way = str(row["polarity"]).replace("_", " ")
        rows.append(
            (
                "indicator",
                str(name),
                row["unit"],
                row["definition"],
                way,
                row["period"],
                row["geography"],
                row["caveat"],
            )
        )
    heads = ["file", "name", "type or unit", "meaning", "direction", "period", "geography", "caveat"]
    return pd.DataFrame(rows, columns=heads)


def _sources(content: Content) -> pd.DataFrame:
    """Return publications with their licences, then each file that was loaded with its SHA-256."""
    published = content.sources.reset_index().assign(row_is="publication")
    used = content.loaded_files[content.loaded_files["used"]].assign(row_is="file loaded")
    both = pd.concat([published, used.rename(columns={"kind": "title"})], ignore_index=True)
    heads = ["row_is", "source_id", "publisher", "title", "licence", "attribution", "url", "file_name", "sha256"]
    return both[heads].fillna("")
