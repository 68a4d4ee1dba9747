"""A good patch at once: local search that adds, drops and swaps areas, never lets a patch fall apart, and restarts.

Source: F. Glover, Tabu search, ORSA J. Comput. 1 (1989); connectivity kept by articulation points as in the p-regions
heuristics of regionalisation. Deterministic: the same problem gives the same patch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from prioritisation.patch.graph import border, cut_areas, nearest_by_people
from prioritisation.patch.problem import IN_COMMON_AT_MOST, SAME_GAIN, Floats, Patch, Problem, patch_of

STARTS = 24
STEPS = 350
GIVE_UP_AFTER = 120  # steps without a better patch in this start
STAYS = (4, 10)  # steps that an area just added may not be dropped, from and below
STAYS_OUT = (6, 15)
SEED = 20261123
NEAR = 1e-6  # people


@dataclass(frozen=True, eq=False)
class Searched:
    """What a search found. best: None when no set in range came by; nearest: people of the nearest below and above."""

    best: Patch | None
    nearest: tuple[int | None, int | None]


def search(
    problem: Problem, *, starts: int = STARTS, steps: int = STEPS, seed: int = SEED, begin: Patch | None = None
) -> Searched:
    """Return the best patch of several starts. begin: a patch to improve on in the first start.

    n is at most a few thousand: neighbours are held as a matrix.
    """
    made = _Search(problem, seed)
    for start in range(starts):
        members = set(begin.members) if begin is not None and start == 0 else made.grown()
        if members:
            made.improve(members, steps)
    best = patch_of(problem, made.best) if made.best else None
    return Searched(best, (made.below, made.above))


class _Search:
    """One search. Limits are columns: people, and for each patch to differ from what is shared too much.

    The position after the last area stands for nothing: no gain, no people, no neighbours.
    """

    def __init__(self, problem: Problem, seed: int) -> None:
        n = self.nothing = problem.n
        self.problem = problem
        self.random = np.random.default_rng(seed)
        self.touching = np.zeros((n + 1, n + 1), dtype=np.int64)
        for here, others in enumerate(problem.neighbours):
            self.touching[here, [other for other in others if problem.usable[other]]] = problem.usable[here]
        people = problem.people.astype(np.float64)
        self.gain = np.append(problem.gain, 0.0)
        self.amounts, self.low, self.high = _limits(problem, people)
        self.density = np.where(problem.usable, problem.gain / np.maximum(people, 1), -np.inf)
        self.price = 2 * max(float(np.abs(self.density[problem.usable]).max(initial=0)), 1e-9)
        self.best: set[int] = set()
        self.best_gain = -np.inf
        self.below: int | None = None
        self.above: int | None = None

    def grown(self) -> set[int]:
        """Return a connected set, from a random area or the ones it must hold, grown by need with some luck."""
        problem, random = self.problem, self.random
        members = self._connected_musts() if problem.must else self._seed()
        people = problem.population(members) if members else 0
        while members:
            fits = [each for each in border(members, problem.neighbours) if self._fits(each, people)]
            if not fits:
                break
            wish = self.density[fits] * (0.6 + 0.8 * random.random(len(fits)))
            chosen = fits[int(np.argmax(wish))]
            members.add(chosen)
            people += int(problem.people[chosen])
        return members

    def _fits(self, area: int, people: int) -> bool:
        return bool(self.problem.usable[area]) and people + self.problem.people[area] <= self.problem.high

    def _seed(self) -> set[int]:
        usable = np.flatnonzero(self.problem.usable)
        if not len(usable):
            return set()
        wish = np.maximum(self.density[usable], 0) ** 3
        likely = wish / wish.sum() if wish.sum() > 0 else None
        return {int(self.random.choice(usable, p=likely))}

    def _connected_musts(self) -> set[int]:
        """Return the areas that must be in, joined by chains with few people, each time a little differently."""
        problem = self.problem
        weight = (problem.people * (0.7 + 0.6 * self.random.random(problem.n))).astype(np.int64).tolist()
        members = {problem.must[0]}
        for end in problem.must[1:]:
            far = nearest_by_people(members, weight, problem.usable, problem.neighbours)
            if np.isinf(far[end]):
                return set()
            here = end
            while here not in members:
                members.add(here)
                here = min(problem.neighbours[here], key=lambda other: far[other])
        return members

    def improve(self, members: set[int], steps: int) -> None:
        """Make the best allowed move again and again; what was moved stays for a while, so that hills are crossed."""
        state = _State(self, members)
        own, since = -np.inf, 0
        for step in range(1, steps + 1):
            gain = self._note(state)
            own, since = (gain, step) if gain > own else (own, since)
            move = self._best_move(state, step) if step - since <= GIVE_UP_AFTER else None
            if move is None:
                break
            added, dropped = move
            if added != self.nothing:
                state.move(added, 1, step + int(self.random.integers(*STAYS)))
            if dropped != self.nothing:
                state.move(dropped, -1, step + int(self.random.integers(*STAYS_OUT)))

    def _note(self, state: _State) -> float:
        """Keep the patch when it is the best so far; return its gain, -inf where it is out of range."""
        if self._beyond(state.amounts) > NEAR:
            people = round(float(state.amounts[0]))
            if people < self.problem.low:
                self.below = max(people, self.below or 0)
            elif people > self.problem.high:
                self.above = min(people, self.above or people)
            return -np.inf
        if state.gain > self.best_gain + SAME_GAIN * abs(state.gain):
            self.best, self.best_gain = set(state.members), state.gain
        return state.gain

    def _beyond(self, amounts: Floats) -> Floats:
        """Return how many people amounts (..., limits) are out of their range, over all limits."""
        return np.maximum(np.maximum(self.low - amounts, amounts - self.high), 0).sum(axis=-1)

    def _best_move(self, state: _State, step: int) -> tuple[int, int] | None:
        """Return (added, dropped), `nothing` for neither; None when no move is possible."""
        keep = cut_areas(state.members, self.problem.neighbours).union(self.problem.must)
        loose = [self.nothing, *(each for each in state.members if each not in keep)]
        out = np.append(self.nothing, np.flatnonzero((state.beside > 0) & ~state.inside))
        gain = state.gain + self.gain[out][:, None] - self.gain[loose]
        amounts = state.amounts + self.amounts[out][:, None] - self.amounts[loose]
        beyond = self._beyond(amounts)
        possible = (state.held[out] <= step)[:, None] & (state.held[loose] <= step)
        possible |= (beyond <= NEAR) & (gain > self.best_gain + SAME_GAIN * abs(self.best_gain))
        possible[1:] &= state.beside[out[1:], None] > self.touching[out[1:, None], loose]
        possible[0, 0] = False
        if len(state.members) == 1:
            possible[0] = False
        value = np.where(possible, gain - self.price * beyond, -np.inf)
        best = int(value.argmax())
        added, dropped = divmod(best, len(loose))
        return (int(out[added]), loose[dropped]) if value.flat[best] > -np.inf else None


def _limits(problem: Problem, people: Floats) -> tuple[Floats, Floats, Floats]:
    """Return amounts (n + 1, limits) of each area, and how low and high their sums over a patch may be.

    After people, two columns for each patch to differ from: what is shared is at most two thirds of either.
    """
    columns, low, high = [people], [float(problem.low)], [float(problem.high)]
    for other in problem.apart_from:
        shared = np.zeros(problem.n)
        shared[list(other)] = people[list(other)]
        columns += [shared - IN_COMMON_AT_MOST * people, shared]
        low += [-np.inf, -np.inf]
        high += [0.0, IN_COMMON_AT_MOST * float(shared.sum())]
    return np.append(np.column_stack(columns), np.zeros((1, len(columns))), axis=0), np.array(low), np.array(high)


class _State:
    """The patch that a start is at. beside: how many members touch each area; held: the step until which it stays."""

    def __init__(self, search: _Search, members: set[int]) -> None:
        self._search = search
        self.members: set[int] = set()
        self.inside = np.zeros(search.nothing + 1, dtype=bool)
        self.held = np.zeros(search.nothing + 1, dtype=np.int64)
        self.beside = np.zeros(search.nothing + 1, dtype=np.int64)
        self.amounts = np.zeros(len(search.low))
        self.gain = 0.0
        for area in members:
            self.move(area, 1, 0)

    def move(self, area: int, sign: int, held: int) -> None:
        """Add (1) or drop (-1) an area, to be held where it then is."""
        (self.members.add if sign > 0 else self.members.discard)(area)
        self.inside[area] = sign > 0
        self.held[area] = held
        self.beside += sign * self._search.touching[area]
        self.amounts += sign * self._search.amounts[area]
        self.gain += sign * float(self._search.gain[area])
