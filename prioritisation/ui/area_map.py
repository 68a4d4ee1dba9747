"""The map for exploring, drawn by the browser as SVG: it needs no graphics card, and shows before anything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from prioritisation.ui.colours import Palette

_FOLDER = Path(__file__).parent
_outlines = st.components.v2.component(
    "prioritisation_outlines", js=(_FOLDER / "outlines.js").read_text(encoding="utf-8")
)
_map = st.components.v2.component(
    "prioritisation_area_map",
    js=(_FOLDER / "map.js").read_text(encoding="utf-8"),
    css=(_FOLDER / "map.css").read_text(encoding="utf-8"),
)


def area_map(
    outlines: Mapping[str, Any],
    *,
    looks: list[int | str],
    names: list[str],
    places: list[str | None],
    values: list[str],
    selected: int,
    locality: str | None,
    label: str,
    colours: Palette,
    key: str,
    on_area_change: Callable[[], None],
) -> Any:
    """Show the map; the result's `.area` is the id of an area just clicked.

    outlines: from `outlines.screen_outlines`, unchanged from run to run. The lists follow its areas: looks is a
    class from 1 to 5, or "zero", "suppressed", "missing"; selected is a position, or -1; label is spoken.
    """
    _outlines(key=f"{key}-outlines", data=dict(outlines))
    return _map(
        key=key,
        data={
            "geometry": outlines["hash"],
            "looks": looks,
            "names": names,
            "places": places,
            "values": values,
            "selected": selected,
            "locality": locality,
            "label": label,
            "colours": colours._asdict(),
        },
        on_area_change=on_area_change,
    )
