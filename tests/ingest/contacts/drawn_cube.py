"""Protected counts drawn for the areas of a release, without any people."""

from __future__ import annotations

import numpy as np
import pandas as pd
from people_world import CONTRACT, LATTICE

from prioritisation.disclosure.lattice import cells_of, values_of
from prioritisation.disclosure.policy import Policy
from prioritisation.disclosure.protect import protect
from prioritisation.ingest.contacts.areas import area_table
from prioritisation.ingest.contacts.protected import ProtectedCounts

NODES = (
    *("data_zone.service", "intermediate_zone.service", "data_zone.service.36m", "data_zone.flag"),
    *("intermediate_zone.flag", "data_zone.flag.36m", "data_zone.total", "council.service"),
)
FACTS = {"window_to": "2026-06", "months": "12", "partners": ";".join(CONTRACT.partners), "lattice_hash": LATTICE.hash}


def drawn_counts(areas: pd.DataFrame, council: str, mean: float = 30.0, seed: int = 1) -> ProtectedCounts:
    """Return a cube of some nodes with a mean of so many people in a year's cell of a small area.

    Services differ: each next one in the contract is rarer; larger areas and three years have more people.
    """
    rng = np.random.default_rng(seed)
    values = values_of(CONTRACT, partners=CONTRACT.partners)
    places, made = area_table(areas, council), []
    for node in (LATTICE.by_id[name] for name in NODES):
        codes, cells = (
            sorted(places.loc[places["geography"] == node.geography, "area_code"].unique()),
            cells_of(node, values),
        )
        more = {"data zone": 1, "intermediate zone": 4, "council": 100}[node.geography] * (
            2 if node.window == 36 else 1
        )
        rarer = np.tile(0.9 ** np.arange(len(cells)), len(codes))
        people = rng.poisson(mean * more * rarer)
        made.append(
            pd.DataFrame(
                {
                    "node": node.id, "geography": node.geography, "area_code": np.repeat(codes, len(cells)),
                    "cell": np.tile(cells, len(codes)), "people": people, "denominator": 1e6,
                    "contacts": people * 6.0 if node.volume else np.nan, "top_two": 2.0 if node.volume else np.nan,
                    "changed": np.nan, "held_people": pd.NA, "held_contacts": pd.NA, "held_status": pd.NA,
                }
            )
        )  # fmt: skip
    cohorts = pd.DataFrame([("one", "One", "{}", "People.")], columns=["cohort_id", "name", "rule", "sentence"])
    return ProtectedCounts(protect(pd.concat(made, ignore_index=True), Policy()), cohorts, dict(FACTS))
