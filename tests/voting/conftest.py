"""A copy of the demonstration that votes are cast in, and the Vote page's server over it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from voting_servers import Served, votes_served

from benchmarks.serving import free_port
from prioritisation.folder import DataFolder
from prioritisation.workspace import Workspace, open_workspace


@pytest.fixture(scope="session")
def votes_folder(demonstration: DataFolder, tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    folder = tmp_path_factory.mktemp("votes") / "data"
    shutil.copytree(demonstration.root, folder)
    return DataFolder(folder)


@pytest.fixture
def workspace(votes_folder: DataFolder) -> Iterator[Workspace]:
    opened = open_workspace(votes_folder)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def served(votes_folder: DataFolder) -> Iterator[Served]:
    with votes_served(votes_folder, free_port()) as running:
        yield running
