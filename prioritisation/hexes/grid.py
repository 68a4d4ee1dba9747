"""Hexagons for points: a compact blob of cells near them, one cell per point, every group in one piece.

A cell is a whole number into a grid, a parallelogram of axial coordinates; its six neighbours are in `ring`, in
order round it. Cells on the edge of the grid have no ring and stay empty.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

ROW_HEIGHT = float(np.sqrt(3) / 2)  # pointy-top hexagons of width 1; also the area of one
AXIAL_RING = ((1, 0), (1, -1), (0, -1), (-1, 0), (-1, 1), (0, 1))
BLUR = 0.7  # hexagon widths: how far a point's weight spreads when cells are chosen
MARGIN = 4
PULLS = (0.0, 0.15, 0.3, 0.5, 0.7, 1.0)  # of a point towards its group's centre, until few are astray
ASTRAY_AT_MOST = 0.1  # share of areas that repair may move to another cell
FREE = -1  # the group of an area without one

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


class Grid:
    """Cells round (n, 2) points in hexagon widths, y up: axial q, r (r grows southwards), centres, rings."""

    def __init__(self, points: Floats) -> None:
        spare = MARGIN + int(np.sqrt(len(points)) / 2)
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
    """Return a cell for each point, near it; every group (FREE apart) in one piece, and all of them together.

    group: (n,) numbers from 0 up, or FREE.
    """
    region = _blob(grid, points)
    centres = {int(name): points[group == name].mean(axis=0) for name in np.unique(group)}
    middle = np.array([points[k] if name == FREE else centres[int(name)] for k, name in enumerate(group)])
    for pull in PULLS:
        cells = _assigned(grid, points * (1 - pull) + middle * pull, region)
        owner = _repaired(grid, _members(cells, group), centres)
        if owner is not None:
            return _settled(grid, owner, points, group)
    return _settled(grid, _snake(grid, group, centres), points, group)


def in_one_piece(grid: Grid, cells: Iterable[int]) -> bool:
    """Whether one can walk through all cells from neighbour to neighbour."""
    members = set(cells)
    return len(_main_piece(grid, members)) == len(members)


def _blob(grid: Grid, points: Floats) -> Whole:
    """As many cells as points, connected, where the points lie densest."""
    closeness = np.exp(-cdist(grid.centres, points, "sqeuclidean") / (2 * BLUR**2))
    density = np.round(closeness.sum(axis=1), 9).tolist()
    start = max(range(len(density)), key=density.__getitem__)
    frontier, seen = [(-density[start], start)], {start}
    chosen: list[int] = []
    while len(chosen) < len(points):
        _, cell = heapq.heappop(frontier)
        chosen.append(cell)
        for near in grid.ring[cell]:
            if near not in seen and grid.ring[near]:
                seen.add(near)
                heapq.heappush(frontier, (-density[near], near))
    return np.sort(np.array(chosen))


def _assigned(grid: Grid, points: Floats, cells: Whole) -> Whole:
    """One of the cells for each point, with the least sum of squared distances."""
    return cells[linear_sum_assignment(cdist(points, grid.centres[cells], "sqeuclidean"))[1]]


def _members(cells: Whole, group: Whole) -> dict[int, set[int]]:
    return {int(name): set(cells[group == name].tolist()) for name in np.unique(group)}


def _settled(grid: Grid, members: dict[int, set[int]], points: Floats, group: Whole) -> Whole:
    """The members of each group spread over their group's cells."""
    cells = np.empty(len(points), dtype=np.int64)
    for name, own in members.items():
        here = group == name
        cells[here] = _assigned(grid, points[here], np.array(sorted(own)))
    return cells


def _main_piece(grid: Grid, members: set[int]) -> set[int]:
    """The largest connected part."""
    left, largest = set(members), set[int]()
    for start in sorted(members):
        if start in left:
            piece = _reached(grid, start, left)
            left -= piece
            largest = max(largest, piece, key=len)
    return largest


def _reached(grid: Grid, start: int, members: set[int]) -> set[int]:
    piece, waiting = {start}, [start]
    while waiting:
        new = members.intersection(grid.ring[waiting.pop()]) - piece
        piece |= new
        waiting.extend(new)
    return piece


def _repaired(grid: Grid, members: dict[int, set[int]], centres: dict[int, Floats]) -> dict[int, set[int]] | None:
    """Give up what lies apart from a group's largest piece, and let each group grow again where it can.

    Returns cells by group, or None where too much lies apart or a group cannot grow.
    """
    kept = {name: set(own) if name == FREE else _main_piece(grid, own) for name, own in members.items()}
    vacant = set().union(*members.values()) - set().union(*kept.values())
    if len(vacant) > ASTRAY_AT_MOST * sum(map(len, members.values())):
        return None
    for name, own in members.items():
        for _ in range(len(own) - len(kept[name])):
            if not _grow(grid, kept, name, vacant, centres):
                return None
    groups_whole = all(in_one_piece(grid, own) for name, own in kept.items() if name != FREE)
    return kept if groups_whole and in_one_piece(grid, set().union(*kept.values())) else None


def _grow(grid: Grid, kept: dict[int, set[int]], name: int, vacant: set[int], centres: dict[int, Floats]) -> bool:
    """Give a group one more cell: a vacant one, or a neighbour group's, which then grows in its place, and so on."""
    owner = {cell: other for other, own in kept.items() for cell in own}
    given: dict[int, tuple[int, int]] = {}  # group -> who takes a cell from it, and which
    waiting, seen = deque([name]), {name}
    while waiting:
        taker = waiting.popleft()
        border = {near for cell in kept[taker] for near in grid.ring[cell] if grid.ring[near]}
        away = ((grid.centres[sorted(border)] - centres[taker]) ** 2).sum(axis=1)
        nearest = [cell for _, cell in sorted(zip(np.round(away, 9).tolist(), sorted(border), strict=True))]
        empty = [cell for cell in nearest if cell in vacant]
        if empty:
            _pass_on(kept, given, taker, empty[0])
            vacant.discard(empty[0])
            return True
        for cell in nearest:
            giver = owner.get(cell, name)
            if giver not in seen and len(kept[giver]) > 1 and in_one_piece(grid, kept[giver] - {cell}):
                seen.add(giver)
                given[giver] = taker, cell
                waiting.append(giver)
    return False


def _pass_on(kept: dict[int, set[int]], given: dict[int, tuple[int, int]], taker: int, cell: int) -> None:
    kept[taker].add(cell)
    while taker in given:
        giver = taker
        taker, cell = given[giver]
        kept[giver].discard(cell)
        kept[taker].add(cell)


def _snake(grid: Grid, group: Whole, centres: dict[int, Floats]) -> dict[int, set[int]]:
    """Groups one after the other, from north to south, along the rows of a square: always in one piece."""
    middle = np.mean(list(centres.values()), axis=0)
    side = int(np.ceil(np.sqrt(len(group))))
    top = int(-middle[1] / ROW_HEIGHT - side / 2)
    path = []
    for row in range(side):
        r = top + row
        first = int(np.floor(middle[0] - side / 2 - r / 2))
        columns = range(first, first + side)
        path += [(q, r) for q in (columns if row % 2 == 0 else reversed(columns))]
    at = {(int(q), int(r)): cell for cell, (q, r) in enumerate(zip(grid.q, grid.r, strict=True))}
    cells = iter(at[place] for place in path)
    order = sorted(centres, key=lambda name: (-centres[name][1], name))
    return {name: {next(cells) for _ in range(int((group == name).sum()))} for name in order}
