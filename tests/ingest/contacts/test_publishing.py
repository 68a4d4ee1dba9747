"""Counts in a release: beside the open data, carried over by the next import of it, and in the ranking."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from drawn_cube import drawn_counts
from people_world import CONTRACT

from prioritisation.catalogue import load_catalogue
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ingest import publish
from prioritisation.ingest.contacts.areas import areas_of
from prioritisation.ingest.contacts.protected import ProtectedCounts, counts_of, read_tracked, write_tracked
from prioritisation.ingest.contacts.publishing import publish_counts
from prioritisation.ingest.demonstration import write_demonstration
from prioritisation.ingest.open_data import import_open_data
from prioritisation.prioritise import prioritise
from prioritisation.scenario import Scenario
from prioritisation.store import Store, open_store

FRAMEWORK = "south-ayrshire-int-contacts"


@pytest.fixture
def folder(demonstration: DataFolder, tmp_path: Path) -> DataFolder:
    """A copy of the demonstration's data folder, to publish into."""
    shutil.copytree(demonstration.root, tmp_path / "data", ignore=shutil.ignore_patterns("workspace*"))
    return DataFolder(tmp_path / "data")


def counts_for(folder: DataFolder, mean: float = 20.0, seed: int = 1) -> ProtectedCounts:
    with open_store(folder) as store:
        areas = areas_of(store.areas(), store.population(), CONTRACT)
        return drawn_counts(areas, store.release.council, mean, seed)


def published(folder: DataFolder, counts: ProtectedCounts, **more) -> publish.PublishedRelease:
    with publish.one_import(folder):
        return publish_counts(counts, folder, load_catalogue(folder.catalogue), **more)


def test_a_release_with_counts_keeps_its_open_data(folder: DataFolder) -> None:
    with open_store(folder) as store:
        before = {name: getattr(store, name)() for name in ("areas", "sources", "population", "loaded_files")}
        values = store.observations()
        assert store.cube().empty
        assert store.cube_facts() == {}
        assert counts_of(store) is None
    counts = counts_for(folder)
    made = published(folder, counts)
    with open_store(folder) as store:
        assert store.release.id == made.id
        assert store.release.restricted == ""
        for name, table in before.items():
            assert getattr(store, name)().equals(table), name
        after = store.observations()
        known = after[after["indicator_id"].isin(values["indicator_id"])].reset_index(drop=True)
        assert known.equals(values)
        assert len(after) > len(values)
        cube = store.cube()
        keys = ["node", "area_code", "cell"]
        expected = counts.cube.sort_values(keys, ignore_index=True)
        assert cube["people"].equals(expected["people"])
        assert cube["contacts"].equals(expected["contacts"])
        assert cube[[*keys, "status"]].to_numpy().tolist() == expected[[*keys, "status"]].to_numpy().tolist()
        assert store.cube_facts() == counts.facts
        assert list(store.cohorts().index) == ["one"]


def test_contact_indicators_are_ordinary_indicators_and_rank(folder: DataFolder) -> None:
    framework = load_catalogue(folder.catalogue).frameworks[FRAMEWORK]
    with open_store(folder) as store, pytest.raises(UserError, match="has no values for"):
        store.values(framework.indicator_ids)
    published(folder, counts_for(folder, mean=20.0))
    with open_store(folder) as store:
        assert set(framework.indicator_ids) <= set(store.indicators().index)
        quality = store.quality().set_index("indicator_id").loc["housing_application_people"]
        assert quality["suppressed"] > 0
        assert quality["zero"] == 0
        result = prioritise(store, Scenario.starting(framework))
        at_most = store.suppressed_at_most(framework.indicator_ids)
    assert (result.scores.rank > 0).all()
    uncertain = at_most.notna().any(axis=1).to_numpy()
    assert uncertain.any()
    assert not uncertain.all()
    wide = result.scores.highest - result.scores.lowest
    assert (wide[uncertain] > 0).all()


