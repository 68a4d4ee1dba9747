"""The demonstration: a believable map, believable numbers, nothing that could be mistaken for a real place."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from prioritisation.errors import UserError
from prioritisation.ingest import demonstration
from prioritisation.ingest.demonstration import write_demonstration
from prioritisation.ingest.invented_coast import UnfitDraw
from prioritisation.ingest.invented_people import AGES
from prioritisation.ingest.invented_places import (
    BY_SEA,
    COUNCIL,
    ENDINGS,
    INLAND,
    connected_groups,
    invent_geography,
    neighbours,
)

SIZES = (20, 153, 400)


@pytest.fixture(scope="module")
def drawn() -> dict[int, gpd.GeoDataFrame]:
    return {size: invent_geography(size, 1) for size in SIZES}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("demonstration")
    write_demonstration(place)
    return place


def read(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / name, dtype=str, keep_default_na=False)


def numbers(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column.str.rstrip("%"), errors="coerce")


def published(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / name, dtype=str, encoding="utf-8-sig")


@pytest.mark.parametrize("size", SIZES)
def test_areas_are_an_exact_coverage_without_gaps_or_slivers(drawn: dict[int, gpd.GeoDataFrame], size: int) -> None:
    shapes = drawn[size].geometry.to_numpy()
    assert len(shapes) == size
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    land = shapely.get_parts(shapely.coverage_union_all(shapes))
    assert len(land) == 2, "one mainland and one island"
    assert all(shapely.get_num_interior_rings(part) == 0 for part in land)
    area, length = shapely.area(shapes), shapely.length(shapes)
    assert area.min() > 70_000
    assert (4 * np.pi * area / length**2).min() > 0.1
    xy = shapely.get_coordinates(shapes)
    assert np.allclose(xy * 10, np.round(xy * 10), atol=1e-5)


@pytest.mark.parametrize("size", SIZES)
def test_localities_wards_and_zones_are_connected(drawn: dict[int, gpd.GeoDataFrame], size: int) -> None:
    geography = drawn[size]
    shapes = geography.geometry.to_numpy()
    assert geography["locality"].nunique() == 6
    assert geography["ward"].nunique() == geography["ward_code"].nunique() == 8
    for level in ("locality", "ward_code", "intermediate_zone_code"):
        for members in geography.groupby(level).indices.values():
            merged = shapely.union_all(shapes[members])
            assert len(shapely.get_parts(merged)) <= 1 + any(
                shapely.get_num_geometries(shapes[members]) > 1  # the island
            )
    zones = geography.groupby("intermediate_zone_code").agg({"locality": "nunique", "dz11_code": "size"})
    assert (zones["locality"] == 1).all()
    if size > 40:
        assert zones["dz11_code"].between(4, 8).all()
    assert geography["dz11_name"].is_unique and geography["dz11_code"].is_unique


def test_most_areas_are_in_towns_and_most_land_is_not(drawn: dict[int, gpd.GeoDataFrame]) -> None:
    geography = drawn[153]
    town = geography["settlement_areas"] > 3
    assert 0.55 < town.mean() < 0.75
    assert geography.area[town].sum() < 0.1 * geography.area.sum()
    assert geography.loc[town, "settlement"].nunique() == 4
    assert len(neighbours(geography.geometry.to_numpy())) > 2 * len(geography)


def test_the_tracked_boundaries_are_what_the_generator_draws(drawn: dict[int, gpd.GeoDataFrame]) -> None:
    tracked = gpd.read_parquet(demonstration.TRACKED_GEOGRAPHY)
    pd.testing.assert_frame_equal(
        pd.DataFrame(tracked.drop(columns="geometry")), pd.DataFrame(drawn[153].drop(columns="geometry")), rtol=1e-6
    )
    away = shapely.hausdorff_distance(tracked.geometry.to_numpy(), drawn[153].geometry.to_numpy())
    assert away.max() < 0.15
    assert demonstration.TRACKED_GEOGRAPHY.stat().st_size < 600_000


def test_same_seed_same_files_other_seed_other_files(folder: Path, tmp_path: Path) -> None:
    again = write_demonstration(tmp_path / "again")
    assert [path.read_bytes() for path in again] == [(folder / path.name).read_bytes() for path in again]
    first, same, other = (write_demonstration(tmp_path / str(turn), 20, seed) for turn, seed in enumerate((7, 7, 8)))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in same]
    assert all(one.read_bytes() != two.read_bytes() for one, two in zip(first, other, strict=True))


def test_every_file_lists_the_same_areas(folder: Path) -> None:
    codes = [f"DEMO{number:05d}" for number in range(1, 154)]
    boundaries = gpd.read_parquet(folder / "boundaries.parquet")
    assert list(boundaries["dz11_code"]) == codes
    assert list(boundaries.columns) == ["dz11_code", "dz11_name", "geometry"]
    assert boundaries.crs == "EPSG:27700"
    assert list(read(folder, "ranks.csv")["Data_Zone"]) == codes
    assert list(read(folder, "indicators.csv")["Data_Zone"]) == codes
    assert list(read(folder, "lookup.csv")["DZ2011_Code"]) == codes
    assert list(read(folder, "localities.csv")["dz11_code"]) == codes
    assert set(read(folder, "postcodes.csv")["dz11_code"]) == set(codes)
    assert list(read(folder, "population.csv")["dz11_code"].unique()) == codes


@pytest.mark.open_data
def test_columns_are_those_of_the_published_files(folder: Path, open_data: Path) -> None:
    for name in ("ranks", "indicators"):
        real = published(open_data, f"simd2020v2/SIMD+2020v2+-+{name}.csv")
        assert list(read(folder, f"{name}.csv").columns) == list(real.columns)
    lookup = read(folder, "lookup.csv")
    real = published(open_data, "lookups/2011_dz_lookup.csv")
    assert set(lookup.columns) <= set(real.columns)
    for column in ("UR6", "UR8"):
        pairs = [f"{column}_Code", f"{column}_Name"]
        assert set(lookup[pairs].itertuples(index=False, name=None)) <= set(
            real[pairs].itertuples(index=False, name=None)
        )
    population = published(open_data, "population/sape2020_dz_age_sex_wide_south_ayrshire.csv")
    assert list(read(folder, "population.csv").columns) == list(population.columns)


def test_nothing_carries_a_real_code_or_postcode(folder: Path) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.csv"))
    assert "S01" not in text and "S12" not in text
    postcodes = read(folder, "postcodes.csv")["Postcode"]
    assert postcodes.is_unique
    assert postcodes.str.fullmatch(r"ZZ[1-8] \d[A-Z]{2}").all()


@pytest.mark.open_data
def test_no_name_is_that_of_a_real_place(drawn: dict[int, gpd.GeoDataFrame], open_data: Path) -> None:
    real = published(open_data, "lookups/2011_dz_lookup.csv")
    known = {str(name).casefold() for column in real.columns if column.endswith("_Name") for name in real[column]}
    levels = ["dz11_name", "intermediate_zone", "ward", "locality"]
    ours = {name for geography in drawn.values() for level in levels for name in geography[level]}
    assert not {name for name in ours if name.casefold() in known}
    every = {beginning + ending for beginning in (*BY_SEA, *INLAND) for ending in ENDINGS} | {COUNCIL}
    assert not {place for place in every if any(place.casefold() in name for name in known)}


def test_indicators_hang_together_like_real_ones(folder: Path) -> None:
    indicators = read(folder, "indicators.csv").iloc[:, 3:].apply(numbers)
    assert indicators["Income_rate"].corr(indicators["Employment_rate"]) > 0.8
    assert 8 < indicators["Income_rate"].mean() < 16
    assert indicators["Income_rate"].between(0, 70).all()
    assert indicators["PT_retail"].corr(indicators["Income_rate"]) < 0.1
    people = read(folder, "population.csv").query("sex == 'All'")
    counts = people[AGES].astype(int).to_numpy()
    share_75 = counts[:, 75:].sum(axis=1) / counts.sum(axis=1)
    assert abs(np.corrcoef(share_75, indicators["Income_rate"])[0, 1]) < 0.5
    assert np.allclose(100 * indicators["Income_count"] / indicators["Total_population"], indicators["Income_rate"])
    percentages = indicators[[name for name in indicators if name.endswith("_rate") and name != "crime_rate"]]
    assert percentages.min(axis=None) >= 0 and percentages.max(axis=None) <= 100


def test_population_adds_up(folder: Path) -> None:
    table = read(folder, "population.csv")
    counts = table[AGES].astype(int)
    assert (counts.sum(axis=1) == table["total_population"].astype(int)).all()
    everyone = table["total_population"].astype(int)
    by_sex = {sex: everyone[table["sex"] == sex].to_numpy() for sex in ("All", "Female", "Male")}
    assert (by_sex["All"] == by_sex["Female"] + by_sex["Male"]).all()
    assert by_sex["All"].min() >= 500 and by_sex["All"].max() <= 1100
    assert 108_000 < by_sex["All"].sum() < 116_000


@pytest.mark.parametrize(("areas", "seed"), [(153, 1), (20, 3), (60, 2)])
def test_suppressed_missing_and_zero_are_all_there(tmp_path: Path, areas: int, seed: int) -> None:
    write_demonstration(tmp_path, areas, seed)
    table = read(tmp_path, "indicators.csv")
    assert ((table["crime_rate"] == "*") == (table["crime_count"] == "*")).all()
    assert (table["crime_rate"] == "*").sum() == np.ceil(0.13 * areas)
    assert 1 <= (table["Attendance"] == "*").sum() <= np.ceil(0.04 * areas)
    assert (table["Attainment"] == "").any() and (table["not_participating"] == "").any()
    assert (table["Broadband"] == "0%").any()
    assert not (table.iloc[:, :9] == "").any(axis=None)


def test_ranks_run_from_the_most_deprived(folder: Path) -> None:
    ranks, indicators = read(folder, "ranks.csv"), read(folder, "indicators.csv")
    names = [name for name in ranks if name.endswith("_Rank")]
    assert len(names) == 8
    for name in names:
        assert sorted(ranks[name].astype(int)) == list(range(1, 154))
    rates = numbers(indicators["Income_rate"])
    assert ranks["SIMD2020v2_Income_Domain_Rank"].astype(int).corr(rates, method="spearman") < -0.999
    assert ranks["SIMD2020v2_Rank"].astype(int).corr(rates, method="spearman") < -0.8


@pytest.mark.parametrize(("areas", "seed"), [(19, 1), (1001, 1), (153, -1)])
def test_refuses_what_it_cannot_draw(tmp_path: Path, areas: int, seed: int) -> None:
    with pytest.raises(UserError, match="Not done: No demonstration was made"):
        write_demonstration(tmp_path / "none", areas, seed)
    assert not (tmp_path / "none").exists()


def test_groups_stay_connected_and_inside_their_bounds() -> None:
    grid = np.arange(30).reshape(5, 6)
    pairs = np.concatenate(
        [
            np.column_stack([grid[:, :-1].ravel(), grid[:, 1:].ravel()]),
            np.column_stack([grid[:-1].ravel(), grid[1:].ravel()]),
        ]
    )
    rng = np.random.Generator(np.random.PCG64(1))
    groups = connected_groups(pairs, np.ones(len(pairs)), np.arange(30), [(4, 8)] * 5, rng)
    assert sorted(np.concatenate(groups)) == list(range(30))
    assert all(4 <= len(group) <= 8 for group in groups)
    with pytest.raises(UnfitDraw):
        connected_groups(pairs, np.ones(len(pairs)), np.arange(30), [(20, 20), (20, 20)], rng)
