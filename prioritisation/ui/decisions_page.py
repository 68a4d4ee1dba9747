"""What the Decisions page shows: the whole record newest first, or the one decision that the address names."""

from __future__ import annotations

import streamlit as st

from prioritisation.decision_sentences import Told, told
from prioritisation.errors import UserError
from prioritisation.ui.decision_rows import DECISION, agreed_areas, link_of, row, trail
from prioritisation.ui.markup import show, tag
from prioritisation.ui.navigation import NAMES, link_to
from prioritisation.ui.page import plainly, title
from prioritisation.ui.session import View, put_in_link
from prioritisation.ui.start_facts import workspace_begun
from prioritisation.ui.style import show_charts_style, show_sheet
from prioritisation.ui.workspace_session import current_workspace
from prioritisation.workspace import Workspace, audit
from prioritisation.workspace.records import records

SHOWN_AT_FIRST = 40
_ALL = "decisions-all"


def decisions(view: View) -> None:
    """Show the page."""
    show_charts_style()
    show_sheet("record")
    title(
        "What has been decided?", "Anyone may read this. Nothing in it is ever changed: what ends a decision is added."
    )
    if not workspace_begun(view.store.folder):
        _nothing()
        return
    workspace = current_workspace()
    with workspace.read() as connection:
        every = told(records(connection))
    if DECISION in st.query_params:
        plainly(lambda: _one(every, st.query_params[DECISION]))
    elif every:
        _timeline(every)
    else:
        _nothing()
    plainly(lambda: _log(workspace))


def _nothing() -> None:
    show(tag("p", "Nothing has been decided yet.", class_="sentence", role="status"))
    place = "Shortlist" if "Shortlist" in NAMES else "Weigh"
    link_to(place, f"Go to {place}")


def _timeline(every: dict[str, Told]) -> None:
    newest = list(every.values())[::-1]
    count = f"{len(newest):,} {'record' if len(newest) == 1 else 'records'}, the newest first."
    show(tag("p", count, class_="muted"))
    limit = len(newest) if st.session_state.get(_ALL) else SHOWN_AT_FIRST
    for each in newest[:limit]:
        row(each, every)
    if len(newest) > limit:
        st.button(f"Show all {len(newest):,}", key="decisions-more", on_click=_show_all)


def _one(every: dict[str, Told], identifier: str) -> None:
    """Show one decision in full, and every record about it."""
    put_in_link({DECISION: identifier})  # a link from this page to itself leaves the browser's address as it was
    st.button("All decisions", key="decisions-back", on_click=put_in_link, args=({DECISION: None},))
    found = every.get(identifier)
    if found is None:
        raise UserError(
            "There is no decision under this link.",
            not_done="No decision was opened.",
            remedy="Check that the whole link was copied, or choose a decision from the timeline.",
        )
    row(found, every, alone=True)
    st.code(link_of(identifier), language=None, wrap_lines=True)
    plainly(lambda: agreed_areas(found, every))
    about = trail(found, every)
    if about:
        show(tag("h2", "What was recorded about it"))
        for each in about:
            row(each, every)


def _log(workspace: Workspace) -> None:
    """Say in one line whether the log of everything written is whole."""
    check = audit.verify(workspace)
    rows = f"{check.rows:,} {'row' if check.rows == 1 else 'rows'}"
    if check.intact:
        line = f"The log of everything written is whole: {rows}, checked just now, head {check.head[:16]}…"
        show(tag("p", line, class_="muted chain", role="status", title=check.proof))
        return
    count = len(check.faults)
    fault = f"The log of everything written is not whole: {count} {'fault' if count == 1 else 'faults'} in {rows}. "
    remedy = "Do not rely on this record before whoever looks after the product has run `prioritisation audit verify`."
    show(tag("p", tag("strong", fault), remedy, class_="notice chain", role="alert"))


def _show_all() -> None:
    st.session_state[_ALL] = True
