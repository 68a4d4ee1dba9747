"""Fixtures of the tests of partner extracts."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "browser"))

from drawn_files import Published, postcodes, write
from people_places import Places

from prioritisation.folder import DataFolder
from prioritisation.ingest.contacts.restricted import RestrictedFolder


@pytest.fixture(scope="session")
def release_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one published release of a dozen areas; tests copy it."""
    root = tmp_path_factory.mktemp("release")
    (root / "files").mkdir()
    drawn = Published(root / "files", DataFolder(root / "store"))
    drawn.load(*drawn.usual(), write(postcodes(), root / "files" / "postcodes.csv"))
    return root / "store"


@pytest.fixture
def places(tmp_path: Path, release_once: Path) -> Places:
    """A folder for extracts, a data folder with a release, and a restricted folder that is not there yet."""
    shutil.copytree(release_once, tmp_path / "store")
    (tmp_path / "extracts").mkdir()
    data = DataFolder(tmp_path / "store")
    return Places(tmp_path / "extracts", data, RestrictedFolder.chosen(data, tmp_path / "restricted"))
