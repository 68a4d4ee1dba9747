"""The areas of a pack as maps: GeoJSON for the web, GeoPackage for GIS; the same bytes whenever they are written."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import pandas as pd

from prioritisation.errors import UserError
from prioritisation.pack.content import Content
from prioritisation.pack.lists import shortlist_table
from prioritisation.patch.recorded import RecordedPatch

ATTRIBUTES = (
    "id",
    "name",
    "locality",
    "population",
    "rank",
    "score",
    "status",
    "computed_list",
    "agreed_position",
    "agreed_mark",
    "patch",
    "stability",
    "decision",
    "state",
    "scenario",
    "release",
    "note",
)
GEOJSON_TOLERANCE_METRES = 5.0
DEGREE_DECIMALS = 6
_ONE_AT_A_TIME = Lock()  # GDAL's date is a setting of the whole process


def place_files(content: Content) -> dict[str, bytes]:
    """Return areas.geojson (longitude and latitude) and areas.gpkg (as published); none without boundaries."""
    if content.boundaries is None:
        return {}
    areas = _areas(content, content.boundaries)
    return {"areas.geojson": _geojson(content, areas), "areas.gpkg": _geopackage(content, areas)}


def _areas(content: Content, boundaries: Path) -> Any:
    """Return a GeoDataFrame of the areas that have a boundary, by rank, with the attributes."""
    import geopandas

    try:
        shapes = geopandas.read_parquet(boundaries)[["area_code", "geometry"]]
    except (OSError, ValueError, KeyError) as fault:
        raise UserError(
            f"The boundaries of this release, {boundaries.name}, cannot be read ({type(fault).__name__}).",
            not_done="No pack was made.",
            remedy="Import the data again, or put the file back.",
        ) from fault
    table = shortlist_table(content)[list(ATTRIBUTES)]
    joined = shapes.merge(table, left_on="area_code", right_on="id").drop(columns="area_code")
    joined = joined.sort_values(["rank", "id"], na_position="last", kind="stable", ignore_index=True)
    return joined[[*ATTRIBUTES, "geometry"]]


def _localities(areas: Any) -> Any:
    """Return a shape per locality with its areas, residents and how many are on either list."""
    counted = areas.assign(
        areas=1,
        on_computed_list=areas["computed_list"].eq("yes").astype(int),
        on_agreed_list=areas["agreed_position"].notna().astype(int),
        in_patch=areas["patch"].eq("yes").astype(int),
    )
    same = dict.fromkeys(("decision", "state", "scenario", "release", "note"), "first")
    sums = dict.fromkeys(("areas", "population", "on_computed_list", "on_agreed_list", "in_patch"), "sum")
    kept = counted[["locality", *sums, *same, "geometry"]]
    return kept.dissolve(by="locality", aggfunc={**sums, **same}).reset_index()


def _patch(found: RecordedPatch, areas: Any) -> Any:
    """Return the patch as one shape, with what it holds and what was told of it."""
    inside = areas[areas["patch"] == "yes"]
    same = inside[["decision", "state", "scenario", "release", "note"]].iloc[0]
    told = {"areas": len(inside), "people": found.people, "chosen_by": found.objective, "share_held": found.share_held}
    told |= {"said": " ".join(found.sentences), **same}
    whole = inside.geometry.union_all()
    return inside.iloc[[0]][["geometry"]].set_geometry([whole], crs=areas.crs).assign(**told).reset_index(drop=True)


def _geojson(content: Content, areas: Any) -> bytes:
    import numpy as np
    import shapely

    simple = areas.set_geometry(shapely.coverage_simplify(areas.geometry.to_numpy(), _tolerance(areas)), crs=areas.crs)
    turned = simple.to_crs("OGC:CRS84").geometry.to_numpy()
    rounded = shapely.transform(turned, lambda points: np.round(points, DEGREE_DECIMALS))
    rows = areas[list(ATTRIBUTES)].to_dict("records")
    features = [
        {"type": "Feature", "id": row["id"], "properties": _plain(row), "geometry": json.loads(drawn)}
        for row, drawn in zip(rows, shapely.to_geojson(rounded), strict=True)
    ]
    said = {"title": content.title, "state": content.state, "note": content.note, "sources": _sources(content)}
    return json.dumps({"type": "FeatureCollection", **said, "features": features}, ensure_ascii=False).encode()


def _geopackage(content: Content, areas: Any) -> bytes:
    with tempfile.TemporaryDirectory() as folder, _dated(content.dated.strftime("%Y-%m-%dT%H:%M:%SZ")):
        path = Path(folder) / "areas.gpkg"
        described = {"DESCRIPTION": " ".join(part for part in (content.title, content.state, content.note) if part)}
        layers = {"areas": areas, "localities": _localities(areas)}
        if content.patch is not None and areas["patch"].eq("yes").any():
            layers["patch"] = _patch(content.patch, areas)
        for layer, table in layers.items():
            table.to_file(path, layer=layer, driver="GPKG", engine="pyogrio", promote_to_multi=True, **described)
        return path.read_bytes()


@contextmanager
def _dated(moment: str) -> Iterator[None]:
    """Let GDAL write this date into files instead of today's."""
    import pyogrio

    with _ONE_AT_A_TIME:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": moment})
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _tolerance(areas: Any) -> float:
    return GEOJSON_TOLERANCE_METRES if areas.crs is not None and areas.crs.is_projected else 0.0


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: None if pd.isna(value) else value for name, value in row.items()}


def _sources(content: Content) -> list[str]:
    return [str(line) for line in dict.fromkeys(content.sources["attribution"])]
