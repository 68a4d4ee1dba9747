"""Charts of what a shortlist reaches: the curve by rank, dot pairs by place, and bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from prioritisation.ui.charts import LABEL_SIZE, Ink, framed, ink, plain, wrapped
from prioritisation.ui.markup import Markup, tag
from prioritisation.ui.scenarios.words import share_words

Figure = tuple[list[dict[str, Any]], dict[str, Any]]
NAME_WIDTH = 20
_ROW, _NAME_MARGIN, _END = 40, 150, 46
_AXIS = 34


def reach_figure(
    curve: pd.DataFrame,
    everybody: pd.DataFrame | None,
    names: Sequence[str],
    cut: int,
    who: str,
    title: str,
    source: str,
) -> Figure:
    """Draw the share reached by the first areas, and the same for all residents where that is something else.

    curve, everybody: as `fairness.coverage_curve`; names: of all areas, by position; cut: areas on the shortlist.
    """
    colours = ink()
    traces = [_reached(curve[curve["units"] <= cut], colours.first)]
    if everybody is not None:
        traces.append(_curve(everybody, names, colours.quiet, 1.4, "all residents"))
    traces.append(_curve(curve, names, colours.first, 2.6, who))
    layout = framed(title, source, plot_height=320, left=40, right=12, below=_AXIS)
    plain_axis = {"zeroline": False, "fixedrange": True}
    title_below = {"text": "areas, in order of rank", "standoff": 4}
    layout["xaxis"] = {**plain_axis, "title": title_below, "range": [0, len(curve) - 1], "showgrid": False}
    layout["yaxis"] = {**plain_axis, "range": [0, 1.02], "tickformat": ".0%", "nticks": 6, "gridcolor": colours.line}
    layout["shapes"] = [{"type": "line", "x0": cut, "x1": cut, "y0": 0, "y1": 1, "yref": "paper",
                         "line": {"color": colours.text, "width": 1.2, "dash": "dash"}}]  # fmt: skip
    layout["annotations"] += [_note(who, curve, 0.6, "right", colours.first), *_cut_note(curve, cut, colours)]
    if everybody is not None:
        layout["annotations"].append(_note("all residents", everybody, 0.6, "left", colours.quiet))
    traces += [_at_cut(curve, cut, colours.first)]
    return traces, layout


def _note(who: str, curve: pd.DataFrame, at: float, anchor: str, colour: str) -> dict[str, Any]:
    """Name a curve beside it: above and to the left of it, or below and to the right."""
    row = curve.iloc[round(at * (len(curve) - 1))]
    above = anchor == "right"
    return {"text": plain(who), "x": float(row["units"]), "y": float(row["share"]), "showarrow": False,
            "xanchor": anchor, "yanchor": "bottom" if above else "top", "xshift": -6 if above else 6,
            "font": {"size": LABEL_SIZE + 1, "color": colour}}  # fmt: skip


def _cut_note(curve: pd.DataFrame, cut: int, colours: Ink) -> list[dict[str, Any]]:
    """Write the share at the cut line beside its top, on the side that has room."""
    at_cut = curve.loc[curve["units"] == cut, "share"]
    left = cut > 0.6 * len(curve)
    return [
        {"text": f"{cut:,} areas: <b>{share_words(float(share))}</b>", "x": cut, "y": 1, "yref": "paper",
         "showarrow": False, "xanchor": "right" if left else "left", "yanchor": "top", "xshift": -6 if left else 6,
         "font": {"size": LABEL_SIZE + 1, "color": colours.text}}
        for share in at_cut
    ]  # fmt: skip


def _at_cut(curve: pd.DataFrame, cut: int, colour: str) -> dict[str, Any]:
    at = curve[curve["units"] == cut]
    return {"type": "scatter", "mode": "markers", "x": at["units"].tolist(), "y": at["share"].tolist(),
            "marker": {"size": 9, "color": colour}, "hoverinfo": "skip"}  # fmt: skip


def _reached(curve: pd.DataFrame, colour: str) -> dict[str, Any]:
    """Fill what the shortlist holds."""
    return {"type": "scatter", "mode": "lines", "x": curve["units"].tolist(), "y": curve["share"].tolist(),
            "line": {"width": 0}, "fill": "tozeroy", "fillcolor": _faint(colour), "hoverinfo": "skip"}  # fmt: skip


def _curve(curve: pd.DataFrame, names: Sequence[str], colour: str, width: float, who: str) -> dict[str, Any]:
    texts = ["no area: 0%"] + [
        f"{plain(names[unit])}<br>with the first {units:,}: {share_words(share)} of {plain(who)}"
        for units, unit, share in curve[["units", "unit", "share"]].iloc[1:].itertuples(index=False, name=None)
    ]
    return {"type": "scatter", "mode": "lines", "x": curve["units"].tolist(), "y": curve["share"].tolist(),
            "line": {"color": colour, "width": width}, "hovertext": texts, "hoverinfo": "text"}  # fmt: skip


def pairs_figure(groups: pd.DataFrame, title: str, source: str) -> Figure:
    """Draw a ring for each group's share of residents and a dot for its share of the shortlist, joined by a line."""
    colours = ink()
    rows = list(range(len(groups), 0, -1))
    ends = groups[["share_of_people", "share_of_shortlist"]].to_numpy(dtype=float)
    joined: dict[str, list[Any]] = {"x": [], "y": []}
    for row, (people, shortlist) in zip(rows, ends.tolist(), strict=True):
        joined["x"] += [people, shortlist, None]
        joined["y"] += [row, row, None]
    hover = [
        f"{plain(name)}<br>{share_words(people)} of residents, {share_words(shortlist)} of the shortlist's"
        for name, (people, shortlist) in zip(groups.index, ends.tolist(), strict=True)
    ]
    ring = {"symbol": "circle-open", "size": 12, "color": colours.quiet, "line": {"width": 2}}
    dot = {"symbol": "circle", "size": 12, "color": colours.second}
    line = {"color": colours.line, "width": 3}
    traces: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "lines", **joined, "line": line, "hoverinfo": "skip"},
        *[
            {"type": "scatter", "mode": "markers", "x": ends[:, side].tolist(), "y": rows, "marker": marker,
             "hovertext": hover, "hoverinfo": "text", "cliponaxis": False}
            for side, marker in ((0, ring), (1, dot))
        ],
    ]  # fmt: skip
    layout = _rows_layout(title, source, [str(name) for name in groups.index], rows)
    layout["xaxis"] |= {"tickformat": ".0%", "nticks": 5, "rangemode": "tozero"}
    return traces, layout


