"""A restricted store becomes a release, and remembers it; an attack that succeeds stops everything."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from people_world import people, store_of

from prioritisation.cohorts.rule import CohortRule
from prioritisation.contract import load_contract
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ingest import publish
from prioritisation.ingest.contacts.people import open_people
from prioritisation.ingest.contacts.releasing import Releasing, last_month
from prioritisation.ingest.faults import NOT_DONE
from prioritisation.store import open_store
from prioritisation.workspace import cohorts, open_workspace

TODAY = date(2026, 7, 15)


@pytest.fixture
def folder(demonstration: DataFolder, tmp_path: Path) -> DataFolder:
    shutil.copytree(demonstration.root, tmp_path / "data", ignore=shutil.ignore_patterns("workspace*"))
    return DataFolder(tmp_path / "data")


@pytest.fixture
def store_file(folder: DataFolder, tmp_path: Path) -> Path:
    """A restricted store of people in eight areas of the demonstration."""
    with open_store(folder) as store:
        codes = store.areas().index[:8]
    everybody = [
        replace(each, area=codes[int(each.area[1])]) if each.area.startswith("Z") else each for each in people(7, 800)
    ]
    path = tmp_path / "people.duckdb"
    with store_of(everybody) as drawn:
        drawn.execute(f"ATTACH '{path}' AS kept")
        drawn.execute("COPY FROM DATABASE memory TO kept")
    return path


def released(folder: DataFolder, path: Path, **settings) -> tuple[publish.PublishedRelease, list[str]]:
    placed: list[str] = []
    with publish.one_import(folder):
        return Releasing(folder, TODAY, **settings)(path, placed.append), placed


def test_people_become_a_release_and_are_remembered(folder: DataFolder, store_file: Path) -> None:
    seen = []

    def audit(counts) -> dict[str, str]:
        seen.append(len(counts.cube))
        return {"audited_at": "2026-07-15", "audit": "nothing could be worked out"}

    made, placed = released(folder, store_file, audit=audit)
    assert placed == [made.id]
    with open_store(folder) as store:
        facts = store.cube_facts()
        cube = store.cube()
        assert store.release.restricted == f"people-{made.id}.duckdb"
    assert seen == [len(cube)]
    assert facts["audit"] == "nothing could be worked out"
    assert facts["window_to"] == "2026-06"
    assert facts["retain_until"] == "2030-01-01"
    assert (cube["status"] == "published").sum() > 100
    with open_people(store_file, read_only=True) as store:
        held = store.execute("SELECT count(*), count(DISTINCT release_id), min(release_id) FROM held").fetchone()
        assert held == (len(cube), 1, made.id)
        assert store.execute("SELECT count(*) FROM snapshot").fetchone()[0] > 500


def test_a_release_knows_the_first_and_the_last_day_of_retention(folder: DataFolder, store_file: Path) -> None:
    with duckdb.connect(str(store_file)) as store:
        store.execute("UPDATE extract SET retain_until = DATE '2028-05-01' WHERE extract_id = 2")
    released(folder, store_file)
    with open_store(folder) as store:
        assert store.cube_facts()["retain_until"] == "2028-05-01;2030-01-01"


def test_an_attack_that_succeeds_stops_the_release(folder: DataFolder, store_file: Path) -> None:
    before = folder.published()

    def audit(counts) -> dict[str, str]:
        raise UserError("A count could be worked out.", not_done="Nothing was published.", remedy="Ask.")

    with pytest.raises(UserError, match="could be worked out"):
        released(folder, store_file, audit=audit)
    assert folder.published() == before
    assert not list(folder.root.glob(".building-*"))


def test_the_repair_is_told_what_it_needs(folder: DataFolder, store_file: Path) -> None:
    seen = []

    def repair(cube, **settings):
        seen.append(set(settings))
        return cube[cube["node"] != "council.flags_exactly"]

    released(folder, store_file, repair=repair)
    assert seen == [{"lattice", "policy", "contract", "cohorts", "areas", "council", "progress"}]
    with open_store(folder) as store:
        assert "council.flags_exactly" not in set(store.cube()["node"])


def test_cohorts_that_people_saved_are_counted(
    folder: DataFolder, store_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PRIORITISATION_WORKSPACE", raising=False)
    contract = load_contract(folder.catalogue)
    workspace = open_workspace(folder)
    saved, away, near = (
        cohorts.save(workspace, name=name, why="To see", rule=CohortRule.from_record(record, contract), by="HSCP")
        for name, record in {
            "Housing list": {"services_any": ["housing_application"]},
            "Rent": {"services_any": ["rent_arrears"]},
            "Women and men": {"sex": ["female", "male"], "services_any": ["housing_application"]},
        }.items()
    )
    cohorts.archive(workspace, away.id, 1, by="HSCP")
    workspace.close()
    with duckdb.connect(str(store_file)) as store:
        store.execute("UPDATE resident SET sex = 'female' WHERE sex = 'not known'")
    made, _ = released(folder, store_file)
    assert [each for each in made.warnings if "Not counted: 'Women and men'" in each and "'Housing list'" in each]
    with open_store(folder) as store:
        counted, cells = store.cohorts(), set(store.cube()["cell"])
    assert saved.cohort_id in counted.index and f"cohort={saved.cohort_id}" in cells
    assert counted.loc[saved.cohort_id, "name"] == "Housing list"
    assert not {away.cohort_id, near.cohort_id} & set(counted.index)


def test_counting_begins_no_workspace_and_a_broken_one_stops_it(
    folder: DataFolder, store_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PRIORITISATION_WORKSPACE", raising=False)
    released(folder, store_file)
    assert not (folder.root / "workspace.sqlite").exists()
    (folder.root / "workspace.sqlite").write_text("not a database, but a long enough text to be looked at " * 40)
    before = folder.published()
    with pytest.raises(UserError, match="cohorts that people saved cannot be counted") as refused:
        released(folder, store_file)
    assert refused.value.not_done == NOT_DONE
    assert folder.published() == before


def test_only_whole_months_that_have_passed_are_counted(store_file: Path) -> None:
    with duckdb.connect(str(store_file), read_only=True) as store:
        assert last_month(store, date(2026, 6, 30)) == date(2026, 5, 1)
        assert last_month(store, date(2026, 7, 1)) == date(2026, 6, 1)
        with pytest.raises(UserError, match="no contact of a whole month"):
            last_month(store, date(2020, 1, 1))
