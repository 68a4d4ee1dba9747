"""Published columns to observations: one value, numerator, denominator and status per area."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prioritisation.catalogue import Catalogue, Indicator
from prioritisation.ingest.cells import BAD, Cells, fraction_columns, read_cells, without_sign
from prioritisation.ingest.codes import among, area_rows, note_duplicates, texts
from prioritisation.ingest.faults import Faults, shown
from prioritisation.ingest.tables import RawTable, header_key

PER_CENT = "per cent"
NUMBER_OR_STAR = "Write a number, * where the publisher suppressed it, or nothing where it is missing."


@dataclass(frozen=True)
class Observations:
    """All values of one indicator in one period; each array has one element per area of `codes`."""

    indicator_id: str
    period: str
    codes: pd.Index
    value: NDArray[np.float64]
    numerator: NDArray[np.float64]
    denominator: NDArray[np.float64]
    status: NDArray[np.object_]

    def of(self, codes: pd.Index, always: pd.Index) -> Observations:
        """Return the observations of these areas; areas of `always` that have none become missing."""
        wanted = codes[among(codes, self.codes) | among(codes, always)]
        place = self.codes.get_indexer(wanted)
        absent = place < 0

        def taken(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
            chosen = np.full(len(wanted), np.nan)
            chosen[~absent] = numbers[place[~absent]]
            return chosen

        status = np.full(len(wanted), "missing", dtype=object)
        status[~absent] = self.status[place[~absent]]
        numbers = taken(self.value), taken(self.numerator), taken(self.denominator)
        return Observations(self.indicator_id, self.period, wanted, *numbers, status)


class CheckedTable:
    """One table with its area codes; reads and checks number columns, each once."""

    def __init__(self, table: RawTable, column: str, faults: Faults) -> None:
        self.table = table
        self._faults = faults
        self.codes = area_rows(table, column, faults)
        self._columns: dict[str, Cells] = {}
        twice = [header for header in table.twice if header_key(header) == column]
        self._note_twice(twice)

    def _note_twice(self, headers: Iterable[str]) -> None:
        for header in headers:
            self._faults.add(self.table.where(), f"the column {header} is there twice.", "Take one of them out.")

    @cached_property
    def index(self) -> pd.Index:
        """The codes, shared by all columns of the table."""
        return pd.Index(self.codes)

    def keep(self, rows: NDArray[np.bool_]) -> None:
        """Go on with some of the rows only."""
        self.codes = self.codes[rows]
        self.__dict__.pop("index", None)
        self._columns.clear()

    def note_duplicates(self, column: str) -> None:
        """Note areas that are there twice, and go on with the first row of each."""
        note_duplicates(self.table, self.codes, column, self._faults)
        self.keep(~self.codes.duplicated().to_numpy())

    def has(self, keys: Iterable[str]) -> bool:
        """Say whether every column is there once; note those that are not."""
        absent = [key for key in keys if key not in self.table.frame.columns]
        twice = [header for header in self.table.twice if header_key(header) in set(keys)]
        for key in absent:
            remedy = "Use the file as its publisher offers it, with every column."
            self._faults.add(self.table.where(), f"the column {key} is missing.", remedy)
        self._note_twice(twice)
        return not absent and not twice

    def cells(self, key: str, lowest: float = 0.0) -> Cells:
        """Read a column of numbers; note cells that are no number, and numbers under `lowest`."""
        if key not in self._columns:
            column = self.table.frame.loc[self.codes.index, key]
            cells = read_cells(column)
            self._columns[key] = cells
            self.note(key, cells.status == BAD, "{cell} is not a number.", NUMBER_OR_STAR)
            under = cells.has_value & (cells.value < lowest)
            text = "{cell} is negative." if lowest == 0 else f"{{cell}} is under {lowest:g}."
            self.note(key, under, text, "Correct it from the published file.")
        return self._columns[key]

    def note(self, key: str, flagged: NDArray[np.bool_], found: str, remedy: str) -> None:
        """Note the flagged rows of a column; {cell} in `found` stands for the cell."""
        rows = self.codes.index[flagged]
        if len(rows):
            cells = self.table.frame[key].loc[rows]
            places = ((self.table.where(row, key), found.format(cell=shown(cell))) for row, cell in cells.items())
            self._faults.add_rows(places, remedy)


def read_indicators(checked: CheckedTable, source_id: str, catalogue: Catalogue) -> list[Observations]:
    """Read every indicator that the catalogue takes from this source; percentages end as 0-100."""
    wanted = [each for each in catalogue.indicators.values() if each.source == source_id and each.column]
    columns = {
        header_key(name): name
        for each in wanted
        for name in (each.column, each.numerator_column, each.denominator_column)
        if name
    }
    if not checked.has(_as_written(columns, checked)):
        return []
    lowest = {each.id: 1.0 if each.unit.startswith("rank") else 0.0 for each in wanted}
    read = {each.id: checked.cells(header_key(each.column), lowest[each.id]) for each in wanted}
    shares = [each.id for each in wanted if each.unit == PER_CENT]
    fractions = dict(zip(shares, fraction_columns([read[each] for each in shares]), strict=True))
    return [_observed(each, read[each.id], checked, fractions.get(each.id, False)) for each in wanted]


def rounded_for_display(table: RawTable) -> bool:
    """Say whether a text file carries % signs: what a spreadsheet showed, rounded, not what it held."""
    if not table.is_text:
        return False
    return any(texts(table.frame[key].iloc[:200]).str.endswith("%").any() for key in table.frame.columns)


def _as_written(columns: dict[str, str], checked: CheckedTable) -> list[str]:
    """Return the keys to ask for; an absent one by the catalogue's spelling, so that messages show that."""
    return [key if key in checked.table.frame.columns else name for key, name in columns.items()]


