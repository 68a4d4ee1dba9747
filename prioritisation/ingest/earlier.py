"""Earlier periods of indicators: a long table of values, and population files of earlier years.

The newest period comes from its publisher's own file; what is read here only shows change, and never ranks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prioritisation.catalogue import Catalogue, Indicator
from prioritisation.ingest.choose import column_of
from prioritisation.ingest.codes import texts
from prioritisation.ingest.faults import Faults
from prioritisation.ingest.observations import PER_CENT, CheckedTable, Observations
from prioritisation.ingest.population import Population, read_ages, years_in
from prioritisation.ingest.recognise import SERIES_KEYS, Recognised
from prioritisation.ingest.tables import RawTable
from prioritisation.periods import form_of, period_of

INDICATOR, PERIOD, VALUE = SERIES_KEYS
NUMERATOR, DENOMINATOR = "numerator", "denominator"
_SAME_WITHIN, _ROUNDED_BY = 0.01, 0.51  # of a value and in its unit: publishers round to whole numbers


def read_series(
    tables: Sequence[tuple[RawTable, str]], catalogue: Catalogue, newest: Mapping[str, str], faults: Faults
) -> list[Observations]:
    """Read long tables of earlier values: area, indicator, period, value and, where there are, its counts.

    tables: each with its column of area codes; newest: indicator id -> the period that its own file holds.
    """
    made: list[Observations] = []
    taken: dict[tuple[str, str], str] = {}
    for table, column in tables:
        for name, period, rows in _groups(table, column, faults):
            where = f"{table.where()}, {name} of {period}"
            fault = _group_fault(name, period, catalogue, newest)
            if fault is None and (name, period) in taken:
                fault = f"{taken[name, period]} has this too.", "Leave one of them out."
            if fault is not None:
                faults.add(where, *fault)
                continue
            taken[name, period] = table.name
            made.append(_observed(catalogue.indicators[name], period, table, column, rows, faults))
    return made


def _groups(table: RawTable, column: str, faults: Faults) -> Iterator[tuple[str, str, pd.Index]]:
    """Yield indicator, period and the rows of both."""
    codes = CheckedTable(table, column, faults).codes
    names = texts(table.frame.loc[codes.index, INDICATOR])
    periods = texts(table.frame.loc[codes.index, PERIOD])
    for (name, period), rows in codes.groupby([names, periods], sort=False):
        yield str(name), str(period), rows.index


def _group_fault(name: str, period: str, catalogue: Catalogue, newest: Mapping[str, str]) -> tuple[str, str] | None:
    """Return what keeps the rows of one indicator and period from being read, and what to do."""
    if name not in catalogue.indicators:
        return "there is no such indicator.", "Write its id as data/catalogue/indicators.csv has it."
    if name not in newest:
        return "no file with its newest period is among these.", "Offer that file as well, or take these rows out."
    now = period_of(newest[name])
    if now is None:
        return f"its newest period is '{newest[name]}', which has no year.", "Take these rows out."
    then = period_of(period)
    if then is None or form_of(period) != form_of(newest[name]):
        return "the period is not written like the newest one.", f"Write it as in '{newest[name]}'."
    if then >= now:
        return f"the period is not before {newest[name]}, the newest.", "Give earlier periods only."
    return None


def _observed(
    indicator: Indicator, period: str, table: RawTable, column: str, rows: pd.Index, faults: Faults
) -> Observations:
    own = replace(table, frame=table.frame.loc[rows], cut_rows=frozenset())  # what they hold was noted with the whole
    checked = CheckedTable(own, column, faults)
    checked.note_duplicates(column)
    cells = checked.cells(VALUE)
    numerator, denominator = (_counts(checked, key) for key in (NUMERATOR, DENOMINATOR))
    if indicator.unit == PER_CENT:
        checked.note(VALUE, cells.has_value & (cells.value > 100), "{cell} is over 100%.", "Write per cents: 12.3.")
    counted = cells.has_value & np.isfinite(numerator) & (denominator > 0)
    rate = indicator.multiplier * np.divide(numerator, denominator, out=np.zeros(len(counted)), where=counted)
    unlike = counted & (np.abs(rate - cells.value) > _SAME_WITHIN * rate + _ROUNDED_BY)
    checked.note(VALUE, unlike, "{cell} is not what its counts give.", "Correct the value or the counts.")
    return Observations(indicator.id, period, checked.index, cells.value, numerator, denominator, cells.status)


def _counts(checked: CheckedTable, key: str) -> NDArray[np.float64]:
    return checked.cells(key).value if key in checked.table.frame.columns else np.full(len(checked.codes), np.nan)


def earlier_ages(
    offers: Sequence[Recognised], newest: Population, known: pd.Index, faults: Faults
) -> list[tuple[Recognised, Population]]:
    """Read the years before the newest one of all files of population by age, one file for each year."""
    made: dict[int, tuple[Recognised, Population]] = {}
    for offer in offers:
        if offer.table is None or not offer.codes or newest.year is None:
            continue
        for year in years_in(offer.table):
            if year < newest.year and year not in made:
                made[year] = offer, read_ages(offer.table, column_of(offer, known), faults, year)
    return [made[year] for year in sorted(made)]
