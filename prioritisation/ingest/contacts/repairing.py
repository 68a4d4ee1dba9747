"""The seam to `exposure`: a cube with more of it hidden, so that nothing suppressed can be worked out from the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from prioritisation.cohorts.library import Cohort
from prioritisation.contract import Contract
from prioritisation.disclosure.lattice import Lattice
from prioritisation.disclosure.policy import Policy
from prioritisation.disclosure.protect import PUBLISHED, hide
from prioritisation.exposure.constraints import constraints
from prioritisation.exposure.insiders import exact_values
from prioritisation.exposure.measures import Meanings
from prioritisation.exposure.places import Places
from prioritisation.exposure.readings import VOLUME, read_claims
from prioritisation.exposure.repair import Repaired, repair
from prioritisation.exposure.repair_inside import repair_inside

EXACT = ["exact_people", "exact_contacts"]
LEAST_SHOWN = 0.02  # of a breakdown's cells; with less of it shown it is left out


def repaired(
    cube: pd.DataFrame,
    *,
    lattice: Lattice,
    policy: Policy,
    contract: Contract,
    cohorts: Mapping[str, Cohort],
    areas: pd.DataFrame,
    council: str,
    progress: Callable[[str], None] = lambda step: None,
    kept: list[Repaired] | None = None,
) -> pd.DataFrame:
    """Return the cube with what would give others away suppressed, and breakdowns that still do left out.

    cube: as `build_cube` hands it to its repair; areas: from `areas_of`; kept: is given what the repair found, whose
    possible worlds show how little can be worked out, for the attack to try.
    """
    cube = cube[~cube["node"].isin(_hardly_shown(cube))]
    meanings = Meanings(contract, {name: each.rule.to_record() for name, each in cohorts.items()})
    claims = read_claims(cube, lattice, policy)
    places = Places.of(areas, council)
    made = constraints(claims, places, meanings, policy)
    found = repair(made, lattice, places=places, progress=progress)
    exact = exact_values(claims, cube["exact_people"], cube["exact_contacts"])
    found = repair_inside(found, lattice, meanings, exact, progress=progress)
    if kept is not None:
        kept.append(found)
    return applied(cube.drop(columns=EXACT), claims, found)


def _hardly_shown(cube: pd.DataFrame) -> set[str]:
    """Return the breakdowns of which hardly a cell can be shown.

    They tell nothing, and to keep each of their suppressed cells from being worked out others would have to be hidden.
    """
    shown = (cube["status"] == PUBLISHED).groupby(cube["node"]).mean()
    return set(shown.index[shown < LEAST_SHOWN])


def applied(cube: pd.DataFrame, claims: pd.DataFrame, found: Repaired) -> pd.DataFrame:
    """Return the cube after a repair: hidden counts, hidden volumes, and breakdowns that are left out."""
    hidden = claims.iloc[found.hidden["claim"].to_numpy()]
    volumes = (hidden["side"] == VOLUME).to_numpy()
    people = cube.index.isin(hidden.loc[~volumes, "row"])
    without_volume = cube["contacts"].mask(cube.index.isin(hidden.loc[volumes, "row"]), pd.NA)
    still = claims.iloc[found.constraints.targets["claim"].to_numpy()[found.open]]
    left_out = set(still["node"])
    less = hide(cube.assign(contacts=without_volume), np.asarray(people, dtype=bool))
    return less[~less["node"].isin(left_out)]
