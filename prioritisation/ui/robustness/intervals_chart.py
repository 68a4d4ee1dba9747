"""Rank intervals as a chart: between which ranks each area lies in nine of ten weightings, every area by its name.

On a wide screen the areas stand in columns, so that 153 names fit on one screen; a phone gets those near the cut.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from prioritisation.findings import HowSure
from prioritisation.findings.names import per_cent
from prioritisation.ui.charts import LABEL_SIZE, Ink, framed, ink, plain, shortened
from prioritisation.ui.image import Key
from prioritisation.ui.markup import Markup, tag

COLUMNS, ROW_PIXELS, NAME_LENGTH = 4, 14, 30
NAMES_TAKE = 0.66  # of a column's width, at 1,130 pixels for all four
MOST_TICKS = 4
ROWS_ON_A_PHONE, NAMES_TAKE_ON_A_PHONE = 45, 0.55
IN, BETWEEN, OUT = "certain to be in", "depends on the weights", "certain to be out"
Figure = tuple[list[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class _Row:
    """One area: its rank now, and the ranks between which it lies. certain: IN, BETWEEN or OUT."""

    name: str
    rank: int
    low: int
    high: int
    certain: str


def intervals_figure(sure: HowSure, *, anyhow: bool, source: str, narrow: bool = False) -> Figure:
    """Return plotly's traces and layout. anyhow: under any weights, not only those within the band."""
    rows = _rows(sure, anyhow)
    if narrow:
        rows = _near_the_cut(rows, sure.framework.cut)
    columns = 1 if narrow else COLUMNS
    length = max(1, math.ceil(len(rows) / columns))
    colours = ink()
    which = "any weights at all" if anyhow else f"weights within {per_cent(sure.band)} of the chosen ones"
    title = f"Nine of ten weightings put each area between these ranks ({which})"
    layout = framed(title, source, plot_height=ROW_PIXELS * length + 30)
    layout["yaxis"] = {"visible": False, "fixedrange": True, "range": [length - 0.3, -1.7]}
    traces: list[dict[str, Any]] = []
    for place in range(columns):
        part = rows[place * length : (place + 1) * length]
        if part:
            layout[f"xaxis{place + 1 if place else ''}"] = _axis(part, place, columns, narrow, colours)
            traces += _column(part, place, colours)
            layout.setdefault("shapes", []).extend(_cut_line(part, place, sure.framework.cut, colours))
    return traces, layout


def intervals_legend() -> Markup:
    """Return what the colours mean."""
    shades = _shades(ink())
    entries = [
        tag("li", tag("i", class_="interval", style=f"background:{shades[kind]}", aria_hidden="true"), kind)
        for kind in (IN, BETWEEN, OUT)
    ]
    dot = tag("li", tag("i", class_="dot", style="background:currentcolor", aria_hidden="true"), "rank now")
    return tag("ul", *entries, dot, tag("li", tag("i", class_="cut", aria_hidden="true"), "cut line"), class_="keys")


def intervals_keys() -> tuple[Key, ...]:
    """Return the same legend for a picture of the chart."""
    colours = ink(paper=True)
    shades = _shades(colours)
    lines = [Key("line", kind, shades[kind]) for kind in (IN, BETWEEN, OUT)]
    return (*lines, Key("dot", "rank now", colours.text), Key("dash", "cut line", colours.text))


def _rows(sure: HowSure, anyhow: bool) -> list[_Row]:
    """Return every scored area by rank."""
    found, ends = (sure.anyhow, sure.across) if anyhow else (sure.reasonable, sure.within)
    certain = np.where(found.surely_in, IN, np.where(found.surely_out, OUT, BETWEEN))
    rank = sure.ranking.scores.rank
    units = sorted(np.flatnonzero(rank > 0).tolist(), key=lambda unit: (rank[unit], unit))
    return [
        _Row(sure.names[unit], int(rank[unit]), int(ends.low[unit]), int(ends.high[unit]), str(certain[unit]))
        for unit in units
    ]


