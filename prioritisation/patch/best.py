"""From a request to patches: a good one at once, others that differ, and what adding or dropping an area costs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from prioritisation.patch.graph import border, is_connected
from prioritisation.patch.ground import Floats, Ground
from prioritisation.patch.problem import Patch, Problem, patch_of
from prioritisation.patch.proof import prove
from prioritisation.patch.request import Wanted, narrow_range, problem_of
from prioritisation.patch.search import STARTS, search

ALTERNATIVES = 5
STARTS_OF_AN_ALTERNATIVE = 8
LOOKS_BEFORE_GIVING_UP = 400  # at the progress of a proof, when the search found nothing in range


def first_answer(ground: Ground, gain: Floats, wanted: Wanted) -> tuple[Problem, Patch]:
    """Return what is searched for and a good patch, at once. UserError: no patch can be as wanted."""
    problem = problem_of(ground, gain, wanted)
    found = search(problem, starts=STARTS)
    if found.best is not None:
        return problem, found.best
    looks = iter(range(LOOKS_BEFORE_GIVING_UP))
    settled = prove(problem, None, lambda progress: progress.best is not None or next(looks, None) is None)
    if settled.best is not None:
        return problem, search(problem, starts=STARTS_OF_AN_ALTERNATIVE, begin=settled.best).best or settled.best
    raise narrow_range(ground, wanted, found.nearest, settled.is_proven)


def alternatives(problem: Problem, best: Patch, most: int = ALTERNATIVES) -> list[Patch]:
    """Return up to `most` other good patches, the best first.

    No two of them, nor one of them and the best, share more than two thirds of the people of either. Found by
    search, not proven.
    """
    found: list[Patch] = []
    while len(found) < most:
        others = [best.members, *(patch.members for patch in found)]
        another = search(problem.differing_from(others), starts=STARTS_OF_AN_ALTERNATIVE).best
        if another is None:
            break
        found.append(another)
    return sorted(found, key=lambda patch: -patch.gain)


@dataclass(frozen=True)
class Change:
    """What moving one area in or out does. patch: as it then is; gain, people: added or lost.

    connected, in_range: whether the patch then still is, by the range asked for.
    """

    area: int
    patch: Patch
    gain: float
    people: int
    connected: bool
    in_range: bool


def changed(problem: Problem, members: Collection[int], area: int) -> Change:
    """Return what it does to add an area that is not in a patch, or to drop one that is."""
    moved = set(members) ^ {area}
    before, after = patch_of(problem, members), patch_of(problem, moved)
    return Change(
        area=area,
        patch=after,
        gain=after.gain - before.gain,
        people=after.people - before.people,
        connected=is_connected(moved, problem.neighbours),
        in_range=problem.low <= after.people <= problem.high,
    )


def just_outside(problem: Problem, members: Collection[int]) -> list[int]:
    """Return the areas that touch a patch, those that would add most first, whether the wishes allow them or not."""
    return sorted(border(members, problem.neighbours), key=lambda area: (-problem.gain[area], area))
