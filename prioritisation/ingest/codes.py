"""Codes of small areas: which column holds them, their vintage, and rows that are no area."""

from __future__ import annotations

import re
from collections.abc import Collection

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prioritisation.ingest.faults import Faults, shown
from prioritisation.ingest.tables import AREA_CODE, RawTable

CODES_AT_LEAST = 0.9
SAMPLED = 40
POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}")
WHOLE_COUNTRY = "Scotland"
_OTHER_PLACE = r"[A-Z]\d{8}"
# Data zones of 2001, 2011 and 2022, as the Scottish Government numbered them.
_VINTAGES = ((2001, "S01000001", "S01006505"), (2011, "S01006506", "S01013481"), (2022, "S01013482", "S01020873"))


def texts(column: pd.Series) -> pd.Series:
    """Return a column as trimmed text, empty where there is no cell."""
    return column.astype("str").str.strip().where(column.notna(), "")


def among(codes: pd.Series | pd.Index, known: pd.Index) -> NDArray[np.bool_]:
    """Say for each code whether it is one of the known, which are all different (30 times as fast as isin)."""
    return known.get_indexer(pd.Index(codes)) >= 0


def code_columns(frame: pd.DataFrame, pattern: re.Pattern[str] = AREA_CODE) -> list[str]:
    """Return the columns of which at least nine in ten filled cells look like codes."""
    return [key for key in frame.columns if _share(frame[key], pattern) >= CODES_AT_LEAST]


def _share(column: pd.Series, pattern: re.Pattern[str]) -> float:
    if pd.api.types.is_numeric_dtype(column) or not any(
        isinstance(cell, str) and pattern.fullmatch(cell.strip().upper()) for cell in _sample(column)
    ):
        return 0.0
    filled = texts(column)
    filled = filled[filled != ""]
    return float(filled.str.upper().str.fullmatch(pattern).mean())


def _sample(column: pd.Series) -> list[object]:
    """Return a few cells from the whole length: enough to see that a column holds something else."""
    return list(column.iloc[:: max(len(column) // SAMPLED, 1)])


def best_column(frame: pd.DataFrame, columns: Collection[str], known: Collection[str]) -> str:
    """Return the column that matches the most known codes; the one with most different codes when none are known."""
    wanted = set(known)

    def matches(key: str) -> int:
        distinct = set(frame[key].dropna())
        return len(distinct & wanted) if wanted else len(distinct)

    return max(columns, key=matches)


def area_rows(table: RawTable, column: str, faults: Faults) -> pd.Series:
    """Return the area code of each row that is one, by row number; note rows that hold something else.

    Rows of larger places (totals for Scotland or a council) and notes below the table are left out.
    """
    code = texts(table.frame[column]).str.upper()
    is_area = code.str.fullmatch(AREA_CODE)
    odd = code[~is_area & ~code.str.fullmatch(_OTHER_PLACE)]
    others = table.frame.loc[odd.index].drop(columns=column)
    is_note = ~(others.notna() & (others != "")).any(axis=1) | (others == WHOLE_COUNTRY).any(axis=1)
    wrong = odd[~is_note.to_numpy()]
    faults.add_rows(
        (
            (table.where(row, column), f"{shown(cell)} is not the code of a data zone.")
            for row, cell in table.frame[column].loc[wrong.index].items()
        ),
        "Write a code such as S01012417, or take the row out.",
    )
    note_cut_rows(table, is_area, faults)
    return code[is_area]


def note_cut_rows(table: RawTable, rows: pd.Series, faults: Faults) -> None:
    """Note rows of areas that end before the last column: the file was cut or a comma is lacking."""
    cut = [row for row in rows.index[rows] if row in table.cut_rows]
    places = ((table.where(row), "the row has fewer cells than the header.") for row in cut)
    faults.add_rows(places, "Download the file again; it may be cut short.")


def note_duplicates(table: RawTable, codes: pd.Series, column: str, faults: Faults) -> None:
    """Note every row whose area was there before."""
    first = dict(zip(reversed(codes.to_list()), reversed(codes.index.to_list()), strict=True))
    again = codes[codes.duplicated()]
    faults.add_rows(
        (
            (table.where(row, column), f"{code} is there twice; the first is in row {first[code]}.")
            for row, code in again.items()
        ),
        "Keep one row for each area.",
    )


def vintage_of(codes: pd.Series | pd.Index) -> NDArray[np.int64]:
    """Return 2001, 2011 or 2022 for each code, 0 for a number that no vintage has. DEMO codes count as 2011."""
    text = np.asarray(codes, dtype=object).astype("U10")
    vintage = np.where(np.char.startswith(text, "DEMO"), 2011, 0)
    for year, first, last in _VINTAGES:
        vintage = np.where((text >= first) & (text <= last), year, vintage)
    return vintage
