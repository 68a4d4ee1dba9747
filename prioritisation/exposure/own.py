"""Own programmes of single targets among the measures around them, while all others stay as in one possible world.

What is possible so is possible at all. Solved by the simplex method, each from the corner of the one before.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from prioritisation.exposure.bounds import Bounds
from prioritisation.exposure.constraints import Constraints
from prioritisation.exposure.measures import Measure
from prioritisation.exposure.program import Options, model, within

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
OPTIONS: Options = {"output_flag": False, "solver": "simplex", "threads": 1, "simplex_iteration_limit": 4000}


def ask_alone(constraints: Constraints, found: Bounds, start: Floats, around: Mapping[Measure, set[Measure]]) -> Bounds:
    """Return wider bounds after each open target was asked alone, beginning from one possible world.

    around: the measures that may move with each measure; all others stay.
    """
    measures = constraints.claims["measure"].to_numpy(dtype=object)[constraints.targets["claim"].to_numpy()]
    still = np.flatnonzero(found.open(constraints))
    groups: dict[Measure, list[int]] = {}
    for target in still:
        groups.setdefault(measures[target], []).append(int(target))
    columns = sparse.csc_array(constraints.matrix)
    reached = constraints.matrix @ start

    def ask(measure: Measure) -> list[Floats]:
        free = sorted({measure, *around.get(measure, set())} & constraints.tables.keys())
        moving = np.concatenate([np.arange(*constraints.tables[each].span) for each in free])
        block = _Block(constraints, columns, reached, start, moving)
        return block.worlds(found, np.array(groups[measure]))

    with ThreadPoolExecutor(2) as workers:
        for worlds in workers.map(ask, groups):
            for point in worlds:
                found = found.with_point(point, constraints)
    return found


class _Block:
    """Some unknowns that move, with the rows that they are in."""

    def __init__(
        self, constraints: Constraints, columns: sparse.csc_array, reached: Floats, start: Floats, moving: Whole
    ) -> None:
        inside = sparse.csr_array(columns[:, moving])
        rows = np.flatnonzero(np.diff(inside.indptr))
        self.constraints, self.start, self.moving = constraints, start, moving
        self.matrix = inside[rows]
        fixed = reached[rows] - self.matrix @ start[moving]
        self.low = np.minimum(constraints.low[rows], reached[rows]) - fixed
        self.high = np.maximum(constraints.high[rows], reached[rows]) - fixed
        self.solver = highspy.Highs()
        for name, value in OPTIONS.items():
            self.solver.setOptionValue(name, value)
        self.solver.passModel(model(self.matrix, self.low, self.high, np.zeros(len(moving))))
        self.numbers = np.arange(len(moving), dtype=np.int32)

    def worlds(self, found: Bounds, targets: Whole) -> list[Floats]:
        """Return the possible worlds in which these targets are least or most, where that is still wanted."""
        made: list[Floats] = []
        for target in targets:
            for sign, wanted in ((1.0, found.too_high(self.constraints)), (-1.0, found.too_narrow(self.constraints))):
                if wanted[target] and (moved := self._least(sign * self._cost(int(target)))) is not None:
                    point = self.start.copy()
                    point[self.moving] = moved
                    found = found.with_point(point, self.constraints)
                    made.append(point)
        return made

    def _cost(self, target: int) -> Floats:
        return self.constraints.sought[[target]][:, self.moving].toarray()[0]

    def _least(self, cost: Floats) -> Floats | None:
        self.solver.changeColsCost(len(cost), self.numbers, cost)
        self.solver.run()
        point = np.array(self.solver.getSolution().col_value)
        if len(point) == len(cost) and within(self.matrix, self.low, self.high, point):
            return np.maximum(point, 0.0)
        self.solver.clearSolver()
        return None
