"""Patches as files to take along: areas as CSV, outlines as GeoJSON, each saying what it was made from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from prioritisation.drawing.shapes import read_shapes
from prioritisation.pack import csv_bytes
from prioritisation.patch.rollout import Part
from prioritisation.patch.sentences import rollout_sentence
from prioritisation.prioritise import Prioritisation

TOLERANCE_METRES, DEGREE_DECIMALS = 5.0, 6
PATCH, AREA = "patch", "area"


def one_patch(rows: pd.DataFrame, name: str = "Patch") -> pd.DataFrame:
    """Return the areas of a patch as `areas_csv` and `outlines_geojson` take them. rows: from `patches.area_rows`."""
    return rows.assign(patch=1, patch_name=name)


def many_patches(rows: Sequence[pd.DataFrame], parts: Sequence[Part]) -> pd.DataFrame:
    """Return the areas of a division, each with the number and the name of its patch and the reason for its place."""
    told = [
        each.assign(patch=part.number, patch_name=part.name, reason=rollout_sentence(part))
        for each, part in zip(rows, parts, strict=True)
    ]
    return pd.concat(told, ignore_index=True)


def areas_csv(ranking: Prioritisation, areas: pd.DataFrame, said: str) -> bytes:
    """Return a row for each area: patch, patch_name, then as `area_rows`, what was said, and what it was made from."""
    first = ["patch", "patch_name"]
    ordered = areas[[*first, *(name for name in areas if name not in first)]]
    return csv_bytes(ordered.assign(said=said, **ranking.stamp()))


def outlines_geojson(
    ranking: Prioritisation, boundaries: Path, areas: pd.DataFrame, said: str, sources: Sequence[str]
) -> bytes:
    """Return each patch as one shape, then each of its areas (property `kind`), in longitude and latitude.

    UserError: the boundaries cannot be read.
    """
    shapes = _shapes(boundaries, list(areas["id"]))
    features = [
        _feature(PATCH, number, _whole(own), shapely.union_all([shapes[code] for code in own["id"] if code in shapes]))
        for number, own in areas.groupby("patch")
    ]
    features += [
        _feature(AREA, row["id"], row, shapes[row["id"]]) for row in areas.to_dict("records") if row["id"] in shapes
    ]
    about = {**ranking.stamp(), "said": said, "sources": list(sources)}
    return json.dumps({"type": "FeatureCollection", **about, "features": features}, ensure_ascii=False).encode()


def _whole(own: pd.DataFrame) -> dict[str, Any]:
    """Return what is said of one patch as a whole."""
    first = own.iloc[0]
    reason = {"reason": first["reason"]} if "reason" in own else {}
    return {
        "patch": int(first["patch"]),
        "patch_name": first["patch_name"],
        "areas": len(own),
        "people": int(own["people"].sum()),
        "holds": float(own["holds"].sum()),
        **reason,
    }


def _feature(kind: str, name: object, properties: Any, shape: Any) -> dict[str, Any]:
    plain = {str(key): None if pd.isna(value) else _number(value) for key, value in properties.items()}
    return {
        "type": "Feature",
        "id": f"{kind}-{name}",
        "properties": {"kind": kind, **plain},
        "geometry": json.loads(shapely.to_geojson(shape)),
    }


def _number(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _shapes(boundaries: Path, codes: Sequence[str]) -> dict[str, Any]:
    """Return simplified shapes in longitude and latitude by code; neighbours keep their common borders."""
    from pyproj import CRS, Transformer

    read, crs = read_shapes(boundaries, codes)
    present = [(code, shape) for code, shape in zip(codes, read, strict=True) if shape is not None]
    tolerance = TOLERANCE_METRES if CRS(crs).is_projected else 0.0
    simple = shapely.coverage_simplify([shape for _, shape in present], tolerance)
    turn = Transformer.from_crs(crs, "OGC:CRS84", always_xy=True)

    def on_globe(points: Any) -> Any:
        return np.round(np.column_stack(turn.transform(points[:, 0], points[:, 1])), DEGREE_DECIMALS)

    turned = shapely.transform(simple, on_globe)
    return {code: shape for (code, _), shape in zip(present, turned, strict=True)}
