"""Maps and charts as pictures that can stand alone: what is written on them, and the control under each chart.

The browser makes the picture from what it shows (image.js): nothing is rendered on the server, nothing is sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from prioritisation.ui.browser import image_script, image_style, source
from prioritisation.words import day

_chart_control = st.components.v2.component(
    "prioritisation_image",
    js=f"{image_script()}\n{source('image_chart.js')}",
    css=image_style(),
)


@dataclass(frozen=True)
class Key:
    """One entry of a legend. kind: class, zero, suppressed, missing, outline, line, dash or dot.

    fill: colour of it or of its ground; mark: of the pattern on it; border: of its edge.
    """

    kind: str
    words: str
    fill: str
    mark: str = ""
    border: str = ""


@dataclass(frozen=True)
class About:
    """What is written on a picture. chosen: filters, a line each; foot: sources, ids and dates, a line each.

    title: empty where the drawing has its own; spoken: what a screen reader says; ends: words beside the classes;
    file: name without its ending.
    """

    file: str
    title: str = ""
    spoken: str = ""
    chosen: tuple[str, ...] = ()
    keys: tuple[Key, ...] = ()
    ends: tuple[str, str] = ("least need", "greatest need")
    foot: tuple[str, ...] = ()

    @property
    def argument(self) -> dict[str, Any]:
        """As the browser takes it."""
        legend = {"least": self.ends[0], "greatest": self.ends[1], "entries": [asdict(key) for key in self.keys]}
        return {
            "file": self.file,
            "title": self.title,
            "spoken": self.spoken,
            "chosen": list(self.chosen),
            "legend": legend,
            "foot": list(self.foot),
        }

    def dated(self, lines: Sequence[str] = ()) -> About:
        """Return this with more lines at its foot, and the day on which it was made."""
        return replace(self, foot=(*self.foot, *lines, f"Image made {day(datetime.now(UTC).isoformat())}."))


def chart_control(chart: str, about: About, dark: Mapping[str, Any] | None = None) -> None:
    """Show the control of a chart. chart: the key of its element; dark: its colours, where the page is dark."""
    data = {"chart": chart, "about": about.argument, "dark": None if dark is None else dict(dark)}
    _chart_control(key=f"image-of-{chart}", data=data)
