"""The workspace as pages use it: opened once per server; and who is writing, remembered for the session."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from prioritisation.folder import DataFolder
from prioritisation.workspace import Workspace, open_workspace
from prioritisation.workspace.scenarios import SavedScenario

_AUTHOR, _SEEN = "author", "seen-versions"


def current_workspace() -> Workspace:
    """Return the workspace of the data folder, or of PRIORITISATION_WORKSPACE. UserError: it cannot be opened."""
    return _opened(str(DataFolder.chosen().root), os.environ.get("PRIORITISATION_WORKSPACE") or None)


def author() -> str:
    """Return the role or organisation that this session last wrote as; empty at first."""
    return str(st.session_state.get(_AUTHOR, ""))


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
    return open_workspace(DataFolder(Path(root)), url=url)
