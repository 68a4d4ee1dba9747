"""Change over several periods beyond chance: a test for trend in counts, for many areas at once.

The test: Cochran, Biometrics 1954;10:417-51 and Armitage, Biometrics 1955;11:375-86 for shares of people; its like for
events (Breslow and Day, Statistical Methods in Cancer Research II, 1987, pp. 96-7). Where counts move between periods
more than chance allows, the test is widened by that much (McCullagh and Nelder, Generalized Linear Models, 1989,
section 4.5). Among many areas some would seem to change by chance alone: Benjamini and Hochberg, J R Stat Soc B
1995;57:289-300, keeps these to a share of those called changed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, norm

from prioritisation.scoring import Floats

PERIODS_AT_LEAST = 3
FALSE_CALLS_AT_MOST = 0.05  # of the areas called rising or falling, expected
RISING, FALLING, NO_CLEAR_CHANGE = 1, -1, 0


@dataclass(frozen=True, eq=False)
class Trends:
    """What the test says of each area (n,).

    tested: whether it has enough periods; change: RISING, FALLING or NO_CLEAR_CHANGE; chance: how often chance alone
    would give as steep a line (p), NaN where not tested; periods: how many have counts; spread: by how much counts move
    more than chance alone, 1 where they do not.
    """

    tested: NDArray[np.bool_]
    change: NDArray[np.int64]
    chance: Floats
    periods: NDArray[np.int64]
    spread: float


def trends(counts: Floats, bases: Floats, when: Floats, *, events: bool) -> Trends:
    """Test each area for a rise or a fall over its periods.

    counts, bases: (n, k), people or events and those they are of, NaN where not published; when: (k,) the middle of
    each period, in years; events: counts of events (Poisson) and not of people out of so many (binomial). Periods are
    taken to be separate: overlapping ones must not be given.
    """
    known = ~np.isnan(counts) & (bases > 0)
    periods = known.sum(axis=1)
    tested = periods >= PERIODS_AT_LEAST
    score, left = _scores(np.where(known, counts, 0.0), np.where(known, bases, 0.0), when, events)
    spread = max(1.0, float(left[tested].sum() / (periods[tested] - 2).sum())) if tested.any() else 1.0
    chance = np.full(len(counts), np.nan)
    change = np.full(len(counts), NO_CLEAR_CHANGE)
    if tested.any():
        chance[tested] = 2 * norm.sf(np.abs(score[tested]) / np.sqrt(spread))
        called = false_discovery_control(chance[tested]) <= FALSE_CALLS_AT_MOST
        change[tested] = np.where(called, np.sign(score[tested]), NO_CLEAR_CHANGE)
    return Trends(tested, change, chance, periods, spread)


def _scores(counts: Floats, bases: Floats, when: Floats, events: bool) -> tuple[Floats, Floats]:
    """Return the standardised slope and the chi-square that a straight line leaves unexplained, (n,).

    A period that is not known has a count and a base of 0, and so no say.
    """
    years = when - when.mean()
    whole = bases.sum(axis=1)
    share = np.divide(counts.sum(axis=1), whole, out=np.zeros(len(counts)), where=whole > 0)
    varies = share if events else share * (1 - share)
    off = counts - bases * share[:, None]
    about = bases @ years**2 - np.divide((bases @ years) ** 2, whole, out=np.zeros(len(counts)), where=whole > 0)
    variance = varies * about
    score = np.divide(off @ years, np.sqrt(variance), out=np.zeros(len(counts)), where=variance > 1e-12)
    expected = bases * varies[:, None]
    total = np.divide(off**2, expected, out=np.zeros_like(off), where=expected > 1e-12).sum(axis=1)
    return score, np.maximum(total - score**2, 0.0)
