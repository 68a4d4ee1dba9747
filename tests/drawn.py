"""Small drawn frameworks and tables for the tests of scoring."""

from __future__ import annotations

import math

import pandas as pd

from prioritisation.framework import Framework, IndicatorShare, Normalisation, Priority

METHODS = ("percentile", "min-max", "z-score", "exponential")
NAN = math.nan
WORSE = "higher_is_worse"
BETTER = "higher_is_better"


def make_framework(
    priorities: dict[str, dict[str, float]],
    method: str = "percentile",
    aggregate: str = "arithmetic",
    weights: tuple[float, ...] | None = None,
    polarity: dict[str, str] | None = None,
    rank_offset: float = 0.0,
) -> Framework:
    """Draw a framework: {priority: {indicator: share}}."""
    weights = weights or (1 / len(priorities),) * len(priorities)
    own = polarity or {}
    return Framework(
        id="drawn",
        name="Drawn",
        status="placeholder",
        aggregate=aggregate,
        normalise=Normalisation(method, rank_offset),
        cut=3,
        patch_population=None,
        priorities=tuple(
            Priority(name, name, "?", weight, tuple(IndicatorShare(i, s, own.get(i)) for i, s in parts.items()))
            for (name, parts), weight in zip(priorities.items(), weights, strict=True)
        ),
    )


def table(**columns: list[float]) -> pd.DataFrame:
    frame = pd.DataFrame(columns, dtype=float)
    return frame.set_axis([f"area {row + 1}" for row in range(len(frame))], axis=0)


def worse(frame: pd.DataFrame) -> dict[str, str]:
    return dict.fromkeys(frame.columns, WORSE)
