"""Boundaries as shapes, read without geopandas, whose import alone would delay the first map."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prioritisation.errors import UserError


def read_shapes(path: Path, codes: Sequence[str]) -> tuple[NDArray[np.object_], Any]:
    """Return shapes in the order of the codes (None where there is none) and the file's coordinate system.

    path: GeoParquet with area_code. UserError: it cannot be read.
    """
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
