"""A whole council in connected patches of like size, by heuristics: proving the best of all divisions is out of reach.

Two neighbouring patches are merged, a random spanning tree of both is drawn and cut where the halves balance; kept when
the division improves, at first also when it does not. Then single areas cross borders while that helps.
Source: D. DeFord, M. Duchin and J. Solomon, Recombination: a family of Markov chains for redistricting, Harvard Data
Science Review 3 (2021); S. Kirkpatrick et al., Optimization by simulated annealing, Science 220 (1983).
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from prioritisation.errors import Fault, UserError
from prioritisation.patch.graph import Neighbours, cut_areas, pieces
from prioritisation.patch.ground import Floats, Ground

WITHIN = 0.15
STEPS = 6000
RUNS = 2
SEED = 20261123
SAFELY_WITHIN = 0.9  # of the limit is aimed at, so that rounding never crosses it
BALANCE, BEYOND, BORDER, LOCALITY, OUT_OF_RANGE = 8.0, 400.0, 0.04, 0.5, 400.0  # what each fault costs
HOT, COLD = 0.5, 0.003
Parts = list[set[int]]


@dataclass(frozen=True)
class Plan:
    """How to divide. parts: how many patches; low, high: people of each, 0 and None for any; follow: localities."""

    parts: int
    within: float = WITHIN
    low: int = 0
    high: int | None = None
    follow: bool = False


def parts_for(people: int, low: int, high: int) -> int:
    """Return the number of patches of low to high people nearest to patches of the middle size.

    UserError: no whole number of such patches holds everybody.
    """
    if not 0 < low <= high:
        raise UserError(
            f"The size of a patch cannot be used: the range is from {low:,} to {high:,} people.",
            not_done="The council was not divided.",
            remedy="Give two numbers above 0, the smaller one first.",
        )
    fewest, most = math.ceil(people / high), people // low
    if fewest > most:
        raise UserError(
            f"{people:,} people cannot be divided into patches of {low:,} to {high:,}.",
            not_done="The council was not divided.",
            remedy=f"Allow {math.floor(people / fewest):,} to {math.ceil(people / fewest):,} people, for example.",
        )
    return min(max(round(people / ((low + high) / 2)), fewest), most)


def divide(ground: Ground, load: Floats, plan: Plan, *, steps: int = STEPS, seed: int = SEED) -> list[tuple[int, ...]]:
    """Return connected patches that hold every area with a boundary once, of about equal load.

    load: (n,), people or need, 0 or more. The same input gives the same patches. UserError: too many or no patches.
    """
    placed = np.flatnonzero(ground.placed).tolist()
    if not 1 <= plan.parts <= len(placed):
        found = f"{plan.parts:,} patches are asked for, of {len(placed):,} areas with a boundary."
        raise UserError(
            found,
            faults=[Fault("number of patches", f"it has to be from 1 to {len(placed):,}.")],
            not_done="The council was not divided.",
            remedy="Give another number of patches, or import boundaries.",
        )
    best: tuple[float, Parts] | None = None
    for run in range(RUNS):
        division = _Division(ground, load, plan, seed + run)
        division.split(set(placed))
        division.anneal(steps)
        division.polish()
        if best is None or division.cost < best[0]:
            best = (division.cost, division.parts)
    return sorted((tuple(sorted(part)) for part in (best[1] if best else [])), key=lambda part: part[0])


class _Division:
    """A division under way; its cost is the sum of what each part costs by itself."""

    def __init__(self, ground: Ground, load: Floats, plan: Plan, seed: int) -> None:
        self.ground, self.plan = ground, plan
        self.load = np.nan_to_num(load).tolist()
        self.people = ground.counted.tolist()
        self.target = sum(self.load[area] for area in np.flatnonzero(ground.placed)) / plan.parts or 1.0
        self.random = np.random.default_rng(seed)
        self.neighbours: Neighbours = ground.neighbours
        self.parts: Parts = []
        self.costs: list[float] = []

    @property
    def cost(self) -> float:
        return sum(self.costs)

    def part_cost(self, part: Collection[int]) -> float:
        """Return what a part costs: imbalance, ragged borders, and localities it has only a share of."""
        deviation = abs(sum(self.load[area] for area in part) / self.target - 1)
        cost = BALANCE * deviation**2 + BEYOND * max(0.0, deviation - SAFELY_WITHIN * self.plan.within)
        cost += BORDER * sum(other not in part for area in part for other in self.neighbours[area])
        if self.plan.follow:
            cost += LOCALITY * len({self.ground.localities[area] for area in part})
        people = sum(self.people[area] for area in part)
        high = people if self.plan.high is None else self.plan.high
        return cost + OUT_OF_RANGE * (max(0, self.plan.low - people) + max(0, people - high)) / max(1, self.plan.low)

    def split(self, areas: set[int]) -> None:
        """Begin: cut spanning trees in two until there are enough parts; pieces that do not touch get their own."""
        waiting = [(piece, 0) for piece in pieces(areas, self.neighbours)]
        shares = self._shares([piece for piece, _ in waiting])
        waiting = [(piece, share) for (piece, _), share in zip(waiting, shares, strict=True)]
        while waiting:
            piece, count = waiting.pop()
            if count <= 1:
                self.parts.append(piece)
                continue
            first = count // 2
            halves = min(
                (self._cut(piece, first / count) for _ in range(12)),
                key=lambda found: self._unlike(found[0], first) + self._unlike(found[1], count - first),
            )
            first = min(max(first, 1, count - len(halves[1])), count - 1, len(halves[0]))
            waiting += [(halves[0], first), (halves[1], count - first)]
        self.costs = [self.part_cost(part) for part in self.parts]

    def _unlike(self, part: set[int], count: int) -> float:
        too_few = max(0, count - len(part))
        return abs(sum(self.load[area] for area in part) - count * self.target) / self.target + 100 * too_few

    def _shares(self, found: Parts) -> list[int]:
        """Return how many parts each separate piece becomes: by load, at least one, never more than its areas."""
        counts = [1] * len(found)
        loads = [sum(self.load[area] for area in piece) for piece in found]
        while sum(counts) < self.plan.parts:
            open_pieces = [k for k, piece in enumerate(found) if counts[k] < len(piece)]
            counts[max(open_pieces, key=lambda k: loads[k] / counts[k])] += 1
        return counts

    def anneal(self, steps: int) -> None:
        """Recombine neighbouring parts; keep what improves, and while it is hot some of what does not."""
        best, kept = self.cost, [set(part) for part in self.parts]
        for step in range(steps):
            heat = HOT * (COLD / HOT) ** (step / steps)
            pair = self._neighbouring_pair()
            if pair is None:
                break
            halves = self._cut(self.parts[pair[0]] | self.parts[pair[1]], 0.5)
            costs = [self.part_cost(half) for half in halves]
            change = sum(costs) - self.costs[pair[0]] - self.costs[pair[1]]
            if change < 0 or self.random.random() < math.exp(-change / heat):
                for place, half, cost in zip(pair, halves, costs, strict=True):
                    self.parts[place], self.costs[place] = half, cost
                if self.cost < best - 1e-9:
                    best, kept = self.cost, [set(part) for part in self.parts]
        self.parts = kept
        self.costs = [self.part_cost(part) for part in self.parts]

    def _neighbouring_pair(self) -> tuple[int, int] | None:
        owner = self._owner()
        for _ in range(50):
            part = int(self.random.integers(len(self.parts)))
            beside = {owner[other] for area in self.parts[part] for other in self.neighbours[area]} - {part}
            if beside:
                return part, int(self.random.choice(sorted(beside)))
        return None

    def _owner(self) -> dict[int, int]:
        return {area: number for number, part in enumerate(self.parts) for area in part}

    def _cut(self, areas: set[int], share: float) -> tuple[set[int], set[int]]:
        """Draw a random spanning tree and cut it where the first part has about a share of the load."""
        order, parent = self._tree(areas)
        below = {area: self.load[area] for area in order}
        for area in reversed(order[1:]):
            below[parent[area]] += below[area]
        total = below[order[0]]
        own = self.ground.localities
        edges = [
            (min(abs(below[area] - share * total), abs(total - below[area] - share * total)), area)
            for area in order[1:]
        ]
        near = self.plan.within * self.target / 2
        fair = [area for miss, area in edges if miss <= near]
        between = [area for area in fair if own[area] != own[parent[area]]] if self.plan.follow else []
        choice = between or fair
        cut = choice[int(self.random.integers(len(choice)))] if choice else min(edges)[1]
        half = {cut}
        for area in order:
            if area != order[0] and parent[area] in half:
                half.add(area)
        rest = areas - half
        if abs(below[cut] - share * total) > abs(total - below[cut] - share * total):
            half, rest = rest, half
        return half, rest

    def _tree(self, areas: set[int]) -> tuple[list[int], dict[int, int]]:
        """Return a random spanning tree, as areas from the root down and their parents.

        Kept inside localities where these are to be followed, so that few of its edges cross from one to another.
        """
        own, follow = self.ground.localities, self.plan.follow
        edges = [(area, other) for area in sorted(areas) for other in self.neighbours[area] if area < other in areas]
        weight = self.random.random(len(edges))
        if follow:
            weight += [own[area] != own[other] for area, other in edges]
        root = {area: area for area in areas}
        beside: dict[int, list[int]] = {area: [] for area in areas}
        for number in np.argsort(weight).tolist():
            first, second = edges[number]
            top, other = _top(root, first), _top(root, second)
            if top != other:
                root[top] = other
                beside[first].append(second)
                beside[second].append(first)
        begin = edges[0][0] if edges else next(iter(areas))
        order, parent = [begin], {begin: -1}
        for area in order:
            for other in beside[area]:
                if other not in parent:
                    parent[other] = area
                    order.append(other)
        return order, parent

    def polish(self) -> None:
        """Move single areas over borders as long as that improves the division."""
        moved = True
        while moved:
            moved = any(self._move(area) for area in sorted(self._owner()))

    def _move(self, area: int) -> bool:
        owner = self._owner()
        own = owner[area]
        if len(self.parts[own]) == 1 or area in cut_areas(self.parts[own], self.neighbours):
            return False
        without = self.parts[own] - {area}
        less = self.part_cost(without) - self.costs[own]
        for other in sorted({owner[each] for each in self.neighbours[area]} - {own}):
            grown = self.parts[other] | {area}
            cost = self.part_cost(grown)
            if less + cost - self.costs[other] < -1e-9:
                self.costs[own] += less
                self.parts[own], self.parts[other], self.costs[other] = without, grown, cost
                return True
        return False


def _top(root: dict[int, int], area: int) -> int:
    while root[area] != area:
        root[area] = root[root[area]]
        area = root[area]
    return area
