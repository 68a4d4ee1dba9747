"""The verdict on a cube: how many suppressed counts can be bounded too closely, and how many base counts are known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prioritisation.disclosure.lattice import Lattice
from prioritisation.disclosure.policy import Policy
from prioritisation.disclosure.protect import SHOWN
from prioritisation.exposure.base import BaseCounts, seen_base_counts, vary
from prioritisation.exposure.bounds import Bounds, search, settle
from prioritisation.exposure.constraints import Constraints, constraints
from prioritisation.exposure.measures import Meanings
from prioritisation.exposure.places import Places
from prioritisation.exposure.readings import VOLUME, read_claims

ROUNDS = 60
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Verdict:
    """What the linear programmes found.

    published, suppressed: counts of people; narrow: suppressed ones bounded to a width under 5; at_least_one:
    suppressed ones known to be more than nobody (their volumes of contacts included); base, base_known: base counts,
    and those under 10 known exactly. open: node, area_code, cell, low, high of what failed, for the publisher alone.
    """

    published: int
    suppressed: int
    narrow: int
    at_least_one: int
    base: int
    base_known: int
    open: pd.DataFrame

    @property
    def passed(self) -> bool:
        return not (self.narrow or self.at_least_one or self.base_known)


def expose(
    cube: pd.DataFrame,
    *,
    lattice: Lattice,
    policy: Policy,
    meanings: Meanings,
    places: Places,
    seed: int = 2,
    rounds: int = ROUNDS,
    worlds: Iterable[Floats] = (),
) -> Verdict:
    """Attack a cube with linear programmes.

    cube: as for `read_claims`; worlds: some that may be possible, such as the repair's. Each is tried against all that
    is published, so none is taken on trust; programmes are solved for what they leave open.
    """
    random = np.random.default_rng(seed)
    made = constraints(read_claims(cube, lattice, policy), places, meanings, policy)
    possible = tuple(each for each in worlds if len(each) == made.unknowns and made.allows(each))
    found = settle(made, search(made, Bounds.of(made, possible), random, rounds))
    base, _ = vary(made, seen_base_counts(made, places, found.points), random)
    return verdict(made, found, base)


def verdict(made: Constraints, found: Bounds, base: BaseCounts) -> Verdict:
    """Return the verdict on constraints, from what was seen of their targets and base counts."""
    still = found.open(made) & ~made.targets["base"].to_numpy(dtype=bool)
    rows = made.targets["claim"].to_numpy()[still]
    failed = made.claims.iloc[rows][["node", "area_code", "cell"]].assign(low=found.low[still], high=found.high[still])
    side = made.claims["side"].to_numpy(dtype=object)
    return Verdict(
        published=int((side == SHOWN).sum()),
        suppressed=int(((side != SHOWN) & (side != VOLUME)).sum()),
        narrow=int((found.too_narrow(made) & still).sum()),
        at_least_one=int((found.too_high(made) & still).sum()),
        base=len(base.where),
        base_known=int(base.known.sum()),
        open=failed,
    )
