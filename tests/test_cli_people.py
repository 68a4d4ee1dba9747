"""The commands for people: a key, an import, the list of extracts, a purge; refusals in three parts."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from prioritisation.cli import main
from prioritisation.contract import load_contract
from prioritisation.errors import UserError
from prioritisation.folder import TRACKED_DATA, DataFolder
from prioritisation.ingest.contacts.releasing import Releasing
from prioritisation.store import open_store


@pytest.fixture
def place(tmp_path: Path, small_demonstration: DataFolder, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of a small demonstration, and a restricted folder beside it."""
    shutil.copytree(small_demonstration.root, tmp_path / "store")
    monkeypatch.setenv("PRIORITISATION_DATA", str(tmp_path / "store"))
    monkeypatch.setenv("PRIORITISATION_RESTRICTED", str(tmp_path / "restricted"))
    monkeypatch.delenv("PRIORITISATION_KEY_FILE", raising=False)
    monkeypatch.delenv("PRIORITISATION_KEY", raising=False)
    return tmp_path


def _run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def _extract(path: Path, people: int = 200) -> Path:
    columns = load_contract(TRACKED_DATA / "catalogue").columns
    with open_store(DataFolder.chosen()) as store:
        areas = store.areas().index
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(columns))
        writer.writeheader()
        for person in range(people):
            row = {name: column.example for name, column in columns.items()}
            key = hashlib.sha256(f"{person}".encode()).hexdigest()
            writer.writerow(row | {"person_key": key, "area": areas[person % len(areas)], "month": "2025-11"})
    return path


def test_from_a_key_to_a_release(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = _run("new-key", str(place / "product.key"))
    assert made.exit_code == 0, made.output
    assert f"export PRIORITISATION_KEY_FILE={place / 'product.key'}" in made.output
    monkeypatch.setenv("PRIORITISATION_KEY_FILE", str(place / "product.key"))
    extract = str(_extract(place / "council.csv"))
    checked = _run("import", "contacts", "--check", extract)
    assert checked.exit_code == 0, checked.output
    assert "  council: 2025-11: homelessness_application." in checked.output
    assert "Only checked: nothing was imported or written." in checked.output
    assert not (place / "restricted").exists()
    done = _run("import", "contacts", extract)
    assert done.exit_code == 0, done.output
    assert "council.csv: extract 1 from council, 200 rows, about 200 people" in done.output
    with open_store(DataFolder.chosen()) as store:
        assert f"Release {store.release.id} is published." in done.output
        assert store.cube_facts()["known_people"] == "200"
    listed = _run("extracts")
    assert listed.output.splitlines()[1].startswith("1,council,2025-11,2025-11,homelessness_application,project-2026,")
    assert "Nobody is past retention" in _run("purge").output
    again = _run("import", "contacts", str(place / "council.csv"))
    assert "already imported; skipped" in again.output
    assert "Nothing new was published." in again.output


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["import", "contacts", "absent.csv"], "There is no key"),
        (["import", "contacts", "--check", "absent.csv"], "There is no key"),
        (["import", "contacts", "absent.csv", "--restricted", "store"], "must not lie in or around the data folder"),
        (["new-key", "absent/key"], "cannot be written"),
    ],
)
def test_refusals_have_three_parts(
    place: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], expected: str
) -> None:
    monkeypatch.chdir(place)
    refused = _run(*words)
    assert refused.exit_code == 1
    assert expected in refused.output
    assert "Not done:" in refused.output
    assert "What to do:" in refused.output
    assert "Traceback" not in refused.output


def test_no_people_no_extracts(place: Path) -> None:
    assert "counts no people" in _run("extracts").output


@pytest.fixture
def real_place(place: Path, open_data: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    """A data folder with published files of Orkney, the council with the fewest areas."""
    monkeypatch.setenv("PRIORITISATION_DATA", str(place / "real"))
    files = [str(file) for file in sorted((open_data / "simd2020v2").glob("*.csv"))]
    files.append(str(open_data / "lookups" / "2011_dz_lookup.csv"))
    loaded = _run("import", "open-data", *files, "--council", "S12000023")
    assert loaded.exit_code == 0, loaded.output
    return DataFolder.chosen()


@pytest.mark.open_data
@pytest.mark.usefixtures("real_place")
def test_counts_of_a_real_place_are_attacked_before_they_are_published(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _run("new-key", str(place / "product.key"))
    monkeypatch.setenv("PRIORITISATION_KEY_FILE", str(place / "product.key"))
    done = _run("import", "contacts", str(_extract(place / "council.csv")))
    assert done.exit_code == 0, done.output
    assert "Attacking the counts" in done.output
    with open_store(DataFolder.chosen()) as store:
        facts = store.cube_facts()
    assert facts["audited_at"] == date.today().isoformat()
    assert json.loads(facts["audit"])["passed"] is True


@pytest.mark.open_data
def test_counts_of_a_real_place_are_not_published_without_an_attack(real_place: DataFolder, tmp_path: Path) -> None:
    before = real_place.published()
    with pytest.raises(UserError, match="not to be attacked"):
        Releasing(real_place, date.today())(tmp_path / "people.duckdb", lambda release_id: None)
    assert real_place.published() == before