def _near_the_cut(rows: list[_Row], cut: int) -> list[_Row]:
    """Return those on the shortlist and those that may get near it, as many as a phone can show."""
    last = max([number for number, row in enumerate(rows) if row.certain == BETWEEN or row.rank <= cut], default=0)
    end = min(len(rows), last + 4)
    return rows[max(0, end - ROWS_ON_A_PHONE) : end]


def _axis(part: list[_Row], place: int, columns: int, narrow: bool, colours: Ink) -> dict[str, Any]:
    """Return one column's axis, over the ranks that occur in it."""
    start = (place + (NAMES_TAKE_ON_A_PHONE if narrow else NAMES_TAKE)) / columns
    low, high = _left(part), _right(part)
    return {
        "domain": [start, (place + 0.97) / columns],
        "range": [low, high],
        "tickvals": _ticks(low, high),
        "anchor": "y",
        "side": "top",
        "fixedrange": True,
        "zeroline": False,
        "showline": False,
        "gridcolor": colours.line,
        "tickfont": {"size": 10, "color": colours.quiet},
    }


def _column(part: list[_Row], place: int, colours: Ink) -> list[dict[str, Any]]:
    """Return one column's traces: lines by colour, the ranks now, and the names."""
    axis = f"x{place + 1 if place else ''}"
    shades = _shades(colours)
    traces = []
    for kind in (OUT, BETWEEN, IN):
        x: list[float | None] = []
        y: list[float | None] = []
        for height, row in enumerate(part):
            if row.certain == kind:
                x += [row.low - 0.4, row.high + 0.4, None]
                y += [height, height, None]
        if x:
            line = {"color": shades[kind], "width": 6}
            traces.append({"type": "scatter", "mode": "lines", "x": x, "y": y, "xaxis": axis, "line": line,
                           "hoverinfo": "skip", "connectgaps": False})  # fmt: skip
    heights = list(range(len(part)))
    dots = {"type": "scatter", "mode": "markers", "x": [row.rank for row in part], "y": heights, "xaxis": axis,
            "marker": {"size": 4, "color": colours.text}, "hoverinfo": "text",
            "hovertext": [_hover(row) for row in part]}  # fmt: skip
    shades_of_names = [colours.quiet if row.certain == OUT else colours.text for row in part]
    names = {"type": "scatter", "mode": "text", "x": [_left(part)] * len(part), "y": heights, "xaxis": axis,
             "text": [f"{plain(shortened(row.name, NAME_LENGTH))}  {row.rank}\N{EN SPACE}" for row in part],
             "textposition": "middle left", "hoverinfo": "skip", "cliponaxis": False,
             "textfont": {"size": LABEL_SIZE - 0.5, "color": shades_of_names}}  # fmt: skip
    return [*traces, dots, names]


def _left(part: list[_Row]) -> float:
    return min(*(row.low for row in part), part[0].rank) - 1


def _right(part: list[_Row]) -> float:
    return max(*(row.high for row in part), part[-1].rank) + 1


def _ticks(low: float, high: float) -> list[int]:
    """Return a few round ranks between both, the first rank among them."""
    step = next(each for each in (5, 10, 20, 50, 100, 200, 500, 1000) if (high - low) / each <= MOST_TICKS)
    return [rank or 1 for rank in range(0, math.ceil(high), step) if rank >= low]


def _hover(row: _Row) -> str:
    return f"{plain(row.name)}<br>rank {row.rank}; mostly {row.low} to {row.high}<br>{row.certain}"


def _cut_line(part: list[_Row], place: int, cut: int, colours: Ink) -> list[dict[str, Any]]:
    """Return the cut line where it falls among a column's ranks."""
    axis = f"x{place + 1 if place else ''}"
    if not _left(part) < cut + 0.5 < _right(part):
        return []
    return [{"type": "line", "xref": axis, "yref": "y", "x0": cut + 0.5, "x1": cut + 0.5, "y0": -0.8,
             "y1": len(part) - 0.4, "line": {"color": colours.text, "width": 1.2, "dash": "dash"}}]  # fmt: skip


def _shades(colours: Ink) -> dict[str, str]:
    return {IN: colours.second, BETWEEN: colours.fourth, OUT: colours.line}
