"""How sure the shortlist is: in what share of other weightings does each unit stay in it, and which are certain.

"In the shortlist" means rank <= cut by the product's own rule (`scoring.rank_units`), so that units tied at the cut
are all in. Whatever is left out here to be fast changes no result: trying the same weightings one by one
with `rank_units` gives the same counts, which the tests do.

Sampling: I. M. Sobol', USSR Comput. Math. Math. Phys. 7 (1967), scrambled after A. B. Owen, J. Complexity 14 (1998).
Spacings of sorted points are uniform on the simplex: L. Devroye, Non-Uniform Random Variate Generation (1986), V.2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from prioritisation.errors import UserError
from prioritisation.scoring import TIES_PER_POINT, Floats, Ranks, terms

BAND = 0.25
DRAWS = 8192
SEED = 20240607
WORDS = ((0.95, "Almost always"), (0.70, "Usually"), (0.30, "Borderline"), (0.05, "Rarely"), (0.0, "Almost never"))
NOT_SCORED = "Not scored"
LEAST_SHARE_OF_ANY_WEIGHTING = 1e-6
NEVER_TIES_FROM = 2 / TIES_PER_POINT  # sums this far apart differ after rounding too, whatever the last bits do
ALL_CORNERS_UP_TO = 8  # priorities; their number doubles with each, and a larger body with few corners serves as well
DRAWS_AT_ONCE = 256  # so that their sums stay in the processor's cache

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Sureness:
    """How sure each unit's place in the shortlist is; arrays by unit, read-only.

    probability: share (0 to 1) of the weightings tried in which it is in the shortlist; 0 where not scored.
    surely_in, surely_out: so under every weighting of the kind, not only those tried; certain where claimed, while
    some that are true may not be found; neither where not scored. weightings: how many were tried.
    """

    probability: Floats
    scored: Flags
    surely_in: Flags
    surely_out: Flags
    weightings: int

    def __post_init__(self) -> None:
        for column in (self.probability, self.scored, self.surely_in, self.surely_out):
            column.setflags(write=False)

    @property
    def words(self) -> tuple[str, ...]:
        """The word for each unit's probability, or that it is not scored."""
        found = zip(self.probability.tolist(), self.scored.tolist(), strict=True)
        return tuple(word(share) if scored else NOT_SCORED for share, scored in found)


def word(probability: float) -> str:
    """Return the stability word for a share of weightings from 0 to 1; a limit belongs to the surer word."""
    return next(name for least, name in WORDS if probability >= least)


