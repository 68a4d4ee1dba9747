"""Improve a layout of hexagons by many small exchanges, until neighbours lie side by side wherever they can.

Simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983). An exchange puts one area on another's hexagon, or on
an empty one, and never breaks a group, or the layout, that was in one piece.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from math import inf, log

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from prioritisation.hexes.grid import FREE, Floats, Grid, Whole

SEED = 20
WARM, COLD = 0.6, 0.1  # in kept neighbours: what an exchange may lose, at first and at last
WARM_SHARE = 0.8  # of the steps; after that every exchange has to gain
PER_SQUARED_WIDTH = 0.06  # kept neighbours that one squared hexagon width off its position costs an area
PER_SIDE = 0.5  # kept neighbours that each side between two hexagons is worth: a smooth outline
PER_GROUP_SIDE = 0.15  # and each side between two of one group: compact groups
SIDES_GAIN_AT_MOST = 12 * (PER_SIDE + PER_GROUP_SIDE)
EMPTY = -2


def improved(grid: Grid, cells: Whole, points: Floats, pairs: NDArray[np.int64], group: Whole, steps: int) -> Whole:
    """Return new cells, (n,): more of the pairs adjacent, near their points, groups as connected as before.

    cells: (n,) different cells; points: (n, 2) in hexagon widths; pairs: (m, 2); group: (n,) numbers or FREE.
    """
    board = _Board(grid, cells, points, pairs, group)
    draw = random.Random(SEED).random  # noqa: S311  nothing secret: the same layout every time
    n, heat, warm = len(cells), WARM, int(WARM_SHARE * steps)
    cooling = (COLD / WARM) ** (1 / max(warm, 1))
    for step in range(steps):
        heat = heat * cooling if step < warm else 0
        area, way = int(draw() * n), int(draw() * 12)
        around, own = board.where[area], board.neighbours[area]
        if way >= 6:  # beside one of its neighbours, wherever that is
            if not own:
                continue
            around = board.where[own[int(draw() * len(own))]]
        cell = grid.ring[around][way % 6]
        if grid.ring[cell] and board.who[cell] != area:
            board.exchange(area, cell, heat * log(draw() + 1e-300))
    return np.array(board.where[:n])


class _Board:
    """Which area is where, and what that is worth. Nobody is an area too: the one on every empty cell."""

    def __init__(self, grid: Grid, cells: Whole, points: Floats, pairs: NDArray[np.int64], group: Whole) -> None:
        cost = np.round(PER_SQUARED_WIDTH * cdist(points, grid.centres, "sqeuclidean"), 6)
        self.cost: list[Sequence[float]] = [*map(_quick, cost), _quick(np.zeros(len(grid.ring)))]
        self.neighbours: list[list[int]] = [[] for _ in range(len(cells) + 1)]
        for first, second in pairs.tolist():
            self.neighbours[first].append(second)
            self.neighbours[second].append(first)
        self.ring = grid.ring
        self.near = [frozenset(ring) for ring in grid.ring]
        self.group: list[int] = [*group.tolist(), EMPTY]
        self.alone = {name for name in self.group if self.group.count(name) == 1}
        self.where: list[int] = [*cells.tolist(), 0]
        self.who = [len(cells)] * len(grid.ring)
        self.label = [EMPTY] * len(grid.ring)
        for area, cell in enumerate(cells.tolist()):
            self._put(area, cell)

    def exchange(self, area: int, new: int, least: float) -> None:
        """Put an area on another cell, and who was there on its own, if that gains at least `least`."""
        old, other = self.where[area], self.who[new]
        gain = -self._worth(area, old) - self._worth(other, new)
        self._put(area, new)
        self._put(other, old)
        gain += self._worth(area, new) + self._worth(other, old)
        one, two = self.group[area], self.group[other]
        if one != two and gain + SIDES_GAIN_AT_MOST >= least:
            gain += self._group_sides(one, old, new)
            gain += self._outline(old, new) if two == EMPTY else self._group_sides(two, new, old)
        if gain < least:
            self._put(area, old)
            self._put(other, new)

    def _put(self, area: int, cell: int) -> None:
        self.where[area], self.who[cell], self.label[cell] = cell, area, self.group[area]

    def _worth(self, area: int, cell: int) -> float:
        near, where, kept = self.near[cell], self.where, 0
        for other in self.neighbours[area]:
            if where[other] in near:
                kept += 1
        return kept - self.cost[area][cell]

    def _group_sides(self, group: int, lost: int, gained: int) -> float:
        """What a group gains in sides between its own; minus infinity where it may fall apart."""
        if group == FREE:
            return 0.0
        before = [self.label[cell] == group for cell in self.ring[lost]]
        after = sum([self.label[cell] == group for cell in self.ring[gained]])
        if _stretches(before) > 1 or not (after or group in self.alone):
            return -inf
        return PER_GROUP_SIDE * (after - sum(before) + (gained in self.near[lost]))

    def _outline(self, lost: int, gained: int) -> float:
        """What the layout gains in sides; minus infinity where it may fall apart or close round a hole."""
        before = [self.label[cell] != EMPTY for cell in self.ring[lost]]
        after = [self.label[cell] != EMPTY for cell in self.ring[gained]]
        if _stretches(before) > 1 or _stretches(after) > 1 or not any(after):
            return -inf
        return PER_SIDE * (sum(after) - sum(before) + (gained in self.near[lost]))


def _quick(row: Floats) -> Sequence[float]:
    """Reads one number in half an array's time, and takes a quarter of a list's room."""
    return memoryview(row)  # type: ignore[arg-type]


def _stretches(ring: list[bool]) -> int:
    """How many unbroken stretches of a ring of six are set; more than one may be all that joins two parts."""
    return sum([ring[i] and not ring[i - 1] for i in range(6)])
