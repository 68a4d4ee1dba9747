"""How closely the targets of a cube can be bounded: pairs of possible worlds that differ enough, else exact bounds.

A target passes as soon as two points that satisfy every constraint differ on it by its width, one of them with nobody.
Each programme asks for many targets at once, with random weights; those left over are asked again, fewer at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from prioritisation.exposure.constraints import Constraints
from prioritisation.exposure.program import NEAR, Extreme, extremes

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]
ROUNDS = 8
ALL_AT_ONCE = 3  # rounds that ask for every open target; later ones ask for a random half, so that fewer compete


@dataclass(frozen=True, eq=False)
class Bounds:
    """Between which values each target has been seen; low, high: arrays by target; points: the possible worlds seen."""

    low: Floats
    high: Floats
    points: tuple[Floats, ...] = ()

    @classmethod
    def unseen(cls, constraints: Constraints) -> Bounds:
        targets = len(constraints.targets)
        return cls(np.full(targets, np.inf), np.full(targets, -np.inf))

    @classmethod
    def of(cls, constraints: Constraints, points: tuple[Floats, ...]) -> Bounds:
        """Return what possible worlds say of all targets."""
        found = replace(cls.unseen(constraints), points=points)
        values = np.array([constraints.sought @ point for point in points])
        return replace(found, low=values.min(axis=0), high=values.max(axis=0)) if points else found

    def with_point(self, point: Floats, constraints: Constraints) -> Bounds:
        """Return the bounds when this world is possible too."""
        values = constraints.sought @ point
        return Bounds(np.minimum(self.low, values), np.maximum(self.high, values), (*self.points, point))

    def with_values(self, targets: Whole, values: Floats) -> Bounds:
        """Return the bounds when these values of some targets are possible too."""
        low, high = self.low.copy(), self.high.copy()
        low[targets], high[targets] = np.minimum(low[targets], values), np.maximum(high[targets], values)
        return replace(self, low=low, high=high)

    def too_high(self, constraints: Constraints) -> Flags:
        """Return which targets were never seen to be nobody, where that must be possible."""
        may_be_large = self.high >= constraints.targets["large"].to_numpy()
        return constraints.targets["zero"].to_numpy(dtype=bool) & (self.low > NEAR) & ~may_be_large

    def too_narrow(self, constraints: Constraints) -> Flags:
        """Return which targets were not seen to differ by their width."""
        least = np.where(constraints.targets["zero"] | constraints.targets["base"], 0.0, self.low)
        return self.high - least < constraints.targets["width"].to_numpy() - NEAR

    def open(self, constraints: Constraints) -> Flags:
        return self.too_high(constraints) | self.too_narrow(constraints)


@dataclass(frozen=True, eq=False)
class Asked:
    """What one programme asked for, and the best point that it found."""

    wanted: Flags
    best: Extreme


def search(constraints: Constraints, found: Bounds, random: np.random.Generator, rounds: int = ROUNDS) -> Bounds:
    """Return wider bounds after so many rounds; stops when all targets pass."""
    for turn in range(rounds):
        if not found.open(constraints).any():
            break
        every = np.ones(len(found.low), dtype=bool)
        among = every if turn < ALL_AT_ONCE or turn % 2 else few_that_compete(constraints, found, random)
        found, _ = ask(constraints, found, random, among)
    return found


def few_that_compete(constraints: Constraints, found: Bounds, random: np.random.Generator) -> Flags:
    """Return at most one open target of each measure in each area, at random: others of these compete with it."""
    chosen = np.zeros(len(found.low), dtype=bool)
    still = random.permutation(np.flatnonzero(found.open(constraints)))
    _, first = np.unique(constraints.target_groups[still], return_index=True)
    chosen[still[first]] = True
    return chosen


def ask(
    constraints: Constraints, found: Bounds, random: np.random.Generator, among: Flags
) -> tuple[Bounds, list[Asked]]:
    """Return wider bounds after two programmes, one for low values and one for high, of the open targets `among`."""
    low, high = among & found.too_high(constraints), among & found.too_narrow(constraints)
    half = random.random(len(among)) < 0.5
    wanted = [(1.0, low), (-1.0, high)] if low.any() and high.any() else []
    wanted = wanted or [(sign, each & some) for sign, each in ((1.0, low), (-1.0, high)) for some in (half, ~half)]
    wanted = [(sign, each) for sign, each in wanted if each.any()]
    costs = [sign * (constraints.sought.T @ (random.uniform(0.3, 1.0, len(each)) * each)) for sign, each in wanted]
    best = extremes(constraints.matrix, constraints.low, constraints.high, costs)
    for each in best:
        found = found.with_point(each.point, constraints)
    return found, [Asked(each, extreme) for (_, each), extreme in zip(wanted, best, strict=True)]
