"""With no release yet, a page builds the demonstration once and then shows it."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest
from filelock import FileLock
from opened import BOOKMARK, OpenPage, html_of

from prioritisation.folder import DataFolder
from prioritisation.ui import first_start


def test_the_first_start_makes_the_demonstration(open_page: OpenPage, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "new")
    test = open_page("Explore", folder, BOOKMARK)
    assert not test.exception
    assert "Where is need greatest?" in html_of(test) and "Demonstration data" in html_of(test)
    assert len(list(folder.releases.glob("*.duckdb"))) == 1


def test_two_browsers_start_one_building(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_start, "COMMAND", (sys.executable, "-c", "input()"))
    builder, folder = first_start.Builder(), DataFolder(tmp_path)
    found: list[first_start.Building | None] = []
    browsers = [threading.Thread(target=lambda: found.append(builder.building(folder))) for _ in range(8)]
    for each in browsers:
        each.start()
    for each in browsers:
        each.join()
    assert len(found) == 8 and len({id(each) for each in found}) == 1


def test_a_running_import_is_waited_for(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    with FileLock(folder.lock):
        assert first_start.Builder().building(folder) is None


def test_a_failed_building_is_said_in_its_own_words(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = "import sys; sys.exit('There is no space left on the disk.')"
    monkeypatch.setattr(first_start, "COMMAND", (sys.executable, "-c", fails))
    test = open_page("Data", DataFolder(tmp_path / "new"), BOOKMARK)
    said = html_of(test)
    assert "There is no space left on the disk." in said
    assert "Not done: " in said and "What to do: " in said
    assert not test.exception


def test_a_folder_that_cannot_be_made_is_said(open_page: OpenPage, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = html_of(open_page("Explore", DataFolder(tmp_path / "file" / "data"), BOOKMARK))
    assert "What to do: " in said and "Traceback" not in said