def test_new_counts_replace_the_old_ones(folder: DataFolder) -> None:
    published(folder, counts_for(folder))
    second = counts_for(folder, mean=40.0, seed=2)
    made = published(folder, second)
    with open_store(folder) as store:
        assert store.cube()["people"].sum() == second.cube["people"].sum()
        long = store.observations(["food_people"])
        assert len(long) == len(store.areas())
    assert publish.rollback(folder)[0] == made.id


def test_the_people_move_with_the_pointer(folder: DataFolder) -> None:
    seen = []
    before = folder.published().current

    def put_in_place(release_id: str) -> None:
        seen.append((release_id, folder.published().current, folder.release_file(release_id).is_file()))

    made = published(folder, counts_for(folder), before_pointer=put_in_place)
    assert seen == [(made.id, before, True)]
    with open_store(folder) as store:
        assert store.release.restricted == f"people-{made.id}.duckdb"

    def fails(release_id: str) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(UserError, match="could not be written"):
        published(folder, counts_for(folder, seed=3), before_pointer=fails)
    assert folder.published().current == made.id


def imported(folder: DataFolder, scratch: Path, areas: int = 153, people: ProtectedCounts | None = None):
    write_demonstration(scratch, areas)
    catalogue = load_catalogue(folder.catalogue)
    return import_open_data([scratch], council="all", folder=folder, catalogue=catalogue, people=people)


def test_counts_are_carried_over_by_new_open_data_and_said(folder: DataFolder, tmp_path: Path) -> None:
    counts = counts_for(folder)
    made = published(folder, counts, before_pointer=lambda release_id: None)
    summary = imported(folder, tmp_path / "again")
    assert f"The counts of people of release {made.id} were carried over." in summary.text
    with open_store(folder) as store:
        assert store.release.id == summary.release_id
        assert store.release.restricted == f"people-{made.id}.duckdb"
        assert store.cube_facts() == counts.facts
        assert "food_people" in store.indicators().index


def test_counts_of_other_areas_are_left_out_and_said(folder: DataFolder, tmp_path: Path) -> None:
    published(folder, counts_for(folder))
    summary = imported(folder, tmp_path / "other", areas=60)
    assert "The counts of people were left out" in summary.text
    with open_store(folder) as store:
        assert store.cube().empty
        assert store.release.restricted == ""
        assert "food_people" not in store.indicators().index


def test_tracked_counts_come_with_the_demonstration(folder: DataFolder, tmp_path: Path) -> None:
    counts = counts_for(folder)
    write_tracked(counts, tmp_path / "tracked")
    read = read_tracked(tmp_path / "tracked")
    assert read is not None
    assert (
        read.fingerprint
        == ProtectedCounts(
            counts.cube.sort_values(["node", "area_code", "cell"]), counts.cohorts, counts.facts
        ).fingerprint
    )
    assert read_tracked(tmp_path / "nowhere") is None
    imported(folder, tmp_path / "files", people=read)
    with open_store(folder) as store:
        assert store.cube()["people"].sum() == counts.cube["people"].sum()
    imported(folder, tmp_path / "others", areas=60, people=read)
    with open_store(folder) as store:
        assert store.cube().empty


def test_a_small_count_that_slipped_through_stops_the_release(folder: DataFolder) -> None:
    before = folder.published().current
    counts = counts_for(folder)
    slipped = counts.cube.copy()
    slipped.loc[slipped.index[slipped["status"] == "published"][0], "people"] = 7
    with pytest.raises(UserError, match="too small to publish"):
        published(folder, ProtectedCounts(slipped, counts.cohorts, counts.facts))
    assert folder.published().current == before


def test_residents_by_age_are_in_the_release(demonstration_store: Store) -> None:
    residents = demonstration_store.population()
    total = residents.groupby("area_code")["people"].sum()
    population = demonstration_store.areas()["population"].astype(float)
    assert (total.reindex(population.index) == population).all()
    assert residents["age"].max() == 90
