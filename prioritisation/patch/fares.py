"""How a patch fares when the weights are others: each partner's, each scenario's, and reasonable ones around the own.

Need is linear in people: what a patch holds is the sum of score x people / 100 over its areas. "Kept" is what a patch
holds under some weights as a share of what the best patch found under those weights would hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from prioritisation.patch.problem import Floats, Patch, Problem
from prioritisation.patch.search import search
from prioritisation.robustness import BAND, reasonable_weightings
from prioritisation.scoring import overall

WEIGHTINGS = 16  # each searched for its own best patch
STARTS = 3  # the first begins with the patch itself
COMPARED = 1024  # each only compared with the given alternatives
NEARLY_ALL = 0.95


@dataclass(frozen=True)
class UnderWeights:
    """A patch under other weights. share: of the council's need that it holds; kept: 0 to 1, see above.

    best: the best patch found under those weights; in_common: share of the patch's people that it holds as well.
    """

    share: float
    kept: float
    best: Patch
    in_common: float


@dataclass(frozen=True, eq=False)
class Robust:
    """A patch across reasonable weightings. kept: (weightings,), rising; in_best: by member, in what share of them the
    area is in the best patch; joins: (area, share) of areas outside that are, the most frequent first.

    first_of: in what share of many more weightings none of the alternatives given holds more need.
    """

    kept: Floats
    in_best: dict[int, float]
    joins: tuple[tuple[int, float], ...]
    first_of: float
    alternatives: int

    @property
    def core(self) -> list[int]:
        """Members that are in the best patch almost always."""
        return [area for area, share in self.in_best.items() if share >= NEARLY_ALL]


def need(score: Floats, people: Floats) -> Floats:
    """Return score x people / 100 of each area, NaN where either is not known."""
    return score * people / 100


def under_weights(problem: Problem, patch: Patch, score: Floats) -> UnderWeights:
    """Return how a patch fares when the areas have other scores (n,), such as another scenario's."""
    gain = np.nan_to_num(need(score, problem.people.astype(np.float64)))
    turned = replace(problem, gain=gain)
    best = _best(turned, patch)
    own = turned.gained(patch.members)
    shared = turned.population(set(patch.members) & set(best.members)) / max(1, patch.people)
    total = float(gain.sum())
    share = own / total if total else float("nan")
    return UnderWeights(share, own / best.gain if best.gain else 1.0, best, shared)


def robust(
    problem: Problem,
    patch: Patch,
    others: Sequence[Patch],
    priority_scores: Floats,
    weights: Floats,
    aggregate: str,
    *,
    band: float = BAND,
    weightings: int = WEIGHTINGS,
) -> Robust:
    """Return how a patch fares under reasonable weightings. priority_scores: (n, p); weights: (p,) shares of 1.

    others: alternatives to compare with.
    """
    tried = reasonable_weightings(weights, band=band, draws=weightings)
    found = [under_weights(problem, patch, overall(priority_scores, each, aggregate)) for each in tried]
    times = np.zeros(problem.n)
    for each in found:
        times[list(each.best.members)] += 1 / len(found)
    outside = [area for area in np.argsort(-times, kind="stable").tolist() if area not in patch.members and times[area]]
    return Robust(
        kept=np.sort([each.kept for each in found]),
        in_best={area: float(times[area]) for area in patch.members},
        joins=tuple((area, float(times[area])) for area in outside),
        first_of=_first_of(problem, patch, others, priority_scores, weights, aggregate, band),
        alternatives=len(others),
    )


def _best(problem: Problem, patch: Patch) -> Patch:
    """Return the best patch found, which is never worse than the one given where that is allowed."""
    found = search(problem, starts=STARTS, begin=patch).best
    own = replace(patch, gain=problem.gained(patch.members))
    return own if found is None or own.gain > found.gain else found


def _first_of(
    problem: Problem,
    patch: Patch,
    others: Sequence[Patch],
    priority_scores: Floats,
    weights: Floats,
    aggregate: str,
    band: float,
) -> float:
    people = problem.people.astype(np.float64)
    tried = reasonable_weightings(weights, band=band, draws=COMPARED)
    needs = [np.nan_to_num(need(overall(priority_scores, each, aggregate), people)) for each in tried]
    chosen = np.zeros((1 + len(others), problem.n))
    for row, each in enumerate((patch, *others)):
        chosen[row, list(each.members)] = 1
    held = np.array(needs) @ chosen.T
    return float((held[:, 0] >= held.max(axis=1) - 1e-9).mean())
