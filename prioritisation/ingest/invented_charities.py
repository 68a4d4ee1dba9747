"""An invented register of charities for the demonstration, in the columns of the Scottish Charity Register."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from prioritisation.ingest.assets import RegisterColumns
from prioritisation.ingest.invented_places import COUNCIL

PER_AREA = 1.5
ELSEWHERE, WITHOUT_LOOKUP, ENDED = 12, 6, 8  # rows for what a real register holds as well
# What they are called after the name of their place, and their purposes.
KINDS = (
    ("Community Trust", "The advancement of citizenship or community development"),
    ("Men's Shed", "The advancement of health; the provision of recreational facilities"),
    ("Playgroup", "The advancement of education"),
    ("Food Larder", "The prevention or relief of poverty"),
    ("Lunch Club", "The relief of those in need by reason of age"),
    ("Carers Group", "The relief of those in need by reason of ill health or disability"),
    ("Recovery Café", "The advancement of health"),
    ("Youth Project", "The advancement of citizenship or community development"),
    ("Parish Church", "The advancement of religion"),
    ("Village Hall", "The provision of recreational facilities"),
    ("Allotments", "The advancement of environmental protection or improvement"),
    ("Advice Service", "The prevention or relief of poverty"),
)


def invent_charities(geography: gpd.GeoDataFrame, postcodes: pd.DataFrame, seed: Sequence[int]) -> pd.DataFrame:
    """Return the register's columns; most at a postcode of the lookup, some elsewhere, unplaced or no longer active.

    geography: as `invent_geography`; postcodes: Postcode, dz11_code.
    """
    rng = np.random.Generator(np.random.PCG64([*seed, 3]))
    count = int(PER_AREA * len(geography)) + ELSEWHERE + WITHOUT_LOOKUP + ENDED
    rows = postcodes.iloc[rng.integers(0, len(postcodes), count)]
    places = geography.set_index("dz11_code").loc[rows["dz11_code"], "intermediate_zone"].to_numpy()
    kinds = [KINDS[place] for place in rng.integers(0, len(KINDS), count)]
    columns = RegisterColumns()
    register = pd.DataFrame(
        {
            columns.number: [f"DEMO{number:05}" for number in range(1, count + 1)],
            columns.name: [f"{place} {kind}" for place, (kind, _) in zip(places, kinds, strict=True)],
            columns.status: "Active",
            columns.postcode: rows["Postcode"].to_numpy(),
            columns.works_in: COUNCIL,
            columns.about: [purposes for _, purposes in kinds],
        }
    )
    last = register.index[-ELSEWHERE - WITHOUT_LOOKUP - ENDED :]
    register.loc[last[: ELSEWHERE + WITHOUT_LOOKUP], columns.postcode] = "ZZ99 9ZZ"
    register.loc[last[:ELSEWHERE], columns.works_in] = "Elsewhere"
    register.loc[last[-ENDED:], columns.status] = "Removed"
    return register
