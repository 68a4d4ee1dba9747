"""The insider: somebody at one partner, who knows its own people and counts exactly, looks at other partners' cells.

Attacked: suppressed counts of the services, and of the partnership with, other partners. What a partner knows of its
own people is no disclosure; needs and totals include its own people and are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prioritisation.attack.trials import Setting, Trial
from prioritisation.exposure.bounds import Bounds, search, settle
from prioritisation.exposure.constraints import Constraints, constraints
from prioritisation.exposure.measures import Measure
from prioritisation.exposure.readings import VOLUME, read_claims

Flags = NDArray[np.bool_]
KNOWN_EXACTLY = 1.0  # people: a count that cannot differ by one is known
KINDS = {"service", "partner"}


@dataclass(frozen=True)
class InsiderAttack:
    """partner: whose insider; targets: other partners' suppressed counts; exactly: those that it works out.

    narrow: those that it bounds to a width under 5; at_least_one: those that it knows to be somebody.
    """

    partner: str
    targets: int
    exactly: int
    narrow: int
    at_least_one: int


def attack_inside(trial: Trial, setting: Setting, partner: str, *, rounds: int, seed: int) -> InsiderAttack:
    """Attack a release with what one partner knows of its own people."""
    claims = read_claims(trial.cube, setting.lattice, setting.policy)
    made = constraints(claims, trial.places, setting.meanings, setting.policy)
    told = _of(claims, setting, partner, own=True)
    truth = trial.counts["people"].to_numpy(dtype=float)[claims["row"]]
    volume = (claims["side"] == VOLUME).to_numpy()
    truth[volume] = trial.counts["contacts"].to_numpy(dtype=float)[claims["row"][volume]]
    low, high = made.low.copy(), made.high.copy()
    rows = np.flatnonzero(told)
    low[rows] = high[rows] = truth[rows]
    wanted = _of(claims, setting, partner, own=False)[made.targets["claim"].to_numpy()]
    wanted &= ~volume[made.targets["claim"].to_numpy()]
    inside = replace(made, low=low, high=high, targets=made.targets[wanted].reset_index(drop=True))
    inside = replace(inside, sought=made.sought[np.flatnonzero(wanted)])
    found = settle(inside, search(inside, Bounds.unseen(inside), np.random.default_rng(seed), rounds))
    return _counted(partner, inside, found)


def _counted(partner: str, inside: Constraints, found: Bounds) -> InsiderAttack:
    width = np.floor(found.high + 1e-5) - np.ceil(found.low - 1e-5)
    return InsiderAttack(
        partner,
        len(inside.targets),
        int((width < KNOWN_EXACTLY).sum()),
        int(found.too_narrow(inside).sum()),
        int(found.too_high(inside).sum()),
    )


def _of(claims: pd.DataFrame, setting: Setting, partner: str, *, own: bool) -> Flags:
    """Return which claims speak of services and partners only: of this one's alone (own), or of others' alone."""
    meanings = setting.meanings
    kinds: dict[Measure, bool] = {}
    for measure in set(claims["measure"]):
        facts = meanings.facts(measure)
        partners = {value for name, value in meanings.closure(measure) if name == "partner"}
        plain = bool(facts) and {name for name, _ in facts} <= KINDS
        kinds[measure] = plain and (partners == {partner} if own else partner not in partners)
    return claims["measure"].map(kinds).to_numpy(dtype=bool)
