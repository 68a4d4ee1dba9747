"""What somebody at one partner knows besides what is published: its own people and their counts, exactly.

What a partner knows of its own people is no disclosure; needs and totals include its own people. So what must stay
unknown to it are the suppressed counts of the services of, and of the partnership with, other partners.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prioritisation.disclosure.protect import NEARLY_ALL
from prioritisation.exposure.bounds import Bounds
from prioritisation.exposure.constraints import Constraints
from prioritisation.exposure.measures import Meanings, Measure
from prioritisation.exposure.readings import VOLUME

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
TOLD = "told"  # the side of a claim that the insider knows exactly
KINDS = {"service", "partner"}
LEAST_APART = 1.0  # people: a count that cannot differ by one is known exactly


def exact_values(claims: pd.DataFrame, people: pd.Series, contacts: pd.Series) -> Floats:
    """Return what each claim is in truth; NaN where nobody counted.

    people, contacts: by cell, indexed as the cube that the claims are of.
    """
    rows = claims["row"].to_numpy()
    volume = (claims["side"] == VOLUME).to_numpy()
    exact = people.loc[rows].to_numpy(dtype=float, copy=True)
    exact[volume] = contacts.loc[rows[volume]].to_numpy(dtype=float)
    return exact


def partners_of(made: Constraints, meanings: Meanings) -> list[str]:
    """Return the partners whose people are counted, in the contract's order."""
    facts = {fact for measure in made.tables for fact in meanings.closure(measure)}
    return [each for each in meanings.contract.partners if ("partner", each) in facts]


def inside(made: Constraints, meanings: Meanings, partner: str, exact: Floats) -> Constraints:
    """Return the constraints as somebody at a partner has them; targets: other partners' suppressed counts.

    exact: from `exact_values`. What has stood since an earlier release and is true no longer binds nobody: with it
    the truth itself would be impossible.
    """
    count = len(made.claims)
    low, high = made.low.copy(), made.high.copy()
    stale = np.flatnonzero((exact < low[:count]) | (exact > high[:count]))
    low[stale], high[stale] = 0.0, np.inf
    told = np.flatnonzero(_of(made.claims, meanings, partner, own=True) & ~np.isnan(exact))
    low[told] = high[told] = exact[told]
    side = made.claims["side"].to_numpy(dtype=object, copy=True)
    wanted = _of(made.claims, meanings, partner, own=False) & (side != VOLUME)
    side[told] = TOLD
    chosen = np.flatnonzero(wanted[made.targets["claim"].to_numpy()] & ~made.targets["base"].to_numpy(dtype=bool))
    return replace(
        made,
        claims=made.claims.assign(side=side),
        low=low,
        high=high,
        targets=made.targets.iloc[chosen].reset_index(drop=True).assign(width=LEAST_APART),
        sought=made.sought[chosen],
    )


def seen_in_truth(within: Constraints, exact: Floats) -> Bounds:
    """Return the bounds that the truth shows, which is a possible world for everybody."""
    rows = within.targets["claim"].to_numpy()
    remainder = (within.claims["side"].iloc[rows] == NEARLY_ALL).to_numpy()
    return Bounds(np.where(remainder, np.inf, exact[rows]), np.where(remainder, -np.inf, exact[rows]))


def _of(claims: pd.DataFrame, meanings: Meanings, partner: str, *, own: bool) -> Flags:
    """Return which claims speak of services and partners only: of this one's alone (own), or of others' alone."""
    kinds: dict[Measure, bool] = {}
    for measure in set(claims["measure"]):
        facts = meanings.facts(measure)
        partners = {value for name, value in meanings.closure(measure) if name == "partner"}
        plain = bool(facts) and {name for name, _ in facts} <= KINDS
        kinds[measure] = plain and (partners == {partner} if own else partner not in partners)
    return claims["measure"].map(kinds).to_numpy(dtype=bool)