def pairs_legend() -> Markup:
    """Return what ring and dot mean."""
    colours = ink()
    ring = tag("i", class_="ring", style=f"border-color:{colours.quiet}", aria_hidden="true")
    dot = tag("i", class_="dot", style=f"background:{colours.second}", aria_hidden="true")
    return tag("ul", tag("li", ring, "share of all residents"), tag("li", dot, "share of the shortlist"), class_="keys")


def bars_figure(
    names: Sequence[str], amounts: Sequence[float], labels: Sequence[str], title: str, source: str
) -> Figure:
    """Draw one horizontal bar for each name, with its label at the end."""
    colours = ink()
    rows = list(range(len(names), 0, -1))
    trace = {"type": "bar", "orientation": "h", "x": list(amounts), "y": rows, "width": 0.55,
             "marker": {"color": colours.first}, "text": [plain(label) for label in labels],
             "textposition": "outside", "cliponaxis": False, "hoverinfo": "skip",
             "textfont": {"size": LABEL_SIZE + 1, "color": colours.text}}  # fmt: skip
    layout = _rows_layout(title, source, list(names), rows)
    layout["xaxis"] |= {"visible": False, "range": [0, 1.35 * max([*amounts, 1.0])]}
    return [trace], layout


def _rows_layout(title: str, source: str, names: Sequence[str], rows: Sequence[int]) -> dict[str, Any]:
    """Return a layout with a line of its own for each name."""
    colours = ink()
    layout = framed(title, source, plot_height=_ROW * len(names) + 10, left=_NAME_MARGIN, right=_END, below=24)
    layout["yaxis"] = {"tickvals": list(rows), "ticktext": ["<br>".join(wrapped(name, NAME_WIDTH)) for name in names],
                       "range": [0.4, len(names) + 0.6], "showgrid": False, "zeroline": False, "fixedrange": True,
                       "ticks": "", "ticklabelstandoff": 8,
                       "tickfont": {"size": LABEL_SIZE, "color": colours.text}}  # fmt: skip
    layout["xaxis"] = {"fixedrange": True, "zeroline": False, "gridcolor": colours.line}
    return layout


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.12)"
