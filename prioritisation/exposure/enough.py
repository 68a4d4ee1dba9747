"""Possible worlds in which as many targets as can be are nobody, or just enough: more of one is worth no more.

Worth it where each target lacks one of the two, as for insiders, to whom the truth shows the other: one programme
then serves three targets in four.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from prioritisation.exposure.bounds import SPREAD, Bounds
from prioritisation.exposure.constraints import Constraints
from prioritisation.exposure.program import extremes

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
A_LITTLE_MORE = 0.02  # people: so that a programme that comes near has come far enough


def search_enough(constraints: Constraints, found: Bounds, random: np.random.Generator, rounds: int) -> Bounds:
    """Return wider bounds after so many rounds of two programmes; stops when all targets pass."""
    for _ in range(rounds):
        if not found.open(constraints).any():
            break
        fewer = found.too_high(constraints)
        for point in _asked(constraints, fewer, found.too_narrow(constraints) & ~fewer, random):
            found = found.with_point(point, constraints)
    return found


def _asked(constraints: Constraints, fewer: Flags, more: Flags, random: np.random.Generator) -> list[Floats]:
    """Return two worlds, in which some targets are few and others have enough; what is wanted most is drawn by lot.

    Each that should have more gets an unknown of its own: as much of it as counts.
    """
    sought = constraints.sought[np.flatnonzero(more)]
    count, unknowns = sought.shape
    own, nothing = sparse.csr_array(sparse.eye_array(count)), sparse.csr_array((count, unknowns))
    beside = sparse.csr_array((constraints.matrix.shape[0], count))
    rows = sparse.csr_array(sparse.block_array([[constraints.matrix, beside], [sought, -own], [nothing, own]]))
    enough = constraints.targets["width"].to_numpy()[more] + A_LITTLE_MORE
    low = np.concatenate([constraints.low, np.zeros(2 * count)])
    high = np.concatenate([constraints.high, np.full(count, np.inf), enough])
    costs = []
    for _ in range(2):
        weight = np.exp(SPREAD * random.standard_normal(len(fewer)))
        costs.append(np.concatenate([constraints.sought.T @ (weight * fewer), -weight[more]]))
    return [each.point[:unknowns] for each in extremes(rows, low, high, costs)]
