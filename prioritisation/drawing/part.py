"""A connected part of the areas, such as a patch: where it lies in the whole, and close up with its areas numbered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from prioritisation.drawing.looks import BORDER, CASING, Look, fill
from prioritisation.drawing.maps import WIDTH, with_scale
from prioritisation.drawing.numbered import RADIUS, Placed, number_marks, placed
from prioritisation.drawing.outlines import screen_outlines
from prioritisation.drawing.shapes import read_shapes
from prioritisation.drawing.svg import INK, Drawing, as_high_as, plain

PART = "part"
HEIGHT, LINE = 1000, 7  # of both maps, and of the line round the part, in the drawing's units
ROOM_AROUND = 0.12  # of the part's longer side
FLATTEST, TALLEST = 0.7, 1.1  # height by width of a close-up


def whole_and_part(
    boundaries: Path, areas: pd.DataFrame, looks: Mapping[str, Look], prefix: str, part: Sequence[str], size: float
) -> tuple[Drawing, Drawing]:
    """Return a map of all areas (by area_code) with a line round a part, and a close-up of that part, HEIGHT high.

    looks: by area_code; part: codes, numbered from 1 in this order; size: of letters. UserError: the boundaries
    cannot be read.
    """
    shapes, crs = read_shapes(boundaries, list(areas.index))
    codes = [str(code) for code in areas.index]
    whole = _with_line(shapes, codes, looks, prefix, part)
    own = shapes[[codes.index(code) for code in part]]
    cut = shapely.intersection(shapely.make_valid(shapes), _window(shapely.total_bounds(own)))
    near = _with_line(cut, codes, looks, prefix, part)
    seen = shapely.total_bounds(cut)
    near = Drawing(near.width, near.height, near.body + number_marks(_numbers(own, seen, near, size), size))
    whole_metres, near_metres = _metres(shapely.total_bounds(shapes), crs), _metres(seen, crs)
    return with_scale(whole, whole_metres, size), with_scale(near, near_metres, size)


def _with_line(
    shapes: Any, codes: Sequence[str], looks: Mapping[str, Look], prefix: str, part: Sequence[str]
) -> Drawing:
    """Return areas in their looks with one line round those of the part."""
    members = set(part)
    paths = screen_outlines(shapes, codes, [PART if code in members else None for code in codes], WIDTH)
    areas, by = [area for area in paths["areas"] if area["path"]], paths["height"] / HEIGHT
    around = "".join(f'<path d="{each["path"]}"/>' for each in paths["localities"])
    line = 'fill="none" stroke-linejoin="round"'
    body = [
        f'<g stroke="{BORDER}" stroke-width="{plain(1.2 * by)}" stroke-linejoin="round">',
        *(f'<path d="{area["path"]}" fill="{fill(looks[area["id"]], prefix)}"/>' for area in areas),
        "</g>",
        f'<g {line} stroke="{CASING}" stroke-width="{plain(1.9 * LINE * by)}">{around}</g>',
        f'<g {line} stroke="{INK}" stroke-width="{plain(LINE * by)}">{around}</g>',
    ]
    return as_high_as(Drawing(WIDTH, paths["height"], "".join(body)), HEIGHT)


def _window(bounds: Any) -> Any:
    """Return a box round the part with room on all sides, neither very flat nor very tall."""
    left, bottom, right, top = (float(each) for each in bounds)
    room = ROOM_AROUND * max(right - left, top - bottom)
    wide, high = right - left + 2 * room, top - bottom + 2 * room
    wide, high = max(wide, high / TALLEST), max(high, wide * FLATTEST)
    x, y = (left + right) / 2, (bottom + top) / 2
    return shapely.box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)


def _numbers(own: Any, seen: Any, near: Drawing, size: float) -> list[Placed]:
    """Return where the number of each area stands in the close-up. seen: bounds of what it shows."""
    scale = HEIGHT / (seen[3] - seen[1])
    drawn = shapely.transform(own, lambda points: scale * np.abs(points - [seen[0], seen[3]]))
    return placed(list(drawn), RADIUS * size, near.width, near.height)


def _metres(bounds: Any, crs: Any) -> float:
    """Return how many metres a map is wide, NaN where its coordinates are no lengths."""
    from pyproj import CRS

    return float(bounds[2] - bounds[0]) if CRS.from_user_input(crs).is_projected else float(np.nan)
