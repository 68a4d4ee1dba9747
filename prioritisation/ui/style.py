"""Style sheets that only some pages need."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st


def show_charts_style() -> None:
    """Put the style sheet of scenarios, comparisons and charts on the page."""
    show_sheet("scenarios")


def show_sheet(name: str) -> None:
    """Put one of this folder's style sheets on the page, by its name."""
    st.html(f"<style>{_sheet(name)}</style>")


@cache
def _sheet(name: str) -> str:
    return (Path(__file__).parent / f"{name}.css").read_text(encoding="utf-8")
