"""An invented coast: the outline of the land, its bays and headlands, and an island, in km."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

GRID = 0.1
"""Metres; every vertex lies on this grid."""

Array = NDArray[np.float64]


class UnfitDraw(Exception):
    """This draw of random numbers gave a map with a sliver or a lost area; the next one is tried."""


def draw_outline(size: float, rng: np.random.Generator) -> tuple[shapely.Polygon, shapely.LineString]:
    """Return the land (km) and its western coast, north to south: bays and headlands, one broad bay in the north."""
    height, width = 43 * size, 29 * size
    down = np.linspace(0, 1, 15)
    bay = 6.5 * np.exp(-(((down - rng.uniform(0.24, 0.38)) / 0.15) ** 2))
    cove = 3.5 * np.exp(-(((down - rng.uniform(0.62, 0.85)) / 0.09) ** 2))
    slant = -6 * down + rng.uniform(-1, 1) * np.sin(2 * np.pi * down)
    west = np.column_stack([(8 + slant + bay + cove + rng.normal(0, 1.0, 15)) * size, height * (1 - down)])
    west[1:-1, 1] += rng.normal(0, 0.6 * size, 13)
    south = np.array([[0.22, -0.03], [0.45, -0.10], [0.68, -0.02], [0.86, 0.05]]) * (width, height)
    east = np.array([[0.99, 0.20], [0.94, 0.40], [1.04, 0.58], [0.98, 0.76]]) * (width, height)
    north = np.array([[0.90, 0.93], [0.70, 1.02], [0.52, 0.98]]) * (width, height)
    inland = np.concatenate([south, east, north]) + rng.normal(0, 1.7 * size, (11, 2))
    sea = roughen(chain(west), 0.24, 0.16, rng)
    border = roughen(chain(np.concatenate([west[-1:], inland, west[:1]])), 0.17, 0.4, rng)
    whole = shapely.make_valid(shapely.Polygon(np.concatenate([sea[:, 0], border[:, 0]])))
    solid = max(shapely.get_parts(whole), key=shapely.area)
    # Opening and closing by 100 m takes away spits and creeks too narrow to show.
    smooth = solid.buffer(-0.1, join_style="mitre").buffer(0.2, join_style="mitre").buffer(-0.1, join_style="mitre")
    land = shapely.simplify(shapely.Polygon(max(shapely.get_parts(smooth), key=shapely.area).exterior), 0.012)
    return shapely.set_precision(land, GRID / 1000), shapely.LineString(np.concatenate([sea[:, 0], sea[-1:, 1]]))


def with_islet(
    shapes: NDArray[np.object_], coast_km: Array, coast: shapely.LineString, size: float, rng: np.random.Generator
) -> NDArray[np.object_]:
    """Put an island out at sea and count it, as councils do, to the countryside on the nearest shore."""
    angle = np.linspace(0, 2 * np.pi, 8)[:-1]
    ring = 0.75 * rng.uniform(0.7, 1.25, 7)[:, None] * np.column_stack([np.cos(angle) * 0.8, np.sin(angle)])
    shore = shapely.get_coordinates(shapely.line_interpolate_point(coast, rng.uniform(0.55, 0.75), normalized=True))
    middle = shore - np.array([4.5 * np.sqrt(size), 0])
    edge = roughen(chain(np.vstack([ring, ring[:1]]) + middle), 0.16, 0.2, rng)
    islet = shapely.set_precision(shapely.make_valid(shapely.Polygon(edge[:, 0])), GRID / 1000)
    away = np.where(coast_km > 0.5, shapely.distance(shapes, islet), np.inf)
    if islet.geom_type != "Polygon" or away.min() < 1.5:
        raise UnfitDraw("The island touches the coast.")
    nearest = int(away.argmin())
    joined = shapes.copy()
    joined[nearest] = shapely.MultiPolygon([shapes[nearest], islet])
    return joined


def roughen(segments: Array, roughness: Array | float, longest: float, rng: np.random.Generator) -> Array:
    """Displace the midpoints of segments (n, 2, 2), again and again until none is longer than `longest`."""
    rough = np.broadcast_to(np.asarray(roughness, dtype=float), len(segments)).copy()
    for _ in range(12):
        along = segments[:, 1] - segments[:, 0]
        split = np.hypot(*along.T) > longest
        if not split.any():
            break
        push = np.clip(rng.normal(size=len(segments)), -1.8, 1.8) * rough * split
        middle = segments.mean(axis=1) + push[:, None] * along[:, ::-1] * (-1, 1)
        halves = np.stack([segments[:, 0], middle, middle, segments[:, 1]], axis=1).reshape(-1, 2, 2)
        whole = np.stack([segments, segments], axis=1).reshape(-1, 2, 2)
        keep = np.stack([np.ones_like(split), split], axis=1).ravel()
        segments = np.where(np.repeat(split, 2)[:, None, None], halves, whole)[keep]
        rough = np.repeat(rough, 2)[keep]
    return segments


def chain(points: Array) -> Array:
    return np.stack([points[:-1], points[1:]], axis=1)
