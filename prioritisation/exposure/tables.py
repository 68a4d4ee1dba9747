"""The unknowns behind a cube, measure by measure.

Unknowns are the counts of each measure in the smallest pieces that its cells distinguish. For one measure there are
two layers: `detail`, pieces by age and sex as its finest breakdowns need, and `total`, smaller pieces without age and
sex where only totals are given; totals of one piece add up. Any such table of margins can be filled with people,
so nothing finer is needed for one measure alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from prioritisation.exposure.measures import Meanings, Measure
from prioritisation.exposure.places import Labels, Places, pieces

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Layer:
    """A block of unknowns: first column, a partition of the units, and the ages and sexes it distinguishes.

    Columns run by piece, then age, then sex; a dimension that is not distinguished has the one value None.
    """

    first: int
    partition: Labels
    ages: tuple[str | None, ...]
    sexes: tuple[str | None, ...]

    @property
    def size(self) -> int:
        return pieces(self.partition) * len(self.ages) * len(self.sexes)

    @cached_property
    def columns(self) -> Whole:
        """Column numbers, shape (pieces, ages, sexes)."""
        shape = (pieces(self.partition), len(self.ages), len(self.sexes))
        return self.first + np.arange(self.size).reshape(shape)

    def select(self, units: Labels, age: str | None, sex: str | None) -> Whole:
        """Return the columns that add up to these units at this age and sex (None: all)."""
        at = self.columns[np.unique(self.partition[units])]
        if age is not None:
            at = at[:, [self.ages.index(age)]]
        if sex is not None:
            at = at[:, :, [self.sexes.index(sex)]]
        return at.reshape(-1)


@dataclass(frozen=True, eq=False)
class Table:
    """The unknowns of one measure.

    detail; total where smaller pieces have totals only; whole, one unknown for everybody, where there is more than one.
    """

    detail: Layer
    total: Layer | None
    whole: Layer | None

    @property
    def layers(self) -> tuple[Layer, ...]:
        return tuple(layer for layer in (self.detail, self.total, self.whole) if layer is not None)

    @property
    def span(self) -> tuple[int, int]:
        """First column and one past the last."""
        return self.detail.first, self.detail.first + sum(layer.size for layer in self.layers)

    @property
    def finest(self) -> Layer:
        """The layer with the smallest pieces."""
        return self.total or self.detail

    @property
    def single(self) -> Layer:
        """The layer with the one unknown for everybody."""
        return self.whole or self.detail

    def tells(self, age: str | None, sex: str | None) -> bool:
        """Return whether the unknowns can be added up at this age and sex."""
        return (age is None or age in self.detail.ages) and (sex is None or sex in self.detail.sexes)

    def select(self, units: Labels, age: str | None, sex: str | None) -> Whole:
        """Return the columns that add up to these units at this age and sex (None: all)."""
        if age is not None or sex is not None:
            return self.detail.select(units, age, sex)
        everybody = len(units) == len(self.detail.partition)
        return (self.single if everybody else self.finest).select(units, age, sex)


def make_tables(claims: pd.DataFrame, places: Places, meanings: Meanings) -> dict[Measure, Table]:
    """Return the unknowns of every measure of claims(measure, geography, age, sex)."""
    tables: dict[Measure, Table] = {}
    first = 0
    seen = claims[["measure", "geography"]].assign(age=claims["age"].notna(), sex=claims["sex"].notna())
    seen = seen.drop_duplicates()
    for measure in sorted(set(seen["measure"])):
        table = _table(first, seen[seen["measure"] == measure], places, meanings)
        tables[measure] = table
        first = table.span[1]
    return tables


def _table(first: int, rows: pd.DataFrame, places: Places, meanings: Meanings) -> Table:
    broken_down = rows["age"] | rows["sex"]
    everywhere = places.refinement(rows["geography"].unique())
    detailed = places.refinement(rows.loc[broken_down, "geography"].unique()) if broken_down.any() else everywhere
    contract = meanings.contract
    ages = contract.age_bands if rows["age"].any() else (None,)
    sexes = contract.sexes if rows["sex"].any() else (None,)
    detail = Layer(first, detailed, tuple(ages), tuple(sexes))
    first += detail.size
    total = None
    if pieces(everywhere) > pieces(detailed):
        total = Layer(first, everywhere, (None,), (None,))
        first += total.size
    whole = Layer(first, np.zeros_like(everywhere), (None,), (None,)) if detail.size > 1 else None
    return Table(detail, total, whole)


def incidence(selections: list[Whole], unknowns: int) -> sparse.csr_array:
    """Return a matrix with one row per selection: 1 at its columns."""
    starts = np.concatenate([[0], np.cumsum([len(each) for each in selections])])
    columns = np.concatenate(selections) if selections else np.zeros(0, dtype=np.int64)
    return sparse.csr_array((np.ones(len(columns)), columns, starts), shape=(len(selections), unknowns))
