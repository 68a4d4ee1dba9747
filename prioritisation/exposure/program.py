"""Linear programmes over a sparse system, solved by the interior point method of HiGHS.

An interior point, no corner: of all best points it finds one in the middle, which satisfies many wishes at once, where
the simplex method needs minutes (counts of people are as degenerate as programmes come).
Source: J. Schork and J. Gondzio, Implementation of an interior point method with basis preconditioning,
Math. Prog. Comp. 12 (2020).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from prioritisation.errors import UserError

Floats = NDArray[np.float64]
NEAR = 1e-5  # people: how far a point may lie outside a constraint, and what counts as nobody
Options = dict[str, bool | int | float | str]
ALWAYS: Options = {
    "output_flag": False,
    "solver": "ipx",
    "run_crossover": "off",
    "threads": 1,
    "ipm_iteration_limit": 100,
}
# Relative gap between a best point and what is proved about it. Some programmes come near and never prove it; then a
# point that is less good serves as well: it is possible all the same.
WAYS: tuple[Options, ...] = (
    {"ipm_optimality_tolerance": 1e-8},
    {"ipm_optimality_tolerance": 1e-5},
    {"ipm_optimality_tolerance": 1e-5, "presolve": "off"},
    {"solver": "simplex", "time_limit": 300.0},
)


class Unsolved(UserError):
    """HiGHS came to no answer, so nothing is known about the cube: it must not be published."""

    def __init__(self, status: object) -> None:
        super().__init__(
            f"What the counts give away could not be checked (the solver says: {str(status).split('.k')[-1]}).",
            not_done="Nothing was published.",
            remedy="Try once more; if it happens again, the counts contradict each other: a fault of this product.",
        )


@dataclass(frozen=True, eq=False)
class Extreme:
    """A best point of one objective, and how hard each row held it back (0: not at all)."""

    point: Floats
    pressure: Floats


def extremes(matrix: sparse.csr_array, low: Floats, high: Floats, costs: list[Floats]) -> list[Extreme]:
    """Return a point at which each cost @ x is least, under low <= matrix @ x <= high and x >= 0; two at a time.

    Unsolved: no such point was found.
    """
    with ThreadPoolExecutor(2) as workers:
        return list(workers.map(lambda cost: _least(matrix, low, high, cost), costs))


def _least(matrix: sparse.csr_array, low: Floats, high: Floats, cost: Floats) -> Extreme:
    status: object = None
    for way in WAYS:
        solver = highspy.Highs()
        for name, value in (ALWAYS | way).items():
            solver.setOptionValue(name, value)
        solver.passModel(model(matrix, low, high, cost))
        solver.run()
        status, solution = solver.getModelStatus(), solver.getSolution()
        point = np.array(solution.col_value)
        if len(point) == matrix.shape[1] and within(matrix, low, high, point):
            pressure = np.abs(np.array(solution.row_dual)) if solution.dual_valid else np.zeros(len(low))
            return Extreme(np.maximum(point, 0.0), pressure)
    raise Unsolved(status)


def within(matrix: sparse.csr_array, low: Floats, high: Floats, point: Floats) -> bool:
    """Return whether a point satisfies all constraints, to within NEAR."""
    reached = matrix @ point
    inside = (reached >= low - NEAR) & (reached <= high + NEAR)
    return bool(np.all(inside) and np.all(point >= -NEAR))


def model(matrix: sparse.csr_array, low: Floats, high: Floats, cost: Floats) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = matrix.shape
    model.col_cost_ = cost
    model.col_lower_ = np.zeros(matrix.shape[1])
    model.col_upper_ = np.full(matrix.shape[1], highspy.kHighsInf)
    model.row_lower_, model.row_upper_ = low, high
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    model.a_matrix_.index_ = matrix.indices.astype(np.int32)
    model.a_matrix_.value_ = matrix.data
    return model
