"""Positions for a map on which every area is equally large: a rubber sheet pulled until all areas are alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree
from scipy.spatial.distance import cdist

ROUNDS = 30  # real councils settle after about twenty
POINTS_PER_AREA = 15  # more border points cost time and move no centre by a visible amount
FINENESS = 0.25  # borders are first simplified to this share of a small area's width
DAMP_AT_MOST = 8.0  # the authors damp by the mean size error; rural against urban, that alone would stand still
SEA_GAP = 1.0  # hexagon-wide areas: how far from its nearest neighbour's centre an island is drawn

Floats = NDArray[np.float64]
Pairs = NDArray[np.int64]
Shapes = NDArray[np.object_]


def neighbour_pairs(shapes: Shapes) -> Pairs:
    """Return (m, 2) rising pairs of areas that share a length of border; touching in points is not enough."""
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    shared = shapely.length(shapely.intersection(shapes[first], shapes[second])) > 0
    pairs = np.column_stack([first[shared], second[shared]]).astype(np.int64)
    return pairs[np.lexsort(pairs.T[::-1])]


def equal_area_positions(shapes: Shapes) -> Floats:
    """Return (n, 2) centres of the areas after the map was stretched until each has an area of about 1.

    shapes: (n,) areas in a metric projected CRS; of an area in several parts the largest counts.
    Source: Dougenik, Chrisman and Niemeyer (1985), An algorithm to construct continuous area cartograms.
    """
    sheet = _Sheet(np.array([_largest_part(shape) for shape in shapes], dtype=object))
    points = sheet.points - sheet.points.mean(axis=0)
    for _ in range(ROUNDS):
        areas, centres = sheet.measure(points)
        scale = 1 / np.sqrt(areas.mean())
        points = _pushed(points * scale, centres * scale, areas * scale**2)
    areas, centres = sheet.measure(points)
    return centres / np.sqrt(areas.mean())


def sea_links(points: Floats, pairs: Pairs) -> Pairs:
    """Return the (k, 2) shortest links between centres that make one piece of areas that do not all touch."""
    n = len(points)
    piece = pieces_of(n, pairs)
    if not piece.any():
        return np.empty((0, 2), dtype=np.int64)
    distance = 1 + cdist(points, points)  # only their order matters to the tree, and 0 would mean no link
    distance[piece[:, None] == piece[None]] = 0.5  # within a piece all are at hand
    tree = minimum_spanning_tree(distance).tocoo()
    links = np.sort(np.column_stack([tree.row, tree.col]).astype(np.int64), axis=1)
    links = links[piece[links[:, 0]] != piece[links[:, 1]]]
    return links[np.lexsort(links.T[::-1])]


def drawn_together(points: Floats, pairs: Pairs, links: Pairs) -> Floats:
    """Return the points with every island moved, as a whole, along its sea link until it is at hand."""
    piece = pieces_of(len(points), pairs)
    between = _graph(int(piece.max()) + 1, piece[links])
    mainland = int(np.argmax(np.bincount(piece)))
    order, parent = breadth_first_order(between, mainland, directed=False)
    moved = points.copy()
    for island in order[1:]:
        ends = next(link for link in links if set(piece[link]) == {island, parent[island]})
        coast, shore = ends if piece[ends[1]] == island else ends[::-1]
        gap = moved[shore] - moved[coast]
        width = float(np.hypot(*gap))
        if width > SEA_GAP:
            moved[piece == island] -= gap * (1 - SEA_GAP / width)
    return moved


def pieces_of(n: int, pairs: Pairs) -> NDArray[np.int64]:
    """Return for each of n areas the number, from 0, of the connected piece that it belongs to."""
    return connected_components(_graph(n, pairs), directed=False)[1].astype(np.int64)


def _graph(n: int, pairs: Pairs) -> Any:
    return coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n))


def _largest_part(shape: Any) -> Any:
    parts = shapely.get_parts(shapely.get_parts(shape))
    return max((part for part in parts if part.geom_type == "Polygon"), key=lambda part: part.area)


class _Sheet:
    """All border points once, and which of them make up each area's rings."""

    def __init__(self, polygons: Shapes) -> None:
        drawn = shapely.orient_polygons(_simplified(polygons))
        rings, ring_owner = shapely.get_rings(drawn, return_index=True)
        corners, ring = shapely.get_coordinates(rings, return_index=True)
        closing = np.append(ring[1:] != ring[:-1], True)  # the last point of a ring repeats its first
        self.points, corner = np.unique(corners, axis=0, return_inverse=True)
        corner = corner.ravel()
        self.tail, self.head = corner[:-1][~closing[:-1]], corner[1:][~closing[:-1]]
        self.owner = ring_owner[ring[:-1][~closing[:-1]]]
        self.n = len(polygons)

    def measure(self, points: Floats) -> tuple[Floats, Floats]:
        """Return each area's size, (n,) above 0, and its centre, (n, 2)."""
        tail, head = points[self.tail], points[self.head]
        cross = tail[:, 0] * head[:, 1] - tail[:, 1] * head[:, 0]
        twice = self._sum(cross)
        crushed = twice < 1e-6 * np.abs(twice).mean()  # folded over: the mean of its corners is centre enough
        corners = np.column_stack([self._sum(tail[:, k]) for k in (0, 1)]) / self._sum(np.ones(len(tail)))[:, None]
        moments = np.column_stack([self._sum((tail + head)[:, k] * cross) for k in (0, 1)])
        centroid = moments / np.where(crushed, 1, 3 * twice)[:, None]
        size = np.maximum(np.abs(twice), 1e-6 * np.abs(twice).mean()) / 2
        return size, np.where(crushed[:, None], corners, centroid)

    def _sum(self, values: Floats) -> Floats:
        return np.bincount(self.owner, values, self.n).astype(float)


def _simplified(polygons: Shapes) -> Shapes:
    """Shared borders with few points, still shared."""
    tolerance = FINENESS * np.sqrt(np.quantile(shapely.area(polygons), 0.1))
    for _ in range(8):
        drawn = shapely.coverage_simplify(polygons, tolerance)
        if shapely.get_num_coordinates(drawn).sum() <= POINTS_PER_AREA * len(polygons):
            break
        tolerance *= 2
    return drawn


def _pushed(points: Floats, centres: Floats, areas: Floats) -> Floats:
    """Move border points once: areas under 1 push outwards, areas above 1 pull inwards."""
    radius = np.sqrt(areas / np.pi)
    mass = np.sqrt(1 / np.pi) - radius
    damping = 1 / (1 + min(float(np.maximum(areas, 1 / areas).mean()), DAMP_AT_MOST))
    moved = np.empty_like(points)
    for start in range(0, len(points), 2048):
        some = points[start : start + 2048]
        distance = cdist(some, centres) + 1e-12
        reach = distance / radius
        near = np.minimum(reach, 1)
        force = mass / distance * np.where(reach > 1, 1 / reach, near * near * (4 - 3 * near))
        push = some * force.sum(axis=1)[:, None] - force @ centres
        moved[start : start + 2048] = some + damping * push
    return moved
