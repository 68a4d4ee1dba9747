"""Base counts: people of one small area, age, sex and at most one attribute; none may be known exactly.

The unknowns of a measure give, for each piece, its small areas' totals and its counts by age and sex. A base count in
such a table lies anywhere between max(0, total + count - all) and min(total, count). Possible worlds may be averaged:
where one has two people in the total and another two in the count, the world between them leaves nobody or one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prioritisation.exposure.constraints import Constraints
from prioritisation.exposure.measures import Measure
from prioritisation.exposure.places import NOWHERE, SMALL_AREA, Places, pieces
from prioritisation.exposure.program import NEAR, extremes

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
ATTRIBUTES = ("flag", "service", "partner")
ENOUGH = 2.0  # people: half of it, in the world between two, is somebody
SMALL_UNDER = 10
ROUNDS = 6


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
        """Which are not seen to differ by a person: known exactly, as far as was tried, and small."""
        between = np.minimum(self.most[self.total], self.most[self.count]) / ENOUGH
        high = np.maximum(self.high, np.where(self.low <= NEAR, between, 0.0))
        return (np.floor(high + NEAR) - np.ceil(self.low - NEAR) < 1) & (self.low < SMALL_UNDER)

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
    first = np.broadcast_to(inside[:, :1, :1], shape)
    size = np.full(inside.size, shape[1] * shape[2])
    return where, total.reshape(-1), inside.reshape(-1), first.reshape(-1), size


def vary(
    constraints: Constraints, base: BaseCounts, random: np.random.Generator, rounds: int = ROUNDS
) -> tuple[BaseCounts, list[Floats]]:
    """Ask for possible worlds in which the base counts that seem known have people; stops when none seems known.

    Returns the base counts as seen then, and those worlds.
    """
    worlds: list[Floats] = []
    for _ in range(rounds):
        if not base.known.any():
            break
        wanted = np.zeros(constraints.unknowns)
        seem = np.flatnonzero(base.known)
        wanted[np.concatenate([base.total[seem], base.count[seem]])] = 1.0
        wanted *= base.most < ENOUGH
        costs = [-wanted * random.exponential(1.0, len(wanted)) * (random.random(len(wanted)) < 0.5) for _ in range(2)]
        for each in extremes(constraints.matrix, constraints.low, constraints.high, costs):
            base = base.with_point(each.point)
            worlds.append(each.point)
    return base, worlds
