"""Assets of a register and Place Standard scores: into a new release, kept by the next import, scored only if asked."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from prioritisation.catalogue import load_catalogue
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ingest.assets import RegisterColumns
from prioritisation.ingest.community import import_community
from prioritisation.ingest.demonstration import write_demonstration
from prioritisation.ingest.import_assets import AssetImport, import_assets
from prioritisation.ingest.open_data import import_open_data
from prioritisation.place_standard import load_place_standard
from prioritisation.prioritise import prioritise
from prioritisation.scenario import Scenario
from prioritisation.store import open_store
from prioritisation.workspace import Workspace, knowledge, open_workspace
from prioritisation.workspace.knowledge import ACCEPTED, AREA, LOCALITY, PLACE_STANDARD, Contribution

CATALOGUE = load_catalogue(DataFolder.chosen().catalogue)
TOOL = load_place_standard(DataFolder.chosen().catalogue)
VARIANT = "south-ayrshire-int-community"


@pytest.fixture
def folder(demonstration: DataFolder, tmp_path: Path) -> DataFolder:
    copied = DataFolder(tmp_path / "data")
    shutil.copytree(demonstration.root, copied.root)
    return copied


@pytest.fixture
def workspace(folder: DataFolder) -> Iterator[Workspace]:
    opened = open_workspace(folder)
    yield opened
    opened.close()


def register(folder: DataFolder, path: Path, **other: list[str]) -> Path:
    """A small register: two in one area, one with no known postcode, one elsewhere, one ended, one repeated."""
    with open_store(folder) as store:
        postcodes = store.postcodes()["postcode"]
        here = store.release.council_name
    given = {
        "Charity Number": ["SC1", "SC2", "SC3", "SC4", "SC5", "SC1"],
        "Charity Name": ["Hall", "Larder", "Club", "Far", "Gone", "Hall"],
        "Charity Status": ["Active", "Active", "", "Active", "Removed", "Active"],
        "Postcode": [
            postcodes[0].lower(),
            f"{postcodes[1][:3]} {postcodes[1][3:]}",
            "AB1 1AA",
            "AB1 1AA",
            *postcodes[:2],
        ],
        "Main Operating Location": [here, here.upper(), here, "Elsewhere", here, here],
    }
    pd.DataFrame(given | other).to_csv(path, index=False)
    return path


def imported(folder: DataFolder, path: Path, source: str = "charity_register") -> AssetImport:
    return import_assets(path, folder=folder, catalogue=CATALOGUE, source_id=source, columns=RegisterColumns())


def test_a_register_takes_the_place_of_the_one_in_use_and_every_row_is_told(folder: DataFolder, tmp_path: Path) -> None:
    made = imported(folder, register(folder, tmp_path / "register.csv"))
    told = made.assets
    assert (told.rows, len(told.table), told.unplaced, told.elsewhere, told.ended, told.repeated) == (6, 2, 1, 1, 1, 1)
    with open_store(folder) as store:
        assets, files = store.assets(), store.loaded_files()
        postcodes = store.postcodes().set_index("postcode")["area_code"]
    assert list(assets["name"]) == ["Hall", "Larder"]
    assert list(assets["area_code"]) == list(postcodes.iloc[:2])
    assert "postcode" not in assets.columns
    (used,) = files[files["kind"] == "register of charities"].to_dict("records")
    assert (used["file_name"], used["row_count"], used["note"]) == ("register.csv", 6, told.sentence)
    assert folder.published().releases[-1] == made.release.id


def test_a_register_that_cannot_be_used_changes_nothing(folder: DataFolder, tmp_path: Path) -> None:
    before = folder.published()
    file = tmp_path / "register.csv"
    file.write_text("Name,Town\nHall,Ayr\n", encoding="utf-8")
    with pytest.raises(UserError, match="no column Charity Number, Charity Name, Postcode"):
        imported(folder, file)
    with pytest.raises(UserError, match="has a postcode of"):
        imported(folder, register(folder, file, Postcode=["AB1 1AA"] * 6))
    with pytest.raises(UserError, match="1 fault") as refused:
        imported(folder, register(folder, file, **{"Charity Name": ["", "b", "c", "d", "e", "f"]}))
    assert "row 2, column Charity Name" in refused.value.faults[0].where
    assert folder.published() == before


def test_the_published_register_is_placed(open_data: Path, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    files = [open_data / each for each in ("simd2020v2", "lookups", "postcodes")]
    summary = import_open_data(files, council="S12000028", folder=folder, catalogue=CATALOGUE)
    assert any("253 of 14,921 rows placed in" in each.note for each in summary.files if each.used)
    with open_store(folder) as store:
        assets = store.assets()
        assert set(assets["area_code"]) <= set(store.areas().index)
        assert store.sources().loc["charity_register", "licence"] == "Open Government Licence v3.0"
    assert len(assets) == 253
    assert assets["asset_id"].is_unique


def said(workspace: Workspace, place: str, geography: str = AREA, **scores: int) -> None:
    given = Contribution(PLACE_STANDARD, geography, place, "", "Survey", "Council", date(2025, 3, 1), "high", scores)
    added = knowledge.add(workspace, given, TOOL)
    knowledge.moderate(workspace, added.id, 1, state=ACCEPTED, reason="", by="Analyst")


def test_scores_become_indicators_missing_where_nobody_was_asked_and_stay_out_of_other_rankings(
    folder: DataFolder, workspace: Workspace
) -> None:
    with pytest.raises(UserError, match="No Place Standard score"):
        import_community(folder, CATALOGUE, workspace)
    with open_store(folder) as store:
        codes, locality = list(store.areas().index), store.areas()["locality"].iloc[0]
        before = prioritise(store, Scenario.starting(CATALOGUE.frameworks["south-ayrshire-int"])).scores
    said(workspace, codes[0], feeling_safe=1, public_transport=3)
    said(workspace, codes[0], feeling_safe=2)
    said(workspace, codes[1], feeling_safe=7)
    said(workspace, locality, LOCALITY, feeling_safe=4)
    said(workspace, "S01099999", feeling_safe=4)
    made = import_community(folder, CATALOGUE, workspace)
    assert (made.contributions, made.areas, made.all_areas, made.of_localities) == (3, 2, 153, 2)
    with open_store(folder) as store:
        after = prioritise(store, Scenario.starting(CATALOGUE.frameworks["south-ayrshire-int"])).scores
        ranked = prioritise(store, Scenario.starting(CATALOGUE.frameworks[VARIANT])).scores
        names = ["place_standard", "place_standard_feeling_safe", "place_standard_public_transport"]
        values, indicators = store.values(names), store.indicators()
        status = store.observations(["place_standard"])["status"].value_counts()
        assert "place_standard_moving_around" not in indicators.index
    assert np.array_equal(before.rank, after.rank)
    assert values.loc[codes[0]].tolist() == [(1.5 + 3) / 2, 1.5, 3.0]
    assert (values.loc[codes[1], "place_standard"], status.to_dict()) == (7.0, {"missing": 151, "reported": 2})
    assert indicators.loc["place_standard", "caveat"].startswith("2 of 153 areas have a score")
    assert indicators.loc["place_standard", ["source_id", "period"]].tolist() == ["community_knowledge", "2025-03"]
    assert (ranked.rank > 0).sum() == 2
    place = list(ranked.priority_ids).index("community_knowledge")
    scores = dict(zip(ranked.unit_ids, ranked.priority_scores[:, place], strict=True))
    assert scores[codes[0]] > scores[codes[1]], "most room for improvement is greatest need"


def test_scores_taken_back_leave_the_next_release(folder: DataFolder, workspace: Workspace) -> None:
    with open_store(folder) as store:
        code = store.areas().index[0]
    said(workspace, code, feeling_safe=1)
    import_community(folder, CATALOGUE, workspace)
    (kept,) = knowledge.listed(workspace)
    knowledge.moderate(workspace, kept.id, kept.version, state="declined", reason="Not of here", by="Analyst")
    import_community(folder, CATALOGUE, workspace)
    with open_store(folder) as store:
        assert not set(CATALOGUE.community_indicators) & set(store.indicators().index)


def test_both_stay_when_open_data_are_imported_anew_without_a_register(
    folder: DataFolder, workspace: Workspace, tmp_path: Path
) -> None:
    with open_store(folder) as store:
        assets, codes = store.assets(), list(store.areas().index)
    said(workspace, codes[3], feeling_safe=2)
    import_community(folder, CATALOGUE, workspace)
    write_demonstration(tmp_path / "files")
    (tmp_path / "files" / "charities.csv").unlink()
    summary = import_open_data([tmp_path / "files"], council="all", folder=folder, catalogue=CATALOGUE)
    assert sum("carried over" in warning for warning in summary.warnings) == 2
    with open_store(folder) as store:
        assert store.assets().equals(assets)
        assert store.values(["place_standard"]).loc[codes[3], "place_standard"] == 2.0
        assert store.indicators().loc["place_standard", "caveat"].startswith("1 of 153 areas have a score")
