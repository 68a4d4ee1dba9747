"""Hexagons for points: a compact blob of cells near them, one cell per point, every group in one piece.

A cell is a whole number into a grid, a parallelogram of axial coordinates; its six neighbours are in `ring`, in
order round it. Cells on the edge of the grid have no ring and stay empty.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

ROW_HEIGHT = float(np.sqrt(3) / 2)  # pointy-top hexagons of width 1; also the area of one
AXIAL_RING = ((1, 0), (1, -1), (0, -1), (-1, 0), (-1, 1), (0, 1))
BLUR = 0.7  # hexagon widths: how far a point's weight spreads when cells are chosen
MARGIN = 4
PULLS = (0.0, 0.15, 0.3, 0.5, 0.7, 1.0)  # towards its group's centre, until the groups come out whole
FREE = -1  # the group of an area without one
EMPTY = -2

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


class Grid:
    """Cells round (n, 2) points in hexagon widths, y up: axial q, r (r grows southwards), centres, rings."""

    def __init__(self, points: Floats) -> None:
        spare = MARGIN + int(np.sqrt(len(points)))
        (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
        top, bottom = int(-north / ROW_HEIGHT) - spare, int(-south / ROW_HEIGHT) + spare
        left, right = int(west - bottom / 2) - spare, int(east - top / 2) + spare
        self.width = right - left + 1
        rows, columns = np.mgrid[top : bottom + 1, left : right + 1]
        self.q, self.r = columns.ravel(), rows.ravel()
        self.centres = hexagon_centres(self.q, self.r) * (1, -1)
        inner = (self.q > left) & (self.q < right) & (self.r > top) & (self.r < bottom)
        self.steps = tuple(dq + dr * self.width for dq, dr in AXIAL_RING)
        self.ring: list[tuple[int, ...]] = [
            tuple(cell + step for step in self.steps) if inside else () for cell, inside in enumerate(inner.tolist())
        ]


def hexagon_centres(q: Whole, r: Whole) -> Floats:
    """Return (n, 2) centres in hexagon widths, y growing with r."""
    return np.column_stack([q + r / 2, r * ROW_HEIGHT])


def starting_cells(grid: Grid, points: Floats, group: Whole) -> Whole:
    """Return a cell for each point, near it; every group (FREE apart) connected, and all of them together."""
    region = _blob(grid, points)
    centre = _group_centres(points, group)
    best: tuple[int, Whole] | None = None
    for pull in PULLS:
        cells = _nearest(grid, points * (1 - pull) + centre * pull, region)
        astray = len(points) - sum(len(_main_piece(grid, members)) for members in _members(cells, group).values())
        if best is None or astray < best[0]:
            best = astray, cells
        if not astray:
            return cells
    assert_whole = _repaired(grid, best[1], group, points) if best else None
    return assert_whole if assert_whole is not None else _snake(grid, points, group)
