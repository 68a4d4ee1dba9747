"""Demonstration source files: an invented council in the formats of the published files.

They pass through the same import as real ones. Every area code starts with DEMO, which is how the product
recognises demonstration data; names and postcodes are invented, and the place lies in the open sea.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prioritisation.errors import UserError
from prioritisation.folder import TRACKED_DATA
from prioritisation.ingest.contacts.protected import ProtectedCounts, read_tracked
from prioritisation.ingest.invented_charities import invent_charities
from prioritisation.ingest.invented_past import invent_past
from prioritisation.ingest.invented_people import (
    AGES,
    hide_some,
    invent_conditions,
    invent_indicators,
    invent_population,
    rank_domains,
)
from prioritisation.ingest.invented_places import COUNCIL, COUNCIL_CODE, URBAN_RURAL_6, invent_geography

DEFAULT_AREAS, DEFAULT_SEED = 153, 1
FEWEST_AREAS, MOST_AREAS = 20, 1000
TRACKED_GEOGRAPHY = TRACKED_DATA / "geo" / "demonstration.parquet"
TRACKED_PEOPLE = TRACKED_DATA / "demonstration"
# The eightfold class has the same names; "rural" gets the word "Areas", and its numbers skip the very remote.
URBAN_RURAL_8 = {
    2: (2, "Other Urban Areas"),
    3: (3, "Accessible Small Towns"),
    4: (4, "Remote Small Towns"),
    5: (6, "Accessible Rural Areas"),
    6: (7, "Remote Rural Areas"),
}
POSTCODES_PER_AREA = 8
UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


def write_demonstration(folder: Path, areas: int = DEFAULT_AREAS, seed: int = DEFAULT_SEED) -> list[Path]:
    """Write the source files of an invented council into `folder` and return their paths.

    boundaries.parquet (GeoParquet, EPSG:27700), ranks.csv, indicators.csv, lookup.csv, population.csv,
    localities.csv, postcodes.csv, charities.csv. The same areas and seed give the same files. Raises UserError for a
    number of areas outside 20 to 1,000 or a negative seed.
    """
    _check(areas, seed)
    geography = demonstration_geography(areas, seed)
    rng = np.random.Generator(np.random.PCG64([seed, areas, 2]))
    conditions = invent_conditions(geography, rng)
    population = invent_population(conditions, rng)
    indicators = invent_indicators(geography, conditions, population, rng)
    folder.mkdir(parents=True, exist_ok=True)
    boundaries = folder / "boundaries.parquet"
    geography[["dz11_code", "dz11_name", "geometry"]].to_parquet(boundaries, index=False)
    tables = {
        "ranks.csv": rank_domains(indicators).astype({"Total_population": int, "Working_age_population": int}),
        "indicators.csv": hide_some(indicators, rng),
        "lookup.csv": _lookup(geography),
        "population.csv": _population(geography, population),
        "localities.csv": geography[["dz11_code", "locality"]].rename(columns={"locality": "locality_name"}),
        "postcodes.csv": _postcodes(geography),
    }
    tables["earlier.csv"] = invent_past(indicators, np.random.Generator(np.random.PCG64([seed, areas, 5])))
    tables["charities.csv"] = invent_charities(geography, tables["postcodes.csv"], [seed, areas])
    for name, table in tables.items():
        table.to_csv(folder / name, index=False, lineterminator="\n")
    return [boundaries, *(folder / name for name in tables)]


def demonstration_geography(areas: int = DEFAULT_AREAS, seed: int = DEFAULT_SEED) -> gpd.GeoDataFrame:
    """Return the areas with their names and groups (columns: see `invent_geography`); the default one is kept ready."""
    if (areas, seed) == (DEFAULT_AREAS, DEFAULT_SEED) and TRACKED_GEOGRAPHY.is_file():
        return gpd.read_parquet(TRACKED_GEOGRAPHY)
    return invent_geography(areas, seed)


def write_tracked_geography(path: Path = TRACKED_GEOGRAPHY) -> Path:
    """Draw the default geography anew and write the file that is kept under version control."""
    path.parent.mkdir(parents=True, exist_ok=True)
    invent_geography(DEFAULT_AREAS, DEFAULT_SEED).to_parquet(path, index=False, compression="zstd")
    return path


def tracked_people(areas: int = DEFAULT_AREAS, seed: int = DEFAULT_SEED) -> ProtectedCounts | None:
    """Return the protected counts that are kept ready for the default demonstration; None for another."""
    return read_tracked(TRACKED_PEOPLE) if (areas, seed) == (DEFAULT_AREAS, DEFAULT_SEED) else None


def _check(areas: int, seed: int) -> None:
    if not FEWEST_AREAS <= areas <= MOST_AREAS:
        raise UserError(
            f"A demonstration of {areas:,} areas was asked for.",
            not_done="No demonstration was made.",
            remedy=f"Ask for {FEWEST_AREAS} to {MOST_AREAS:,} areas.",
        )
    if seed < 0:
        raise UserError(
            f"The seed is {seed}.",
            not_done="No demonstration was made.",
            remedy="Give a whole number of 0 or more.",
        )


def _lookup(geography: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return area to intermediate zone, ward, council and urban-rural class, under the published names."""
    sixfold = geography["urban_rural"]
    return pd.DataFrame(
        {
            "DZ2011_Code": geography["dz11_code"],
            "DZ2011_Name": geography["dz11_name"],
            "IZ2011_Code": geography["intermediate_zone_code"],
            "IZ2011_Name": geography["intermediate_zone"],
            "MMWard_Code": geography["ward_code"],
            "MMWard_Name": geography["ward"],
            "LA_Code": COUNCIL_CODE,
            "LA_Name": COUNCIL,
            "UR6_Code": sixfold,
            "UR6_Name": sixfold.map(URBAN_RURAL_6),
            "UR8_Code": sixfold.map({code: eightfold[0] for code, eightfold in URBAN_RURAL_8.items()}),
            "UR8_Name": sixfold.map({code: eightfold[1] for code, eightfold in URBAN_RURAL_8.items()}),
        }
    )


def _population(geography: gpd.GeoDataFrame, population: NDArray[np.int64]) -> pd.DataFrame:
    """Return residents by single year of age, three rows per area: All, Female, Male."""
    sexes = np.concatenate([population.sum(axis=1, keepdims=True), population], axis=1)
    ages = pd.DataFrame(sexes.reshape(-1, len(AGES)), columns=AGES)
    ages.insert(0, "sex", ["All", "Female", "Male"] * len(geography))
    ages.insert(0, "total_population", ages[AGES].sum(axis=1))
    ages.insert(0, "dz11_code", np.repeat(geography["dz11_code"].to_numpy(), 3))
    return ages


def _postcodes(geography: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return invented postcodes in an area that does not exist: ZZ, the number of the ward, then in area order."""
    rows = geography.loc[geography.index.repeat(POSTCODES_PER_AREA), ["ward_code", "dz11_code"]]
    number = rows.groupby("ward_code").cumcount()
    units = len(UNIT_LETTERS) ** 2
    sector = "ZZ" + rows["ward_code"].str[-1] + " " + (1 + number // units).astype(str)
    pairs = np.array([first + second for first in UNIT_LETTERS for second in UNIT_LETTERS])
    postcode = sector + pairs[number % units]
    return pd.DataFrame({"Postcode": postcode.to_numpy(), "dz11_code": rows["dz11_code"].to_numpy()})