def stability(
    priority_scores: Floats,
    weights: Floats,
    cut: int,
    aggregate: str,
    *,
    band: float = BAND,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Sureness:
    """Return how sure each unit's place is under reasonable weightings: every share within +-band of its own.

    priority_scores: (n, p), NaN = no score; weights: (p,) shares of 1, zero stays off; cut: length of the shortlist.
    """
    tried = reasonable_weightings(weights, band=band, draws=draws, seed=seed)
    on = weights > 0
    corners = _corners((1 - band) * weights[on], (1 + band) * weights[on])
    return _sureness(priority_scores, on, cut, aggregate, tried, corners)


def stability_under_any(
    priority_scores: Floats, weights: Floats, cut: int, aggregate: str, *, draws: int = DRAWS, seed: int = SEED
) -> Sureness:
    """Return how sure each unit's place is under any weighting at all of the priorities that are on.

    As `stability`. surely_in, surely_out: under every weighting that gives each of them a millionth or more.
    """
    tried = any_weightings(weights, draws=draws, seed=seed)
    on = weights > 0
    least = np.minimum(tried[:, on].min(axis=0), LEAST_SHARE_OF_ANY_WEIGHTING)
    return _sureness(priority_scores, on, cut, aggregate, tried, _corners(least, np.ones(len(least))))


def reasonable_weightings(weights: Floats, *, band: float = BAND, draws: int = DRAWS, seed: int = SEED) -> Floats:
    """Return weightings (draws, p), uniform over shares within +-band (relative) of the chosen ones that add up to 1.

    All shares but the largest are drawn inside their bands; a draw counts when what remains fits the band of the
    largest. Where nothing can move (one priority, no band) there is one weighting. draws: best a power of two.
    UserError: a band that is negative or switches priorities off.
    """
    if not 0 <= band < 1:
        raise UserError(
            f"The band around the weights is {band:g}.",
            not_done="No other weightings were tried.",
            remedy="Give a share of 0 or more and below 1: 0.25 lets each weight move by a quarter of itself.",
        )
    on = np.flatnonzero(weights)
    if len(on) == 1 or band == 0:
        return weights[None, :].copy()
    largest = on[np.argmax(weights[on])]
    others = on[on != largest]
    low, high = (1 - band) * weights, (1 + band) * weights
    power = math.ceil(math.log2(draws))
    fits = np.zeros(0, dtype=bool)
    while np.count_nonzero(fits) < draws:
        power += 1  # one more at once: about a tenth to a third, seldom more than half, will not fit
        drawn = low[others] + (high - low)[others] * _sobol_points(len(others), power, seed)
        remainder = 1 - drawn.sum(axis=1)
        fits = (low[largest] <= remainder) & (remainder <= high[largest])
    tried = np.zeros((draws, len(weights)))
    chosen = np.flatnonzero(fits)[:draws]
    tried[:, others] = drawn[chosen]
    tried[:, largest] = remainder[chosen]
    return tried


def any_weightings(weights: Floats, *, draws: int = DRAWS, seed: int = SEED) -> Floats:
    """Return weightings (draws, p), uniform over all ways of sharing 1 out among the priorities that are on."""
    on = np.flatnonzero(weights)
    if len(on) == 1:
        return weights[None, :].copy()
    points = np.sort(_sobol_points(len(on) - 1, math.ceil(math.log2(draws)), seed)[:draws], axis=1)
    tried = np.zeros((len(points), len(weights)))
    tried[:, on] = np.diff(points, axis=1, prepend=0.0, append=1.0)
    return tried


@lru_cache(maxsize=16)
def _sobol_points(dimensions: int, power: int, seed: int) -> Floats:
    """Return 2**power scrambled Sobol points; with the same seed, fewer are the beginning of more."""
    from scipy.stats import qmc  # takes a second to load, which ranking alone should not cost

    points = qmc.Sobol(dimensions, scramble=True, rng=seed).random_base2(power)
    points.setflags(write=False)
    return points


def _corners(low: Floats, high: Floats) -> Floats:
    """Return corners (v, p) of the weightings with low <= weight <= high and sum 1, or of a body around them.

    At a corner all weights but one are at a limit. What holds at all corners holds at every weighting between.
    """
    count = len(low)
    if count > ALL_CORNERS_UP_TO:
        return low + (1 - low.sum()) * np.eye(count)
    at_high = (np.arange(2 ** (count - 1))[:, None] >> np.arange(count - 1)) & 1 == 1
    found = []
    for free in range(count):
        fixed = np.delete(np.arange(count), free)
        corner = np.empty((len(at_high), count))
        corner[:, fixed] = np.where(at_high, high[fixed], low[fixed])
        corner[:, free] = 1 - corner[:, fixed].sum(axis=1)
        fits = (corner[:, free] >= low[free] - 1e-12) & (corner[:, free] <= high[free] + 1e-12)
        found.append(corner[fits])
    return np.concatenate(found)


def _sureness(priority_scores: Floats, on: Flags, cut: int, aggregate: str, tried: Floats, corners: Floats) -> Sureness:
    columns = terms(priority_scores[:, on], aggregate)
    scored = np.count_nonzero(np.isnan(columns), axis=1) == 0
    columns = columns[scored]
    probability = np.zeros(len(scored))
    surely_in, surely_out = np.zeros((2, len(scored)), dtype=bool)
    if cut >= len(columns):
        probability[scored] = 1.0
        surely_in = scored.copy()
    elif cut < 1:
        surely_out = scored.copy()
    else:
        at_corners = columns @ corners.T
        contenders = _contenders(at_corners, cut)
        where = np.flatnonzero(scored)[contenders]
        probability[where] = times_shortlisted(columns[contenders], tried[:, on], cut) / len(tried)
        surely_in[where] = _never_displaced(columns[contenders], at_corners[contenders], cut)
        surely_out = scored.copy()
        surely_out[where] = False
    return Sureness(probability, scored, surely_in, surely_out, len(tried))


def times_shortlisted(columns: Floats, weightings: Floats, cut: int) -> Ranks:
    """Return in how many weightings each unit has rank <= cut, counted as `rank_scores` would, (n,).

    columns: (n, p) terms without NaN; weightings: (d, p); 1 <= cut.
    """
    count = np.zeros(len(columns), dtype=np.int64)
    if cut >= len(columns):
        return count + len(weightings)
    sums, product = np.empty((2, DRAWS_AT_ONCE, len(columns)))
    for first in range(0, len(weightings), DRAWS_AT_ONCE):
        some = weightings[first : first + DRAWS_AT_ONCE, :, None]
        total, part = sums[: len(some)], product[: len(some)]
        np.multiply(some[:, 0], columns[:, 0], out=total)
        for k in range(1, columns.shape[1]):  # in this order and one at a time: see `scoring.weighted_sum`
            np.multiply(some[:, k], columns[:, k], out=part)
            total += part
        part[:] = total
        part.partition(len(columns) - cut, axis=1)
        bar = _least_sum_that_ties(part[:, len(columns) - cut])
        count += np.count_nonzero(total >= bar[:, None], axis=0)
    return count


def _least_sum_that_ties(total: Floats) -> Floats:
    """Return the smallest numbers that tie with these sums or beat them: floor(x * 1e9 + 0.5) is no less."""
    tie = np.floor(total * TIES_PER_POINT + 0.5)
    least = (tie - 0.5) / TIES_PER_POINT
    while (short := np.floor(least * TIES_PER_POINT + 0.5) < tie).any():
        least = np.where(short, np.nextafter(least, np.inf), least)
    while True:
        lower = np.nextafter(least, -np.inf)
        still = np.floor(lower * TIES_PER_POINT + 0.5) >= tie
        if not still.any():
            return least
        least = np.where(still, lower, least)


def _contenders(at_corners: Floats, cut: int) -> Ranks:
    """Return the positions of units that fewer than `cut` others beat at every corner, out of (n, v) sums.

    The rest can never have rank <= cut, nor keep another from it: those ahead of them are ahead of that one too.
    So comparing each with the strongest few, then the remainder with more, loses none.
    """
    count = len(at_corners)
    lowest, highest = at_corners.min(axis=1), at_corners.max(axis=1)
    bar = np.partition(lowest, count - cut)[count - cut]
    contenders = np.flatnonzero(highest > bar - NEVER_TIES_FROM)
    contenders = contenders[np.argsort(-at_corners[contenders].mean(axis=1), kind="stable")]
    rivals = 4 * cut
    while True:
        some = contenders[:rivals]
        beaten = _count_ahead(at_corners[contenders], at_corners[some] - NEVER_TIES_FROM)
        contenders = contenders[beaten < cut]
        if rivals >= len(beaten):
            return np.sort(contenders)
        rivals *= 4


def _never_displaced(columns: Floats, at_corners: Floats, cut: int) -> Flags:
    """Return which contenders have fewer than `cut` others that might ever get ahead of them."""
    never_ahead = _count_ahead(-at_corners, -at_corners - NEVER_TIES_FROM, -columns, -columns)
    return len(columns) - never_ahead < cut


def _count_ahead(units: Floats, rivals: Floats, own: Floats | None = None, others: Floats | None = None) -> Ranks:
    """Return for each unit how many rivals reach it in every column: of `units`, or else of `own`, (m,)."""
    count = np.zeros(len(units), dtype=np.int64)
    step = max(1, 2**18 // max(len(rivals), 1))
    for first in range(0, len(units), step):
        rows = slice(first, first + step)
        ahead = _reach(units[rows], rivals)
        if own is not None and others is not None:
            ahead |= _reach(own[rows], others)
        count[rows] = np.count_nonzero(ahead, axis=1)
    return count


def _reach(units: Floats, rivals: Floats) -> Flags:
    """Return (m, r): whether each rival is at or above each unit in all columns."""
    ahead = np.ones((len(units), len(rivals)), dtype=bool)
    for unit, rival in zip(units.T, rivals.T, strict=True):
        ahead &= rival >= unit[:, None]
    return ahead
