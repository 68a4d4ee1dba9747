"""Boundaries of the areas on screen, read once per release: outlines for screens, and shapes for a free map.

GeoParquet is read without geopandas, whose import alone would delay the first map.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from prioritisation.errors import UserError
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
    from prioritisation.ui.outlines import screen_outlines

    shapes, _ = _shapes(Path(path), list(_areas.index))
    localities = [name if isinstance(name, str) else None for name in _areas["locality"]]
    return screen_outlines(shapes, list(_areas.index), localities)


@st.cache_resource(max_entries=4, show_spinner=False)
def _features(
    path: str, release: str, council: str | None, _areas: Any
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    import shapely
    from pyproj import Transformer

    shapes, crs = _shapes(Path(path), list(_areas.index))
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


def _shapes(path: Path, codes: Sequence[str]) -> tuple[np.ndarray, Any]:
    """Return shapes in the order of the codes (None where there is none) and the file's coordinate system."""
    import pyarrow.parquet as parquet
    import shapely

    try:
        table = parquet.read_table(path)
        described = json.loads(table.schema.metadata[b"geo"])
        column = described["primary_column"]
        crs = described["columns"][column].get("crs", "OGC:CRS84")
        wkb = table[column].to_numpy(zero_copy_only=False)
        known = dict(zip(table["area_code"].to_pylist(), shapely.from_wkb(wkb), strict=True))
    except (OSError, KeyError, ValueError, TypeError, shapely.GEOSException) as fault:
        raise UserError(
            f"The boundaries of this release, {path.name}, cannot be read ({type(fault).__name__}).",
            not_done="No map was drawn, and nothing was changed.",
            remedy="Import the data again, or run `prioritisation rollback` for the release before it.",
        ) from fault
    found = np.array([known.get(code) for code in codes], dtype=object)
    return found, json.dumps(crs) if isinstance(crs, dict) else crs
