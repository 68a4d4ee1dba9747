"""Bars of counts that may be intervals: solid up to what is sure, hatched up to what it may be at most."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import pandas as pd

from prioritisation.ui.charts import LABEL_SIZE, framed, ink, plain, wrapped
from prioritisation.ui.cohorts.words import all_words

Figure = tuple[list[dict[str, Any]], dict[str, Any]]
_ROW, _MARGIN, _NAME = 38, 150, 22
_BAR, _LINE, _BETWEEN = 21, 14, 12  # pixels: of a bar, of a line of a name, and between two names
_ROOM_FOR_LABEL = 1.42


def interval_bars(names: Sequence[str], counts: pd.DataFrame, title: str, source: str) -> Figure:
    """Draw one horizontal bar for each name. counts: low, people, high, status, in the order of the names."""
    colours = ink()
    written = [wrapped(name, _NAME) for name in names]
    heights = [max(_ROW, _LINE * len(lines) + _BETWEEN) for lines in written]
    ends = list(itertools.accumulate(heights))
    rows = [end - height / 2 for end, height in zip(ends, heights, strict=True)]
    sure = counts["people"].fillna(counts["low"]).fillna(0).astype(int)
    most = counts["people"].fillna(counts["high"]).fillna(0).astype(int)
    labels = [plain(words) for words in all_words(counts)]
    bar = {"type": "bar", "orientation": "h", "y": rows, "width": _BAR, "hoverinfo": "skip", "cliponaxis": False}
    hatch = {"color": colours.ground, "pattern": {"shape": "/", "size": 5, "fgcolor": colours.quiet},
             "line": {"color": colours.quiet, "width": 1}}  # fmt: skip
    text = {"text": labels, "textposition": "outside", "textfont": {"size": LABEL_SIZE + 1, "color": colours.text}}
    traces = [
        {**bar, "x": sure.tolist(), "marker": {"color": colours.first}},
        {**bar, "x": (most - sure).tolist(), "marker": hatch, **text},
    ]
    layout = framed(title, source, plot_height=sum(heights), left=_MARGIN, right=8)
    layout["barmode"] = "stack"
    layout["yaxis"] = {"tickvals": rows, "ticktext": ["<br>".join(lines) for lines in written],
                       "range": [sum(heights), 0], "showgrid": False, "zeroline": False, "fixedrange": True,
                       "ticks": "", "ticklabelstandoff": 8,
                       "tickfont": {"size": LABEL_SIZE, "color": colours.text}}  # fmt: skip
    layout["xaxis"] = {"visible": False, "fixedrange": True, "range": [0, _ROOM_FOR_LABEL * max(1, int(most.max()))]}
    return traces, layout
