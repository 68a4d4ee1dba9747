"""Every page, opened both ways, over the demonstration."""

from __future__ import annotations

import html
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from opened import BOOKMARK, MENU, REPOSITORY, OpenPage, html_of

from prioritisation.catalogue import load_catalogue
from prioritisation.folder import DataFolder
from prioritisation.ingest.open_data import import_open_data
from prioritisation.scenario import Scenario
from prioritisation.store import Store
from prioritisation.ui import session
from prioritisation.ui.explore.find import find

TITLES = {
    "Start": "Where do we stand?",
    "Explore": "Where is need greatest?",
    "Weigh": "What matters most?",
    "Robustness": "How sure is the shortlist?",
    "Scenarios": "Which scenarios are there?",
    "Data": "What is loaded?",
    "Method": "How is the score worked out?",
}
WEIGHTS = "40,30,20,10"


@pytest.mark.parametrize("way", [BOOKMARK, MENU])
@pytest.mark.parametrize("name", TITLES)
def test_a_page_opens_both_ways(name: str, way: str, open_page: OpenPage, demonstration: DataFolder) -> None:
    test = open_page(name, demonstration, way)
    assert not test.exception
    said = html_of(test)
    assert f">{TITLES[name]}</h1>" in said
    assert "refusal" not in said
    assert "Demonstration data" in said and "Placeholder priorities" in said
    assert "153 of 153 areas scored" in said


def test_the_link_holds_the_scenario(open_page: OpenPage, demonstration: DataFolder) -> None:
    framework = next(iter(load_catalogue(demonstration.catalogue).frameworks.values()))
    scenario = Scenario.starting(framework).with_weights([40, 30, 20, 10])
    said = {
        name: html_of(open_page(name, demonstration, way, {"weights": WEIGHTS}))
        for name, way in (("Explore", BOOKMARK), ("Weigh", MENU), ("Method", BOOKMARK))
    }
    assert all(f"scenario {scenario.id}" in page for page in said.values())
    assert "Financial hardship: 40% of the score" in said["Method"]


def test_the_menu_keeps_the_link(open_page: OpenPage, demonstration: DataFolder) -> None:
    test = open_page("Explore", demonstration, MENU, {"weights": WEIGHTS, "locality": "nowhere"})
    test.query_params.clear()  # as the menu does
    test.switch_page(str(REPOSITORY / "pages" / "Weigh.py")).run()
    assert test.query_params["weights"] == WEIGHTS


def test_a_link_that_cannot_be_followed_says_so(open_page: OpenPage, demonstration: DataFolder) -> None:
    said = html_of(open_page("Explore", demonstration, MENU, {"weights": "1,2", "area": "X", "show": "<b>"}))
    assert "the link&#x27;s weights cannot be used." in said
    assert "Where is need greatest?" in said


def test_choosing_changes_the_link(open_page: OpenPage, demonstration: DataFolder) -> None:
    test = open_page("Explore", demonstration)
    locality = test.selectbox(key="choose-locality").options[1]
    test.selectbox(key="choose-show").set_value("crime_rate").run()
    test.selectbox(key="choose-locality").set_value(locality).run()
    assert test.query_params == {"show": "crime_rate", "locality": locality}
    assert f"{html.escape(locality)}: " in html_of(test)


def test_a_profile_has_every_indicator(
    open_page: OpenPage, demonstration: DataFolder, demonstration_store: Store
) -> None:
    area = demonstration_store.areas().index[7]
    said = html_of(open_page("Explore", demonstration, BOOKMARK, {"area": area}))
    for name in demonstration_store.indicators()["name"]:
        assert html.escape(name) in said
    assert "points" in said and "of 153" in said


def test_states_are_shown_apart(open_page: OpenPage, demonstration: DataFolder, demonstration_store: Store) -> None:
    crime = html_of(open_page("Explore", demonstration, MENU, {"show": "crime_rate"}))
    assert "suppressed (20)" in crime and "20 are suppressed" in crime and "133 of 153 areas have data" in crime
    central = html_of(open_page("Explore", demonstration, MENU, {"show": "nocentralheat_rate"}))
    assert "zero (" in central and "suppressed (" not in central
    observed = demonstration_store.observations(["crime_rate"])
    held = observed.loc[observed["status"] == "suppressed", "area_code"].iloc[0]
    profile = html_of(open_page("Explore", demonstration, BOOKMARK, {"area": held}))
    assert 'class="own suppressed"' in profile and ">suppressed<" in profile


def test_an_area_is_found_by_name_and_code(
    open_page: OpenPage, demonstration: DataFolder, demonstration_store: Store
) -> None:
    areas = demonstration_store.areas()
    code = areas.index[3]
    test = open_page("Explore", demonstration)
    test.selectbox(key="choose-area").set_value(code).run()
    assert test.query_params["area"] == code
    assert html.escape(f"How does {areas['name'][code]} compare?") in html_of(test)


