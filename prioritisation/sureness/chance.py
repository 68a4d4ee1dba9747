"""Small numbers: which areas differ from the whole council by more than chance, for indicators made from counts."""

from __future__ import annotations

import numpy as np

from prioritisation.rates import rate_limits
from prioritisation.scoring import Floats

GREATER, NOT_DIFFERENT, LESS = 1.0, 0.0, -1.0


def beside_the_whole(
    numerator: Floats, denominator: Floats, multiplier: float, *, events: bool, higher_is_worse: bool
) -> Floats:
    """Return for each area whether its need is GREATER or LESS than the whole's beyond chance, or NOT_DIFFERENT.

    numerator, denominator: (n,) counts, NaN where not published, which gives NaN. An area whose 95% interval (Wilson's
    for shares, Byar's for events) holds the value of all areas together is not different.
    """
    known = ~np.isnan(numerator) & (denominator > 0)
    side = np.full(len(numerator), np.nan)
    if known.any():
        whole = multiplier * numerator[known].sum() / denominator[known].sum()
        low, high = rate_limits(numerator[known], denominator[known], multiplier, events)
        above = np.where(low > whole, GREATER, np.where(high < whole, LESS, NOT_DIFFERENT))
        side[known] = above if higher_is_worse else -above
    return side
