"""The map on a globe, to pan, turn and tilt. It needs WebGL, and comes second: it takes seconds to arrive."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from prioritisation.ui.colours import Palette

AREAS = "areas"
TILE = 32
WORLD_AT_ZOOM_0 = 512  # pixels
_TILES = {  # 32 x 32 pixels of hatching and of dots, black on clear, as PNG
    "suppressed": (
        "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAQAAADZc7J/AAAAgklEQVR42qXVOw7AIAwE0WXvf2dSRCiEhI899G9EAXZR1XiKAseM"
        "q5rx8QZh/g4keB9I8SeQ5C2Q5ncA8CjW99mZcRUzHrnB5M+Y8dPA4sea8ZPAZl6Y8V3gYFqZ8VXgcFaa8VkgMKnN+F8guCfM+BhI"
        "bCkz3geSO9KMtwDY0GZcugD4EiA+pyI2wwAAAABJRU5ErkJggg=="
    ),
    "missing": (
        "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAQAAADZc7J/AAAAP0lEQVR42mNgGAUUA0YU3n8c4ngAE1btqGyiDSALDDMDGHHGzigY"
        "BfQtDwgBLOUFE1nakdij5QFpBoyWFzgAAJanBhtuhNEmAAAAAElFTkSuQmCC"
    ),
}
# Once an area is clicked on, Streamlit fades every fill to at most this opacity (of 255). Ours begin there and are
# made solid again by the layer; only the layer that takes the clicks is left almost clear.
FADED = 102
SOLID_AGAIN = 10.0
BARELY_THERE = 1


def free_map(
    features: Sequence[dict[str, Any]],
    localities: Sequence[dict[str, Any]],
    *,
    looks: dict[str, int | str],
    tips: dict[str, str],
    selected: str | None,
    within: Sequence[str],
    label: str,
    colours: Palette,
    height: int,
    key: str,
    on_select: Callable[[], None],
) -> None:
    """Show the map; the key's state has the clicked area under selection, objects, "areas".

    features, localities: GeoJSON; looks: a class from 1 to 5 or a state, tips: plain text, each by area code;
    within: codes of the areas to zoom to.
    """
    import pydeck

    drawn = [
        {
            **each,
            "properties": {
                "id": code,
                "tip": tips[code],
                "ghost": [*_ground(looks[code], colours), BARELY_THERE],
                "tile": "tile",
            },
        }
        for each in features
        if (code := each["properties"]["id"]) in looks
    ]
    polygons = [
        {"polygon": rings, "fill": [*_ground(looks[each["properties"]["id"]], colours), FADED]}
        for each in drawn
        for rings in _polygons(each["geometry"])
    ]
    layers = [
        pydeck.Layer(
            "SolidPolygonLayer", polygons, id="fills", get_polygon="polygon", get_fill_color="fill", opacity=SOLID_AGAIN
        ),
        pydeck.Layer(
            "GeoJsonLayer",
            {"type": "FeatureCollection", "features": drawn},
            id=AREAS,
            pickable=True,
            stroked=False,
            get_fill_color="properties.ghost",
        ),
        *_marks(drawn, looks, colours),
        _lines("borders", drawn, colours.border, 0.7),
        _lines("localities", localities, colours.locality, 1.0),
        *[_lines("chosen", [each], colours.selected, 3.0) for each in drawn if each["properties"]["id"] == selected],
    ]
    deck = pydeck.Deck(
        layers, initial_view_state=_view(drawn, set(within), height), map_provider=None, tooltip={"text": "{tip}"}
    )
    st.pydeck_chart(deck, height=height, on_select=on_select, key=key, alt=label)


def _marks(drawn: list[dict[str, Any]], looks: dict[str, int | str], colours: Palette) -> list[Any]:
    """Return a layer of marks and a border for each of the states that occur."""
    layers = []
    for state in ("zero", "suppressed", "missing"):
        own = [each for each in drawn if looks[each["properties"]["id"]] == state]
        if not own:
            continue
        if state != "zero":
            layers.append(_pattern(state, own, colours))
        layers.append(_lines(f"{state}-borders", own, colours.states[state].border, 1.2))
    return layers


def _pattern(state: str, own: list[dict[str, Any]], colours: Palette) -> Any:
    import pydeck

    return pydeck.Layer(
        "GeoJsonLayer",
        {"type": "FeatureCollection", "features": own},
        id=f"{state}-marks",
        stroked=False,
        get_fill_color=[*_rgb(colours.states[state].mark), FADED],
        opacity=SOLID_AGAIN,
        extensions=[{"@@type": "FillStyleExtension", "pattern": True}],
        fill_pattern_atlas=pydeck.types.String(f"data:image/png;base64,{_TILES[state]}"),
        fill_pattern_mapping={"tile": {"x": 0, "y": 0, "width": TILE, "height": TILE, "mask": True}},
        get_fill_pattern="properties.tile",
        get_fill_pattern_scale=20,
    )


def _lines(name: str, drawn: Sequence[dict[str, Any]], colour: str, width: float) -> Any:
    import pydeck

    return pydeck.Layer(
        "GeoJsonLayer",
        {"type": "FeatureCollection", "features": list(drawn)},
        id=name,
        filled=False,
        get_line_color=_rgb(colour),
        get_line_width=width,
        line_width_units=pydeck.types.String("pixels"),
    )


def _ground(look: int | str, colours: Palette) -> list[int]:
    return _rgb(colours.states[look].ground if isinstance(look, str) else colours.ramp[look - 1])


def _rgb(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _polygons(geometry: dict[str, Any]) -> list[Any]:
    """Return the rings of each polygon."""
    return [geometry["coordinates"]] if geometry["type"] == "Polygon" else list(geometry["coordinates"])


def _view(drawn: list[dict[str, Any]], within: set[str], height: int) -> Any:
    """Return where to look from, so that the areas wanted fill the height of the map."""
    import pydeck

    rings = [
        point
        for each in drawn
        if each["properties"]["id"] in within
        for polygon in _polygons(each["geometry"])
        for point in polygon[0]
    ]
    if not rings:
        return pydeck.ViewState(longitude=-4.2, latitude=56.8, zoom=5)
    east, north = [point[0] for point in rings], [point[1] for point in rings]
    middle = (min(north) + max(north)) / 2
    tall = (max(north) - min(north)) / math.cos(math.radians(middle))
    wide = max(east) - min(east)
    zoom = math.log2(360 * height * 0.92 / (WORLD_AT_ZOOM_0 * max(tall, wide * 0.8, 1e-3)))
    return pydeck.ViewState(longitude=(min(east) + max(east)) / 2, latitude=middle, zoom=round(zoom, 2), max_zoom=16)
