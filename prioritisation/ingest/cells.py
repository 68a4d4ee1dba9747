"""One cell of a published table to a number and its status; fractions and per cents told apart."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# SIMD marks a suppressed value *; [c], [x] and [z] are the Government Analysis Function's symbols for
# confidential, not available and not applicable ("Symbols in tables", 2021).
SUPPRESSED = frozenset({"*", "c", "[c]"})
MISSING = frozenset({"", "[x]", "[z]"})
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")

BAD = "bad"


@dataclass(frozen=True)
class Cells:
    """A column of numbers as written, one element per row.

    value: NaN where there is none; status: reported, zero, suppressed, missing, or bad (no number at all);
    percent: whether the cell carried a % sign.
    """

    value: NDArray[np.float64]
    status: NDArray[np.object_]
    percent: NDArray[np.bool_]

    @property
    def has_value(self) -> NDArray[np.bool_]:
        return np.isfinite(self.value)


def read_cells(column: pd.Series) -> Cells:
    """Read a column of text or numbers; each distinct cell is read once."""
    places, distinct = pd.factorize(column, use_na_sentinel=True)
    read = [*(read_cell(cell) for cell in distinct), read_cell(None)]  # the last serves place -1: no cell
    value = np.array([each[0] for each in read], dtype=float)[places]
    status = np.array([each[1] for each in read], dtype=object)[places]
    percent = np.array([each[2] for each in read], dtype=bool)[places]
    return Cells(value, status, percent)


def read_cell(cell: object) -> tuple[float, str, bool]:
    """Return (number or NaN, status, had a % sign) of one cell."""
    if cell is None or cell is pd.NA:
        return math.nan, "missing", False
    if isinstance(cell, bool | np.bool_):
        return math.nan, BAD, False
    if isinstance(cell, int | float | np.integer | np.floating):
        number = float(cell)
        if math.isnan(number):
            return number, "missing", False
        return _valued(number, False)
    return _read_text(str(cell).replace("\u00a0", " ").replace("\u2212", "-").strip())


def _read_text(text: str) -> tuple[float, str, bool]:
    if text in MISSING:
        return math.nan, "missing", False
    if text in SUPPRESSED:
        return math.nan, "suppressed", False
    percent = text.endswith("%")
    digits = text.removesuffix("%").rstrip()
    if _PLAIN.fullmatch(digits):
        return _valued(float(digits), percent)
    if _THOUSANDS.fullmatch(digits):
        return _valued(float(digits.replace(",", "")), percent)
    return math.nan, BAD, False


def _valued(number: float, percent: bool) -> tuple[float, str, bool]:
    if math.isinf(number):
        return math.nan, BAD, False
    return (0.0, "zero", percent) if number == 0 else (number, "reported", percent)


def fraction_columns(columns: Sequence[Cells]) -> list[bool]:
    """Say for each column of a per cent indicator in one table whether it holds fractions (0.08 for 8%).

    Spreadsheets keep per cents as fractions, text files as `8%` or `8`. A % sign decides; else a column is
    fractions when at least half of its values above zero lie between 0 and 1 exclusive. A column that cannot
    tell (only zeros and ones) follows the others of its table.
    """
    opinions = [_is_fraction(cells) for cells in columns]
    decided = [opinion for opinion in opinions if opinion is not None]
    usual = sum(decided) * 2 > len(decided)
    return [usual if opinion is None else opinion for opinion in opinions]


def _is_fraction(cells: Cells) -> bool | None:
    if cells.percent.any():
        return False
    above = cells.value[cells.has_value & (cells.value > 0)]
    if above.size == 0 or (above == 1).all():
        return None
    return bool(2 * np.count_nonzero(above < 1) >= above.size)


def without_sign(cells: Cells) -> NDArray[np.bool_]:
    """Flag numbers without a % sign in a column that has them: nobody can say which unit these are in."""
    if not cells.percent.any():
        return np.zeros(len(cells.value), dtype=bool)
    return cells.has_value & (cells.value != 0) & ~cells.percent