def _observed(indicator: Indicator, cells: Cells, checked: CheckedTable, fraction: bool) -> Observations:
    value = _times_hundred(cells.value) if fraction else cells.value
    if indicator.unit == PER_CENT:
        key = header_key(indicator.column)
        unit = "as a fraction, so at most 1" if fraction else "as per cent, so at most 100"
        too_much = cells.has_value & (value > 100)
        checked.note(key, too_much, f"{{cell}} is over 100% (the column is read {unit}).", "Correct the rate.")
        remedy = "Write all of the column with %, or all without."
        checked.note(key, without_sign(cells), "{cell} has no % sign, unlike the rest of its column.", remedy)
    return Observations(
        indicator.id,
        indicator.period,
        checked.index,
        value,
        _numbers(checked, indicator.numerator_column, len(value)),
        _numbers(checked, indicator.denominator_column, len(value)),
        cells.status,
    )


def _numbers(checked: CheckedTable, column: str, length: int) -> NDArray[np.float64]:
    return checked.cells(header_key(column)).value if column else np.full(length, np.nan)


def _times_hundred(fractions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Multiply in decimal, so that 0.07 becomes 7 and not 7.000000000000001."""
    distinct, places = np.unique(fractions, return_inverse=True)
    moved = [float(Decimal(repr(float(each))).scaleb(2)) if np.isfinite(each) else np.nan for each in distinct]
    return np.array(moved)[places]


def derived(
    indicator: Indicator, period: str, codes: pd.Index, numerator: NDArray[np.float64], denominator: NDArray[np.float64]
) -> Observations:
    """Return multiplier x numerator / denominator; missing where there is no denominator."""
    usable = np.isfinite(numerator) & (denominator > 0)
    value = np.full(len(codes), np.nan)
    value[usable] = indicator.multiplier * numerator[usable] / denominator[usable]
    status = np.where(~usable, "missing", np.where(value == 0, "zero", "reported")).astype(object)
    return Observations(indicator.id, period, codes, value, numerator, denominator, status)
