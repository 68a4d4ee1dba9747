"""Own programmes of single targets among the measures around them, while all others stay as in one possible world.

What is possible so is possible at all. Solved by the simplex method, each from the corner of the one before.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

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


def ask_alone(constraints: Constraints, found: Bounds) -> Bounds:
    """Return wider bounds after each open target was asked alone, beginning from the mean of the worlds seen.

    Only the measure of a target and those that count all whom it counts may move; all others stay.
    """
    start = np.mean(found.points, axis=0)
    measures = constraints.claims["measure"].to_numpy(dtype=object)[constraints.targets["claim"].to_numpy()]
    groups: dict[Measure, list[int]] = {}
    for target in np.flatnonzero(found.open(constraints)):
        groups.setdefault(measures[target], []).append(int(target))
    columns = sparse.csc_array(constraints.matrix)
    reached = constraints.matrix @ start

    def ask(measure: Measure) -> Bounds:
        free = sorted({measure, *constraints.around.get(measure, set())} & constraints.tables.keys())
        moving = np.concatenate([np.arange(*constraints.tables[each].span) for each in free])
        block = _Block(constraints, columns, reached, start, moving)
        return block.ask(found, np.array(groups[measure]))

    with ThreadPoolExecutor(2) as workers:
        seen = list(workers.map(ask, groups))
    low = np.min([found.low, *(each.low for each in seen)], axis=0)
    high = np.max([found.high, *(each.high for each in seen)], axis=0)
    return replace(found, low=low, high=high)


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

    def ask(self, found: Bounds, targets: Whole) -> Bounds:
        """Return wider bounds of these targets, each asked for its least and most where that is still wanted."""
        sought = self.constraints.sought[targets]
        moving = sought[:, self.moving]
        fixed = sought @ self.start - moving @ self.start[self.moving]
        for number, target in enumerate(targets):
            for sign, wanted in ((1.0, found.too_high(self.constraints)), (-1.0, found.too_narrow(self.constraints))):
                if not wanted[target]:
                    continue
                moved = self._least(sign * moving[[number]].toarray()[0])
                if moved is not None:
                    found = found.with_values(targets, fixed + moving @ moved)
        return found

    def _least(self, cost: Floats) -> Floats | None:
        self.solver.changeColsCost(len(cost), self.numbers, cost)
        self.solver.run()
        point = np.array(self.solver.getSolution().col_value)
        if len(point) == len(cost) and within(self.matrix, self.low, self.high, point):
            return np.maximum(point, 0.0)
        self.solver.clearSolver()
        return None
