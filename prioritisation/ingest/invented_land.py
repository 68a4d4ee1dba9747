"""An invented coast with towns, villages and countryside, divided into small areas that fit exactly together.

Seeds are strewn densely in settlements and thinly outside; their Voronoi cells are grouped into areas, and the
borders between groups are roughened by midpoint displacement, so neighbours share every vertex.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import Voronoi, cKDTree

from prioritisation.ingest.invented_coast import GRID, UnfitDraw, draw_outline, roughen, with_islet

# The middle of the North Sea on the British National Grid, some 200 km from any land: the shape can be drawn and
# measured like a real council, and nobody can mistake it for one.
CRS = "EPSG:27700"
OPEN_SEA = (520_000.0, 790_000.0)
TOWN_AREA_KM2, VILLAGE_AREA_KM2 = 0.42, 1.1
CELLS_PER_AREA = 16
WIDEST_CELL_KM = 1.0

Array = NDArray[np.float64]
Labels = NDArray[np.intp]


@dataclass(frozen=True)
class Settlement:
    """A town or village: centre (km), radius (km), direction of its long axis, and its number of areas."""

    centre: tuple[float, float]
    radius: float
    axis: float
    areas: int

    @property
    def is_town(self) -> bool:
        return self.areas > 3

    def reach(self, points: Array) -> Array:
        """Distance of points from the centre in radii, longer along the axis and lobed; 1 is the edge."""
        across = points - np.array(self.centre)
        angle = np.arctan2(across[:, 1], across[:, 0]) - self.axis
        lobes = 1 + 0.16 * np.cos(2 * angle) + 0.10 * np.cos(3 * angle + self.axis * 5) + 0.06 * np.cos(5 * angle)
        return np.hypot(*across.T) / (self.radius * lobes)


def draw_coverage(areas: int, rng: np.random.Generator) -> tuple[gpd.GeoDataFrame, list[Settlement]]:
    """Draw the land and divide it into areas.

    Returns a GeoDataFrame (settlement: index or -1 for countryside; coast_km: length on the sea; geometry in
    metres, EPSG:27700) and the settlements. Raises UnfitDraw when the draw is not good enough to show.
    """
    size = float(np.sqrt(areas / 153))
    land, coast = draw_outline(size, rng)
    settlements = _settle(areas, land, coast, rng)
    seeds = _strew(land, settlements)
    seeds += rng.uniform(-0.42, 0.42, seeds.shape) * _spacing(seeds, settlements)[:, None]
    seeds = seeds[shapely.contains_xy(land, *seeds.T)]
    labels, settlement = _group(seeds, areas, settlements, rng)
    borders = _borders(seeds, labels, settlement, rng)
    shapes = _polygons(borders, land, seeds, labels, areas)
    _refuse_slivers(shapes)
    shore = shapely.buffer(coast, 0.02)
    coast_km = shapely.length(shapely.intersection(shapely.boundary(shapes), shore))
    shapes = with_islet(shapes, coast_km * (settlement < 0), coast, size, rng)
    # 0.1 m on the ground; snapping happened in km, so metres are exact tenths again after rounding.
    metres = shapely.transform(shapes, lambda xy: np.round(xy * 1000 + OPEN_SEA, 1))
    if not shapely.coverage_is_valid(metres) or not shapely.is_valid(metres).all():
        raise UnfitDraw("The areas do not fit together.")
    columns = {"settlement": settlement, "coast_km": coast_km}
    return gpd.GeoDataFrame(columns, geometry=metres, crs=CRS), settlements


def _settle(areas: int, land: shapely.Polygon, coast: shapely.LineString, rng: np.random.Generator) -> list[Settlement]:
    """Place towns (about two thirds of the areas) and villages, largest first, well apart; most lie on the coast."""
    placed: list[Settlement] = []
    for number, count in enumerate(_sizes(areas)):
        town = count > 3
        by_sea = number % 3 != 2 if town else rng.random() < 0.4
        radius = float(np.sqrt(count * (TOWN_AREA_KM2 if town else VILLAGE_AREA_KM2) / np.pi))
        radius *= 1.35 if by_sea else 1.0
        stretch = (0.18, 0.5) if number == 0 else (0.07, 0.93)
        spots = _coastal_spots(coast, stretch, radius, rng) if by_sea else _inland_spots(land, radius, rng)
        spots = spots[shapely.contains_xy(land, *spots[:, :2].T)]
        room = _room(spots, placed, radius)
        wanted = 2.5 if town else 1.5
        best = int(np.argmax(room > wanted)) if (room > wanted).any() else int(np.argmax(room))
        x, y, axis = (float(value) for value in spots[best])
        placed.append(Settlement((x, y), radius, axis, count))
    return placed


def _sizes(areas: int) -> list[int]:
    """Return the number of areas in each settlement, towns first; the remaining areas are countryside."""
    towns = max(2, round(areas / 40))
    shares = 1 / np.arange(1, towns + 1) ** 0.8
    town_sizes = np.maximum(4, np.round(areas * 0.66 * shares / shares.sum())).astype(int)
    left = round(areas * 0.14)
    villages: list[int] = []
    pattern = (2, 1, 1, 3, 1, 2)
    while left > 0:
        villages.append(min(pattern[len(villages) % len(pattern)], left))
        left -= villages[-1]
    return [*(int(count) for count in town_sizes), *villages]


def _coastal_spots(
    coast: shapely.LineString, stretch: tuple[float, float], radius: float, rng: np.random.Generator
) -> Array:
    """Draw places just inside a stretch of the coast: x, y and the direction of the shore."""
    at = coast.length * rng.uniform(*stretch, 300)
    step = max(radius, 0.8)
    here, north, south = (
        shapely.get_coordinates(shapely.line_interpolate_point(coast, at + by)) for by in (0.0, -step, step)
    )
    shore = np.arctan2(*(south - north)[:, ::-1].T)
    inward = np.column_stack([-np.sin(shore), np.cos(shore)])
    return np.column_stack([here + inward * radius * 0.45, shore])


def _inland_spots(land: shapely.Polygon, radius: float, rng: np.random.Generator) -> Array:
    """Draw places well away from the coast and the council's other limits: x, y and any direction."""
    left, bottom, right, top = land.bounds
    spots = rng.uniform((left, bottom, -np.pi), (right, top, np.pi), (600, 3))
    coarse = land.simplify(0.2)
    inside = spots[shapely.contains_xy(coarse, *spots[:, :2].T)]
    margin = shapely.distance(shapely.points(inside[:, :2]), coarse.exterior)
    return inside[margin > min(2 + radius, 0.8 * margin.max())]


