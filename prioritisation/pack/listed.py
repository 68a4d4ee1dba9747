"""The list that a pack is about: the agreed areas in their order, or those that the arithmetic alone puts on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from prioritisation.pack.content import Content
from prioritisation.scoring import Ranks, rank_scores
from prioritisation.words import ordinal
from prioritisation.workspace.overrides import AS_COMPUTED

REASONS_SHOWN = 2


@dataclass(frozen=True)
class Listed:
    """One area on the list. words: what people did with it, empty where they left it; reasons: why they did.

    is_added: the arithmetic alone would not have it there.
    """

    code: str
    position: int
    words: str
    reasons: tuple[str, ...]
    is_added: bool = False


def listed(content: Content) -> list[Listed]:
    """Return the areas on the list in its order."""
    if content.decision is None:
        return [Listed(code, place, "", ()) for place, code in enumerate(computed_codes(content), start=1)]
    return [
        Listed(
            row.area.code,
            row.position,
            "" if row.mark == AS_COMPUTED else row.words,
            tuple(each.reason for each in row.overrides),
            row.computed is None,
        )
        for row in content.decision.agreed.rows
    ]


def computed_codes(content: Content) -> list[str]:
    """Return the codes that the arithmetic alone puts on the list, by rank."""
    table = content.ranking.table()
    return [str(code) for code in table.loc[table["rank"].le(content.scenario.framework.cut).fillna(False), "id"]]


def listed_ranks(content: Content, codes: Sequence[str]) -> Ranks:
    """Return 1 for areas on the list, 2 for the other scored ones, 0 for the rest: a list of cut 1, as sums need it."""
    scored = np.where(content.ranking.scores.rank > 0, 2, 0)
    return np.where(content.ranking.areas.index.isin(list(codes)), 1, scored)


def priority_ranks(content: Content) -> pd.DataFrame:
    """Return area_code x priority: rank on that priority alone, 1 = greatest need, 0 = no score there."""
    scores = content.ranking.scores
    ranks = {name: rank_scores(scores.priority_scores[:, place]) for place, name in enumerate(scores.priority_ids)}
    return pd.DataFrame(ranks, index=content.ranking.areas.index)


def what_puts_it_there(content: Content, places: pd.DataFrame, code: str) -> str:
    """Return the priorities that lift an area most above the others, with its rank on each: "Housing (2nd)".

    places: as `priority_ranks`.
    """
    scores, row = content.ranking.scores, content.ranking.areas.index.get_loc(code)
    lift = scores.weights * (scores.priority_scores[row] - np.nanmean(scores.priority_scores, axis=0))
    priorities, place = content.scenario.framework.priorities, places.loc[code]
    above = [k for k in np.argsort(-lift, kind="stable") if lift[k] > 0][:REASONS_SHOWN]
    return "; ".join(f"{priorities[k].name} ({ordinal(int(place.iloc[k]))})" for k in above)
