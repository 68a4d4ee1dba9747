"""Patches taken along: the areas as CSV, the outlines as GeoJSON, each with what it was made from."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pandas as pd
import pytest
import shapely

from prioritisation.catalogue import load_catalogue
from prioritisation.folder import DataFolder
from prioritisation.patch.ground import Ground
from prioritisation.patch_files import areas_csv, many_patches, one_patch, outlines_geojson
from prioritisation.patches import NEED, PEOPLE, area_rows, divided, ground_of_release, objective_of, plan_for
from prioritisation.prioritise import Prioritisation, prioritise
from prioritisation.scenario import Scenario
from prioritisation.store import Store, open_store

SAID = "Proven best: no connected patch with these wishes holds more."


@pytest.fixture(scope="module")
def store(demonstration: DataFolder) -> Iterator[Store]:
    with open_store(demonstration) as opened:
        yield opened


@pytest.fixture(scope="module")
def ranking(store: Store) -> Prioritisation:
    catalogue = load_catalogue(store.folder.catalogue)
    return prioritise(store, Scenario.starting(catalogue.framework("south-ayrshire-int")))


@pytest.fixture(scope="module")
def lie(store: Store) -> Ground:
    return ground_of_release(store, store.areas())


@pytest.fixture(scope="module")
def areas(store: Store, ranking: Prioritisation, lie: Ground) -> pd.DataFrame:
    members = (0, *lie.neighbours[0])
    return one_patch(area_rows(ranking, lie, objective_of(store, ranking, NEED).gain, members))


def test_csv_has_the_areas_and_says_what_it_is(ranking: Prioritisation, areas: pd.DataFrame) -> None:
    read = pd.read_csv(io.BytesIO(areas_csv(ranking, areas, SAID)), encoding="utf-8-sig")
    assert list(read["id"]) == list(areas["id"])
    assert list(read["holds"]) == pytest.approx(list(areas["holds"]))
    assert set(read["said"]) == {SAID}
    assert set(read["scenario"]) == {ranking.scenario.id}
    assert set(read["release"]) == {ranking.release.id}
    assert read["note"].str.startswith("Demonstration data").all()


def test_geojson_has_the_outline_and_its_areas(store: Store, ranking: Prioritisation, areas: pd.DataFrame) -> None:
    assert store.boundaries is not None
    read = json.loads(outlines_geojson(ranking, store.boundaries, areas, SAID, ["Invented"]))
    assert (read["said"], read["scenario"], read["sources"]) == (SAID, ranking.scenario.id, ["Invented"])
    assert read["note"].startswith("Demonstration data")
    shapes = {each["id"]: shapely.from_geojson(json.dumps(each["geometry"])) for each in read["features"]}
    assert set(shapes) == {"patch-1", *(f"area-{code}" for code in areas["id"])}
    whole = shapes.pop("patch-1")
    assert whole.is_valid
    assert sum(shape.area for shape in shapes.values()) == pytest.approx(whole.area)
    assert read["features"][0]["properties"]["people"] == areas["people"].sum()
    west, south, east, north = whole.bounds
    assert -10 < west < east < 3
    assert 50 < south < north < 62


def test_a_division_has_every_area_once_with_its_reason(store: Store, ranking: Prioritisation, lie: Ground) -> None:
    report = divided(ranking, lie, plan_for(lie, 4, None, False), PEOPLE)
    gain = objective_of(store, ranking, NEED).gain
    found = many_patches([area_rows(ranking, lie, gain, part.members) for part in report.parts], report.parts)
    assert sorted(found["id"]) == sorted(lie.codes)
    assert list(found["patch"].unique()) == [1, 2, 3, 4]
    assert store.boundaries is not None
    read = json.loads(outlines_geojson(ranking, store.boundaries, found, "", []))
    wholes = [each["properties"] for each in read["features"] if each["properties"]["kind"] == "patch"]
    assert [each["patch_name"] for each in wholes] == [part.name for part in report.parts]
    assert all(each["reason"].startswith(each["patch_name"]) for each in wholes)
