"""What can be done to a saved scenario. Each writes with the version that its panel was opened on, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st

from prioritisation.errors import UserError
from prioritisation.ui.session import View
from prioritisation.ui.who import author_given
from prioritisation.ui.workspace_session import author, current_workspace, remember_author
from prioritisation.workspace.scenarios import Conflict, SavedScenario, archive, duplicate, get, lock, rename, rerun

PANEL, TOLD, REFUSED = "tray-panel", "tray-told", "tray-refused"
NAME_BOX, NOTE_BOX, WHO_BOX = "tray-name", "tray-note", "tray-who"


@dataclass(frozen=True)
class Panel:
    """The open panel: whose, and which version of it was read when it was opened, or after a conflict."""

    id: str
    version: int


def open_panel(row: SavedScenario) -> None:
    """Open the panel of one scenario with its present name and note in the boxes."""
    st.session_state[PANEL] = Panel(row.id, row.version)
    st.session_state[NAME_BOX], st.session_state[NOTE_BOX] = row.name, row.note
    st.session_state[WHO_BOX] = author()
    st.session_state.pop(REFUSED, None)


def close_panel() -> None:
    """Close it; nothing is written."""
    st.session_state.pop(PANEL, None)
    st.session_state.pop(REFUSED, None)


def panel_of(row: SavedScenario) -> Panel | None:
    """Return the panel when it is this scenario's."""
    panel: Panel | None = st.session_state.get(PANEL)
    return panel if panel is not None and panel.id == row.id else None


def save_words(identifier: str) -> None:
    """Write the name and note of the boxes."""
    name, note = st.session_state[NAME_BOX], st.session_state[NOTE_BOX]

    def write(version: int, by: str) -> str:
        row = rename(current_workspace(), identifier, version, name=name, note=note, by=by)
        return f"The name and note of '{row.name}' are saved."

    _once(identifier, write)


def set_locked(identifier: str, locked: bool) -> None:
    """Lock or unlock."""

    def write(version: int, by: str) -> str:
        row = lock(current_workspace(), identifier, version, by=by, locked=locked)
        return f"'{row.name}' is {'locked' if locked else 'open to change again'}."

    _once(identifier, write)


def set_archived(identifier: str, archived: bool) -> None:
    """Put into the archive, or bring back."""

    def write(version: int, by: str) -> str:
        row = archive(current_workspace(), identifier, version, by=by, archived=archived)
        return f"'{row.name}' is {'in the archive' if archived else 'back from the archive'}."

    _once(identifier, write)


def copy(identifier: str) -> None:
    """Store a copy to change."""

    def write(version: int, by: str) -> str:
        row = duplicate(current_workspace(), identifier, by=by)
        return f"'{row.name}' is saved; it can be changed without touching the first."

    _once(identifier, write)


def run_again(view: View, identifier: str) -> None:
    """Store the same choices for the current release, once it is clear that they can be worked out on it."""

    def write(version: int, by: str) -> str:
        workspace = current_workspace()
        _ = replace(view, scenario=get(workspace, identifier).scenario).ranking
        row = rerun(workspace, identifier, view.store.release.id, by=by)
        return f"'{row.name}' is saved again, on the current release; the older result stays."

    _once(identifier, write)


def _once(identifier: str, write: Callable[[int, str], str]) -> None:
    """Write when the panel is open, and close it: the second of two quick clicks finds it closed.

    After a refusal it stays open with what was typed; after a conflict the next write is one over what is shown now.
    """
    panel: Panel | None = st.session_state.get(PANEL)
    if panel is None or panel.id != identifier:
        return
    try:
        by = author_given(WHO_BOX)
        told = write(panel.version, by)
    except UserError as refused:
        st.session_state[REFUSED] = refused
        if isinstance(refused, Conflict):
            st.session_state[PANEL] = Panel(identifier, refused.current.version)
        return
    remember_author(by)
    st.session_state[TOLD] = told
    close_panel()
