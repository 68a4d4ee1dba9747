"""Fixtures of the import tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from drawn_files import Published

from prioritisation.folder import DataFolder


@pytest.fixture
def published(tmp_path: Path) -> Published:
    """A folder to draw files in, and an empty data folder."""
    folder = tmp_path / "files"
    folder.mkdir()
    return Published(folder, DataFolder(tmp_path / "store"))
