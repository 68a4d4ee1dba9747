"""The true map and the hexagon map of a release's areas, for documents and images."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from prioritisation.drawing.labels import drawn_labels, locality_labels
from prioritisation.drawing.looks import BORDER, CASING, DIGITS, Look, fill
from prioritisation.drawing.outlines import screen_outlines
from prioritisation.drawing.shapes import read_shapes
from prioritisation.drawing.svg import INK, QUIET, Drawing, plain, text
from prioritisation.hexes.drawing import HexLayout, hex_paths
from prioritisation.hexes.files import hex_file, read_hexes

WIDTH = 1000
MOST_HEXAGONS = 1_000
SCALE_BAR_SHARE = 0.22  # of the map's width, at most
_STEPS = (1, 2, 5)


@dataclass(frozen=True, eq=False)
class Outlines:
    """Screen paths of areas and localities, WIDTH wide (see `screen_outlines` and `hex_paths`).

    names: of localities as SVG, empty for hexagons; metres: that WIDTH spans, NaN where it has no scale; middles: a
    point inside each area, by code.
    """

    paths: Mapping[str, Any]
    names: str
    metres: float
    middles: Mapping[str, tuple[float, float]]


def true_outlines(boundaries: Path, areas: pd.DataFrame, label_size: float = 30) -> Outlines:
    """Return the outlines of areas (by area_code, with locality) as they lie. UserError: the file cannot be read."""
    import shapely
    from pyproj import CRS

    shapes, crs = read_shapes(boundaries, list(areas.index))
    groups = _localities(areas)
    paths = screen_outlines(shapes, list(areas.index), groups, WIDTH)
    labels = locality_labels(shapes, groups, WIDTH)
    left, _, right, top = shapely.total_bounds(shapes)
    inside = shapely.point_on_surface(shapes)
    x, y = shapely.get_x(inside) - left, top - shapely.get_y(inside)
    middles = np.column_stack([x, y]) * WIDTH / (right - left)
    return Outlines(
        paths=paths,
        names=drawn_labels(labels, WIDTH, paths["height"], label_size),
        metres=float(right - left) if CRS.from_user_input(crs).is_projected else float("nan"),
        middles={str(code): (float(x), float(y)) for code, (x, y) in zip(areas.index, middles, strict=True)},
    )


def hex_outlines(boundaries: Path, areas: pd.DataFrame) -> Outlines | None:
    """Return a hexagon for each area, laid out now when that was not done yet; None for more than MOST_HEXAGONS."""
    if len(areas) > MOST_HEXAGONS:
        return None
    layout = read_hexes(hex_file(boundaries))
    if layout is None or set(layout.codes) != set(areas.index):
        layout = _laid_out(boundaries, tuple(areas.index), tuple(_localities(areas)))
    paths = hex_paths(layout, WIDTH)
    return Outlines(paths, "", float("nan"), {each["id"]: (each["x"], each["y"]) for each in paths["areas"]})


def area_map(
    outlines: Outlines,
    looks: Mapping[str, Look],
    prefix: str,
    *,
    outlined: Collection[str] = (),
    ringed: Collection[str] = (),
    size: float = 30,
) -> Drawing:
    """Return a map. looks: by area_code; outlined: codes drawn with a heavy line; ringed: codes with a circle round
    their middle, to be found however small; prefix: as given to `patterns`; size: of letters."""
    paths, areas = outlines.paths, [area for area in outlines.paths["areas"] if area["path"]]
    numbered = [area for area in areas if "x" in area]
    border = f'stroke="{BORDER}" stroke-width="{3 if numbered else 0.8}" stroke-linejoin="round"'
    places = "".join(f'<path d="{each["path"]}"/>' for each in paths["localities"])
    marked = "".join(f'<path d="{area["path"]}"/>' for area in areas if area["id"] in outlined)
    heavy = 7 if numbered else 3.6
    body = [
        f"<g {border}>",
        *(f'<path d="{area["path"]}" fill="{fill(looks[area["id"]], prefix)}"/>' for area in areas),
        "</g>",
        f'<g fill="none" stroke="{QUIET}" stroke-width="{3 if numbered else 1.8}" stroke-linejoin="round">{places}</g>',
        f'<g fill="none" stroke="{CASING}" stroke-width="{heavy * 1.9}" stroke-linejoin="round">{marked}</g>',
        f'<g fill="none" stroke="{INK}" stroke-width="{heavy}" stroke-linejoin="round">{marked}</g>',
        *(_digit(area, looks[area["id"]], size) for area in numbered),
        *(_ring(*outlines.middles[code], 1.6 * size) for code in sorted(ringed)),
        outlines.names,
    ]
    drawing = Drawing(WIDTH, paths["height"], "".join(body))
    return with_scale(drawing, outlines.metres, size)


def _ring(x: float, y: float, radius: float) -> str:
    circle = f'<circle cx="{plain(x)}" cy="{plain(y)}" r="{plain(radius)}" fill="none" stroke='
    return f'{circle}"{CASING}" stroke-width="14"/>{circle}"{INK}" stroke-width="6"/>'


def _digit(area: Mapping[str, Any], look: Look, size: float) -> str:
    """Return a hexagon's class number."""
    if not isinstance(look, int):
        return ""
    return text(area["x"], area["y"] + 0.33 * size, str(look), size, anchor="middle", fill=DIGITS[look - 1])


def with_scale(drawing: Drawing, metres: float, size: float) -> Drawing:
    """Return the map with a bar of a round length below it. metres: that it is wide, NaN where it has no scale."""
    if np.isnan(metres):
        return drawing
    most = SCALE_BAR_SHARE * metres
    power = 10 ** np.floor(np.log10(most))
    length = max(step * power for step in _STEPS if step * power <= most)
    long, top = drawing.width * length / metres, drawing.height + 0.9 * size
    words = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    bar = f'<path d="M1 {plain(top - 8)}v8h{plain(long)}v-8" fill="none" stroke="{QUIET}" stroke-width="2"/>'
    label = text(long + 0.5 * size, top, words, 0.85 * size, fill=QUIET)
    return Drawing(drawing.width, top + 0.4 * size, drawing.body + bar + label)


def _localities(areas: pd.DataFrame) -> list[str | None]:
    return [name if isinstance(name, str) and name else None for name in areas["locality"]]


@lru_cache(maxsize=4)
def _laid_out(boundaries: Path, codes: Sequence[str], groups: Sequence[str | None]) -> HexLayout:
    from prioritisation.hexes.layout import hex_layout  # loads SciPy's search, which a kept layout does not need

    shapes, _ = read_shapes(boundaries, codes)
    return hex_layout(list(shapes), codes, groups)
