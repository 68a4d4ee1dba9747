"""The menu, the same whether somebody opens the root address or a bookmark straight to a page.

Streamlit takes the folder `pages/` beside app.py for its older kind of menu until `st.navigation` has run once
in the server. A bookmark opened before that skips app.py; the page then calls `navigation` itself and reruns.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from prioritisation.folder import REPOSITORY
from prioritisation.ui.access import pages_to_see
from prioritisation.ui.asked import asked_before_sign_in

NAMES = (
    "Start",
    "Explore",
    "Weigh",
    "Votes",
    "Robustness",
    "Patch",
    "Cohorts",
    "Community",
    "Shortlist",
    "Decisions",
    "Scenarios",
    "Data",
    "Method",
)
FIRST, FIRST_WITH_CHOICES = "Start", "Explore"
_NAVIGATED = "navigated"


def page_file(name: str) -> str:
    """Return the file of a page, as Streamlit's links want it."""
    return str(REPOSITORY / "pages" / f"{name}.py")


def navigation() -> None:
    """Build the menu and run the page that was asked for."""
    chosen = _menu()
    st.session_state[_NAVIGATED] = True
    chosen.run()


def ensure_navigation() -> None:
    """Build the menu and start again, when a page runs without app.py having run in this session."""
    if _NAVIGATED in st.session_state:
        return
    _menu()
    st.session_state[_NAVIGATED] = True
    st.rerun()


def _menu() -> st.Page:
    """The root address belongs to a hidden page, so that every page has an address of its own.

    The menu names what this person may open; a page that it does not name refuses by itself.
    """
    shown = pages_to_see(NAMES)
    pages = [
        st.Page(page_file(name), title=name, url_path=name, visibility="visible" if name in shown else "hidden")
        for name in NAMES
    ]
    root = st.Page(_root, title="Where to start", url_path="root", default=True, visibility="hidden")
    return st.navigation([root, *pages], position="top" if shown else "hidden")


def _root() -> None:
    """Go on to Start; an address with choices, such as an older link to a map, goes where its choices are seen.

    Who has just signed in goes on to what they asked for before.
    """
    query = st.query_params.to_dict()
    first = (FIRST_WITH_CHOICES if query else FIRST, query)
    name, query = (None if query else asked_before_sign_in(NAMES)) or first
    st.switch_page(page_file(name), query_params=query)


def link_to(name: str, label: str, more: Mapping[str, str] | None = None) -> None:
    """Show a link to another page that keeps the scenario, the area and the locality. more: added to its address."""
    if st.session_state.get(_NAVIGATED):
        st.page_link(page_file(name), label=label, query_params={**st.query_params.to_dict(), **(more or {})})


def page_link(name: str, label: str, query: Mapping[str, str]) -> None:
    """Show a link to a page with other choices in its address than this one's. label: our own words only."""
    if st.session_state.get(_NAVIGATED):
        st.page_link(page_file(name), label=label, query_params=dict(query))
