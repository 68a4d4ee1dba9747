"""Positive controls: weak releases that the attack must break. If it does not, the attack proves nothing.

"Suppress under 5": every count from 1 to 4 is hidden and nothing else, on a full lattice of one need by area, age and
sex. Most of what it hides follows from the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prioritisation.attack.trials import Setting, invented
from prioritisation.attack.worlds import COUNCIL_CODE, World
from prioritisation.disclosure.lattice import GEOGRAPHIES, lattice_of
from prioritisation.disclosure.protect import PUBLISHED, SHOWN, SMALL, SUPPRESSED
from prioritisation.exposure.bounds import Bounds, search
from prioritisation.exposure.constraints import Constraints, constraints
from prioritisation.exposure.places import Places
from prioritisation.exposure.program import NEAR, extremes
from prioritisation.exposure.readings import read_claims

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
UNDER = 5
FLAGS = 2
ROUNDS = 25
PROVED_ONE_BY_ONE = 40
BREAKDOWNS: tuple[list[str], ...] = (
    [],
    ["age"],
    ["sex"],
    ["age", "sex"],
    ["flag"],
    ["age", "flag"],
    ["flag", "sex"],
    ["age", "flag", "sex"],
)


@dataclass(frozen=True)
class WeakRelease:
    """hidden: small counts; recovered: the share of them that the attack works out exactly, and rightly."""

    hidden: int
    recovered: float


def suppress_under_five(world: World, setting: Setting, *, seed: int) -> WeakRelease:
    """Attack a release that hides counts from 1 to 4 and publishes all others exactly."""
    question = "Everything about one need."
    records = [{"question": question, "geographies": list(GEOGRAPHIES), "breakdown": names} for names in BREAKDOWNS]
    full = replace(setting, lattice=lattice_of(records), cohorts={})
    counts = invented(world, full)
    kept = list(setting.contract.flags)[:FLAGS]
    named = counts["cell"].str.extract(r"flag=([^;]+)", expand=False)
    counts = counts[named.isna() | named.isin(kept)].reset_index(drop=True)
    made = _weak(counts, world, full)
    random = np.random.default_rng(seed)
    found = search(made, Bounds.unseen(made), random, ROUNDS)
    fixed = np.flatnonzero(found.too_narrow(made))
    if not len(fixed):
        return WeakRelease(len(made.targets), 0.0)
    tried = random.choice(fixed, min(PROVED_ONE_BY_ONE, len(fixed)), replace=False)
    truth = counts["people"].to_numpy(dtype=float)[made.claims["row"].to_numpy()[made.targets["claim"].to_numpy()]]
    right = np.mean([_known(made, int(target)) == truth[target] for target in tried])
    return WeakRelease(len(made.targets), float(len(fixed) / len(made.targets) * right))


def _weak(counts: pd.DataFrame, world: World, setting: Setting) -> Constraints:
    people = counts["people"].to_numpy(dtype=float)
    small = (people > 0) & (people < UNDER)
    cube = counts[["node", "geography", "area_code", "cell"]].assign(
        people=pd.Series(people).mask(small).astype("Int64"),
        contacts=pd.Series(np.nan, index=counts.index).astype("Int64"),
        status=np.where(small, SUPPRESSED, PUBLISHED),
        side=np.where(small, SMALL, SHOWN),
    )
    claims = read_claims(cube, setting.lattice, setting.policy)
    claims = claims.assign(low=np.where(small, 1.0, people), high=np.where(small, float(UNDER - 1), people))
    made = constraints(claims, Places.of(world.areas, COUNCIL_CODE), setting.meanings, setting.policy)
    return replace(made, targets=made.targets.assign(width=1.0, zero=False))


def _known(made: Constraints, target: int) -> float | None:
    """Return the number that a target is proved to be; None if it can be several."""
    cost = made.sought[[target]].toarray()[0]
    lowest, highest = extremes(made.matrix, made.low, made.high, [cost, -cost])
    low, high = np.ceil(cost @ lowest.point - NEAR), np.floor(cost @ highest.point + NEAR)
    return float(low) if low == high else None
