"""Pages run without a browser, in both of the ways that Streamlit starts them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import streamlit as st
from decided import ranked
from opened import BOOKMARK, MENU, REPOSITORY, OpenPage
from shortlisting import Behind
from streamlit.testing.v1 import AppTest

from prioritisation.folder import DataFolder
from prioritisation.workspace import Workspace, open_workspace
from prioritisation.workspace.records import Computed


@pytest.fixture(scope="session")
def in_caches() -> list[Path]:
    """The folder that Streamlit's caches hold: they know a release by its id alone, so another folder begins cold."""
    return []


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch, in_caches: list[Path]) -> OpenPage:
    """Open a page over a data folder: by the menu of app.py, or by a bookmark that skips it."""

    def start(name: str, folder: DataFolder, way: str = MENU, link: Mapping[str, str] | None = None) -> AppTest:
        if in_caches != [folder.root]:
            st.cache_resource.clear()
            in_caches[:] = [folder.root]
        monkeypatch.setenv("PRIORITISATION_DATA", str(folder.root))
        page = REPOSITORY / "pages" / f"{name}.py"
        test = AppTest.from_file(page if way == BOOKMARK else REPOSITORY / "app.py", default_timeout=60)
        if way == MENU:
            test.run()
            test.switch_page(str(page))
        for key, value in (link or {}).items():
            test.query_params[key] = value
        return test.run()

    return start


@pytest.fixture
def folder(demonstration: DataFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> DataFolder:
    """The demonstration, with a workspace that is this test's own and not begun yet."""
    monkeypatch.setenv("PRIORITISATION_WORKSPACE", f"sqlite:///{tmp_path / 'workspace.sqlite'}")
    return demonstration


@pytest.fixture
def workspace(folder: DataFolder) -> Iterator[Workspace]:
    opened = open_workspace(folder)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def starting_list(demonstration: DataFolder) -> Computed:
    """The demonstration ranked by its first framework's own weights."""
    return ranked(demonstration)


@pytest.fixture
def place(folder: DataFolder, workspace: Workspace, starting_list: Computed) -> Behind:
    """What lies behind the Shortlist page: nothing decided yet."""
    return Behind(folder, workspace, starting_list)
