"""Names on a map: each in the middle of its place, or beside it with a line; never one over another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from prioritisation.drawing.svg import INK, plain, text, width_of, wrapped

LETTERS_ON_A_LINE = 16
_AROUND = tuple((round(float(np.cos(turn)), 6), round(float(np.sin(turn)), 6)) for turn in np.arange(16) * np.pi / 8)


class Label(NamedTuple):
    """A name and the point that it is about, in screen units."""

    name: str
    x: float
    y: float


class _Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def locality_labels(shapes: NDArray[np.object_], groups: Sequence[str | None], width: float) -> list[Label]:
    """Return the names of localities, the largest first, each at the point deepest inside it.

    shapes: as given to `screen_outlines` with the same width; groups: (n,) names.
    """
    import shapely

    left, _, right, top = shapely.total_bounds(shapes)
    scale = width / max(right - left, np.finfo(float).tiny)
    found = []
    for name in sorted({group for group in groups if group}):
        whole = shapely.union_all([shape for shape, group in zip(shapes, groups, strict=True) if group == name])
        if whole is None or whole.is_empty:
            continue
        x, y = _deepest(whole)
        found.append((-whole.area, Label(name, (x - left) * scale, (top - y) * scale)))
    return [label for _, label in sorted(found)]


def _deepest(shape: Any) -> tuple[float, float]:
    import shapely

    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    largest = max(parts, key=lambda part: part.area)
    circle = shapely.maximum_inscribed_circle(largest, tolerance=np.sqrt(largest.area) / 50)
    x, y = circle.coords[0]
    return float(x), float(y)


def drawn_labels(labels: Sequence[Label], width: float, height: float, size: float) -> str:
    """Return the names as SVG, with a white edge that keeps them legible on any fill; one without room is left out."""
    taken: list[_Box] = []
    drawn = []
    for label in labels:
        lines = wrapped(label.name, LETTERS_ON_A_LINE)
        half, tall = max(width_of(line, size) for line in lines) / 2 + 0.2 * size, 1.1 * size * len(lines)
        for x, y in _tried(label, size):
            box = _Box(x - half, y - tall / 2, x + half, y + tall / 2)
            inside = box.left >= 0 and box.top >= 0 and box.right <= width and box.bottom <= height
            if inside and not any(box.meets(other) for other in taken):
                taken.append(box)
                drawn.append(_leader(label, box) + _lines(lines, x, box.top, size))
                break
    return "".join(drawn)


def _tried(label: Label, size: float) -> Iterator[tuple[float, float]]:
    """Yield the point itself, then points around it, further and further away."""
    yield label.x, label.y
    for away in range(2, 16):
        for across, down in _AROUND:
            yield label.x + across * away * size * 1.2, label.y + down * away * size * 0.8


def _leader(label: Label, box: _Box) -> str:
    """Return a line to the place when the name does not lie on it."""
    if box.left <= label.x <= box.right and box.top <= label.y <= box.bottom:
        return ""
    x, y = min(max(label.x, box.left), box.right), min(max(label.y, box.top), box.bottom)
    line = f"M{plain(x)} {plain(y)}L{plain(label.x)} {plain(label.y)}"
    dot = (
        f'<circle cx="{plain(label.x)}" cy="{plain(label.y)}" r="4" fill="{INK}" stroke="#ffffff" stroke-width="1.5"/>'
    )
    return (
        f'<path d="{line}" stroke="#ffffff" stroke-width="4"/><path d="{line}" stroke="{INK}" stroke-width="1.5"/>{dot}'
    )


def _lines(lines: Sequence[str], x: float, top: float, size: float) -> str:
    placed = "".join(
        text(x, top + (place + 0.82) * 1.1 * size, line, size, anchor="middle", weight=600)
        for place, line in enumerate(lines)
    )
    edge = f'stroke="#ffffff" stroke-width="{plain(0.3 * size)}" stroke-linejoin="round" paint-order="stroke"'
    return f"<g {edge}>{placed}</g>"
