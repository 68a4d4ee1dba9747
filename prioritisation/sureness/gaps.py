"""What missing and suppressed values could do: the best and the worst rank of each unit, whatever they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prioritisation.scoring import TIES_PER_POINT, Floats, Ranks


@dataclass(frozen=True, eq=False)
class RankBounds:
    """Ranks (n,) that no filling of the gaps can go beyond; has_gaps: whose own score could be another.

    best: its own gaps at the greatest need and everybody else's at the least; worst: the other way round.
    """

    best: Ranks
    worst: Ranks
    has_gaps: NDArray[np.bool_]


def rank_bounds(lowest: Floats, highest: Floats) -> RankBounds:
    """Return the bounds from each unit's lowest and highest score (n,), as `scoring.Scores` has them.

    They hold for every filling of the gaps at once, so they are wider than what one filling can do to all units.
    """
    low, high = (np.floor(each * TIES_PER_POINT + 0.5) for each in (lowest, highest))
    has_gaps = high > low
    ahead_at_best = len(low) - np.searchsorted(np.sort(low), high, side="right")
    ahead_at_worst = len(high) - np.searchsorted(np.sort(high), low, side="right") - has_gaps
    return RankBounds(1 + ahead_at_best, 1 + ahead_at_worst, has_gaps)
