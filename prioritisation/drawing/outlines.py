"""Screen paths of areas and localities: what the browser needs to draw a map, computed once per boundary set."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

FINENESS = 10  # path coordinates are whole tenths of a screen unit, so neighbours keep exactly shared borders
SIMPLIFY_TO = 0.3  # screen units: borders may move by about this much
DROP_UNDER = 1.0  # square screen units: smaller islands are not drawn, unless they are all there is

Geometries = NDArray[np.object_]


def screen_outlines(
    geometry: ArrayLike,
    codes: Sequence[str],
    groups: Sequence[str | None] | None = None,
    width: int = 1000,
) -> dict[str, Any]:
    """SVG paths of all areas, and of each locality as the union of its areas, in one screen of `width` units.

    geometry: (n,) polygons in a projected CRS, forming a coverage (shared borders); codes: (n,) ids;
    groups: (n,) locality names, None where an area has none.
    Returns {"hash", "width", "height", "areas": [{"id", "path"}], "localities": [{"name", "path"}]};
    an area without geometry has the path "".
    """
    shapes = np.asarray(geometry, dtype=object)
    screen, height = _on_screen(shapes, width)
    drawn = shapely.coverage_simplify(screen, SIMPLIFY_TO)
    areas = [{"id": str(code), "path": _path(shape)} for code, shape in zip(codes, drawn, strict=True)]
    names = [] if groups is None else sorted({name for name in groups if name})
    localities = [{"name": name, "path": _path(_union(drawn, groups, name))} for name in names]
    outlines = {"width": width, "height": height, "areas": areas, "localities": localities}
    return {"hash": _fingerprint(outlines), **outlines}


def _on_screen(shapes: Geometries, width: int) -> tuple[Geometries, int]:
    """Scaled to `width` with y pointing down, and the height that this needs."""
    left, bottom, right, top = shapely.total_bounds(shapes)
    scale = width / max(right - left, np.finfo(float).tiny)
    moved = shapely.transform(shapes, lambda xy: (xy - (left, top)) * (scale, -scale))
    polygonal = [_polygons(shape) for shape in moved]
    return np.array(polygonal, dtype=object), int(np.ceil((top - bottom) * scale))


def _polygons(shape: Any) -> Any:
    """Only the polygons of a shape: repaired boundaries may carry stray lines."""
    if shape is None or shape.is_empty:
        return shapely.MultiPolygon()
    parts = shapely.get_parts(shapely.get_parts(shape))
    flat = [part for part in parts if part.geom_type == "Polygon"]
    return flat[0] if len(flat) == 1 else shapely.MultiPolygon(flat)


def _union(drawn: Geometries, groups: Sequence[str | None] | None, name: str) -> Any:
    members = [shape for shape, group in zip(drawn, groups or (), strict=True) if group == name]
    return shapely.union_all(members)


def _path(shape: Any) -> str:
    """SVG path data, relative to each point before it, in tenths; small islands dropped."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and not part.is_empty]
    if not parts:
        return ""
    largest = max(part.area for part in parts)
    shown = [part for part in parts if part.area >= min(DROP_UNDER, largest)]
    rings = [_ring(ring) for part in shown for ring in (part.exterior, *part.interiors)]
    return "".join(rings) or _speck(parts[0])


def _ring(ring: Any) -> str:
    points = np.round(shapely.get_coordinates(ring)[:-1] * FINENESS).astype(np.int64)
    steps = np.diff(points, axis=0)
    steps = steps[np.any(steps != 0, axis=1)]
    if len(steps) < 2:
        return ""
    start = f"M{_number(points[0, 0])}{_joined(points[0, 1])}"
    return start + "l" + "".join(_pair(dx, dy, first=i == 0) for i, (dx, dy) in enumerate(steps)) + "z"


def _speck(part: Any) -> str:
    """One tenth of a unit: an area too small to draw still has a place on the map."""
    x, y = np.round(np.array(part.representative_point().coords[0]) * FINENESS).astype(np.int64)
    return f"M{_number(x)}{_joined(y)}h.1v.1h-.1z"


def _pair(dx: int, dy: int, *, first: bool) -> str:
    return (_number(dx) if first else _joined(dx)) + _joined(dy)


def _joined(tenths: int) -> str:
    """A number after another one: a minus sign already keeps the two apart."""
    text = _number(tenths)
    return text if text.startswith("-") else f" {text}"


def _number(tenths: int) -> str:
    """Shortest spelling: 12 is "1.2", -3 is "-.3", 40 is "4"."""
    whole, rest = divmod(abs(int(tenths)), FINENESS)
    sign = "-" if tenths < 0 else ""
    if not rest:
        return f"{sign}{whole}" if whole else "0"
    return f"{sign}{whole or ''}.{rest}"


def _fingerprint(outlines: dict[str, Any]) -> str:
    spelled = json.dumps(outlines, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(spelled.encode()).hexdigest()[:16]
