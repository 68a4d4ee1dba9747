"""The fewest people of a connected set that holds given areas: whether they fit into one patch at all."""

from __future__ import annotations

import heapq

import numpy as np

from prioritisation.patch.graph import pieces
from prioritisation.patch.problem import Floats, Problem

MOST_PIECES = 7  # the work triples with each; beyond, only part of them is joined, which still is a lower bound


def fewest_people_joining(problem: Problem) -> int:
    """Return the fewest people of a connected set of usable areas that holds all that must be in.

    They have to be connected somehow; with more than MOST_PIECES separate pieces it is a number not above that.
    Source: S. Dreyfus and R. Wagner, The Steiner problem in graphs, Networks 1 (1971), with weights on areas.
    """
    own = problem.population(problem.must)
    ends = [min(piece) for piece in pieces(problem.must, problem.neighbours)][:MOST_PIECES]
    weight = np.where(problem.usable, problem.people.astype(np.float64), np.inf)
    weight[list(problem.must)] = 0.0
    least = np.full((1 << len(ends), problem.n), np.inf)
    for number, end in enumerate(ends):
        least[1 << number, end] = 0.0
    for chosen in range(1, 1 << len(ends)):
        part = (chosen - 1) & chosen
        while part:
            joined = least[part] + least[chosen ^ part] - np.where(np.isfinite(weight), weight, 0.0)
            least[chosen] = np.minimum(least[chosen], joined)
            part = (part - 1) & chosen
        _spread(least[chosen], weight, problem)
    return own + round(float(least[-1].min()))


def _spread(least: Floats, weight: Floats, problem: Problem) -> None:
    """Lower the numbers to what a chain of areas from a better place costs, in place."""
    waiting = [(float(least[area]), int(area)) for area in np.flatnonzero(np.isfinite(least))]
    heapq.heapify(waiting)
    while waiting:
        so_far, here = heapq.heappop(waiting)
        if so_far > least[here]:
            continue
        for other in problem.neighbours[here]:
            there = so_far + float(weight[other])
            if there < least[other]:
                least[other] = there
                heapq.heappush(waiting, (there, other))
