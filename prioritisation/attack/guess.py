"""How well a guess does: balanced accuracy, half for those who have the flag and half for those who have not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
FOLDS = 2


def balanced_accuracy(guessed: Flags, truth: Flags) -> float:
    """Return the mean of how often "has it" and "has it not" are guessed right; 0.5 is a coin."""
    return float((guessed[truth].mean() + (~guessed[~truth]).mean()) / 2)


def best_cut_accuracy(scores: Floats, truth: Flags, random: np.random.Generator) -> float:
    """Return the balanced accuracy of "has it" above a cut: the cut that is best on one half, tried on the other.

    A score that ties with the cut is guessed by a coin.
    """
    order = random.permutation(len(scores))
    halves = np.array_split(order, FOLDS)
    guessed = np.zeros(len(scores), dtype=bool)
    for number, half in enumerate(halves):
        others = np.concatenate([each for place, each in enumerate(halves) if place != number])
        cut = _best_cut(scores[others], truth[others])
        coin = random.random(len(half)) < 0.5
        guessed[half] = np.where(scores[half] == cut, coin, scores[half] > cut)
    return balanced_accuracy(guessed, truth)


def _best_cut(scores: Floats, truth: Flags) -> float:
    values = np.unique(scores)
    cuts = np.concatenate([values, (values[1:] + values[:-1]) / 2])
    quality = [(scores[truth] > cut).mean() - (scores[~truth] > cut).mean() for cut in cuts]
    return float(cuts[int(np.argmax(quality))])
