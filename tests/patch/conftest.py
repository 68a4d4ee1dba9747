"""The real areas for the tests of patches."""

from __future__ import annotations

from pathlib import Path

import pytest

from prioritisation.catalogue import load_catalogue
from prioritisation.folder import TRACKED_DATA, DataFolder
from prioritisation.ingest.open_data import import_open_data
from prioritisation.patch.ground import Ground
from prioritisation.patch.problem import Problem
from prioritisation.patch.request import Wanted, problem_of
from prioritisation.patches import ground_of_release, objective_of
from prioritisation.prioritise import prioritise
from prioritisation.scenario import Scenario
from prioritisation.store import open_store


@pytest.fixture(scope="session")
def south_ayrshire(open_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Problem, Ground]:
    """5,000 to 10,000 people with the most need among the real 153 areas, and their ground."""
    folder = DataFolder(tmp_path_factory.mktemp("south-ayrshire"))
    catalogue = load_catalogue(TRACKED_DATA / "catalogue")
    import_open_data([open_data], council="S12000028", folder=folder, catalogue=catalogue)
    with open_store(folder) as store:
        ranking = prioritise(store, Scenario.starting(next(iter(catalogue.frameworks.values()))))
        ground = ground_of_release(store, ranking.areas)
        gain = objective_of(store, ranking).gain
    return problem_of(ground, gain, Wanted(5_000, 10_000)), ground
