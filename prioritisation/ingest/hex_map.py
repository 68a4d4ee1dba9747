"""The hexagon map of a release, made once per boundary set, after publishing and in the background."""

from __future__ import annotations

import subprocess
import sys

import geopandas as gpd

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.hexes.drawing import HexLayout
from prioritisation.hexes.files import hex_file, read_hexes, write_hexes
from prioritisation.hexes.layout import hex_layout
from prioritisation.store import open_store

MOST_AREAS = 1_000
_APART = {"creationflags": 0x00000208} if sys.platform == "win32" else {"start_new_session": True}


def make_hex_map(folder: DataFolder) -> HexLayout:
    """Return the hex layout of the current release; make and keep it when it is not there yet.

    UserError: no release, no boundaries, or more areas than a hexagon map can show.
    """
    with open_store(folder) as store:
        boundaries = store.boundaries
        count = len(store.areas())
    if boundaries is None or count > MOST_AREAS:
        found = "has no boundaries" if boundaries is None else f"has {count:,} areas, more than {MOST_AREAS:,}"
        raise UserError(
            f"The current release {found}.",
            not_done="No hexagon map was made; everything else works without it.",
            remedy="Import boundaries with one council's areas.",
        )
    kept = read_hexes(hex_file(boundaries))
    if kept is not None:
        return kept
    areas = gpd.read_parquet(boundaries)
    layout = hex_layout(areas.geometry.to_list(), areas["area_code"].to_list(), areas["locality"].to_list())
    write_hexes(layout, hex_file(boundaries))
    return layout


def start_hex_map(folder: DataFolder) -> None:
    """Make the hex layout of the current release in a process of its own, which outlives this one."""
    command = [sys.executable, "-m", "prioritisation", "hexes", "--data", str(folder.root)]
    nowhere = subprocess.DEVNULL
    subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, **_APART)  # noqa: S603 - our own command
