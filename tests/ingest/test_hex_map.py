"""The hexagon map of a release: made once, kept beside the boundaries, gone with them, never in the way."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.hexes.files import hex_file, read_hexes, write_hexes
from prioritisation.ingest.hex_map import make_hex_map
from prioritisation.store import open_store


@pytest.fixture
def own_copy(demonstration: DataFolder, tmp_path: Path) -> DataFolder:
    return DataFolder(Path(shutil.copytree(demonstration.root, tmp_path / "copy")))


def layout_file(folder: DataFolder) -> Path:
    with open_store(folder) as store:
        assert store.boundaries is not None
        return hex_file(store.boundaries)


def test_it_is_made_once_and_read_back_whole(own_copy: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_hex_map(own_copy)
    assert len(set(zip(made.q, made.r, strict=True))) == len(made.codes) == 153
    assert made.adjacency_kept >= 0.55
    assert all(made.connected.values())
    assert read_hexes(layout_file(own_copy)) == made
    monkeypatch.setattr("prioritisation.ingest.hex_map.hex_layout", lambda *_: pytest.fail("made twice"))
    assert make_hex_map(own_copy) == made


@pytest.mark.parametrize("content", [b"", b"PAR1 rubbish"])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "hexes-0.parquet"
    assert read_hexes(path) is None
    path.write_bytes(content)
    assert read_hexes(path) is None


def test_a_layout_survives_its_file(demonstration: DataFolder, tmp_path: Path) -> None:
    from prioritisation.hexes.drawing import HexLayout

    layout = HexLayout(("A", "B"), (0, 1), (0, 0), ("North", None), 1.0, 0.25, {"North": True}, ("South",))
    write_hexes(layout, tmp_path / "hexes-1.parquet")
    assert read_hexes(tmp_path / "hexes-1.parquet") == layout
    assert [path.name for path in tmp_path.iterdir()] == ["hexes-1.parquet"]


def test_no_release_is_told_plainly(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no data"):
        make_hex_map(DataFolder(tmp_path))
