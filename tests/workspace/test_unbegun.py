"""Looking begins no workspace; the first write does, and whoever looks then sees it."""

from __future__ import annotations

from pathlib import Path

import pytest
from decided import CHAIR, agree, ranked

from prioritisation.folder import DataFolder
from prioritisation.workspace import has_workspace, open_workspace
from prioritisation.workspace.decisions import agreed
from prioritisation.workspace.scenarios import listed
from prioritisation.workspace.unbegun import open_without_beginning


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    monkeypatch.delenv("PRIORITISATION_WORKSPACE", raising=False)
    return DataFolder(tmp_path / "data")


def test_looking_makes_nothing(folder: DataFolder) -> None:
    workspace = open_without_beginning(folder)
    assert (listed(workspace), agreed(workspace).shortlist, workspace.change_number()) == ([], None, 0)
    assert not has_workspace(folder) and not folder.root.exists()


def test_a_write_begins_it_and_is_kept(folder: DataFolder, demonstration: DataFolder) -> None:
    workspace = open_without_beginning(folder)
    assert agreed(workspace).shortlist is None
    made = agree(workspace, ranked(demonstration))
    found = agreed(open_workspace(folder)).shortlist
    assert found is not None and found.id == made.id and found.decision.who == CHAIR
    assert agreed(workspace).shortlist == found


def test_what_another_process_began_is_seen(folder: DataFolder, demonstration: DataFolder) -> None:
    workspace = open_without_beginning(folder)
    assert agreed(workspace).shortlist is None
    made = agree(open_workspace(folder), ranked(demonstration))
    found = agreed(workspace).shortlist
    assert found is not None and found.id == made.id


def test_a_write_that_may_not_be_made_begins_nothing(folder: DataFolder, demonstration: DataFolder) -> None:
    def refuse(_: object) -> None:
        raise PermissionError

    workspace = open_without_beginning(folder, guard=refuse)
    with pytest.raises(PermissionError):
        agree(workspace, ranked(demonstration))
    assert not has_workspace(folder)
