"""The workspace as pages use it: opened once per server; and who is writing, remembered for the session."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from prioritisation.access import page_action
from prioritisation.folder import DataFolder
from prioritisation.ui import access
from prioritisation.ui.session import page_now
from prioritisation.workspace import Workspace
from prioritisation.workspace.scenarios import SavedScenario
from prioritisation.workspace.unbegun import open_without_beginning

_AUTHOR, _SEEN = "author", "seen-versions"


def current_workspace() -> Workspace:
    """Return the workspace of the data folder, or of PRIORITISATION_WORKSPACE, for whoever may see the open page.

    A part of a page that runs by itself asks here, too. UserError: it cannot be opened; not signed in; no such role.
    """
    access.require_a_role()
    page = page_now()
    if page:
        access.require(page_action(page))
    return _opened(str(DataFolder.chosen().root), os.environ.get("PRIORITISATION_WORKSPACE") or None)


def author() -> str:
    """Return who signed in; without sign-in the role or organisation that this session last wrote as."""
    return access.known().text or str(st.session_state.get(_AUTHOR, ""))


def remember_author(given: str) -> None:
    """Keep who writes, so that it need not be typed again in this session."""
    st.session_state[_AUTHOR] = given.strip()


def saw(row: SavedScenario) -> None:
    """Remember which version of a saved scenario this session was shown; called wherever its choices are shown."""
    st.session_state.setdefault(_SEEN, {})[row.id] = row.version


def seen_version(row: SavedScenario) -> int:
    """Return the version that this session was shown; where it was shown none yet, this is the one."""
    return int(st.session_state.setdefault(_SEEN, {}).setdefault(row.id, row.version))


@st.cache_resource(max_entries=2, show_spinner=False)
def _opened(root: str, url: str | None) -> Workspace:
    return open_without_beginning(DataFolder(Path(root)), url=url, guard=access.may_write)
