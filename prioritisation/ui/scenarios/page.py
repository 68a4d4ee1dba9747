"""What the Scenarios page shows: the tray of saved scenarios, and any two compared."""

from __future__ import annotations

import streamlit as st

from prioritisation.ui.markup import show, tag
from prioritisation.ui.navigation import link_to
from prioritisation.ui.page import plainly, title
from prioritisation.ui.scenarios.actions import TOLD
from prioritisation.ui.scenarios.cards import card
from prioritisation.ui.scenarios.comparison import FIRST, TAB, TABS, comparison
from prioritisation.ui.scenarios.reopen_pack import reopen_pack
from prioritisation.ui.scenarios.saved_link import on_current_release
from prioritisation.ui.session import View
from prioritisation.ui.style import show_charts_style
from prioritisation.ui.workspace_session import current_workspace
from prioritisation.workspace.scenarios import listed

SEARCH_FROM = 7
SHOWN_AT_FIRST = 30
_ALL = "tray-all"


def scenarios(view: View) -> None:
    """Show the page."""
    show_charts_style()
    view = on_current_release(view)
    title("Which scenarios are there?", "A scenario is one set of weights and choices, kept under a name.")
    began = TABS[1] if FIRST in st.query_params else TABS[0]
    tray, two = st.tabs(TABS, key=TAB, on_change="rerun", default=began)
    if tray.open:
        with tray:
            plainly(lambda: _tray(view))
            plainly(lambda: reopen_pack(view))
    if two.open:
        with two:
            plainly(lambda: comparison(view))


def _tray(view: View) -> None:
    workspace = current_workspace()
    every = listed(workspace, archived=None)
    if not every:
        empty = "Nothing is saved yet. Move the weights on Weigh, then choose “Save this scenario”."
        show(tag("p", empty, role="status"))
        link_to("Weigh", "Go to Weigh")
        return
    search, archived = _choices(len(every), any(row.archived for row in every))
    told = st.session_state.pop(TOLD, None)
    if told is not None:
        show(tag("p", told, class_="done", role="status"))
    rows = listed(workspace, archived=None if archived else False, search=search)
    limit = len(rows) if st.session_state.get(_ALL) else SHOWN_AT_FIRST
    show(tag("p", _count(len(rows), len(every), bool(search)), class_="muted"))
    for row in rows[:limit]:
        card(view, row)
    if len(rows) > limit:
        st.button(f"Show all {len(rows):,}", key="tray-more", on_click=_show_all)


def _choices(count: int, any_archived: bool) -> tuple[str, bool]:
    """Show the search and the archive switch where there is something to search or to show; return both."""
    if count < SEARCH_FROM and not any_archived:
        return "", False
    left, right = st.columns([8, 4], vertical_alignment="bottom")
    with left:
        search = st.text_input("Search names, notes and authors", key="tray-search") if count >= SEARCH_FROM else ""
    with right:
        archived = st.toggle("Show archived ones too", key="tray-archived") if any_archived else False
    return str(search), bool(archived)


def _count(shown: int, of: int, searched: bool) -> str:
    if searched:
        return f"{shown:,} of {of:,} match, the latest change first." if shown else f"None of {of:,} matches."
    if not shown:
        return "All that was saved is in the archive."
    return f"{shown:,} {'scenario' if shown == 1 else 'scenarios'}, the latest change first."


def _show_all() -> None:
    st.session_state[_ALL] = True
