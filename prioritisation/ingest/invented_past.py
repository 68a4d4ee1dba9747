"""Earlier periods of a few invented indicators, so that change over time can be shown and tried.

Some areas truly rise or fall, most only move by chance; one indicator has two periods and one has no counts, because
real ones do too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]

COLUMNS = ("Data_Zone", "indicator", "period", "value", "numerator", "denominator")
CHANGING = 0.2
"""Share of areas with a trend of their own."""
STEEP = 0.09
"""Spread of these trends, of the logarithm of the rate, for each year back."""
HIDDEN_UNDER = 3
"""Fewer events than this in an earlier period are suppressed."""


@dataclass(frozen=True)
class _Past:
    """One indicator's past. periods: the newest first; drift: of all areas, of the logarithm for each year back."""

    indicator: str
    periods: tuple[str, ...]
    years_apart: int
    column: str
    counted: str
    of: str
    multiplier: float
    drift: float
    events: bool = False


_PASTS = (
    _Past("income_rate", ("2016", "2015", "2014", "2013", "2012"), 1, "Income_rate", "Income_count",
          "Total_population", 100, 0.03),
    _Past("employment_rate", ("2016", "2015", "2014"), 1, "Employment_rate", "Employment_count",
          "Working_age_population", 100, 0.0),
    _Past("crime_rate", ("2016/17", "2015/16", "2014/15", "2013/14"), 1, "crime_rate", "crime_count",
          "Total_population", 10_000, -0.02, events=True),
    _Past("overcrowded_rate", ("2001 (census)",), 10, "overcrowded_rate", "overcrowded_count", "Total_population",
          100, 0.02),
    _Past("depress", ("2016/17", "2015/16", "2014/15"), 1, "DEPRESS", "", "", 100, -0.03),
)  # fmt: skip


def invent_past(indicators: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return earlier values, a row for each area, indicator and period, as text in `COLUMNS`.

    indicators: the newest values, from `invent_indicators`; what was suppressed since has its count in it still.
    """
    return pd.concat([rows for past in _PASTS for rows in _rows(past, indicators, rng)], ignore_index=True)


def _rows(past: _Past, indicators: pd.DataFrame, rng: np.random.Generator) -> list[pd.DataFrame]:
    areas = len(indicators)
    own = np.where(rng.random(areas) < CHANGING, rng.normal(0, STEEP, areas), 0.0)
    rate = indicators[past.column].to_numpy(dtype=float) / past.multiplier
    made = []
    for place, period in enumerate(past.periods, 1):
        expected = rate * np.exp((past.drift + own) * place * past.years_apart)
        value, numerator, denominator = _drawn(past, expected, indicators, rng)
        rows = dict(zip(COLUMNS[3:], (value, numerator, denominator), strict=True))
        made.append(
            pd.DataFrame({COLUMNS[0]: indicators["Data_Zone"], "indicator": past.indicator, "period": period} | rows)
        )
    return made


def _drawn(
    past: _Past, expected: Array, indicators: pd.DataFrame, rng: np.random.Generator
) -> tuple[list[str], list[str], list[str]]:
    """Return value, numerator and denominator as text; an indicator without counts has its value only."""
    if not past.of:
        noisy = np.clip(past.multiplier * expected * np.exp(rng.normal(0, 0.05, len(expected))), 0, 95)
        return [f"{each:.1f}" for each in noisy], [""] * len(noisy), [""] * len(noisy)
    base = (indicators[past.of].to_numpy(dtype=float) * rng.normal(1, 0.01, len(expected))).round()
    mean = base * np.clip(expected, 0, 0.95 if not past.events else None)
    count = rng.poisson(mean) if past.events else rng.binomial(base.astype(int), mean / base)
    hidden = past.events & (count < HIDDEN_UNDER)
    value = np.where(hidden, "*", [f"{each:.6f}" for each in past.multiplier * count / base])
    return list(value), list(np.where(hidden, "*", count.astype(str))), [f"{each:.0f}" for each in base]
