"""The map for exploring, drawn by the browser as SVG: it needs no graphics card, and shows before anything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from prioritisation.ui.browser import image_script, image_style, source
from prioritisation.ui.colours import Palette, on_paper
from prioritisation.ui.image import About

_outlines = st.components.v2.component("prioritisation_outlines", js=source("outlines.js"))
_map = st.components.v2.component(
    "prioritisation_area_map",
    js=f"{image_script()}\n{source('map.js')}",
    css=f"{source('map.css')}\n{image_style()}",
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
    groups: Sequence[Sequence[int]] = (),
    labels: Sequence[tuple[int, str, str]] = (),
    circles: Sequence[tuple[int, int]] = (),
    about: About | None = None,
) -> Any:
    """Show the map; the result's `.area` is the id of an area just clicked.

    outlines: from `outlines.screen_outlines`, unchanged from run to run. The lists follow its areas: looks is a
    class from 1 to 5, or "zero", "suppressed", "missing"; selected is a position, or -1; label is spoken.
    groups: positions of areas with a line round them all; labels: position, short text and its class;
    circles: position and count of what lies in an area, drawn as a circle of that size;
    about: what is written on a picture of it, without which it offers none.
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
            "about": None if about is None else about.argument,
            "paper": None if about is None else on_paper()._asdict(),
            "groups": [list(group) for group in groups],
            "labels": [list(each) for each in labels],
            "circles": [list(each) for each in circles],
        },
        on_area_change=on_area_change,
    )
