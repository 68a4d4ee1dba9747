"""Workspaces to test in: each test runs on SQLite and on a PostgreSQL of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from postgresql import Cluster, running_cluster
from workspace_places import NOON, Place

from prioritisation.workspace import Workspace


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with running_cluster() as running:
        yield running


@pytest.fixture(autouse=True)
def no_real_workspace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PRIORITISATION_WORKSPACE", raising=False)


@pytest.fixture
def sqlite_place(tmp_path: Path) -> Place:
    return Place(tmp_path / "folder", None)


@pytest.fixture
def postgresql_place(tmp_path: Path, cluster: Cluster) -> Place:
    return Place(tmp_path / "folder", cluster.new_database())


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest) -> Place:
    return request.getfixturevalue(f"{request.param}_place")


@pytest.fixture
def workspace(place: Place) -> Iterator[Workspace]:
    opened = place.open(now=ticking(NOON))
    yield opened
    opened.close()


def ticking(start: datetime) -> Callable[[], datetime]:
    """A clock that is a minute later at each look."""
    times = iter(start + timedelta(minutes=count) for count in range(10_000))
    return lambda: next(times)
