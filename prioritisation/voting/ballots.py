"""Votes as the arithmetic sees them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Cast(Protocol):
    """One vote: of which organisation, and its weights in per cent in the order of the priorities."""

    @property
    def organisation(self) -> str: ...

    @property
    def percentages(self) -> tuple[float, ...]: ...


def weights_of(votes: Sequence[Cast]) -> Floats:
    """Return the weights (votes, priorities) in per cent."""
    return np.array([vote.percentages for vote in votes], dtype=np.float64)
