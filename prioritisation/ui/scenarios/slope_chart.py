"""Two rankings as a slope chart: names on both sides, colour only for what crosses the cut line or moves far."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from prioritisation.comparison import DOWN, ENTERED, FAR_RANKS, LEFT, UP, Comparison
from prioritisation.ui.charts import LABEL_SIZE, Ink, framed, ink, plain, shortened
from prioritisation.ui.image import Key
from prioritisation.ui.markup import Markup, tag
from prioritisation.words import ordinal

ROWS_FROM_THE_TOP = 30
ROWS_BELOW_THE_CUT = 10
ROWS_ABOVE_A_LATE_CUT = 20
ROW_PIXELS = 16
NAME_LENGTH, NARROW_NAME_LENGTH = 27, 23
LEFT_MARGIN, RIGHT_MARGIN = 178, 212
NARROW_MARGINS = 30, 186  # on a phone only the ranks stand on the left
_GAP = 0.7
_SIDES = ("left", "right")
Figure = tuple[list[dict[str, Any]], dict[str, Any]]
_NOT_SCORED = "not scored"
WORDS = {
    ENTERED: "enters the shortlist",
    LEFT: "leaves it",
    UP: f"rises {FAR_RANKS} ranks or more",
    DOWN: f"falls {FAR_RANKS} ranks or more",
    "": "other",
}


@dataclass(frozen=True, eq=False)
class Slope:
    """What is drawn. rows: those of the comparison, with the heights `left` and `right` counted in rows from 1.

    cut_left, cut_right: heights of the two cut lines; unseen: areas that move far and are not drawn.
    """

    rows: pd.DataFrame
    cut_left: float
    cut_right: float
    height: float
    unseen: int


def slope(compared: Comparison, everything: bool = False) -> Slope:
    """Choose what to draw: the first ranks, or those near a late cut, with whatever moves in or out of them."""
    rows = compared.rows
    places = [_places(rows, side) for side in ("rank_before", "rank_after")]
    shortest, longest = sorted((compared.length_before, compared.length_after))
    first, last = 1, max(longest + ROWS_BELOW_THE_CUT, ROWS_FROM_THE_TOP)
    if longest > ROWS_FROM_THE_TOP:
        first = max(1, shortest - ROWS_ABOVE_A_LATE_CUT)
    if everything:
        first, last = 1, len(rows)
    seen = np.logical_or.reduce([(place >= first) & (place <= last) for place in places])
    heights = [_heights(place, seen, last) for place in places]
    drawn = rows[seen].assign(left=heights[0][seen], right=heights[1][seen])
    far = rows["change"].isin([UP, DOWN]).to_numpy()
    return Slope(
        rows=drawn,
        cut_left=_cut(drawn, "in_before"),
        cut_right=_cut(drawn, "in_after"),
        height=float(max(drawn["left"].max(), drawn["right"].max())),
        unseen=int(np.count_nonzero(far & ~seen)),
    )


def _places(rows: pd.DataFrame, side: str) -> np.ndarray:
    """Return each area's place from 1, ties one after the other, those not scored last."""
    order = rows.sort_values([side, "id"], na_position="last", kind="stable").index
    places = np.empty(len(rows), dtype=int)
    places[rows.index.get_indexer(order)] = np.arange(1, len(rows) + 1)
    return places


def _heights(place: np.ndarray, seen: np.ndarray, last: int) -> np.ndarray:
    """Return heights that follow one another, with a gap before what lies further down than `last`."""
    order = np.argsort(np.where(seen, place, len(place) + 1), kind="stable")
    heights = np.empty(len(place))
    heights[order] = np.arange(1, len(place) + 1)
    return heights + np.where(place > last, _GAP, 0.0)


def _cut(drawn: pd.DataFrame, inside: str) -> float:
    return float(np.count_nonzero(drawn[inside])) + 0.5


def slope_figure(drawn: Slope, compared: Comparison, title: str, source: str, narrow: bool = False) -> Figure:
    """Return plotly's traces and layout. narrow: for a phone, with every name once, on the right."""
    colours = ink()
    kinds = _colours(colours)
    traces = [
        _lines(drawn.rows[drawn.rows["change"] == kind], kind, kinds[kind]) for kind in ("", DOWN, UP, LEFT, ENTERED)
    ]
    longest = NARROW_NAME_LENGTH if narrow else NAME_LENGTH
    for side in _SIDES:
        traces.append(_labels(drawn.rows, side, kinds, colours, 0 if narrow and side == "left" else longest))
    plot_height = round(ROW_PIXELS * (drawn.height + 1.4))
    left, right = NARROW_MARGINS if narrow else (LEFT_MARGIN, RIGHT_MARGIN)
    layout = framed(title, source, plot_height=plot_height, left=left, right=right)
    hidden = {"visible": False, "fixedrange": True}
    layout["xaxis"] = {**hidden, "range": [0, 1]}
    layout["yaxis"] = {**hidden, "range": [drawn.height + 0.7, -0.7]}
    layout["shapes"] = _cut_shapes(drawn, colours)
    layout["annotations"] += [
        _head(compared.before, 0, "left" if narrow else "right", -left if narrow else 0, colours),
        _head(compared.after, 1, "left", 0, colours),
    ]
    return [trace for trace in traces if trace["y"]], layout


