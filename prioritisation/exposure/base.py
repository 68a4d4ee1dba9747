"""Base counts: people of one small area, age, sex and at most one attribute; none may be known exactly.

The unknowns of a measure give, for each piece, its small areas' totals and its counts by age and sex. A base count in
such a table lies anywhere between max(0, total + count - all) and min(total, count); where a measure is broken down
by age or sex in the small areas themselves, it is an unknown. Possible worlds may be averaged:
where one has two people in the total and another two in the count, the world between them leaves nobody or one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prioritisation.exposure.bounds import MOST_ALONE, Bounds, settle
from prioritisation.exposure.constraints import LEAST_OF_BASE, Constraints
from prioritisation.exposure.enough import search_enough
from prioritisation.exposure.measures import Measure
from prioritisation.exposure.places import NOWHERE, SMALL_AREA, Places, pieces
from prioritisation.exposure.program import NEAR, extremes

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
ATTRIBUTES = ("flag", "service", "partner")
SMALL_UNDER = 10
ROUNDS = 30


@dataclass(frozen=True, eq=False)
class BaseCounts:
    """Every base count: columns of its total and of its count by age and sex, and all counts of its piece.

    where: measure, area_code, age, sex (positions; of tables that do not tell them apart, 0), one row per base count.
    low, high: between which values each has been seen; most: the most seen of each unknown.
    """

    where: pd.DataFrame
    total: Whole
    count: Whole
    piece_first: Whole
    piece_size: Whole
    low: Floats
    high: Floats
    most: Floats

    def with_point(self, point: Floats) -> BaseCounts:
        """Return the base counts when this world is possible too."""
        running = np.concatenate([[0.0], np.cumsum(point)])
        every = running[self.piece_first + self.piece_size] - running[self.piece_first]
        total, count = point[self.total], point[self.count]
        low = np.minimum(self.low, np.maximum(0.0, total + count - every))
        high = np.maximum(self.high, np.minimum(total, count))
        return replace(self, low=low, high=high, most=np.maximum(self.most, point))

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which are not seen to differ by a person: known exactly, as far as was tried, and small; unseen ones too."""
        between = np.minimum(self.most[self.total], self.most[self.count]) / LEAST_OF_BASE
        high = np.maximum(self.high, np.where(self.low <= NEAR, between, 0.0))
        small = (self.low < SMALL_UNDER) | np.isposinf(self.low)
        return (np.floor(high + NEAR) - np.ceil(self.low - NEAR) < 1) & small

    @property
    def lacking(self) -> Whole:
        """The unknowns that were not seen to be a person or two, of the base counts that are not seen to differ."""
        seem = np.flatnonzero(self.known)
        columns = np.unique(np.concatenate([self.total[seem], self.count[seem]]))
        return columns[self.most[columns] < LEAST_OF_BASE - NEAR]

    def wishes(self, number: int) -> list[Floats]:
        """Return what to make least so that a base count is as small, and as large, as can be."""
        small, large = np.zeros_like(self.most), np.zeros_like(self.most)
        first = self.piece_first[number]
        small[first : first + self.piece_size[number]] -= 1.0
        for column in (self.total[number], self.count[number]):
            small[column] += 1.0
            large[column] -= 1.0
        return [small, large]

    @property
    def needed(self) -> Whole:
        """The unknowns that must be able to be a person or two, so that no base count is known to be nobody."""
        return np.unique(np.concatenate([self.total, self.count]))


def base_counts(constraints: Constraints, places: Places) -> BaseCounts:
    """Return all base counts, none of them seen yet."""
    parts = [
        _of_measure(constraints, measure, places)
        for measure, table in constraints.tables.items()
        if not measure.volume
        and len(measure.parts) <= 1
        and set(measure.parts) <= set(ATTRIBUTES)
        and pieces(table.finest.partition) >= len(places.names[SMALL_AREA]) - 1
    ]
    none = np.zeros(0, dtype=np.int64)
    where = pd.concat([pd.DataFrame(), *(part[0] for part in parts)], ignore_index=True)
    total, count, first, size = (np.concatenate([none, *(part[number] for part in parts)]) for number in (1, 2, 3, 4))
    unseen = np.full(len(where), np.inf)
    return BaseCounts(where, total, count, first, size, unseen, -unseen, np.zeros(constraints.unknowns))


def seen_base_counts(constraints: Constraints, places: Places, points: Iterable[Floats]) -> BaseCounts:
    """Return all base counts as these possible worlds show them."""
    base = base_counts(constraints, places)
    for point in points:
        base = base.with_point(point)
    return base


def _of_measure(
    constraints: Constraints, measure: Measure, places: Places
) -> tuple[pd.DataFrame, Whole, Whole, Whole, Whole]:
    table = constraints.tables[measure]
    units = np.flatnonzero(places.names[SMALL_AREA] != NOWHERE)
    inside = table.detail.columns[table.detail.partition[units]]
    shape = inside.shape
    area, age, sex = (each.reshape(-1) for each in np.indices(shape))
    own = table.finest.columns[table.finest.partition[units]][:, 0, 0]
    total = np.broadcast_to(own[:, None, None], shape) if table.total is not None else inside
    names = pd.Series(places.names[SMALL_AREA][units].tolist(), dtype=object).iloc[area].to_numpy(dtype=object)
    where = pd.DataFrame({"measure": [measure] * len(area), "area_code": names, "age": age, "sex": sex})
    first = inside if table.total is None else np.broadcast_to(inside[:, :1, :1], shape)
    size = np.full(inside.size, 1 if table.total is None else shape[1] * shape[2])
    return where, total.reshape(-1), inside.reshape(-1), first.reshape(-1), size


def vary(
    constraints: Constraints, base: BaseCounts, random: np.random.Generator, rounds: int = ROUNDS
) -> tuple[BaseCounts, list[Floats]]:
    """Ask for possible worlds in which the base counts that seem known have people, then for each that still seems so.

    Returns the base counts as seen then, and those worlds.
    """
    worlds: list[Floats] = []
    for turn in range(rounds + 1):
        lacking = base.lacking
        if not len(lacking):
            break
        asked = constraints.seeking(lacking, alone=True)
        unseen = Bounds.unseen(asked)
        found = search_enough(asked, unseen, random, 1) if turn < rounds else settle(asked, unseen)
        for point in found.points:
            base = base.with_point(point)
        worlds.extend(found.points)
    for number in np.flatnonzero(base.known)[:MOST_ALONE]:
        if base.known[number]:
            for each in extremes(constraints.matrix, constraints.low, constraints.high, base.wishes(int(number))):
                base = base.with_point(each.point)
                worlds.append(each.point)
    return base, worlds
