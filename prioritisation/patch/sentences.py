"""Findings on patches as sentences that a chair can read out."""

from __future__ import annotations

import math
from collections.abc import Sequence

from prioritisation.patch.fares import COMPARED, Robust, UnderWeights
from prioritisation.patch.ground import Ground
from prioritisation.patch.problem import SAME_GAIN, Patch, Problem
from prioritisation.patch.proof import Progress
from prioritisation.patch.rollout import Part, Rollout
from prioritisation.words import areas_words, listed

SMALLEST_GAP_TOLD = 0.0005
STANDS_OUT_BY = 3.0  # points of a priority's score above the council


def per_cent(share: float) -> str:
    """Return a share of 1 in whole per cents, with a decimal under ten."""
    if math.isnan(share):
        return "an unknown share"
    return f"{100 * share:.0f}%" if share >= 0.0995 or share == 0 else f"{100 * share:.1f}%"


def patch_sentence(ground: Ground, problem: Problem, patch: Patch, what: str) -> str:
    """Return what a patch is and holds. what: is gained, such as "need" or "people counted by ..."."""
    everybody, total = int(ground.counted.sum()), float(problem.gain.sum())
    held = patch.gain / total if total else math.nan
    share = per_cent(patch.people / everybody if everybody else math.nan)
    where = listed(_localities(ground, patch.members))
    return (
        f"{areas_words(len(patch.members))} in {where} with {patch.people:,} people, {share} of the council's, "
        f"hold {per_cent(held)} of its {what}."
    )


def proof_sentence(progress: Progress, state: str, than: str = "") -> str:
    """Return how sure it is that no patch is better. state: of `child.Proving`; than: the best, where it is not meant.

    For another patch than the best one, `not_best_sentence` says it.
    """
    gap = progress.gap
    if progress.is_proven:
        return "Proven best: no connected patch with these wishes holds more."
    if not math.isfinite(gap):
        return "The proof has begun." if state == "running" else "Not proven: no bound was reached."
    at_most = "less than 0.1%" if gap < SMALLEST_GAP_TOLD else f"at most {max(100 * gap, 0.1):.1f}%"
    ending = "the proof is still running" if state == "running" else "the proof was stopped before its end"
    return f"Another patch could hold {at_most} more{than}; {ending}."


def not_best_sentence(problem: Problem, best: Patch, other: Patch, progress: Progress | None, state: str = "") -> str:
    """Return what a patch that is not the best holds beside it, and how sure it is that the best is.

    progress, state: of the proof (`child.Proving`), None where none was begun.
    """
    keeps = problem.allows(other.members)
    held, breaks = held_beside(best, other), "" if keeps else ", but does not keep to the wishes"
    if progress is None:
        return f"This is not the best patch found. It holds {held}{breaks}."
    if not progress.is_proven:
        sure = proof_sentence(progress, state, " than the best found")
        return f"This is not the best patch found. It holds {held}{breaks}. {sure}"
    if keeps and abs(best.gain - other.gain) <= SAME_GAIN * abs(best.gain):
        return "The best patch is proven; this is another that holds as much."
    return f"The best patch is proven; this is not it. It holds {held}{breaks}."


def instead_sentence(best: Patch, other: Patch) -> str:
    """Return, for a record, that an alternative was chosen instead of the best patch."""
    return f"It is an alternative, chosen instead of the best patch found: it holds {held_beside(best, other)}."


def held_beside(best: Patch, other: Patch) -> str:
    """Return how much a patch holds beside the best one: "2.0% less than the best"."""
    less = 1 - other.gain / best.gain if best.gain else 0.0
    if abs(less) < SMALLEST_GAP_TOLD:
        return "almost exactly as much as the best"
    return f"{per_cent(abs(less))} {'less' if less > 0 else 'more'} than the best"


def crossing_sentence(ground: Ground, members: Sequence[int]) -> str:
    """Return which areas of a patch are connected only across water; empty where none is."""
    pairs = [f"{ground.names[a]} and {ground.names[b]}" for a, b in ground.crossings(members)]
    return f"Across water, with no common border: {listed(pairs)}." if pairs else ""


