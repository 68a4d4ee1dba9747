"""One area's values of one indicator over its periods: points with 95% limits, beside all areas together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from prioritisation.over_time import OverTime, area_series
from prioritisation.periods import period_of
from prioritisation.ui.charts import LABEL_SIZE, framed, ink, plain
from prioritisation.words import number, unit_words, valued

Figure = tuple[list[dict[str, Any]], dict[str, Any]]
_PLOT_HEIGHT, _LEFT, _RIGHT, _AXIS = 190, 54, 92, 26
_LONGEST_TICK = 9


def trend_figure(over: OverTime, area: str, title: str, place: str, source: str) -> Figure:
    """Return plotly's traces and layout. place: what all areas together are called."""
    colours, rows = ink(), area_series(over, area)
    at = _when(over)
    known = rows["value"].notna()
    own = rows[known].assign(at=[when for when, here in zip(at, known, strict=True) if here])
    limits = {"type": "data", "symmetric": False, "array": _list(own["high"] - own["value"]),
              "arrayminus": _list(own["value"] - own["low"]), "thickness": 1.4, "width": 5,
              "color": colours.first}  # fmt: skip
    points = {"type": "scatter", "mode": "lines+markers", "x": own["at"].tolist(), "y": own["value"].tolist(),
              "line": {"color": colours.first, "width": 2}, "marker": {"size": 8, "color": colours.first},
              "error_y": limits, "hoverinfo": "text", "hovertext": [_told(over, row) for _, row in own.iterrows()],
              "cliponaxis": False}  # fmt: skip
    traces = [points]
    layout = framed(title, source, plot_height=_PLOT_HEIGHT, left=_LEFT, right=_RIGHT, below=_AXIS)
    if rows["whole"].notna().any():
        traces.insert(0, {"type": "scatter", "mode": "lines", "x": at, "y": _list(rows["whole"]), "hoverinfo": "skip",
                          "line": {"color": colours.quiet, "width": 1.6, "dash": "dot"}})  # fmt: skip
        layout["annotations"].append(_named(place, at[-1], rows["whole"].dropna().iloc[-1], colours.quiet))
    if len(own):
        layout["annotations"].append(_named("This area", at[-1], own["value"].iloc[-1], colours.first))
    _apart(layout["annotations"][2:], rows)
    layout["annotations"] += _absent(rows, at, colours.quiet)
    layout["xaxis"] = {"tickvals": at, "ticktext": [plain(_short(text)) for text in over.periods], "fixedrange": True,
                       "range": [at[0] - 0.3, at[-1] + 0.3], "showgrid": False, "zeroline": False, "tickangle": 0,
                       "tickfont": {"size": LABEL_SIZE}}  # fmt: skip
    layout["yaxis"] = {"rangemode": "tozero", "fixedrange": True, "gridcolor": colours.line, "nticks": 5,
                       "zeroline": False, "ticksuffix": "%" if over.unit == "per cent" else "",
                       "tickfont": {"size": LABEL_SIZE}}  # fmt: skip
    return traces, layout


def _when(over: OverTime) -> list[float]:
    """Return where each period stands: by its date, or one after another where it has none."""
    dated = [found.middle for text in over.periods if (found := period_of(text))]
    return dated if len(dated) == len(over.periods) else [float(place) for place in range(len(over.periods))]


def _list(column: pd.Series) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in column]


def _told(over: OverTime, row: pd.Series) -> str:
    between = "" if np.isnan(row["low"]) else f", {number(row['low'], over.unit)} to {number(row['high'], over.unit)}"
    unit = unit_words(over.unit)
    return plain(
        f"{row['period']}: {valued(row['value'], row['status'], over.unit)}{between}{f' {unit}' if unit else ''}"
    )


def _named(text: str, x: float, y: float, colour: str) -> dict[str, Any]:
    return {"text": plain(text), "x": x, "y": float(y), "showarrow": False, "xanchor": "left", "xshift": 8,
            "align": "left", "font": {"size": LABEL_SIZE, "color": colour}}  # fmt: skip


def _apart(names: list[dict[str, Any]], rows: pd.DataFrame) -> None:
    """Move the two names at the right end from each other where they would meet."""
    if len(names) < 2:
        return
    reach = float(np.nanmax(rows[["value", "high", "whole"]].to_numpy(dtype=float))) or 1.0
    close = abs(names[0]["y"] - names[1]["y"]) / reach * _PLOT_HEIGHT
    if close < LABEL_SIZE + 4:
        upper, lower = sorted(names, key=lambda each: -each["y"])
        upper["yshift"], lower["yshift"] = (LABEL_SIZE + 4 - close) / 2, -(LABEL_SIZE + 4 - close) / 2


def _absent(rows: pd.DataFrame, at: list[float], colour: str) -> list[dict[str, Any]]:
    """Write on the axis why a period has no point."""
    return [
        {"text": plain(valued(row["value"], row["status"], "")), "x": when, "y": 0, "yref": "paper",
         "yanchor": "bottom", "showarrow": False, "textangle": -90, "font": {"size": LABEL_SIZE - 1, "color": colour}}
        for when, (_, row) in zip(at, rows.iterrows(), strict=True)
        if np.isnan(row["value"])
    ]  # fmt: skip


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_TICK else text.replace(" to ", "\N{EN DASH}").partition(" (")[0]
