"""Suppressed counts of people in scoring: known to be few, so they tie with each other and are not missing.

By rank (percentile, exponential) the suppressed areas of an indicator share their mean rank, below all published
areas. By distance (min-max, z-score) they all stand at the lowest published value.
Their own rate is never invented from population. What it could be at most only bounds their score.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

BY_RANK = ("percentile", "exponential")


class TiedValues(NamedTuple):
    """Unit x indicator: values to score, and the same with each suppressed one as low and as high as it could be."""

    values: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame


def tie_suppressed(values: pd.DataFrame, at_most: pd.DataFrame, method: str) -> TiedValues:
    """Let the suppressed counts of each indicator tie, as the way to normalise wants them.

    values: unit x indicator, NaN where there is no value, of everybody in the distribution; at_most: the same shape,
    the highest value that a suppressed count may stand for, NaN where nothing is suppressed. A suppressed count may
    be zero. Where nothing at all is published, all stand at zero.
    """
    suppressed = at_most.notna() & values.isna()
    stand_in = values.min().fillna(0.0)
    if method in BY_RANK:
        below = np.nextafter(stand_in.to_numpy(dtype=float), -np.inf)  # the nearest number: it parts ranks, no more
        stand_in = pd.Series(below, index=values.columns)
    tied = values.mask(suppressed, stand_in, axis=1)
    highest = at_most.clip(lower=stand_in, axis=1)
    return TiedValues(tied, tied.mask(suppressed, tied.clip(upper=0.0)), tied.mask(suppressed, highest))
