"""Profile sheets: one page about an area or a locality, with the release's numbers, as PDF and HTML."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from printed import edges_are_white, printed

from prioritisation.catalogue import load_catalogue
from prioritisation.cli import main
from prioritisation.documents.html import html
from prioritisation.documents.model import Document
from prioritisation.documents.pdf import pdf
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.prioritise import prioritise
from prioritisation.scenario import Scenario
from prioritisation.sheets.area import area_sheet
from prioritisation.sheets.locality import MOST_AREAS, localities, locality_sheet
from prioritisation.sheets.setting import SheetSetting, sheet_setting
from prioritisation.store import open_store


def setting_of(folder: DataFolder, framework: str | None = None) -> SheetSetting:
    frameworks = load_catalogue(folder.catalogue).frameworks
    chosen = frameworks[framework or next(iter(frameworks))]
    with open_store(folder) as store:
        return sheet_setting(store, prioritise(store, Scenario.starting(chosen)))


@pytest.fixture(scope="module")
def setting(demonstration: DataFolder) -> SheetSetting:
    return setting_of(demonstration)


def words_of(document: Document) -> str:
    made = html(document).decode().partition("<body")[2]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", made)).split())


def test_an_area_is_one_page_that_says_where_it_stands(setting: SheetSetting, tmp_path: Path) -> None:
    code = str(setting.ranking.table()["id"].iloc[0])
    made = area_sheet(setting, code)
    found = printed(pdf(made), tmp_path)
    name, stamp = str(setting.ranking.areas["name"][code]), setting.ranking.stamp()
    assert len(found.pages) == 1
    assert edges_are_white(found.pages[0])
    assert (found.facts["Title"], found.facts["Tagged"]) == (name, "yes")
    told = words_of(made)
    assert f"of {len(setting.ranking.areas)}" in told
    for priority in setting.ranking.scenario.framework.priorities:
        assert priority.name in told
        assert all(str(setting.comparison.indicators["name"][part.id]) in told for part in priority.indicators)
    assert stamp["scenario"] in found.text
    assert stamp["release"] in found.text
    assert stamp["note"] in found.text


def test_its_numbers_are_those_of_the_profile(setting: SheetSetting) -> None:
    code = str(setting.ranking.table()["id"].iloc[5])
    told = words_of(area_sheet(setting, code))
    value = setting.comparison.observations["value"][(code, "income_rate")]
    assert f"Income deprivation {'2017'} {value:.1f}%" in told
    score = float(setting.ranking.scores.score[setting.ranking.areas.index.get_loc(code)])
    assert f"{score:.1f} score of 100" in told
    assert "6 rank of 153" in told


def test_the_longest_framework_still_fits_one_page(demonstration_with_people: DataFolder, tmp_path: Path) -> None:
    crowded = setting_of(demonstration_with_people, "south-ayrshire-int-contacts")
    table = crowded.ranking.table()
    made = area_sheet(crowded, str(table["id"].iloc[len(table) // 2]))
    found = printed(pdf(made), tmp_path)
    assert len(found.pages) == 1
    assert "People with a homelessness need" in found.text


def test_suppressed_is_told_and_never_a_number(demonstration_with_people: DataFolder) -> None:
    crowded = setting_of(demonstration_with_people, "south-ayrshire-int-contacts")
    observed = crowded.comparison.observations.reset_index()
    counted = observed["indicator_id"].isin(crowded.ranking.scenario.framework.indicator_ids)
    area, indicator = observed.loc[counted & (observed["status"] == "suppressed"), ["area_code", "indicator_id"]].iloc[
        0
    ]
    told = words_of(area_sheet(crowded, str(area)))
    name = str(crowded.comparison.indicators["name"][indicator])
    assert re.search(rf"{re.escape(name)}(, [a-z0-9, ]+)? suppressed", told)


def test_every_locality_is_one_page_with_its_areas(setting: SheetSetting, tmp_path: Path) -> None:
    table = setting.ranking.table()
    sizes = table["locality"].value_counts()
    name = str(sizes.index[0])
    made = locality_sheet(setting, name)
    found = printed(pdf(made), tmp_path)
    assert len(found.pages) == 1
    told = words_of(made)
    inside = table[table["locality"] == name]
    assert len(inside) > MOST_AREAS
    assert all(str(each) in told for each in inside["name"].head(MOST_AREAS))
    assert f"of {len(inside)}" in told
    known = inside[inside["financial_hardship"].notna()]
    mean = np.average(known["financial_hardship"], weights=known["population"].astype(float))
    assert f"Financial hardship {mean:.1f}" in told


def test_a_sheet_is_the_same_each_time(setting: SheetSetting) -> None:
    code = str(setting.ranking.areas.index[0])
    assert pdf(area_sheet(setting, code)) == pdf(area_sheet(setting, code))


def test_names_that_are_not_there_are_refused(setting: SheetSetting) -> None:
    with pytest.raises(UserError, match="There is no area"):
        area_sheet(setting, "NOPE")
    with pytest.raises(UserError, match="There is no locality"):
        locality_sheet(setting, "Nowhere")


def test_the_command_writes_both_kinds(demonstration: DataFolder, setting: SheetSetting, tmp_path: Path) -> None:
    place = localities(setting)[0]
    asked = ["sheet", "DEMO00001", "--locality", place, "--out", str(tmp_path), "--data", str(demonstration.root)]
    made = CliRunner().invoke(main, asked)
    assert made.exit_code == 0, made.output
    assert sorted(each.suffix for each in tmp_path.iterdir()) == [".html", ".html", ".pdf", ".pdf"]
    assert (tmp_path / "area-DEMO00001.pdf").read_bytes().startswith(b"%PDF")


def test_the_command_names_every_fault_at_once(demonstration: DataFolder, tmp_path: Path) -> None:
    asked = ["sheet", "NOPE", "NADA", "--locality", "X", "--out", str(tmp_path), "--data", str(demonstration.root)]
    refused = CliRunner().invoke(main, asked)
    assert refused.exit_code == 1
    assert all(each in refused.output for each in ("'NOPE'", "'NADA'", "'X'", "No sheet was written"))
    assert list(tmp_path.iterdir()) == []
    assert CliRunner().invoke(main, ["sheet", "--data", str(demonstration.root)]).exit_code == 1