def slope_legend(drawn: Slope) -> Markup:
    """Return what the colours mean, for those that occur."""
    *lines, cut = slope_keys(drawn)
    entries = [tag("li", tag("i", style=f"background:{key.fill}", aria_hidden="true"), key.words) for key in lines]
    return tag("ul", *entries, tag("li", tag("i", class_="cut", aria_hidden="true"), cut.words), class_="keys")


def slope_keys(drawn: Slope, paper: bool = False) -> tuple[Key, ...]:
    """Return the same one by one, the cut line last. paper: in the colours of a picture."""
    colours = ink(paper)
    kinds = _colours(colours)
    present = [kind for kind in (ENTERED, LEFT, UP, DOWN, "") if (drawn.rows["change"] == kind).any()]
    return (*(Key("line", WORDS[kind], kinds[kind]) for kind in present), Key("dash", "cut line", colours.text))


def _colours(colours: Ink) -> dict[str, str]:
    return {ENTERED: colours.second, LEFT: colours.fourth, UP: colours.first, DOWN: colours.third, "": colours.line}


def _lines(rows: pd.DataFrame, kind: str, colour: str) -> dict[str, Any]:
    """Return the lines of one kind as one trace, broken between areas."""
    x: list[float | None] = []
    y: list[float | None] = []
    texts: list[str] = []
    for row in rows.to_dict("records"):
        x += [0.0, 1.0, None]
        y += [float(row["left"]), float(row["right"]), None]
        texts += [_hover(row)] * 2 + [""]
    width = {ENTERED: 3.0, LEFT: 3.0, "": 1.0}.get(kind, 1.6)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": x,
        "y": y,
        "hovertext": texts,
        "hoverinfo": "text",
        "line": {"color": colour, "width": width},
        "marker": {"color": colour, "size": 6 if kind in (ENTERED, LEFT) else 4},
        "cliponaxis": False,
    }


def _labels(rows: pd.DataFrame, side: str, kinds: dict[str, str], colours: Ink, longest: int) -> dict[str, Any]:
    """Return the ranks and names of one side, those that cross the line or move far in their colour.

    longest: letters of a name; 0 for ranks alone.
    """
    left = side == "left"
    texts = []
    for row in rows.to_dict("records"):
        name = plain(shortened(str(row["name"]), longest)) if longest else ""
        rank = _rank(row["rank_before" if left else "rank_after"])
        texts.append(f"{name}  {rank}\N{EN SPACE}" if left else f"\N{EN SPACE}{rank}  {name}{_moved(row)}")
    shades = [kinds[kind] if kind else colours.quiet for kind in rows["change"]]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [0.0 if left else 1.0] * len(rows),
        "y": [float(height) for height in rows[side]],
        "text": texts,
        "textposition": "middle left" if left else "middle right",
        "textfont": {"size": LABEL_SIZE, "color": shades},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _moved(row: Mapping[Hashable, Any]) -> str:
    """Return an arrow with the ranks moved, where the area is coloured for it."""
    if not row["change"] or pd.isna(row["moved"]) or not row["moved"]:
        return ""
    return f"  {'▲' if row['moved'] > 0 else '▼'}{abs(int(row['moved']))}"


def _hover(row: Mapping[Hashable, Any]) -> str:
    before, after = (
        _NOT_SCORED if pd.isna(rank) else ordinal(int(rank)) for rank in (row["rank_before"], row["rank_after"])
    )
    return f"{plain(row['name'])}<br>{before} to {after}"


def _rank(rank: object) -> str:
    return "\N{EN DASH}" if pd.isna(rank) else str(int(rank))  # type: ignore[call-overload]


def _cut_shapes(drawn: Slope, colours: Ink) -> list[dict[str, Any]]:
    left, right = drawn.cut_left, drawn.cut_right
    ground = {"type": "path", "path": f"M 0,0.4 L 1,0.4 L 1,{right} L 0,{left} Z", "layer": "below",
              "fillcolor": colours.first, "opacity": 0.06, "line": {"width": 0}}  # fmt: skip
    line = {"type": "line", "x0": 0, "x1": 1, "y0": left, "y1": right,
            "line": {"color": colours.text, "width": 1.2, "dash": "dash"}}  # fmt: skip
    return [ground, line]


def _head(label: str, x: int, anchor: str, shift: int, colours: Ink) -> dict[str, Any]:
    name = plain(shortened(label, NARROW_NAME_LENGTH))
    return {"text": f"<b>{name}</b>", "showarrow": False, "x": x, "xref": "paper",
            "xanchor": anchor, "xshift": shift, "y": 0, "yref": "y", "yanchor": "middle",
            "font": {"size": LABEL_SIZE + 1, "color": colours.text}}  # fmt: skip
