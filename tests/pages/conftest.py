"""Pages run without a browser, in both of the ways that Streamlit starts them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
import streamlit as st
from opened import BOOKMARK, MENU, REPOSITORY, OpenPage
from streamlit.testing.v1 import AppTest

from prioritisation.folder import DataFolder


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenPage]:
    """Open a page over a data folder: by the menu of app.py, or by a bookmark that skips it."""
    st.cache_resource.clear()

    def start(name: str, folder: DataFolder, way: str = MENU, link: Mapping[str, str] | None = None) -> AppTest:
        monkeypatch.setenv("PRIORITISATION_DATA", str(folder.root))
        page = REPOSITORY / "pages" / f"{name}.py"
        test = AppTest.from_file(page if way == BOOKMARK else REPOSITORY / "app.py", default_timeout=60)
        if way == MENU:
            test.run()
            test.switch_page(str(page))
        for key, value in (link or {}).items():
            test.query_params[key] = value
        return test.run()

    yield start
    st.cache_resource.clear()
