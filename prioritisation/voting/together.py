"""The weights of votes taken together, and where they differ most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from prioritisation.voting.ballots import Floats
from prioritisation.weights import canonical_percentages


@dataclass(frozen=True)
class Spread:
    """One priority's weights over all votes, in per cent.

    differ_by: how far two different votes are apart on average (0 with one vote); at: every vote's weight, rising.
    """

    priority_id: str
    lowest: float
    median: float
    highest: float
    differ_by: float
    at: tuple[float, ...]


def spreads(priority_ids: Sequence[str], weights: Floats) -> tuple[Spread, ...]:
    """Return each priority's spread, the widest disagreement first; of equal ones the first in the framework.

    weights: (votes, priorities), per cent.
    """
    found = [_spread(name, column) for name, column in zip(priority_ids, weights.T, strict=True)]
    return tuple(sorted(found, key=lambda spread: -round(spread.differ_by, 9)))


def group_weights(weights: Floats) -> tuple[float, ...]:
    """Return the median of each priority, made to total 100 in the proportions of the medians.

    Where every median is 0 (each vote on a priority of its own), the means stand in for them.
    weights: (votes, priorities), per cent; the answer is `canonical_percentages`.
    """
    medians = np.median(weights, axis=0)
    return canonical_percentages((medians if medians.sum() > 0 else weights.mean(axis=0)).tolist())


def _spread(name: str, column: Floats) -> Spread:
    at = np.sort(column)
    count = len(at)
    # Summed over pairs i < j, the differences of sorted values are sum of (2i - n + 1) x value.
    apart = float(((2 * np.arange(count) - count + 1) * at).sum())
    pairs = count * (count - 1) / 2
    differ_by = max(0.0, apart / pairs) if pairs else 0.0
    return Spread(name, float(at[0]), float(np.median(at)), float(at[-1]), differ_by, tuple(at.tolist()))
