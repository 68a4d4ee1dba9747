"""Hex cartograms: seconds, and neighbours kept together, beside assignment alone.

Assignment alone is what geogrid (R) does: a regular grid of hexagons inside the outline, and the Hungarian method.
The generated places are towns of crowded areas in open country; the published council is measured where its files
are at hand (PRIORITISATION_OPEN_DATA, or ../shared/data).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from benchmarks import LIMIT, Figure
from prioritisation.hexes.cartogram import neighbour_pairs, pieces_of
from prioritisation.hexes.layout import hex_layout

SECONDS_AT_MOST = {153: 5.0, 1000: 60.0}
KEPT_AT_LEAST = 0.55
OPEN_DATA = Path(os.environ.get("PRIORITISATION_OPEN_DATA", Path(__file__).parents[2] / "shared" / "data"))
Places = tuple[list[Any], list[str], list[str]]


def figures() -> Iterator[Figure]:
    for areas, limit in SECONDS_AT_MOST.items():
        yield from measured(f"{areas:,} generated areas", towns(areas, areas // 25), limit)
    council = published_council()
    if council is None:
        yield Figure("Hexagons for the published council", None, "", note=f"not measured: no files at {OPEN_DATA}")
    else:
        yield from measured("the published council", council, SECONDS_AT_MOST[153])


def measured(name: str, places: Places, seconds_at_most: float) -> Iterator[Figure]:
    start = time.perf_counter()
    layout = hex_layout(*places)
    seconds = time.perf_counter() - start
    if len(set(zip(layout.q, layout.r, strict=True))) != len(layout.codes) or not all(layout.connected.values()):
        raise ValueError("two areas share a hexagon, or a locality fell apart")
    kept, note = 100 * layout.adjacency_kept, f"all localities whole; off by {layout.mean_displacement:.1f} hexagons"
    alone, whole = assigned_alone(np.array(places[0], dtype=object), np.array(places[2]))
    yield Figure(f"Hexagons for {name}", seconds, "s", LIMIT, seconds_at_most)
    title = f"Neighbours kept, {name}"
    yield Figure(title, kept, "%", LIMIT, 100 * KEPT_AT_LEAST, higher_is_better=True, note=note)
    theirs = f"theirs: {whole} of {len(layout.connected)} localities whole"
    yield Figure(title, kept, "%", "assignment alone", 100 * alone, higher_is_better=True, note=theirs)


def assigned_alone(shapes: NDArray[np.object_], groups: NDArray[np.str_]) -> tuple[float, int]:
    """Send true centres to the nearest cells of a grid in the outline.

    Returns the share of neighbours side by side, and how many localities are in one piece.
    """
    outline, n = shapely.union_all(shapes), len(shapes)
    shapely.prepare(outline)
    wide = 2 * float(np.sqrt(outline.area / n))
    cells = cells_inside(outline, wide)
    while len(cells) < n:
        wide *= 0.995
        cells = cells_inside(outline, wide)
    away = cdist(shapely.get_coordinates(shapely.centroid(shapes)), cells, "sqeuclidean")
    beside = cdist(*[cells[linear_sum_assignment(away)[1]]] * 2) < 1.1 * wide
    pairs = neighbour_pairs(shapes)
    own = np.argwhere(beside & (groups[:, None] == groups[None]))
    piece = pieces_of(n, own)
    whole = sum(len(set(piece[groups == name])) == 1 for name in set(groups))
    return float(beside[pairs[:, 0], pairs[:, 1]].mean()), whole


def cells_inside(outline: Any, wide: float) -> NDArray[np.float64]:
    west, south, east, north = outline.bounds
    rows, columns = np.mgrid[0 : (north - south) / (wide * np.sqrt(3) / 2) + 1, 0 : (east - west) / wide + 1]
    x, y = west + (columns + rows % 2 / 2) * wide, south + rows * wide * np.sqrt(3) / 2
    inside = shapely.contains_xy(outline, x.ravel(), y.ravel())
    return np.column_stack([x.ravel(), y.ravel()])[inside]


def towns(areas: int, localities: int) -> Places:
    """Voronoi cells of points crowded round towns; an area's locality is the nearest town."""
    random = np.random.default_rng(areas)
    centres = random.random((localities, 2)) * (40_000, 60_000)
    town = np.arange(areas) % localities
    spread = np.where(random.random(areas) < 0.8, 1_500, 8_000)[:, None]
    points = centres[town] + random.normal(size=(areas, 2)) * spread
    frame = shapely.box(*(points.min(axis=0) - 500), *(points.max(axis=0) + 500))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=frame, ordered=True))
    shapes = list(shapely.intersection(cells, frame))
    nearest = cdist(points, centres).argmin(axis=1)
    return shapes, [f"A{k:04d}" for k in range(areas)], [f"Town {k}" for k in nearest]


def published_council() -> Places | None:
    boundaries = OPEN_DATA / "boundaries" / "dz2011_south_ayrshire_bng.gpkg"
    lookup = OPEN_DATA / "lookups" / "dz_to_hscp_locality_DERIVED_south_ayrshire.csv"
    if not (boundaries.exists() and lookup.exists()):
        return None
    import geopandas
    import pandas as pd

    areas = geopandas.read_file(boundaries)
    locality = pd.read_csv(lookup).set_index("dz11_code")["locality_name"].reindex(areas["dz11_code"])
    return list(areas.geometry), list(areas["dz11_code"]), list(locality)
