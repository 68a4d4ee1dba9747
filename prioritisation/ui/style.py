"""Style sheets that only some pages need."""

from __future__ import annotations

import streamlit as st

from prioritisation.ui.browser import source


def show_charts_style() -> None:
    """Put the style sheet of scenarios, comparisons and charts on the page."""
    show_sheet("scenarios")


def show_sheet(name: str) -> None:
    """Put one of the style sheets in ui/browser on the page, by its name."""
    st.html(f"<style>{source(f'{name}.css')}</style>")