@dataclass(frozen=True)
class Here:
    """As much of a view as finding needs."""

    store: Store
    areas: pd.DataFrame
    place: str = "Strathmarra"


def test_an_area_is_found_by_what_people_type(demonstration_store: Store) -> None:
    here = Here(demonstration_store, demonstration_store.areas())
    code, name = here.areas.index[5], here.areas["name"].iloc[5]
    assert find(here, code.lower()).area == code
    assert find(here, f" {name.upper()} ").area == code


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("KA7", "is not a whole postcode"),
        ("ZZ99 9ZZ", "is not in the lookup that is loaded"),
        ("nowhere at all", "No area here is called"),
        ("a", "areas match"),
        ("", ""),
    ],
)
def test_what_cannot_be_found_gets_a_plain_line(text: str, line: str, demonstration_store: Store) -> None:
    here = Here(demonstration_store, demonstration_store.areas())
    found = find(here, text)
    assert found.area is None
    assert line in found.line or not here.store.has_postcodes


def test_a_damaged_pointer_is_said_in_three_parts(open_page: OpenPage, tmp_path: Path) -> None:
    (tmp_path / "releases.json").write_text("{")
    for name in TITLES:
        said = html_of(open_page(name, DataFolder(tmp_path), BOOKMARK))
        assert "Not done: " in said and "What to do: " in said and "Traceback" not in said


def test_a_damaged_release_is_said_in_three_parts(open_page: OpenPage, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.releases.mkdir()
    folder.release_file("r1").write_bytes(b"not a database at all")
    folder.pointer.write_text(json.dumps({"current": "r1", "published": ["r1"]}))
    test = open_page("Explore", folder)
    assert not test.exception
    assert "r1.duckdb cannot be opened" in html_of(test) and "What to do: " in html_of(test)


def test_damaged_boundaries_leave_the_other_pages(
    open_page: OpenPage, demonstration: DataFolder, demonstration_store: Store, tmp_path: Path
) -> None:
    folder = DataFolder(tmp_path / "copy")
    shutil.copytree(demonstration.root, folder.root)
    boundaries = folder.geo / demonstration_store.release.boundaries
    boundaries.chmod(0o644)
    boundaries.write_bytes(b"PAR1")
    assert "cannot be read" in html_of(open_page("Explore", folder))
    assert "refusal" not in html_of(open_page("Data", folder))


def test_a_moved_pointer_is_noticed(open_page: OpenPage, demonstration: DataFolder, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "copy")
    shutil.copytree(demonstration.root, folder.root)
    current = folder.published().current
    test = open_page("Data", folder)
    folder.pointer.write_text(json.dumps({"current": "gone", "published": ["gone"]}))
    test.run()
    assert "gone.duckdb cannot be opened" in html_of(test)
    folder.pointer.write_text(json.dumps({"current": current, "published": [current]}))
    test.run()
    assert f"Release {current}" in html_of(test)


def test_the_data_page_counts_all_three_states(open_page: OpenPage, demonstration: DataFolder) -> None:
    said = html_of(open_page("Data", demonstration))
    assert '<th scope="col">Suppressed</th>' in said
    assert "What is not here" in said
    assert "the one on screen" in said


@pytest.mark.parametrize("name", ["Explore", "Weigh"])
def test_a_whole_country_asks_for_a_council_first(
    name: str,
    open_page: OpenPage,
    demonstration: DataFolder,
    demonstration_store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(session, "MOST_AREAS_ON_SCREEN", 100)
    test = open_page(name, demonstration)
    assert "Which council?" in html_of(test)
    council = demonstration_store.areas()["council_code"].iloc[0]
    test.selectbox(key="choose-council").set_value(council).run()
    assert not test.exception
    assert test.query_params["council"] == council
    assert "153 of 153 areas scored" in html_of(test)


def test_a_release_for_one_framework_begins_with_it(open_page: OpenPage, open_data: Path, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    files = [open_data / "simd2020v2" / "SIMD+2020v2+-+ranks.xlsx", open_data / "lookups" / "2011_dz_lookup.csv"]
    import_open_data(files, council="S12000028", folder=folder, catalogue=load_catalogue(folder.catalogue))
    said = html_of(open_page("Explore", folder))
    assert "SIMD 2020, rebuilt" in said and "There is no map" in said and "153 of 153 areas scored" in said
    assert "refusal" not in html_of(open_page("Weigh", folder))
    assert "What to do: " in html_of(open_page("Weigh", folder, MENU, {"framework": "south-ayrshire-int"}))
