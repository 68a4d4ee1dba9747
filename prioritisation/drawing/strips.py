"""Small pictures for rows of a table: where one value lies among all, and how much of a score is there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from prioritisation.drawing.svg import INK, Drawing, plain

WIDTH, HEIGHT, MARGIN = 200, 18, 6
_TICK, _DOT, _TRACK = "#8b99a7", "#c2410c", "#dfe6ec"


def strip(need: NDArray[np.float64], own: float) -> Drawing:
    """Return a tick for each value and a dot for the own one, greatest need to the right.

    need: (n,), higher is greater need, NaN left out; own: one of them, NaN for none.
    """
    known = need[~np.isnan(need)]
    if not known.size:
        return Drawing(WIDTH, HEIGHT, "")
    low, high = float(known.min()), float(known.max())
    room = WIDTH - 2 * MARGIN

    def across(value: float) -> float:
        return MARGIN + (room * (value - low) / (high - low) if high > low else room / 2)

    middle = HEIGHT / 2
    ticks = "".join(f"M{plain(x)} {middle - 5:g}v10" for x in np.unique(np.round([across(v) for v in known], 1)))
    dot = (
        f'<circle cx="{plain(across(own))}" cy="{middle:g}" r="5" fill="{_DOT}" stroke="{INK}"/>' if own == own else ""
    )
    return Drawing(WIDTH, HEIGHT, f'<path d="{ticks}" stroke="{_TICK}" stroke-width="0.8"/>{dot}')


def bar(share: float, fill: str, widest: float = 1.0) -> Drawing:
    """Return a bar filled to a share (0 to 1, NaN for none) of its track, which is `widest` of the whole width."""
    height, track = 12, widest * WIDTH
    filled = 0.0 if np.isnan(share) else track * min(max(share, 0.0), 1.0)
    sides = f'y="1" height="{height - 2}"'
    ground = f'<rect {sides} width="{plain(track)}" fill="{_TRACK}" stroke="{_TICK}" stroke-width="0.5"/>'
    return Drawing(WIDTH, height, f'{ground}<rect {sides} width="{plain(filled)}" fill="{fill}"/>')
