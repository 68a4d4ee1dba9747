"""Numbers on a map, one in each shape and none over another; without room there, beside it with a line to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, dist, pi, sin
from typing import Any

import numpy as np
import shapely

from prioritisation.drawing.looks import CASING
from prioritisation.drawing.svg import INK, QUIET, plain, text

RADIUS = 0.82  # of the size of letters
APART = 2.15  # middles of two discs, in radii
STEPS = 16  # tried across a shape, and around it

Point = tuple[float, float]


@dataclass(frozen=True)
class Placed:
    """Where a number stands. home: a point inside its shape; at: the middle of its disc, away from there or not."""

    home: Point
    at: Point
    inside: bool


def placed(shapes: Sequence[Any], radius: float, width: float, height: float) -> list[Placed]:
    """Return a place for the number of each shape, within 0, 0 and width, height, no two discs touching.

    shapes: in the drawing's own units, no empty one. The smallest come first: the large ones have room elsewhere.
    """
    found: dict[int, Placed] = {}
    for index in sorted(range(len(shapes)), key=lambda each: (shapes[each].area, each)):
        taken = [each.at for each in found.values()]
        found[index] = _place(shapes[index], radius, (width, height), taken)
    return [found[index] for index in range(len(shapes))]


def number_marks(places: Sequence[Placed], size: float) -> str:
    """Return SVG: a disc with its number, from 1, at each place; lines below all discs. size: of letters."""
    lines = [_line(each) for each in places if not each.inside]
    return "".join([*lines, *(_disc(number, each.at, size) for number, each in enumerate(places, start=1))])


def _place(shape: Any, radius: float, frame: Point, taken: Sequence[Point]) -> Placed:
    home = _home(shape)
    for at in _inside(shape, home):
        if _is_free(at, radius, frame, taken):
            return Placed(home, at, True)
    return Placed(home, next((at for at in _around(home, radius) if _is_free(at, radius, frame, taken)), home), False)


def _home(shape: Any) -> Point:
    inside = shapely.point_on_surface(shape)
    return float(inside.x), float(inside.y)


def _inside(shape: Any, home: Point) -> Iterator[Point]:
    """Yield points inside a shape, the nearest to its home first."""
    yield home
    left, top, right, bottom = shape.bounds
    across, down = np.meshgrid(np.linspace(left, right, STEPS), np.linspace(top, bottom, STEPS))
    kept = shapely.contains_xy(shape, across.ravel(), down.ravel())
    points = zip(across.ravel()[kept].tolist(), down.ravel()[kept].tolist(), strict=True)
    yield from sorted(points, key=lambda point: (dist(point, home), point))


def _around(home: Point, radius: float) -> Iterator[Point]:
    """Yield points on wider and wider rings around a home."""
    for ring in range(STEPS):
        away = radius * (APART + 0.5 * ring)
        for step in range(STEPS):
            turn = 2 * pi * step / STEPS
            yield home[0] + away * cos(turn), home[1] + away * sin(turn)


def _is_free(at: Point, radius: float, frame: Point, taken: Sequence[Point]) -> bool:
    in_frame = all(radius <= each <= end - radius for each, end in zip(at, frame, strict=True))
    return in_frame and all(dist(at, other) >= APART * radius for other in taken)


def _line(each: Placed) -> str:
    (x, y), (to_x, to_y) = each.home, each.at
    ends = f'x1="{plain(x)}" y1="{plain(y)}" x2="{plain(to_x)}" y2="{plain(to_y)}"'
    return f'<line {ends} stroke="{CASING}" stroke-width="8"/><line {ends} stroke="{INK}" stroke-width="3"/>'


def _disc(number: int, at: Point, size: float) -> str:
    x, y = at
    disc = f'<circle cx="{plain(x)}" cy="{plain(y)}" r="{plain(RADIUS * size)}" fill="{CASING}" stroke="{QUIET}"/>'
    return disc + text(x, y + 0.34 * size, str(number), size, anchor="middle", weight=600)
