"""Invented people on their way from raw extracts to counts: through the partners' tool and the importer."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from prioritisation.cli import main
from prioritisation.contract import NO_FIXED_ABODE, WITHHELD, Contract, load_contract
from prioritisation.disclosure.lattice import load_lattice
from prioritisation.disclosure.policy import load_policy
from prioritisation.errors import UserError
from prioritisation.folder import TRACKED_DATA, DataFolder
from prioritisation.ingest.contacts.protected import read_tracked
from prioritisation.ingest.demonstration import TRACKED_PEOPLE, write_demonstration
from prioritisation.ingest.invented_extracts import MONTHS, RELEASES, InventedPeople, invent_people, write_extracts
from prioritisation.ingest.invented_import import keyed_extracts, refuse_beside_real_people, write_tracked_people
from prioritisation.store import open_store

CATALOGUE = TRACKED_DATA / "catalogue"


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract(CATALOGUE)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("place")
    write_demonstration(folder, 20, 3)
    return folder


@pytest.fixture(scope="module")
def few(place: Path, contract: Contract) -> InventedPeople:
    return invent_people(place, contract, 3, share=0.2)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, full: bool) -> tuple[DataFolder, str, list[str]]:
    """A small demonstration with people, what the command said, and what was in the folder of temporary files.

    Repaired and attacked only with --full: tests/test_cli_people.py and tests/attack do that on fewer people.
    """
    folder, scratch = DataFolder(tmp_path_factory.mktemp("made")), tmp_path_factory.mktemp("scratch")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(scratch))
        arguments = ["demonstration", "--people", "--areas", "20", "--seed", "3", "--data", str(folder.root)]
        arguments += [] if full else ["--quick"]
        result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return folder, result.output, [path.name for path in scratch.iterdir()]


def keyed(people: InventedPeople, folder: Path, place: Path, contract: Contract) -> list[Path]:
    return keyed_extracts(people, folder, RELEASES[0], place / "postcodes.csv", contract)


def test_nothing_that_could_identify_anybody_survives(
    few: InventedPeople, place: Path, contract: Contract, tmp_path: Path
) -> None:
    raw = [
        pd.read_csv(one.path, dtype=str, keep_default_na=False)
        for one in write_extracts(few, tmp_path / "before", RELEASES[0])
    ]
    kept = keyed(few, tmp_path / "keyed", place, contract)
    text = "".join(path.read_text(encoding="utf-8") + path.name for path in kept).replace("-", "")
    no_address = {"", NO_FIXED_ABODE, WITHHELD}
    for column in ("identifier", "postcode", "date_of_birth", "contact_date"):
        values = {value.replace("-", "") for table in raw for value in table[column]} - no_address
        assert len(values) > 50
        assert not [value for value in values if value in text or value.replace(" ", "") in text], column
    assert {path for path in (tmp_path / "keyed").rglob("*") if path.is_file()} == set(kept)


def test_one_file_per_partner_within_the_contract(
    few: InventedPeople, place: Path, contract: Contract, tmp_path: Path
) -> None:
    kept = keyed(few, tmp_path, place, contract)
    tables = [pd.read_csv(path, dtype=str, keep_default_na=False) for path in kept]
    assert sorted(str(table["partner"].iloc[0]) for table in tables) == sorted(contract.partners)
    for table in tables:
        assert tuple(table.columns) in (tuple(contract.columns), tuple(contract.columns)[:-1])
        assert len(table["partner"].unique()) == 1
        for column in ("key_kind", "age_band", "sex", "service"):
            assert set(table[column]) <= set(contract.values(column))
        assert len(table["key_kind"].unique()) == 2
    assert "not known" in {band for table in tables for band in table["age_band"]}


def test_people_match_between_partners_as_their_keys_allow(
    few: InventedPeople, place: Path, contract: Contract, tmp_path: Path
) -> None:
    rows = pd.concat(pd.read_csv(path, dtype=str) for path in keyed(few, tmp_path, place, contract))
    partners = rows.groupby(["key_kind", "person_key"])["partner"].nunique()
    assert (partners["partner_reference"] == 1).all()
    assert partners["chi"].max() == 2
    assert partners["linked"].max() >= 3
    assert rows.groupby("person_key")["key_kind"].nunique().max() == 1


def test_same_people_same_bytes(few: InventedPeople, place: Path, contract: Contract, tmp_path: Path) -> None:
    one, other = ([path.read_bytes() for path in keyed(few, tmp_path / name, place, contract)] for name in "ab")
    assert one == other


def test_the_command_publishes_two_releases_with_people_and_keeps_no_people(
    made: tuple[DataFolder, str, list[str]],
) -> None:
    folder, said, left = made
    releases = folder.published().releases
    assert len(releases) == 3
    assert "r0002" in said and "r0003" in said and "were not kept" in said
    assert left == []
    assert not list(folder.root.rglob("people-*"))
    with open_store(folder) as store:
        facts, cube, indicators = store.cube_facts(), store.cube(), store.indicators()
    assert facts["window_to"] == "2025-12"
    assert 1_000 < int(facts["known_people"]) < 3_000
    assert (cube["status"] == "published").sum() > 500
    assert indicators.index.str.endswith("_people").sum() > 5


def test_counts_of_the_releases_differ_but_not_by_much(made: tuple[DataFolder, str, list[str]]) -> None:
    folder = made[0]
    cubes = []
    for release_id in folder.published().releases[1:]:
        with duckdb.connect(str(folder.release_file(release_id)), read_only=True) as connection:
            cubes.append(connection.sql("SELECT node, area_code, cell, people FROM cube").df())
    both = cubes[0].merge(cubes[1], on=["node", "area_code", "cell"], suffixes=("_first", "_second"))
    assert len(both) == len(cubes[0]) == len(cubes[1])
    shown = both.dropna()
    changed = shown["people_first"] != shown["people_second"]
    assert 0.1 < changed.mean() < 0.9
    assert (abs(shown["people_first"] - shown["people_second"]) <= 0.5 * shown["people_first"] + 15).all()


def test_real_data_are_not_pushed_out_by_invented_people(
    made: tuple[DataFolder, str, list[str]], tmp_path: Path
) -> None:
    refuse_beside_real_people(made[0])
    refuse_beside_real_people(DataFolder(tmp_path / "nothing yet"))
    real = DataFolder(tmp_path / "real")
    shutil.copytree(made[0].root, real.root)
    release = real.release_file(str(real.published().current))
    release.chmod(0o600)
    with duckdb.connect(str(release)) as connection:
        connection.execute("UPDATE fact SET value = 'false' WHERE name = 'demonstration'")
    with pytest.raises(UserError, match="Nobody was invented"):
        refuse_beside_real_people(real)


def test_tracked_counts_are_those_of_the_release(made: tuple[DataFolder, str, list[str]], tmp_path: Path) -> None:
    write_tracked_people(made[0], tmp_path / "tracked")
    tracked = read_tracked(tmp_path / "tracked")
    assert tracked is not None
    with open_store(made[0]) as store:
        cube = store.cube()
    assert len(tracked.cube) == len(cube)
    assert tracked.cube["people"].sum() == cube["people"].sum()


def test_a_release_without_people_is_not_tracked(demonstration: DataFolder, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no counts of people"):
        write_tracked_people(demonstration, tmp_path / "tracked")
    assert not (tmp_path / "tracked").exists()


def test_the_tracked_counts_are_of_the_lattice_the_rules_and_the_people_of_now(
    tmp_path: Path, contract: Contract
) -> None:
    """Fails when one of them has changed since: `prioritisation demonstration --people --tracked` writes them anew."""
    tracked = read_tracked(TRACKED_PEOPLE)
    assert tracked is not None
    assert tracked.facts["lattice_hash"] == load_lattice(CATALOGUE).hash
    assert tracked.facts["policy_hash"] == load_policy(CATALOGUE).hash
    assert tracked.facts["contract_version"] == contract.version
    assert sum(path.stat().st_size for path in TRACKED_PEOPLE.iterdir()) < 500_000
    write_demonstration(tmp_path)
    contacts = invent_people(tmp_path, contract).contacts
    year = contacts[contacts["month"] >= MONTHS - 12]
    council = tracked.cube[tracked.cube["geography"] == "council"].set_index(["node", "cell"])["people"]
    for service, rows in year.groupby("service"):
        people = rows.drop_duplicates(["resident", "key_kind"])
        shown = council.get(("council.service", f"service={service}"), np.nan)
        assert pd.isna(shown) or abs(shown - len(people)) <= 5, service
