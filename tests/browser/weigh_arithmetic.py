"""The tie rule and the two means in plain NumPy, written apart from the package as its second opinion."""

from __future__ import annotations

import numpy as np


def ranks_of(scores: np.ndarray, weights: list[float], aggregate: str) -> tuple[np.ndarray, np.ndarray]:
    """Ranks (0 = not scored, ties share the smallest) and scores of (n, p) priority scores, NaN = none."""
    terms = np.log(np.maximum(scores, 1)) if aggregate == "geometric" else scores
    total = np.zeros(len(scores))
    for k, weight in enumerate(weights):
        if weight > 0:
            total = total + weight * terms[:, k]
    score = np.exp(total) if aggregate == "geometric" else total
    keys = np.floor(score * 1e9 + 0.5)
    ranks = [0 if np.isnan(key) else 1 + int((keys > key).sum()) for key in keys]
    return np.array(ranks), score
