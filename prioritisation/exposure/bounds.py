"""How closely the targets of a cube can be bounded: pairs of possible worlds that differ enough, else exact bounds.

A target passes as soon as two points that satisfy every constraint differ on it by its width, one of them with nobody.
Each programme asks for many targets at once, with random weights; those left over are asked again, fewer at a time,
and what is still left gets programmes of its own (`settle`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from prioritisation.exposure.constraints import GROUPS, Constraints
from prioritisation.exposure.program import NEAR, Extreme, extremes

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]
SPREAD = 2.0  # of the logarithm of what groups of targets are wanted
BEFORE_ALL_OTHERS = 30.0
MOST_ALONE = 100  # programmes of their own; beyond that the release has failed anyway


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


def search(constraints: Constraints, found: Bounds, random: np.random.Generator, rounds: int) -> Bounds:
    """Return wider bounds after so many rounds; stops when all targets pass."""
    for turn in range(rounds):
        if not found.open(constraints).any():
            break
        found, _ = ask(constraints, found, random, turn, few_that_compete(constraints, found, random, turn))
    return found


def settle(constraints: Constraints, found: Bounds, most: int = MOST_ALONE) -> Bounds:
    """Return wider bounds after each target that is still open was asked for alone, the first so many of them."""
    for target in np.flatnonzero(found.open(constraints))[:most]:
        cost = constraints.sought[[int(target)]].toarray()[0]
        asked = ((cost, found.too_high(constraints)), (-cost, found.too_narrow(constraints)))
        costs = [each for each, still in asked if still[target]]
        for each in extremes(constraints.matrix, constraints.low, constraints.high, costs):
            found = found.with_point(each.point, constraints)
    return found


def few_that_compete(constraints: Constraints, found: Bounds, random: np.random.Generator, turn: int) -> Flags:
    """Return at most one open target of each measure in each area; at random, but alike ones together."""
    group = constraints.alike[turn % (len(GROUPS) - 1)]
    still = np.flatnonzero(found.open(constraints))
    still = still[np.lexsort((random.random(len(still)), random.random(group.max() + 1)[group[still]]))]
    _, first = np.unique(constraints.alike[-1][still], return_index=True)
    chosen = np.zeros(len(found.low), dtype=bool)
    chosen[still[first]] = True
    return chosen


def ask(
    constraints: Constraints, found: Bounds, random: np.random.Generator, turn: int, first: Flags
) -> tuple[Bounds, list[Asked]]:
    """Return wider bounds after two programmes that ask for every open target, `first` before all others."""
    low, high = found.too_high(constraints), found.too_narrow(constraints)
    apart = [(low, low & False), (high & False, high)] if turn == 0 and low.any() and high.any() else [(low, high)] * 2
    costs = []
    for lower, higher in apart:
        weight = _weights(constraints, random, turn) * np.where(first & (turn > 0), BEFORE_ALL_OTHERS, 1.0)
        costs.append(constraints.sought.T @ (weight * lower - weight * higher))
    best = extremes(constraints.matrix, constraints.low, constraints.high, costs)
    for each in best:
        found = found.with_point(each.point, constraints)
    return found, [Asked(lower | higher, each) for (lower, higher), each in zip(apart, best, strict=True)]


def _weights(constraints: Constraints, random: np.random.Generator, turn: int) -> Floats:
    """Return how much each target is wanted: very unlike between groups that take turns, so that some get all.

    The people of one area, age and sex are few: where they are many in one world, many counts out of them can be.
    """
    group = constraints.alike[turn % len(GROUPS)]
    spread = np.exp(np.clip(SPREAD * random.standard_normal(group.max(initial=-1) + 1), -SPREAD, SPREAD))
    return np.asarray(spread[group] * random.uniform(0.3, 1.0, len(group)))
