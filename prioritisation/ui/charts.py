"""What all charts share: titles that are sentences, a source line, the look of both themes, and text that stays text.

Plotly reads a little HTML in every text (bold, links, line breaks), so whatever comes from data goes through `plain`.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import streamlit as st

from prioritisation.ui.colours import on_paper, palette, theme
from prioritisation.ui.image import About, Key, chart_control
from prioritisation.ui.session import View

TITLE_WIDTH, SOURCE_WIDTH = 52, 72  # characters; narrower than the narrowest chart
TITLE_LINE, SOURCE_LINE = 19, 14
LABEL_SIZE = 11
_CONFIG = {"displaylogo": False, "displayModeBar": False, "scrollZoom": False, "doubleClick": False}


class Ink(NamedTuple):
    """Colours of a chart on the present theme."""

    text: str
    quiet: str
    line: str
    first: str
    second: str
    third: str
    fourth: str
    ground: str


def ink(paper: bool = False) -> Ink:
    """Return the colours that fit the page, or a picture's; the four in order are the categorical ones."""
    first, second, third, fourth = (on_paper() if paper else palette()).priorities[:4]
    if theme() == "dark" and not paper:
        return Ink("#e8edf2", "#a3afba", "#4a5763", first, second, third, fourth, "#12181f")
    return Ink("#1a2530", "#5c6873", "#cdd5dc", first, second, third, fourth, "#ffffff")


def plain(text: object) -> str:
    """Return text so that plotly shows exactly its characters."""
    return html.escape(str(text), quote=False)


def wrapped(text: str, width: int) -> list[str]:
    """Return a text as lines that plotly shows exactly."""
    return [plain(line) for line in textwrap.wrap(text, width, break_on_hyphens=False)] or [""]


def shortened(name: str, longest: int) -> str:
    """Return a name cut in its middle, so that the number at its end stays: "Ayr South Harb… - 02"."""
    if len(name) <= longest:
        return name
    ending = name[-5:] if name[-5:].lstrip(" -").isdigit() else ""
    return f"{name[: longest - len(ending) - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}{ending}"


def framed(
    title: str, source: str, *, plot_height: int, left: int = 0, right: int = 0, below: int = 0
) -> dict[str, Any]:
    """Return a layout with the title above and the source below the plot. Lengths in pixels; below: for an axis."""
    titles = wrapped(title, TITLE_WIDTH)
    sources = [part for line in source.splitlines() for part in wrapped(line, SOURCE_WIDTH)]
    top = TITLE_LINE * len(titles) + 14
    bottom = SOURCE_LINE * len(sources) + 8 + below
    colours = ink()
    heading = {"font": {"size": 14, "color": colours.text}, "y": 1, "yanchor": "bottom", "yshift": 10}
    foot = {"font": {"size": 10, "color": colours.quiet}, "y": 0, "yanchor": "top", "yshift": -below - 8}
    aside = {"showarrow": False, "align": "left", "xref": "paper", "yref": "paper", "x": 0, "xanchor": "left"}
    return {
        "height": plot_height + top + bottom,
        "margin": {"l": left, "r": right, "t": top, "b": bottom, "pad": 0},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {"align": "left"},
        "annotations": [
            {**aside, **heading, "xshift": -left, "text": f"<b>{'<br>'.join(titles)}</b>"},
            {**aside, **foot, "xshift": -left, "text": "<br>".join(sources)},
        ],
    }


def show_chart(
    traces: Sequence[Mapping[str, Any]],
    layout: Mapping[str, Any],
    *,
    alt: str,
    file_name: str,
    key: str,
    chosen: Sequence[str] = (),
    keys: Sequence[Key] = (),
) -> None:
    """Put a chart on the page, with the control that saves it as a picture.

    alt: what it shows, in words; file_name: of the picture; chosen, keys: filters and legend, written on the picture
    because on the page they stand beside the chart.
    """
    figure = {"data": [dict(trace) for trace in traces], "layout": dict(layout)}
    st.plotly_chart(figure, theme="streamlit", config=_CONFIG, alt=alt, key=key)
    about = About(file=file_name, spoken=alt, chosen=tuple(chosen), keys=tuple(keys)).dated()
    chart_control(key, about, _dark() if theme() == "dark" else None)


def _dark() -> dict[str, Any]:
    """Return which colour of the dark page is which in a picture."""
    page, paper = ink(), ink(paper=True)
    lasting = zip((*page, *palette().priorities), (*paper, *on_paper().priorities), strict=True)
    return {"ground": page.ground, "ink": page.text, "colours": dict(lasting)}


def source_line(view: View, indicator_ids: Sequence[str], ids: str) -> str:
    """Return publishers of the indicators, and the ids of what is shown on a line of their own."""
    known = view.indicators
    publishers = known.loc[[each for each in indicator_ids if each in known.index], "publisher"]
    named = "; ".join(dict.fromkeys(str(publisher) for publisher in publishers))
    invented = "Demonstration data: every number is invented" if view.store.release.demonstration else ""
    return "\n".join(part for part in (invented or (f"Source: {named}" if named else ""), ids) if part)
