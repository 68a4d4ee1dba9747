"""The store: read only, locked down, states kept apart, and plain words for what it cannot open."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.store import SCHEMA_VERSION, Store, open_store


@pytest.fixture
def own_copy(demonstration: DataFolder, tmp_path: Path) -> DataFolder:
    """A copy of the demonstration that a test may harm."""
    folder = DataFolder(Path(shutil.copytree(demonstration.root, tmp_path / "copy")))
    for path in folder.releases.iterdir():
        path.chmod(0o644)
    return folder


def release_file(folder: DataFolder) -> Path:
    current = folder.published().current
    assert current is not None
    return folder.release_file(current)


def test_areas_and_values_line_up(demonstration_store: Store) -> None:
    areas = demonstration_store.areas()
    values = demonstration_store.values(["income_rate", "crime_rate"])
    assert len(areas) == 153
    assert list(values.columns) == ["income_rate", "crime_rate"]
    assert (values.index == areas.index).all()
    assert areas["has_boundary"].all()
    assert demonstration_store.release.demonstration


def test_zero_suppressed_and_missing_stay_apart(demonstration_store: Store) -> None:
    states = demonstration_store.observations().groupby("status")["value"]
    assert set(states.groups) == {"reported", "zero", "suppressed", "missing"}
    assert states.get_group("suppressed").isna().all()
    assert states.get_group("missing").isna().all()
    assert (states.get_group("zero") == 0).all()
    quality = demonstration_store.quality()
    assert (quality[["reported", "zero", "suppressed", "missing"]].sum(axis=1) == 153).all()


def test_an_indicator_that_is_not_loaded_is_named(demonstration_store: Store) -> None:
    with pytest.raises(UserError, match="nothing_like_it"):
        demonstration_store.values(["income_rate", "nothing_like_it"])


def test_postcodes_are_found_however_they_are_written(demonstration_store: Store) -> None:
    assert demonstration_store.has_postcodes
    postcode, area = demonstration_store._read("SELECT postcode, area_code FROM postcode LIMIT 1").iloc[0]
    spaced = f" {postcode[:-3].lower()} {postcode[-3:].lower()} "
    assert demonstration_store.area_of_postcode(spaced) == area
    assert demonstration_store.area_of_postcode("nowhere") is None
    assert demonstration_store.area_of_postcode("' OR 1=1 --") is None


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE t (x INT)",
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY area TO '/tmp/areas.csv'",
        "ATTACH '/tmp/other.duckdb'",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "INSTALL spatial",
    ],
)
def test_the_store_can_only_be_read(demonstration_store: Store, statement: str) -> None:
    with pytest.raises(duckdb.Error):
        demonstration_store._read(statement)


def test_no_store_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="prioritisation demonstration"):
        open_store(DataFolder(tmp_path))


@pytest.mark.parametrize("content", ["", "{", "[]", '{"current": "r1"}', '{"current": "r1", "published": 3}'])
def test_a_damaged_pointer_is_told_plainly(tmp_path: Path, content: str) -> None:
    (tmp_path / "releases.json").write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match="cannot be read"):
        open_store(DataFolder(tmp_path))


def test_a_pointer_to_nowhere_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "releases.json").write_text(json.dumps({"current": "r1", "published": ["r1"]}), encoding="utf-8")
    with pytest.raises(UserError, match="cannot be opened"):
        open_store(DataFolder(tmp_path))


@pytest.mark.parametrize("harm", ["cut", "rubbish"])
def test_a_damaged_release_is_told_plainly(own_copy: DataFolder, harm: str) -> None:
    path = release_file(own_copy)
    content = path.read_bytes()
    path.write_bytes(content[:5000] if harm == "cut" else b"not a database" * 1000)
    with pytest.raises(UserError, match="rollback"), open_store(own_copy) as store:
        store.values(["income_rate"])


@pytest.mark.parametrize(("version", "word"), [(SCHEMA_VERSION + 1, "newer"), (SCHEMA_VERSION - 1, "older")])
def test_a_store_of_another_version_is_refused(own_copy: DataFolder, version: int, word: str) -> None:
    with duckdb.connect(str(release_file(own_copy))) as connection:
        connection.execute("UPDATE fact SET value = $version WHERE name = 'schema_version'", {"version": str(version)})
    with pytest.raises(UserError, match=word):
        open_store(own_copy)


def test_a_database_of_something_else_is_refused(own_copy: DataFolder) -> None:
    path = release_file(own_copy)
    path.unlink()
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE fact (name VARCHAR)")
    with pytest.raises(UserError, match="not one of this product's"):
        open_store(own_copy)