def alternative_sentence(problem: Problem, best: Patch, other: Patch) -> str:
    """Return how an alternative compares with the best patch."""
    shared = problem.population(set(best.members) & set(other.members)) / max(1, other.people)
    less = 1 - other.gain / best.gain if best.gain else 0.0
    how = "as much" if abs(less) < SMALLEST_GAP_TOLD else f"{per_cent(abs(less))} {'less' if less > 0 else 'more'}"
    return f"{other.people:,} people, {per_cent(1 - shared)} of them not in the first patch; holds {how}."


def under_sentence(name: str, found: UnderWeights) -> str:
    """Return how a patch fares under the weights of a scenario or partner."""
    if found.kept >= 1 - SMALLEST_GAP_TOLD:
        return f"Under {name}: no better patch was found; it holds {per_cent(found.share)} of the need."
    shared = per_cent(found.in_common)
    return (
        f"Under {name}: it holds {per_cent(found.share)} of the need, {per_cent(found.kept)} of what the best patch "
        f"found for those weights would; the two share {shared} of its people."
    )


def robust_sentences(ground: Ground, patch: Patch, found: Robust) -> list[str]:
    """Return how a patch fares across reasonable weightings."""
    tried = len(found.kept)
    if tried == 1:
        return ["Only one priority has a weight, so there is no other reasonable weighting."]
    least = float(found.kept[0])
    worst = f"this patch holds at least {100 * least:.1f}% of what the best patch found for that weighting would hold."
    told = [
        f"In all {tried} reasonable weightings tried, no better patch was found."
        if least >= 1 - SMALLEST_GAP_TOLD
        else f"In the {tried} reasonable weightings tried, {worst}",
        f"{len(found.core)} of its {areas_words(len(patch.members))} are in the best patch almost whatever the "
        f"weights within reason.",
    ]
    loose = sorted((share, area) for area, share in found.in_best.items() if share < 0.5)
    if loose:
        told.append(f"Least sure: {listed([ground.names[area] for _, area in loose])}.")
    if found.alternatives:
        every = "all" if found.first_of >= 1 else per_cent(found.first_of)
        others = "the alternative" if found.alternatives == 1 else f"each of the {found.alternatives} alternatives"
        told.append(f"It holds at least as much as {others} in {every} of {COMPARED:,} reasonable weightings.")
    return told


def rollout_sentence(part: Part) -> str:
    """Return why a patch comes where it does in the order of roll-out."""
    above = [f"{name} (+{points:.0f})" for name, points in part.reasons[:2] if points >= STANDS_OUT_BY]
    because = f"; furthest above the council on {' and '.join(above)}" if above else ""
    return (
        f"{part.name}: {part.people:,} people, need {part.intensity:.0f} of 100 per resident, "
        f"{per_cent(part.share_of_need)} of all need{because}."
    )


def division_sentence(found: Rollout, balanced: str, within: float) -> str:
    """Return whether a division is balanced, and what it does to localities. balanced: "people" or "need"."""
    off = per_cent(found.furthest)
    if found.furthest <= within:
        even = f"all within {off} of the mean {balanced}"
    else:
        even = f"the least even is {off} off the mean {balanced}, more than the {per_cent(within)} aimed at"
    split = found.needlessly_split
    its = ("lies", "its") if len(split) == 1 else ("lie", "their")
    places = f"{listed(split)} {its[0]} in more patches than {its[1]} size asks for"
    if not split:
        places = "no locality lies in more patches than its size asks for"
    return f"{len(found.parts)} connected patches, {even}; {places}."


def division_sentences(found: Rollout, balanced: str, within: float) -> list[str]:
    """Return how even a division is, then each patch in the order to begin with, and what is left out."""
    told = [division_sentence(found, balanced, within)]
    told += [f"{part.number}. {rollout_sentence(part)}" for part in found.parts]
    if found.left_out:
        count = len(found.left_out)
        told.append(f"{areas_words(count)} {'has' if count == 1 else 'have'} no boundary and no patch.")
    return told


def _localities(ground: Ground, members: Sequence[int]) -> list[str]:
    """Return the localities of a patch, those with most of its people first."""
    people: dict[str, int] = {}
    for area in members:
        name = ground.localities[area] or ground.names[area]
        people[name] = people.get(name, 0) + int(ground.counted[area])
    return sorted(people, key=lambda name: -people[name])
