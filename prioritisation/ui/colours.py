"""Colours of maps and legends, for the light and the dark theme. Darker is greater need, always."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st


class StateColours(NamedTuple):
    """How one of the states without a class looks: ground, marks on it, border."""

    ground: str
    mark: str
    border: str


class Palette(NamedTuple):
    """ramp: classes 1 to 5; states: zero, suppressed, missing, and the three of change; priorities: in order."""

    ramp: tuple[str, ...]
    states: dict[str, StateColours]
    border: str
    locality: str
    selected: str
    priorities: tuple[str, ...]
    tick: str


_LIGHT = Palette(
    ramp=("#e3edf5", "#aecbe0", "#6fa0c6", "#336f9f", "#0b3a66"),
    states={
        "zero": StateColours("#fff7df", "#fff7df", "#a87b12"),
        "suppressed": StateColours("#ffffff", "#7a858f", "#4c565f"),
        "missing": StateColours("#eceef0", "#aab2ba", "#9aa3ab"),
        "worsening": StateColours("#8c2d76", "#8c2d76", "#4f1242"),
        "improving": StateColours("#6cc3b5", "#6cc3b5", "#0f5f55"),
        "steady": StateColours("#f7f7f4", "#f7f7f4", "#8b99a7"),
    },
    border="#ffffff",
    locality="#1a2530",
    selected="#e5682a",
    priorities=("#002d54", "#2b9c93", "#6a2063", "#e5682a", "#5b7083", "#a3842c", "#8c4a4a", "#4d7a3a"),
    tick="#8b99a7",
)
_DARK = Palette(
    ramp=("#e9f1f8", "#b9d3e8", "#86b1d6", "#548dc0", "#2f6aa3"),
    states={
        "zero": StateColours("#4b3f1d", "#4b3f1d", "#e0bb62"),
        "suppressed": StateColours("#12181f", "#9aa6b1", "#c4ccd4"),
        "missing": StateColours("#232c35", "#5d6973", "#6d7882"),
        "worsening": StateColours("#e79ad6", "#e79ad6", "#ffffff"),
        "improving": StateColours("#1f8577", "#1f8577", "#7fe0d0"),
        "steady": StateColours("#2e3944", "#2e3944", "#77838f"),
    },
    border="#12181f",
    locality="#ffffff",
    selected="#f0935f",
    priorities=("#7db4e0", "#5cc4bb", "#c98bc2", "#f0935f", "#a9bccd", "#d8bd6b", "#d99a9a", "#9cc988"),
    tick="#77838f",
)


def theme() -> str:
    """Return "dark" or "light", as the browser shows the page."""
    return "dark" if getattr(st.context.theme, "type", None) == "dark" else "light"


def palette() -> Palette:
    """Return the colours that fit the page."""
    return _DARK if theme() == "dark" else _LIGHT


def on_paper() -> Palette:
    """Return the colours of pictures, which go into documents."""
    return _LIGHT
