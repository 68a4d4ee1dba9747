"""From revealed votes to what is drawn of them: the widest disagreement first, a sentence for each priority."""

from __future__ import annotations

import math
from collections.abc import Sequence

from prioritisation.framework import Priority
from prioritisation.ui.rounds.strips import Strip
from prioritisation.ui.workspace_session import current_workspace
from prioritisation.voting.ballots import weights_of
from prioritisation.voting.together import Spread, spreads
from prioritisation.words import weight_words
from prioritisation.workspace.ballots import Vote, revealed_votes
from prioritisation.workspace.rounds import Round, get


def strips_of(
    priorities: Sequence[Priority], votes: Sequence[Vote], *, before: Sequence[Vote] = (), own: Vote | None = None
) -> list[Strip]:
    """Return one strip for each priority. before: votes of the round before; own: the reader's."""
    ids = [priority.id for priority in priorities]
    names = dict(zip(ids, [priority.name for priority in priorities], strict=True))
    mine = dict(zip(ids, own.percentages, strict=True)) if own else {}
    earlier = {each.priority_id: each for each in spreads(ids, weights_of(before))} if before else {}
    return [
        Strip(
            name=names[each.priority_id],
            votes=each.at,
            median=each.median,
            sentence=spread_sentence(each, earlier.get(each.priority_id)),
            earlier=earlier[each.priority_id].at if earlier else (),
            earlier_median=earlier[each.priority_id].median if earlier else math.nan,
            own=mine.get(each.priority_id, math.nan),
        )
        for each in spreads(ids, weights_of(votes))
    ]


def spread_sentence(spread: Spread, before: Spread | None = None) -> str:
    """Return how far apart the votes on one priority are, and whether they have come closer."""
    if len(spread.at) < 2:
        return "One vote only."
    if spread.highest - spread.lowest < 0.05:
        return "All votes are the same."
    told = (
        f"From {weight_words(spread.lowest)}% to {weight_words(spread.highest)}%; two votes are {_apart(spread)} apart"
    )
    if before is None or len(before.at) < 2:
        return f"{told} on average."
    change = before.differ_by - spread.differ_by
    if abs(change) < 0.5:
        return f"{told} on average, as in the round before."
    way = "closer together" if change > 0 else "further apart"
    return f"{told} on average, {way} than in the round before ({_apart(before)})."


def _apart(spread: Spread) -> str:
    points = round(spread.differ_by)
    return "under 1 point" if points < 1 else f"{points} point{'' if points == 1 else 's'}"


def votes_before(current: Round) -> list[Vote]:
    """Return the votes of the round that this one follows; none where it follows none."""
    workspace = current_workspace()
    if current.first_round is None or not get(workspace, current.first_round).is_revealed:
        return []
    return revealed_votes(workspace, current.first_round)
