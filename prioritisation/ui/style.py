"""The style sheet of scenarios, comparisons and charts."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_STYLE = (Path(__file__).parent / "scenarios.css").read_text(encoding="utf-8")


def show_charts_style() -> None:
    """Put it on the page."""
    st.html(f"<style>{_STYLE}</style>")
