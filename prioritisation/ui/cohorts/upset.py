"""The UpSet chart: a bar for each combination above a grid of dots that says who is in it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prioritisation.cohorts.overlaps import Overlaps
from prioritisation.ui.charts import LABEL_SIZE, framed, ink, plain, shortened
from prioritisation.ui.cohorts.charts import Figure
from prioritisation.ui.cohorts.words import all_words

_BARS, _GRID_ROW = 170, 25
_WIDE, _NARROW = (280, 48), (165, 22)  # margin in pixels, longest name
_SHARE_GAP = 0.03


def upset_figure(found: Overlaps, title: str, source: str, columns: int, narrow: bool) -> Figure:
    """Draw the first `columns` combinations, the largest first, and under them the sets that they are made of."""
    colours = ink()
    margin, longest = _NARROW if narrow else _WIDE
    room = 1.3 if narrow else 1.15  # for the labels, which stand upright where bars are narrow
    rows = found.rows.head(columns)
    used = {member for members in rows["members"] for member in members}
    sets = found.sets[found.sets["id"].isin(used)]
    places = {each: place for place, each in enumerate(reversed(list(sets["id"])))}
    grid = max(1, len(sets)) * _GRID_ROW
    layout = framed(title, source, plot_height=_BARS + grid, left=margin, right=4)
    share = grid / (_BARS + grid)
    at = list(range(len(rows)))
    people = [int(count) for count in rows["people"]]
    told = [f"{plain(name)}<br>about {count:,}" for name, count in zip(rows["name"], people, strict=True)]
    bars = {"type": "bar", "x": at, "y": people, "width": 0.62, "marker": {"color": colours.first}, "yaxis": "y2",
            "text": [f"{count:,}" for count in people], "textposition": "outside", "constraintext": "none",
            "textangle": -90 if narrow else 0,
            "textfont": {"size": LABEL_SIZE, "color": colours.text}, "cliponaxis": False,
            "hovertext": told, "hoverinfo": "text"}  # fmt: skip
    traces = [_empty(at, len(sets), colours.line), *_joined(rows["members"], places, colours.first), bars]
    plain_axis = {"zeroline": False, "fixedrange": True, "showgrid": False}
    layout["xaxis"] = {**plain_axis, "visible": False, "range": [-0.6, max(len(rows), 4) - 0.4], "anchor": "y"}
    names = [plain(f"{shortened(name, longest)} ({count})") for name, count in _sizes(sets)]
    layout["yaxis"] = {**plain_axis, "domain": [0, share - _SHARE_GAP], "range": [-0.5, len(sets) - 0.5],
                       "tickvals": [places[each] for each in sets["id"]], "ticktext": names, "ticks": "",
                       "ticklabelstandoff": 6, "tickfont": {"size": LABEL_SIZE, "color": colours.text}}  # fmt: skip
    layout["yaxis2"] = {
        **plain_axis,
        "domain": [share, 1],
        "visible": False,
        "range": [0, room * max([*people, 1])],
    }
    return traces, layout


def _sizes(sets: pd.DataFrame) -> list[tuple[str, str]]:
    """Return each set's name and its size in all."""
    return list(zip(sets["name"], all_words(sets), strict=True))


def _empty(at: list[int], sets: int, colour: str) -> dict[str, Any]:
    pairs = [(x, y) for x in at for y in range(sets)]
    return {"type": "scatter", "mode": "markers", "x": [x for x, _ in pairs], "y": [y for _, y in pairs],
            "marker": {"size": 9, "color": colour}, "hoverinfo": "skip"}  # fmt: skip


def _joined(rows: Any, places: dict[str, int], colour: str) -> list[dict[str, Any]]:
    """Return the dots of who is in each combination, with a line from the first to the last."""
    dots: dict[str, list[Any]] = {"x": [], "y": []}
    for x, members in enumerate(rows):
        own = sorted(places[each] for each in members if each in places)
        dots["x"] += [*([x] * len(own)), None]
        dots["y"] += [*own, None]
    return [{"type": "scatter", "mode": "lines+markers", **dots, "hoverinfo": "skip",
             "line": {"width": 2.5, "color": colour}, "marker": {"size": 10, "color": colour}}]  # fmt: skip
