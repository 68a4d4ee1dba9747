"""The proof that no patch is better, or how far it got: starting areas settled one after the other.

Every patch has a first area in a fixed order (need per person). So "the best patch whose first area is k" for every k
is the best of all, and each of these is a smaller question: k is in, whatever comes before it is out. Most are settled
by a linear bound alone; what is left goes to integer programming, the most promising first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from prioritisation.patch.graph import nearest_by_people, reached
from prioritisation.patch.problem import SAME_GAIN, Patch, Problem, patch_of
from prioritisation.patch.rooted import RootedProgramme


@dataclass(frozen=True)
class Progress:
    """How far a proof is. best: the best patch known; bound: what no patch can exceed; settled of starts are done."""

    best: Patch | None
    bound: float
    settled: int
    starts: int

    @property
    def gap(self) -> float:
        """By what share of the best patch another could still be better; inf while there is none."""
        if self.best is None:
            return float("inf")
        return max(0.0, self.bound - self.best.gain) / max(abs(self.best.gain), 1e-9)

    @property
    def is_proven(self) -> bool:
        """Whether the best patch is proven best, or it is proven that there is none."""
        return self.settled == self.starts


Watch = Callable[[Progress], bool]


@dataclass(frozen=True)
class _Start:
    """A starting area and where its patches lie."""

    root: int
    within: tuple[int, ...]


def prove(problem: Problem, best: Patch | None, watch: Watch) -> Progress:
    """Settle every starting area; return how far it came. The patch may turn out better than the one given.

    watch: called with each progress, returns whether to stop. Patches to be apart from are not looked at.
    """
    starts = list(_starts(problem))
    proof = _Proof(problem, best, watch, len(starts))
    proof.bounds = {start.root: _knapsack(problem, start) for start in starts}
    left = [start for start in starts if not proof.settles(start)]
    programmes: dict[int, RootedProgramme] = {}
    for start in left:
        if proof.stopped:
            return proof.progress
        programme = RootedProgramme(problem, start.root, start.within, problem.must)
        proof.bounds[start.root] = min(proof.bounds[start.root], programme.bound(proof.beat))
        if not proof.settles(start):
            programmes[start.root] = programme
    for root in sorted(programmes, key=lambda each: -proof.bounds[each]):
        if proof.stopped:
            return proof.progress
        proof.solve(root, programmes.pop(root))
    return proof.progress


class _Proof:
    """What is known so far. bounds: of each start, -inf once it is settled."""

    def __init__(self, problem: Problem, best: Patch | None, watch: Watch, starts: int) -> None:
        self.problem, self.best, self.watch, self.starts = problem, best, watch, starts
        self.bounds: dict[int, float] = {}
        self.stopped = False

    @property
    def beat(self) -> float:
        """The gain up to which a start is settled."""
        return -np.inf if self.best is None else self.best.gain + SAME_GAIN * abs(self.best.gain)

    @property
    def progress(self) -> Progress:
        open_bounds = [bound for bound in self.bounds.values() if bound > -np.inf]
        known = -np.inf if self.best is None else self.best.gain
        settled = self.starts - len(open_bounds)
        return Progress(self.best, max([known, *open_bounds]), settled, self.starts)

    def settles(self, start: _Start) -> bool:
        """Note a start as settled when its bound says so; return whether it is."""
        done = self.bounds[start.root] <= self.beat
        if done:
            self.bounds[start.root] = -np.inf
        self.stopped = self.watch(self.progress)
        return done

    def solve(self, root: int, programme: RootedProgramme) -> None:
        """Settle one start by integer programming."""

        def told(bound: float) -> bool:
            self.bounds[root] = min(self.bounds[root], max(bound, float(self.beat)))
            self.stopped = self.watch(self.progress)
            return self.stopped

        if self.bounds[root] <= self.beat:
            self.bounds[root] = -np.inf
            return
        members, bound = programme.best(self.beat, told)
        found = patch_of(self.problem, members) if members and self.problem.allows(members) else None
        if found is not None and found.gain > self.beat:
            self.best = found
        self.bounds[root] = min(self.bounds[root], bound) if self.stopped else -np.inf
        self.stopped = self.watch(self.progress)


def _starts(problem: Problem) -> Iterator[_Start]:
    """Yield every starting area that a patch could have, with all areas that it can hold then."""
    if problem.must:
        yield from _start(problem, problem.must[0])
        return
    density = problem.gain / np.maximum(problem.people, 1)
    usable = problem.usable.copy()
    for root in np.argsort(-density, kind="stable").tolist():
        if usable[root]:
            yield from _start(replace(problem, usable=usable), root)
            usable[root] = False


def _start(problem: Problem, root: int) -> Iterator[_Start]:
    """Yield the start at an area, unless too few people are in reach of it."""
    near = nearest_by_people([root], problem.people.tolist(), problem.usable, problem.neighbours)
    can = {area for area, people in enumerate(near) if people <= problem.high}
    within = reached(root, can, problem.neighbours) if root in can else set()
    if set(problem.must) <= within and problem.population(within) >= problem.low:
        yield _Start(root, tuple(sorted(within)))


def _knapsack(problem: Problem, start: _Start) -> float:
    """Return what a start cannot exceed even if its areas need not touch: the densest areas, the last one in part."""
    areas = np.array([area for area in start.within if area != start.root], dtype=np.int64)
    room = problem.high - float(problem.people[start.root])
    gain, people = problem.gain[areas], problem.people[areas].astype(float)
    worth = gain > 0
    gain, people = gain[worth], np.maximum(people[worth], 1e-9)
    order = np.argsort(-gain / people, kind="stable")
    part = np.clip((room - np.concatenate([[0.0], np.cumsum(people[order])[:-1]])) / people[order], 0, 1)
    return float(problem.gain[start.root] + (part * gain[order]).sum())
