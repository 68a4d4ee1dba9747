"""Rank intervals: between which ranks each unit lies in nine of ten other weightings."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prioritisation.scoring import TIES_PER_POINT, Floats, Ranks, terms

LOW, HIGH = 0.05, 0.95
ROWS_AT_ONCE = 256  # weightings ranked together, so that they stay in the processor's cache


@dataclass(frozen=True, eq=False)
class RankIntervals:
    """Ranks (n,) that each unit has at the 5th, 50th and 95th percentile of the weightings; 0 where not scored.

    low is the better end: in 5% of the weightings, or just over, its rank is this or smaller. weightings: how many.
    """

    low: Ranks
    middle: Ranks
    high: Ranks
    weightings: int


def rank_intervals(priority_scores: Floats, weightings: Floats, aggregate: str) -> RankIntervals:
    """Rank all units under each weighting and return the percentiles of their ranks, each a rank that occurred.

    priority_scores: (n, p), NaN = no score; weightings: (d, p) shares of 1, all with the same priorities off.
    """
    on = weightings.any(axis=0)
    columns = terms(priority_scores[:, on], aggregate)
    scored = np.count_nonzero(np.isnan(columns), axis=1) == 0
    ranks = ranks_under(columns[scored], weightings[:, on])
    low, middle, high = np.zeros((3, len(scored)), dtype=np.int64)
    if scored.any():
        places = [math.ceil(share * len(ranks)) - 1 for share in (LOW, 0.5, HIGH)]
        low[scored], middle[scored], high[scored] = np.partition(ranks, places, axis=0)[places]
    return RankIntervals(low, middle, high, len(weightings))


def ranks_under(columns: Floats, weightings: Floats) -> NDArray[np.int32]:
    """Return ranks (d, n) as `scoring.rank_scores` gives them one weighting at a time. columns: (n, p) without NaN."""
    ranks = np.empty((len(weightings), len(columns)), dtype=np.int32)
    for first in range(0, len(weightings), ROWS_AT_ONCE):
        some = weightings[first : first + ROWS_AT_ONCE]
        ranks[first : first + ROWS_AT_ONCE] = _ranks(_sums(columns, some))
    return ranks


def _sums(columns: Floats, weightings: Floats) -> Floats:
    """Return weighted sums (d, n), one product and one addition at a time: see `scoring.weighted_sum`."""
    total = np.zeros((len(weightings), len(columns)))
    for column, weight in zip(columns.T, weightings.T, strict=True):
        total += weight[:, None] * column
    return total


def _ranks(total: Floats) -> NDArray[np.int32]:
    """Return ranks of each row: 1 for the highest, ties share the smallest."""
    tie = np.floor(total * TIES_PER_POINT + 0.5)
    order = np.argsort(-tie, axis=1, kind="stable")
    ordered = np.take_along_axis(tie, order, axis=1)
    place = np.broadcast_to(np.arange(1, tie.shape[1] + 1, dtype=np.int32), tie.shape).copy()
    place[:, 1:][ordered[:, 1:] == ordered[:, :-1]] = 0
    ranks = np.empty_like(place)
    np.put_along_axis(ranks, order, np.maximum.accumulate(place, axis=1), axis=1)
    return ranks
