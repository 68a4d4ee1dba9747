"""Hex layouts as files beside the boundaries they belong to: one Parquet table, quality in its metadata."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from prioritisation.hexes.drawing import HexLayout

_QUALITY = b"hexes"


def hex_file(boundaries: Path) -> Path:
    """Return where the layout of these boundaries is kept: same folder, same hash in the name."""
    return boundaries.with_name(boundaries.name.replace("areas-", "hexes-", 1))


def write_hexes(layout: HexLayout, path: Path) -> None:
    """Write a layout, whole or not at all."""
    quality = {
        "adjacency_kept": layout.adjacency_kept,
        "mean_displacement": layout.mean_displacement,
        "connected": layout.connected,
        "apart_in_truth": layout.apart_in_truth,
    }
    columns = {"area_code": layout.codes, "locality": layout.groups, "q": layout.q, "r": layout.r}
    table = pa.table({name: list(column) for name, column in columns.items()})
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    pq.write_table(table.replace_schema_metadata({_QUALITY: json.dumps(quality).encode()}), aside)
    aside.replace(path)


def read_hexes(path: Path) -> HexLayout | None:
    """Return the layout, or None while it has not been made (or cannot be read: it can be made again)."""
    try:
        table = pq.read_table(path)
        quality = json.loads(table.schema.metadata[_QUALITY])
        return HexLayout(
            codes=tuple(table["area_code"].to_pylist()),
            q=tuple(table["q"].to_pylist()),
            r=tuple(table["r"].to_pylist()),
            groups=tuple(table["locality"].to_pylist()),
            adjacency_kept=quality["adjacency_kept"],
            mean_displacement=quality["mean_displacement"],
            connected=quality["connected"],
            apart_in_truth=tuple(quality["apart_in_truth"]),
        )
    except (OSError, KeyError, TypeError, ValueError):
        return None
