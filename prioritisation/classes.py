"""Five classes for maps: equal counts, fixed breaks, so that a change of colour is a change of value."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CLASSES = 5


def class_breaks(need: NDArray[np.float64]) -> tuple[float, ...]:
    """Return the inner breaks, rising, that part values into five classes of about equal count.

    need: any shape, higher is greater need, NaN ignored. Fewer than four breaks where fewer than
    five different values are there.
    """
    known = need[~np.isnan(need)]
    if not known.size:
        return ()
    fifths = np.arange(1, CLASSES) / CLASSES
    edges = _above(known.min(), np.quantile(known, fifths))
    if len(edges) < CLASSES - 1:  # values repeat a lot: part the different values instead
        edges = _above(known.min(), np.quantile(np.unique(known), fifths))
    return edges


def _above(least: float, edges: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(edge) for edge in np.unique(edges) if edge > least)


def classify(need: NDArray[np.float64], breaks: tuple[float, ...]) -> NDArray[np.int64]:
    """Return each value's class, 1 (least need) to 5 (greatest), 0 where there is no value.

    A value on a break belongs to the higher class. With fewer breaks the lower classes are left out, so that
    the greatest need is always class 5.
    """
    found = np.searchsorted(np.asarray(breaks), need, side="right") + CLASSES - len(breaks)
    return np.where(np.isnan(need), 0, found).astype(np.int64)
