"""A hex layout, and its drawing for a screen; quick to import, for pages that only show what was laid out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

CORNERS = ((0, -2), (1, -1), (1, 1), (0, 2), (-1, 1), (-1, -1))  # in half widths and quarter heights
FLATNESS = float(1 / np.sqrt(3))  # a quarter height over a half width

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class HexLayout:
    """A hexagon for every area, in the order given: axial coordinates, pointy-top, r growing southwards.

    adjacency_kept: share of the pairs of areas with a common border that lie side by side (1 where there is none).
    mean_displacement: in hexagon widths from the true centre, after the best scale and shift.
    connected: for each locality, whether its hexagons are one blob.
    apart_in_truth: the localities whose areas do not all touch on the ground.
    """

    codes: tuple[str, ...]
    q: tuple[int, ...]
    r: tuple[int, ...]
    groups: tuple[str | None, ...]
    adjacency_kept: float
    mean_displacement: float
    connected: dict[str, bool]
    apart_in_truth: tuple[str, ...]


def hex_paths(layout: HexLayout, width: int = 1000) -> dict[str, Any]:
    """SVG paths of the hexagons, and of each locality as the union of its own, in a screen of `width` units.

    Returns {"width", "height", "areas": [{"id", "path", "x", "y"}], "localities": [{"name", "path"}]}, as
    `drawing.outlines.screen_outlines` does for the true map; x, y is the hexagon's centre.
    """
    q, r = np.array(layout.q, dtype=np.int64), np.array(layout.r, dtype=np.int64)
    corners = _corners(q, r)
    across, down = corners.reshape(-1, 2).max(axis=0, initial=1)
    half_width = np.floor(100 * width / across) / 100  # whole hundredths, so that neighbours share their corners
    unit = np.array([half_width, np.round(half_width * FLATNESS, 2)])
    centres = np.round(corners.mean(axis=1) * unit, 2)
    areas = [
        {"id": code, "path": _path([ring], unit), "x": float(x), "y": float(y)}
        for code, ring, (x, y) in zip(layout.codes, corners, centres, strict=True)
    ]
    localities = [
        {"name": name, "path": _path(_union(corners, [group == name for group in layout.groups]), unit)}
        for name in sorted(layout.connected)
    ]
    return {"width": width, "height": int(np.ceil(down * unit[1])), "areas": areas, "localities": localities}


def _corners(q: Whole, r: Whole) -> Whole:
    """(n, 6, 2) corners in half widths and quarter heights, whole numbers from 0."""
    middle = np.column_stack([2 * q + r, 3 * r])
    corners = middle[:, None] + np.array(CORNERS)
    return corners - corners.min(axis=(0, 1)) if len(q) else corners


def _union(corners: Whole, members: Sequence[bool]) -> list[Whole]:
    """The rings round a locality's hexagons, in whole numbers."""
    import shapely

    shape = shapely.union_all(shapely.polygons(corners[np.array(members)].astype(float)))
    rings = shapely.get_rings(shapely.normalize(shape))
    return [np.round(shapely.get_coordinates(ring)[:-1]).astype(np.int64) for ring in rings]


def _path(rings: Sequence[Whole], unit: Floats) -> str:
    """SVG path data, relative to each point before it."""
    drawn = []
    for ring in rings:
        start, *steps = np.diff(ring, axis=0, prepend=0) * unit
        drawn.append("M" + _pair(start) + "l" + " ".join(map(_pair, steps)) + "z")
    return "".join(drawn)


def _pair(point: Floats) -> str:
    return f"{point[0]:.2f} {point[1]:.2f}".replace(".00", "")
