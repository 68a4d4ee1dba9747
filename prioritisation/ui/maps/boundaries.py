"""Boundaries of the areas on screen, read once per release: outlines for screens, and shapes for a free map.

GeoParquet is read without geopandas, whose import alone would delay the first map.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from prioritisation.drawing.shapes import read_shapes
from prioritisation.hexes.drawing import hex_paths
from prioritisation.hexes.files import hex_file, read_hexes
from prioritisation.ui.session import View

FREE_MAP_TOLERANCE_METRES = 15.0
DEGREE_DECIMALS = 5


def outlines(view: View) -> dict[str, Any] | None:
    """Return screen paths of the areas and localities on screen; None when the release has no boundaries."""
    if view.store.boundaries is None:
        return None
    return _outlines(str(view.store.boundaries), view.release_key, view.council, view.areas)


def hexagons(view: View) -> dict[str, Any] | None:
    """Return screen paths of the hexagon map of the areas on screen; None while there is no layout of them."""
    if view.store.boundaries is None or view.council is not None:
        return None
    path = hex_file(view.store.boundaries)
    return _hexagons(str(path)) if path.is_file() else None


@st.cache_resource(max_entries=4, show_spinner=False)
def _hexagons(path: str) -> dict[str, Any] | None:
    layout = read_hexes(Path(path))
    return None if layout is None else hex_paths(layout)


def features(view: View) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return GeoJSON features in longitude and latitude: areas with a boundary (properties: id), and localities."""
    if view.store.boundaries is None:
        return [], []
    return _features(str(view.store.boundaries), view.release_key, view.council, view.areas)


@st.cache_resource(max_entries=4, show_spinner=False)
def _outlines(path: str, release: str, council: str | None, _areas: Any) -> dict[str, Any]:
    from prioritisation.drawing.outlines import screen_outlines

    shapes, _ = read_shapes(Path(path), list(_areas.index))
    localities = [name if isinstance(name, str) else None for name in _areas["locality"]]
    return screen_outlines(shapes, list(_areas.index), localities)


@st.cache_resource(max_entries=4, show_spinner=False)
def _features(
    path: str, release: str, council: str | None, _areas: Any
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    import shapely
    from pyproj import Transformer

    shapes, crs = read_shapes(Path(path), list(_areas.index))
    turned = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)

    def on_globe(points: Any) -> Any:
        return np.round(np.column_stack(turned.transform(points[:, 0], points[:, 1])), DEGREE_DECIMALS)

    present = [(code, shape) for code, shape in zip(_areas.index, shapes, strict=True) if shape is not None]
    simple = shapely.coverage_simplify([shape for _, shape in present], FREE_MAP_TOLERANCE_METRES)
    places = _areas.loc[[code for code, _ in present], "locality"]
    merged = {name: shapely.union_all(simple[(places == name).to_numpy()]) for name in places.dropna().unique()}

    def feature(name: str, shape: Any) -> dict[str, Any]:
        drawn = json.loads(shapely.to_geojson(shapely.transform(shape, on_globe)))
        return {"type": "Feature", "properties": {"id": name}, "geometry": drawn}

    areas = [feature(code, shape) for (code, _), shape in zip(present, simple, strict=True)]
    return areas, [feature(name, shape) for name, shape in merged.items()]
