"""Rates with confidence limits: Wilson's for shares of people, Byar's for counts of events.

Limits show chance alone: what another year with the same need might have given. A published count is also rounded.
Sources: Wilson, J Am Stat Assoc 1927;22:209-12. Byar's approximation in Breslow and Day, Statistical Methods in
Cancer Research II, 1987, p. 69; under 10 events the exact Poisson limits (Garwood, Biometrika 1936;28:437-42), as
Public Health England, Commonly used public health statistics and their confidence intervals, 2018, advises.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2, norm

CONFIDENCE = 0.95
EXACT_UNDER = 10  # events
SHARE_OF_PEOPLE = ("per cent",)  # units whose values are shares; others are rates of events unless they count people

Floats = NDArray[np.float64]


def wilson(people: ArrayLike, out_of: ArrayLike, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
    """Return the lower and upper limit of a share of people, from 0 to 1; NaN where either is NaN or out_of is 0."""
    count, base = np.asarray(people, dtype=float), np.asarray(out_of, dtype=float)
    base = np.where(base > 0, base, np.nan)
    z = norm.ppf((1 + confidence) / 2)
    share = count / base
    middle = share + z**2 / (2 * base)
    wide = z * np.sqrt(share * (1 - share) / base + z**2 / (4 * base**2))
    whole = 1 + z**2 / base
    return np.clip((middle - wide) / whole, 0, 1), np.clip((middle + wide) / whole, 0, 1)


def byar(events: ArrayLike, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
    """Return the lower and upper limit of a count of events; NaN stays."""
    count = np.asarray(events, dtype=float)
    z = norm.ppf((1 + confidence) / 2)
    tail = (1 - confidence) / 2
    above, safe = count + 1, np.where(count > 0, count, 1)
    low = count * (1 - 1 / (9 * safe) - z / (3 * np.sqrt(safe))) ** 3
    high = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    few = count < EXACT_UNDER
    exact_low = np.where(count > 0, chi2.ppf(tail, 2 * safe) / 2, 0.0)
    return np.where(few, exact_low, low), np.where(few, chi2.ppf(1 - tail, 2 * above) / 2, high)


def rate_limits(
    numerator: ArrayLike, denominator: ArrayLike, multiplier: float, events: bool = False
) -> tuple[Floats, Floats]:
    """Return the limits of multiplier x numerator / denominator: of people (Wilson), or of events (Byar).

    A numerator above its denominator, such as people in contact among few residents, is counted as events.
    """
    count, base = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    base = np.where(base > 0, base, np.nan)
    by_events = [limit / base for limit in byar(count)]
    if events:
        low, high = by_events
    else:
        share = wilson(np.minimum(count, base), base)
        low, high = (np.where(count > base, each, limit) for each, limit in zip(by_events, share, strict=True))
    return multiplier * low, multiplier * high


def counts_events(unit: str, numerator: str) -> bool:
    """Return whether an indicator of this unit and numerator counts events, and not people out of so many."""
    return unit not in SHARE_OF_PEOPLE and not numerator.startswith("People")
