"""The areas that people are counted in, and how many residents of which age they have."""

from __future__ import annotations

import pandas as pd

from prioritisation.contract import Contract
from prioritisation.errors import UserError

GEOGRAPHY_COLUMNS = {
    "data zone": "area_code",
    "intermediate zone": "intermediate_zone_code",
    "ward": "ward",
    "locality": "locality",
}
_OLDEST = 200


def areas_of(areas: pd.DataFrame, residents: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Return area_code, its larger areas, population, and the residents of each age band of the contract.

    areas: by area_code, as `Store.areas`; residents: area_code, age, people, as `Store.population` (may be empty).
    UserError: areas of several councils, whose wards and localities may share a name.
    """
    if len(areas["council_code"].dropna().unique()) > 1:
        raise UserError(
            "This release has the areas of several councils.",
            not_done="Nobody was counted.",
            remedy="Import the open data of one council (--council CODE), then its partners' extracts.",
        )
    columns = ["intermediate_zone_code", "ward", "locality", "population"]
    table = areas[columns].rename_axis("area_code").reset_index()
    if residents.empty:
        return table
    by_age = residents.pivot_table(index="area_code", columns="age", values="people", aggfunc="sum")
    for band in contract.age_bands:
        limits = age_limits(band)
        if limits is not None:
            inside = [age for age in by_age.columns if limits[0] <= int(age) <= limits[1]]
            table[band] = by_age[inside].sum(axis=1, min_count=1).reindex(table["area_code"]).to_numpy()
    return table


def age_limits(band: str) -> tuple[int, int] | None:
    """Return the first and last year of age of a band such as "16-24" or "85+"; None for "not known"."""
    first, dash, last = band.removesuffix("+").partition("-")
    if not first.isdigit():
        return None
    return int(first), int(last) if dash else _OLDEST


def area_table(areas: pd.DataFrame, council: str) -> pd.DataFrame:
    """Return zone, geography, area_code: what each data zone belongs to; "" (no mapped area) to the council only.

    areas: area_code, intermediate_zone_code, ward, locality; a zone without one of them is not counted there.
    """
    tables = [
        pd.DataFrame({"zone": areas["area_code"], "geography": geography, "area_code": areas[column]})
        for geography, column in GEOGRAPHY_COLUMNS.items()
        if column in areas
    ]
    zones = [*areas["area_code"], ""]
    tables.append(pd.DataFrame({"zone": zones, "geography": "council", "area_code": council}))
    return pd.concat(tables, ignore_index=True).dropna().astype(str)
