"""The insider: somebody at one partner, who knows its own people and counts exactly, looks at other partners' cells.

What is attacked, and what an insider is taken to know: see `exposure.insiders`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prioritisation.attack.trials import Setting
from prioritisation.exposure.bounds import Bounds, search, settle
from prioritisation.exposure.constraints import Constraints, constraints
from prioritisation.exposure.insiders import LEAST_APART, exact_values, inside, partners_of, seen_in_truth
from prioritisation.exposure.places import Places
from prioritisation.exposure.program import NEAR
from prioritisation.exposure.readings import read_claims

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class InsiderAttack:
    """partner: whose insider; targets: other partners' suppressed counts; exactly: those that it works out.

    at_least_one: those that it knows to be somebody.
    """

    partner: str
    targets: int
    exactly: int
    at_least_one: int


def attack_inside(
    cube: pd.DataFrame,
    places: Places,
    setting: Setting,
    *,
    worlds: Mapping[str, Iterable[Floats]],
    rounds: int,
    seed: int,
    most: int | None = None,
) -> list[InsiderAttack]:
    """Attack a release with what each partner, or the first so many, knows of its own people.

    cube: as for `read_claims`, with exact_people and exact_contacts; worlds: by partner, some that may be possible,
    such as the repair's: each is tried against all that is published and known, and so none is taken on trust.
    """
    claims = read_claims(cube, setting.lattice, setting.policy)
    made = constraints(claims, places, setting.meanings, setting.policy)
    exact = exact_values(claims, cube["exact_people"], cube["exact_contacts"])
    found = []
    for partner in partners_of(made, setting.meanings)[:most]:
        within = inside(made, setting.meanings, partner, exact)
        seen = seen_in_truth(within, exact)
        for world in worlds.get(partner, ()):
            if len(world) == within.unknowns and within.allows(world):
                seen = seen.with_point(world, within)
        seen = settle(within, search(within, seen, np.random.default_rng(seed), rounds))
        found.append(_counted(partner, within, seen))
    return found


def _counted(partner: str, within: Constraints, found: Bounds) -> InsiderAttack:
    width = np.floor(found.high + NEAR) - np.ceil(found.low - NEAR)
    exactly, somebody = width < LEAST_APART, found.too_high(within)
    return InsiderAttack(partner, len(width), int(exactly.sum()), int(somebody.sum()))