def _room(spots: Array, placed: list[Settlement], radius: float) -> Array:
    """Return the distance (km) from the edge of a new settlement at each spot to the nearest one placed."""
    room = np.full(len(spots), np.inf)
    for other in placed:
        gap = np.hypot(*(spots[:, :2] - other.centre).T) - other.radius - radius
        room = np.minimum(room, gap)
    return room


def _spacing(points: Array, settlements: list[Settlement]) -> Array:
    """Return the distance (km) wanted between seeds: fine in settlements, growing steadily outside."""
    spacing = np.full(len(points), WIDEST_CELL_KM)
    for place in settlements:
        reach = place.reach(points)
        area = TOWN_AREA_KM2 if place.is_town else VILLAGE_AREA_KM2
        inner = np.sqrt(area / CELLS_PER_AREA) * (0.6 + 0.7 * np.minimum(reach, 1) ** 2)
        spacing = np.minimum(spacing, inner + 0.22 * place.radius * np.maximum(reach - 1, 0))
    return spacing


def _strew(land: shapely.Polygon, settlements: list[Settlement]) -> Array:
    """Return the centres of squares that were quartered until none is wider than the spacing wanted there."""
    left, bottom, right, top = land.bounds
    side = 4.0
    squares = np.stack(np.meshgrid(np.arange(left, right + side, side), np.arange(bottom, top + side, side)), axis=-1)
    squares, done = squares.reshape(-1, 2), []
    while len(squares):
        coarse = side > 1.35 * _spacing(squares, settlements)
        done.append(squares[~coarse])
        quarters = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]]) * side / 4
        squares, side = (squares[coarse][:, None] + quarters).reshape(-1, 2), side / 2
    return np.concatenate(done)


def _group(seeds: Array, areas: int, settlements: list[Settlement], rng: np.random.Generator) -> tuple[Labels, Labels]:
    """Group seeds into areas inside each settlement and in the countryside: area per seed, settlement per area."""
    labels = np.full(len(seeds), -1)
    settlement: list[int] = []
    for number, place in enumerate(settlements):
        reach = np.where(labels < 0, place.reach(seeds), np.inf)
        inside = np.flatnonzero(reach < 1)
        if len(inside) < 10 * place.areas:
            inside = np.argsort(reach, kind="stable")[: 10 * place.areas]
        labels[inside] = _means(seeds[inside], np.ones(len(inside)), place.areas, rng) + len(settlement)
        settlement += [number] * place.areas
    outside = np.flatnonzero(labels < 0)
    rural = areas - len(settlement)
    town_edge = _room(seeds[outside], [place for place in settlements if place.is_town], 0)
    weight = _spacing(seeds[outside], settlements) ** 1.5 * (0.12 + 1 / (1 + (np.maximum(town_edge, 0) / 3) ** 2))
    labels[outside] = _means(seeds[outside], weight, rural, rng) + len(settlement)
    return labels, np.array(settlement + [-1] * rural)


