"""Saving the scenario on screen over one that is saved already: which one, what it holds now, and the writing."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from prioritisation.ui.markup import show, tag
from prioritisation.ui.scenarios.saved_link import SAVED
from prioritisation.ui.scenarios.words import choices_line, moment
from prioritisation.ui.session import View
from prioritisation.ui.workspace_session import current_workspace, saw, seen_version
from prioritisation.workspace.scenarios import Conflict, SavedScenario, choose, get

OVER, NEW = "save-over", "new"


def choose_target(rows: list[SavedScenario]) -> SavedScenario | None:
    """Show whether to save a new one or over one of these; return that one, None for a new one.

    Locked ones are not offered, and on a read-only link none is: what it shows stays as it is.
    """
    open_rows = {row.id: row for row in rows if not row.locked}
    if not open_rows or SAVED in st.query_params:
        return None
    if st.session_state.get(OVER) not in open_rows:
        st.session_state[OVER] = NEW
    labels = {NEW: "As a new scenario"} | _labels(list(open_rows.values()))
    chosen = st.selectbox("Save it", list(labels), key=OVER, format_func=lambda each: labels[each])
    return open_rows.get(chosen)


def show_target(row: SavedScenario) -> None:
    """Say what is saved there now, and what of it stays; a change after this is somebody else's."""
    seen_version(row)
    changed = f"{row.updated_by} on {moment(row.updated_at)}"
    now = tag("p", tag("strong", row.name), f" now holds {choices_line(row)}; last changed by {changed}.")
    show(now, tag("p", "Its name, note and link stay; its weights and method become those above.", class_="muted"))


def save_over(view: View, identifier: str, by: str) -> SavedScenario:
    """Put the choices on screen in its place. UserError: changed by somebody else since it was shown, locked."""
    row = get(current_workspace(), identifier)
    try:
        written = choose(
            current_workspace(),
            identifier,
            seen_version(row),
            scenario=view.scenario,
            release_id=view.store.release.id,
            by=by,
        )
    except Conflict as conflict:
        saw(conflict.current)  # the form shows it as it is now, and a second click is meant
        raise
    saw(written)
    return written


def _labels(rows: list[SavedScenario]) -> dict[str, str]:
    """Return id -> label, no two alike: the browser answers with the label."""
    alike = Counter(row.name for row in rows)
    return {
        row.id: f"Over \N{LEFT DOUBLE QUOTATION MARK}{row.name}\N{RIGHT DOUBLE QUOTATION MARK}"
        + (f" of {moment(row.created_at)} · {row.id}" if alike[row.name] > 1 else "")
        for row in rows
    }
