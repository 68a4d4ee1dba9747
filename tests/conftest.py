"""What all tests share: options, the published files, and a guard that keeps tests off the real store."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from prioritisation.catalogue import load_catalogue
from prioritisation.folder import DataFolder
from prioritisation.ingest.contacts.protected import ProtectedCounts
from prioritisation.ingest.demonstration import DEFAULT_AREAS, FEWEST_AREAS, tracked_people, write_demonstration
from prioritisation.ingest.open_data import import_open_data
from prioritisation.store import Store, open_store

if TYPE_CHECKING:
    from planted_world import PlantedWorld

REPOSITORY = Path(__file__).resolve().parent.parent
LONG_TRIAL_SECONDS = 2 * 60 * 60.0
MOST_WORKERS = 4  # each makes the shared fixtures for itself, and has a browser and servers

settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")  # a busy machine is slow, not wrong


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run the long trials with the counts the issues ask for")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Give long trials the time that they take, unless the command says how much."""
    if config.getoption("--full") and config.getoption("--timeout", None) is None:
        config.option.timeout = LONG_TRIAL_SECONDS


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Share out the whole suite; what is named runs here, without waiting for workers to start."""
    if config.args_source is pytest.Config.ArgsSource.ARGS:
        return 0
    return min(os.cpu_count() or 1, MOST_WORKERS)


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Whether the long trials run with all their repeats."""
    return bool(request.config.getoption("--full"))


@pytest.fixture(scope="session")
def open_data() -> Path:
    """Folder of published files; skipped where absent, unless REQUIRE_OPEN_DATA=1 makes that a failure."""
    folder = Path(os.environ.get("PRIORITISATION_OPEN_DATA", REPOSITORY.parent / "shared" / "data"))
    if folder.is_dir():
        return folder
    reason = f"the published files are not at {folder} (PRIORITISATION_OPEN_DATA names the folder)"
    if os.environ.get("REQUIRE_OPEN_DATA") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(autouse=True)
def no_real_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point everything at an empty folder, so that no test reads or writes the repository's own store."""
    monkeypatch.setenv("PRIORITISATION_DATA", str(tmp_path / "empty-data"))


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A data folder that holds the published demonstration; tests only read it."""
    return _demonstrated(tmp_path_factory)


@pytest.fixture(scope="session")
def small_demonstration(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A demonstration of as few areas as can be; only read."""
    return _demonstrated(tmp_path_factory, areas=FEWEST_AREAS)


@pytest.fixture(scope="session")
def demonstration_with_people(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A data folder with the demonstration and its counts of people, as the first start makes it; only read."""
    counts = tracked_people()
    assert counts is not None, "the repository keeps the demonstration's counts in data/demonstration"
    return _demonstrated(tmp_path_factory, people=counts)


def _demonstrated(
    places: pytest.TempPathFactory, areas: int = DEFAULT_AREAS, people: ProtectedCounts | None = None
) -> DataFolder:
    folder = DataFolder(places.mktemp("demonstration"))
    drawn = places.mktemp("invented")
    write_demonstration(drawn, areas=areas)
    import_open_data([drawn], council="all", folder=folder, catalogue=load_catalogue(folder.catalogue), people=people)
    return folder


@pytest.fixture(scope="session")
def demonstration_store(demonstration: DataFolder) -> Iterator[Store]:
    """The demonstration's release, open."""
    with open_store(demonstration) as store:
        yield store


@pytest.fixture(scope="session")
def planted_world(tmp_path_factory: pytest.TempPathFactory, full: bool) -> PlantedWorld:
    """A published release whose people have canaries among them; tests only read it, or copy it."""
    from planted_world import plant  # most tests need none of it

    return plant(tmp_path_factory.mktemp("planted"), attacked=full)