def _means(points: Array, weight: Array, count: int, rng: np.random.Generator) -> Labels:
    """Return the group (0..count-1) of each point by Lloyd's k-means from starts that lie far apart."""
    centres = points[[rng.integers(len(points))]]
    apart = np.hypot(*(points - centres[0]).T)
    while len(centres) < count:
        far = rng.choice(len(points), p=(chance := apart**2 * weight) / chance.sum())
        centres = np.vstack([centres, points[far]])
        apart = np.minimum(apart, np.hypot(*(points - points[far]).T))
    for _ in range(25):
        group = cKDTree(centres).query(points)[1]
        total = np.bincount(group, weight, count)
        moved = np.column_stack([np.bincount(group, weight * axis, count) for axis in points.T])
        centres = np.where(total[:, None] > 0, moved / np.maximum(total, 1e-12)[:, None], centres)
    return np.asarray(cKDTree(centres).query(points)[1])


def _borders(seeds: Array, labels: Labels, settlement: Labels, rng: np.random.Generator) -> Array:
    """Return the roughened Voronoi edges between seeds of different areas, as segments (n, 2, 2)."""
    middle, reach = seeds.mean(axis=0), 20 * np.ptp(seeds)
    frame = middle + reach * np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])
    cells = Voronoi(np.concatenate([seeds, frame]))
    pair = np.array(cells.ridge_points)
    ends = np.array(cells.ridge_vertices)
    known = (pair < len(seeds)).all(axis=1) & (ends >= 0).all(axis=1)
    pair, ends = pair[known], ends[known]
    between = labels[pair[:, 0]] != labels[pair[:, 1]]
    pair, segments = pair[between], cells.vertices[ends[between]]
    # In an order that does not depend on Qhull's, so that each edge always meets the same random numbers.
    order = np.lexsort(np.round(segments.mean(axis=1), 6).T)
    pair, segments = pair[order], segments[order]
    streets = (settlement[labels[pair]] >= 0).all(axis=1)
    return roughen(segments, np.where(streets, 0.07, 0.17), 0.28, rng)


def _polygons(borders: Array, land: shapely.Polygon, seeds: Array, labels: Labels, areas: int) -> NDArray[np.object_]:
    """Return one polygon per area: the faces cut from the land, fragments joined to the neighbour they border most."""
    inside = shapely.intersection(shapely.multilinestrings(shapely.linestrings(borders)), land)
    lines = shapely.union_all([inside, land.exterior], grid_size=GRID / 1000)
    faces = np.array(shapely.get_parts(shapely.polygonize(shapely.get_parts(lines))))
    seed, face = shapely.STRtree(faces).query(shapely.points(seeds), predicate="within")
    held = np.zeros((len(faces), areas))
    np.add.at(held, (face, labels[seed]), 1)
    main = held.argmax(axis=0)
    if len(np.unique(main)) < areas or (held.max(axis=0) == 0).any():
        raise UnfitDraw("An area was lost.")
    owner = np.full(len(faces), -1)
    owner[main] = np.arange(areas)
    _adopt(faces, owner)
    return np.array([shapely.coverage_union_all(faces[owner == area]).normalize() for area in range(areas)])


def _adopt(faces: NDArray[np.object_], owner: Labels) -> None:
    """Give each face without an owner that of the neighbour with the longest common border (in place)."""
    while (owner < 0).any():
        orphans = np.flatnonzero(owner < 0)
        number, other = shapely.STRtree(faces).query(faces[orphans], predicate="touches")
        child = orphans[number]
        shared = shapely.length(shapely.intersection(faces[child], faces[other])) * (owner[other] >= 0)
        if shared.max(initial=0) == 0:
            raise UnfitDraw("A fragment has no neighbour.")
        for at in np.argsort(shared, kind="stable"):
            if shared[at] > 0:
                owner[child[at]] = owner[other[at]]


def _refuse_slivers(shapes: NDArray[np.object_]) -> None:
    """Raise UnfitDraw if an area is in pieces, tiny, or too thin to click (km)."""
    area, length = shapely.area(shapes), shapely.length(shapes)
    whole = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    if not whole.all() or area.min() < 0.08 or (4 * np.pi * area / length**2).min() < 0.12:
        raise UnfitDraw("An area is a sliver.")
