"""Hex cartogram: one equal hexagon per area, localities kept together, neighbours kept near."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import KDTree

from prioritisation.hexes.cartogram import drawn_together, equal_area_positions, neighbour_pairs, pieces_of, sea_links
from prioritisation.hexes.drawing import HexLayout
from prioritisation.hexes.grid import FREE, ROW_HEIGHT, Grid, hexagon_centres, starting_cells
from prioritisation.hexes.search import improved

STEPS_PER_AREA = 2000
STEPS_AT_MOST = 2_000_000

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Shapes = NDArray[np.object_]


def hex_layout(geometry: Sequence[Any], codes: Sequence[str], groups: Sequence[str | None] | None = None) -> HexLayout:
    """Lay areas out as hexagons, no two on the same one, each locality in one piece.

    geometry: (n,) polygons in a metric projected CRS, None where an area has none (it then goes where its locality
    is); codes: (n,) ids, all different; groups: (n,) locality names, None where an area has none.
    The layout depends on codes, shapes and localities, not on their order. Raises ValueError on repeated codes.
    """
    if not len(geometry) == len(codes) == len(set(codes)):
        raise ValueError("every area needs a geometry and a code of its own")
    order = sorted(range(len(codes)), key=lambda k: codes[k])
    shapes = np.array([None, *(_polygons(geometry[k]) for k in order)], dtype=object)[1:]
    names = [(groups[k] or None) if groups is not None else None for k in order]
    group = _numbered(names)
    pairs = neighbour_pairs(shapes)
    q, r = _laid_out(shapes, pairs, group) if order else (group, group)
    back = np.argsort(order)
    return HexLayout(
        codes=tuple(codes),
        q=tuple(q[back].tolist()),
        r=tuple(r[back].tolist()),
        groups=tuple(names[k] for k in back),
        adjacency_kept=float(_side_by_side(q, r, pairs).mean()) if len(pairs) else 1.0,
        mean_displacement=_displacement(shapes, q, r),
        connected=_whole(names, _touching(q, r)),
        apart_in_truth=tuple(name for name, whole in _whole(names, pairs).items() if not whole),
    )


def _laid_out(shapes: Shapes, pairs: Whole, group: Whole) -> tuple[Whole, Whole]:
    """Axial q, r of each area, (n,)."""
    points, links = _positions(shapes, pairs, group)
    grid = Grid(points)
    cells = starting_cells(grid, points, group)
    steps = min(STEPS_PER_AREA * len(shapes), STEPS_AT_MOST)
    cells = improved(grid, cells, points, np.concatenate([pairs, links]), group, steps)
    r = grid.r[cells] - grid.r[cells].min()
    q = grid.q[cells]
    return q - int(np.floor((q + r / 2).min())), r


def _positions(shapes: Shapes, pairs: Whole, group: Whole) -> tuple[Floats, Whole]:
    """Where each area would lie if all were equally large, (n, 2) in hexagon widths, and links across water."""
    drawn = np.flatnonzero(~shapely.is_missing(shapes))
    points = np.zeros((len(shapes), 2))
    if not len(drawn):
        return points, pairs
    number = np.cumsum(~shapely.is_missing(shapes)) - 1
    links = sea_links(shapely.get_coordinates(shapely.centroid(shapes[drawn])), number[pairs])
    even = equal_area_positions(shapes[drawn]) * np.sqrt(ROW_HEIGHT)
    points[drawn] = drawn_together(even, number[pairs], links)
    for lost in np.flatnonzero(shapely.is_missing(shapes)):
        beside = drawn[group[drawn] == group[lost]]
        points[lost] = points[beside if len(beside) else drawn].mean(axis=0)
    return np.round(points, 4), drawn[links]  # rounded: the last bits differ from machine to machine


def _polygons(shape: Any) -> Any:
    """Only the polygons of a shape, None where there are none: repaired boundaries may carry stray lines."""
    parts = shapely.get_parts(shapely.get_parts(shape)) if shape is not None else ()
    polygons = [part for part in parts if part.geom_type == "Polygon" and part.area > 0]
    return shapely.MultiPolygon(polygons) if polygons else None


def _numbered(names: Sequence[str | None]) -> Whole:
    known = sorted({name for name in names if name})
    return np.array([known.index(name) if name else FREE for name in names], dtype=np.int64)


def _side_by_side(q: Whole, r: Whole, pairs: Whole) -> NDArray[np.bool_]:
    across, down = q[pairs[:, 0]] - q[pairs[:, 1]], r[pairs[:, 0]] - r[pairs[:, 1]]
    return np.abs(across) + np.abs(down) + np.abs(across + down) == 2


def _touching(q: Whole, r: Whole) -> Whole:
    """The (m, 2) pairs of hexagons that lie side by side."""
    if not len(q):
        return np.empty((0, 2), dtype=np.int64)
    return KDTree(hexagon_centres(q, r)).query_pairs(1.1, output_type="ndarray")


def _whole(names: Sequence[str | None], pairs: Whole) -> dict[str, bool]:
    """Whether each locality is one piece under these pairs of neighbours."""
    group = _numbered(names)
    piece = pieces_of(len(names), pairs[group[pairs[:, 0]] == group[pairs[:, 1]]])
    known = sorted({name for name in names if name})
    return {name: len(set(piece[group == number])) == 1 for number, name in enumerate(known)}


def _displacement(shapes: Shapes, q: Whole, r: Whole) -> float:
    """Mean distance from the true centres, in hexagon widths, after the scale and shift with least squares."""
    drawn = ~shapely.is_missing(shapes)
    if drawn.sum() < 2:
        return 0.0
    true = shapely.get_coordinates(shapely.centroid(shapes[drawn]))
    true = true - true.mean(axis=0)
    found = hexagon_centres(q, r)[drawn] * (1, -1)
    found = found - found.mean(axis=0)
    scale = (found * true).sum() / max((true**2).sum(), np.finfo(float).tiny)
    return float(np.linalg.norm(found - scale * true, axis=1).mean())
