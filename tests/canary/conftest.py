"""Fixtures of the canary tests: the planted world, lived in once by pages and commands."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))

from living import Lived, live
from planted_world import PlantedWorld
from searching import Search


@pytest.fixture(scope="session")
def world(planted_world: PlantedWorld) -> PlantedWorld:
    return planted_world


@pytest.fixture(scope="session")
def search(world: PlantedWorld) -> Search:
    return Search.of(world)


@pytest.fixture(scope="session")
def lived(world: PlantedWorld, full: bool, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """A copy of the world after a server and every command have worked with it."""
    return live(world.copied(tmp_path_factory.mktemp("lived")), full)
