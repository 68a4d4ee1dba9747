"""A dozen areas as their publishers would offer them: small files, drawn here, in every format."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from prioritisation.catalogue import Catalogue, load_catalogue
from prioritisation.folder import TRACKED_DATA, DataFolder
from prioritisation.ingest.open_data import import_open_data
from prioritisation.ingest.summary import ImportSummary

CATALOGUE: Catalogue = load_catalogue(TRACKED_DATA / "catalogue")
CODES = [f"S01012{417 + place}" for place in range(12)]
ELSEWHERE = ["S01006506", "S01006507"]
COUNCIL = "S12000028"
AGES = [*(str(age) for age in range(90)), "90+"]
PER_CENT = [each.column for each in CATALOGUE.indicators.values() if each.unit == "per cent" and each.column]


def _columns(source: str) -> list[str]:
    return [each.column for each in CATALOGUE.indicators.values() if each.source == source]


def indicators(codes: list[str] | None = None) -> pd.DataFrame:
    """SIMD indicators as in the workbook: per cents are fractions, * is suppressed, 0 is zero."""
    codes = codes or CODES + ELSEWHERE
    frame = pd.DataFrame({"Data_Zone": codes})
    frame["Intermediate_Zone"] = ["Carrick South" if code in CODES else "Culter" for code in codes]
    frame["Council_area"] = ["South Ayrshire" if code in CODES else "Aberdeen City" for code in codes]
    frame["Total_population"] = 700 + np.arange(len(codes))
    frame["Working_age_population"] = 400 + np.arange(len(codes))
    for place, column in enumerate(_columns("simd2020v2_indicators")):
        number = 5.0 + place + 3 * np.arange(len(codes))
        frame[column] = number / 250 if column in PER_CENT else number
    frame["Income_count"], frame["Employment_count"] = 70, 40
    frame["crime_count"] = pd.Series([12.0] * len(codes), dtype=object)
    frame["crime_rate"] = frame["crime_rate"].astype(object)
    frame.loc[[1, 2], ["crime_count", "crime_rate"]] = "*"
    frame.loc[3, "LBWT"] = 0.0
    frame["DEPRESS"] = frame["DEPRESS"].astype(object)
    frame.loc[4, "DEPRESS"] = None
    return frame


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """The same as its publisher's CSV has it: some rates with a % sign, large numbers with a comma."""
    text = frame.copy()
    for column in PER_CENT:
        plain = column in ("Income_rate", "Employment_rate")
        text[column] = [
            "" if pd.isna(value) else f"{value * 100:g}" if plain else f"{value * 100:g}%" for value in frame[column]
        ]
    text["ALCOHOL"] = [f"{value:,.0f}" for value in frame["ALCOHOL"] * 100]
    return text


def ranks(codes: list[str] | None = None) -> pd.DataFrame:
    """SIMD ranks, with the mixed prefixes of the published file."""
    codes = codes or CODES + ELSEWHERE
    frame = indicators(codes)[["Data_Zone", "Intermediate_Zone", "Council_area", "Total_population"]]
    for place, column in enumerate(_columns("simd2020v2_ranks")):
        prefix = "SIMD2020v2_" if place < 2 else "SIMD2020_"
        frame[prefix + column] = np.roll(np.arange(1.0, len(codes) + 1), place)
    return frame


def lookup(codes: list[str] | None = None) -> pd.DataFrame:
    """The data zone lookup, with the columns that matter."""
    codes = codes or CODES + ELSEWHERE
    ours = [code in CODES for code in codes]
    return pd.DataFrame(
        {
            "DZ2011_Code": codes,
            "DZ2011_Name": [f"Càrn - {place:02}" for place, _ in enumerate(codes, 1)],
            "IZ2011_Code": np.where(ours, "S02002329", "S02001236"),
            "IZ2011_Name": np.where(ours, "Carrick South", "Culter"),
            "MMWard_Code": "S13003094",
            "MMWard_Name": "Girvan and South Carrick",
            "LA_Code": np.where(ours, COUNCIL, "S12000033"),
            "LA_Name": np.where(ours, "South Ayrshire", "Aberdeen City"),
            "UR6_Code": 6,
            "UR6_Name": "Remote Rural",
        }
    )


def ages(codes: list[str] | None = None) -> pd.DataFrame:
    """One row per area and sex; ten people of each age and sex, but twenty women of 80."""
    codes = codes or CODES + ELSEWHERE
    frame = pd.DataFrame({"dz11_code": np.repeat(codes, 2), "sex": ["Female", "Male"] * len(codes)})
    people = pd.DataFrame(10, index=frame.index, columns=AGES)
    people.loc[frame["sex"] == "Female", "80"] = 20
    return pd.concat([frame, people], axis=1)


def totals(codes: list[str] | None = None) -> pd.DataFrame:
    return pd.DataFrame({"dz11_code": codes or CODES + ELSEWHERE, "total_population": 1000})


def localities(codes: list[str] | None = None) -> pd.DataFrame:
    codes = codes or CODES
    return pd.DataFrame({"datazone2011": codes, "hscp_locality": ["Girvan"] * 5 + ["Maybole"] * (len(codes) - 5)})


def postcodes() -> pd.DataFrame:
    return pd.DataFrame({"Postcode": [f"KA26 {place}AA" for place in range(8)], "DataZone2011Code": CODES[:8]})


def boundaries(codes: list[str] | None = None) -> gpd.GeoDataFrame:
    """Squares of one kilometre side by side, on the National Grid."""
    codes = codes or CODES
    squares = [shapely.box(220000 + 1000 * place, 600000, 221000 + 1000 * place, 601000) for place in range(len(codes))]
    names = [f"Square {place}" for place in range(len(codes))]
    return gpd.GeoDataFrame({"dz11_name": names, "dz11_code": codes}, geometry=squares, crs=27700)


def write(frame: pd.DataFrame, path: Path) -> Path:
    """Write a table in the format of the path's ending."""
    if path.suffix == ".xlsx":
        with pd.ExcelWriter(path) as book:
            pd.DataFrame([["", "", "Notes"]]).to_excel(book, sheet_name="Contents & notes", index=False, header=False)
            frame.to_excel(book, sheet_name="Table", index=False)
    elif path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False, encoding="utf-8-sig")
    return path


@dataclass
class Published:
    """Writes files into one folder and imports from it into another."""

    folder: Path
    store: DataFolder

    def simd(self) -> Path:
        return write(indicators(), self.folder / "simd.xlsx")

    def usual(self) -> list[Path]:
        """A good set: indicators, ranks, lookup, ages, boundaries."""
        shapes = self.folder / "zones.geojson"
        boundaries().to_crs(4326).to_file(shapes)
        return [
            self.simd(),
            write(ranks(), self.folder / "ranks.csv"),
            write(lookup(), self.folder / "lookup.csv"),
            write(ages(), self.folder / "ages.csv"),
            shapes,
        ]

    def load(self, *paths: Path, council: str = COUNCIL) -> ImportSummary:
        return import_open_data(list(paths), council=council, folder=self.store, catalogue=CATALOGUE)
