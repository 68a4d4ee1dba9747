"""What the server answers when a weight is let go: exact ranks, how sure each place is, what changed and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from prioritisation.changes import compare_weightings, summary, unit_sentence
from prioritisation.flips import flip_points
from prioritisation.framework import Framework
from prioritisation.robustness import stability
from prioritisation.scoring import Floats, Ranks, Scores, rank_units

MOVES_EXPLAINED = 60


@dataclass(frozen=True, eq=False)
class Setting:
    """What stays while weights move. priority_scores: (n, p), NaN = no score; people: (n,), NaN = not known."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    people: Floats
    priority_scores: Floats
    priority_names: tuple[str, ...]
    aggregate: str


@dataclass(frozen=True, eq=False)
class Answer:
    """Everything by unit, in the order of the setting.

    ranks: 0 = not scored; stability: {"word", "probability"}; flips: a sentence without its subject each;
    change: {"paragraph", "areas": {code: sentence}}, None when no weight was moved.
    """

    ranks: Ranks
    stability: list[dict[str, Any]]
    flips: list[str]
    change: dict[str, Any] | None


def answer(setting: Setting, weights: Floats, cut: int, before: Floats | None = None) -> Answer:
    """Answer one release. weights, before: (p,) shares of 1 as now and before the move; cut: shortlist length."""
    scores, aggregate = setting.priority_scores, setting.aggregate
    sureness = stability(scores, weights, cut, aggregate)
    turns = flip_points(scores, weights, cut, aggregate)
    moved = before is not None and not np.array_equal(before, weights)
    return Answer(
        ranks=rank_units(scores, weights, aggregate),
        stability=[
            {"word": word, "probability": share}
            for word, share in zip(sureness.words, sureness.probability.tolist(), strict=True)
        ],
        flips=[turns.sentence(unit, setting.priority_names) for unit in range(len(scores))],
        change=_change(setting, before, weights, cut) if before is not None and moved else None,
    )


def how_sure(scores: Scores, framework: Framework) -> pd.DataFrame:
    """Return the same for files: id, stability (the word), stability_probability (0 to 1), flip (a sentence)."""
    found = stability(scores.priority_scores, scores.weights, framework.cut, framework.aggregate)
    turns = flip_points(scores.priority_scores, scores.weights, framework.cut, framework.aggregate)
    names = [priority.name for priority in framework.priorities]
    return pd.DataFrame(
        {
            "id": scores.unit_ids,
            "stability": found.words,
            "stability_probability": found.probability,
            "flip": [turns.sentence(unit, names) for unit in range(len(scores.unit_ids))],
        }
    )


def _change(setting: Setting, before: Floats, after: Floats, cut: int) -> dict[str, Any]:
    change = compare_weightings(setting.priority_scores, before, after, cut, setting.aggregate, setting.people)
    told: Sequence[int] = change.moved[:MOVES_EXPLAINED]
    return {
        "paragraph": summary(change, setting.names, setting.priority_names),
        "areas": {
            setting.codes[unit]: unit_sentence(change, unit, setting.names[unit], setting.priority_names)
            for unit in told
        },
    }
