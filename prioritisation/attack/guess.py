"""How well a guess does: balanced accuracy, half for those who have the flag and half for those who have not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
HALVES = 2


def balanced_accuracy(guessed: Floats, truth: Flags) -> float:
    """Return the mean of how often "has it" and "has it not" are guessed right; 0.5 is a coin.

    guessed: how sure the guess "has it" is, from 0 to 1: a half is a coin's, and counts as one.
    """
    return float((guessed[truth].mean() + (1.0 - guessed[~truth]).mean()) / 2)


def best_cut_accuracy(scores: Floats, truth: Flags, random: np.random.Generator) -> float:
    """Return the balanced accuracy of "has it" above a cut: the cut that is best on one half, tried on the other.

    scores, truth: (twice, residents): each resident attacked with both falls of their coin, which stay together.
    """
    order = random.permutation(scores.shape[1])
    halves = np.array_split(order, HALVES)
    guessed = np.zeros(scores.shape)
    for number, half in enumerate(halves):
        others = halves[1 - number]
        cut = _best_cut(scores[:, others].reshape(-1), truth[:, others].reshape(-1))
        guessed[:, half] = np.where(scores[:, half] == cut, 0.5, scores[:, half] > cut)
    return balanced_accuracy(guessed.reshape(-1), truth.reshape(-1))


def _best_cut(scores: Floats, truth: Flags) -> float:
    values = np.unique(scores)
    cuts = np.concatenate([values, (values[1:] + values[:-1]) / 2])
    quality = [
        (scores[truth] > cut).mean()
        + (scores[truth] == cut).mean() / 2
        - (scores[~truth] > cut).mean()
        - (scores[~truth] == cut).mean() / 2
        for cut in cuts
    ]
    return float(cuts[int(np.argmax(quality))])
