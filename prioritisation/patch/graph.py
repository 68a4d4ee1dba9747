"""Sets of areas on a map as graphs: who borders whom, what hangs together, and which areas hold a set together."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]
Neighbours = tuple[tuple[int, ...], ...]


def neighbours_of(n: int, pairs: Iterable[Sequence[int]]) -> Neighbours:
    """Return each area's neighbours, rising, from (m, 2) pairs."""
    found: list[set[int]] = [set() for _ in range(n)]
    for first, second in pairs:
        found[int(first)].add(int(second))
        found[int(second)].add(int(first))
    return tuple(tuple(sorted(each)) for each in found)


def pieces(members: Collection[int], neighbours: Neighbours) -> list[set[int]]:
    """Return the connected pieces of a set of areas, the one with the lowest number first."""
    left, found = set(members), []
    for start in sorted(members):
        if start in left:
            piece = reached(start, left, neighbours)
            left -= piece
            found.append(piece)
    return found


def reached(start: int, within: Collection[int], neighbours: Neighbours) -> set[int]:
    """Return the areas of a set that can be reached from one of them without leaving it."""
    piece, waiting = {start}, [start]
    while waiting:
        for other in neighbours[waiting.pop()]:
            if other in within and other not in piece:
                piece.add(other)
                waiting.append(other)
    return piece


def is_connected(members: Collection[int], neighbours: Neighbours) -> bool:
    """Return whether a set of areas hangs together; an empty one does not."""
    return bool(members) and len(reached(next(iter(members)), set(members), neighbours)) == len(members)


def border(members: Collection[int], neighbours: Neighbours) -> set[int]:
    """Return the areas outside a set that touch it."""
    return {other for each in members for other in neighbours[each]} - set(members)


def cut_areas(members: set[int], neighbours: Neighbours) -> set[int]:
    """Return the areas without which a connected set falls apart (its articulation points).

    Source: R. Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1 (1972).
    """
    root = next(iter(members))
    order, low = {root: 0}, {root: 0}
    cuts: set[int] = set()
    children_of_root = 0
    path = [(root, -1, iter(neighbours[root]))]
    while path:
        here, parent, rest = path[-1]
        for other in rest:
            if other not in members or other == parent:
                continue
            if other in order:
                low[here] = min(low[here], order[other])
                continue
            order[other] = low[other] = len(order)
            path.append((other, here, iter(neighbours[other])))
            break
        else:
            path.pop()
            if parent == root:
                children_of_root += 1
            elif parent >= 0 and low[here] >= order[parent]:
                cuts.add(parent)
            if parent >= 0:
                low[parent] = min(low[parent], low[here])
    return cuts | {root} if children_of_root > 1 else cuts


def nearest_by_people(
    sources: Iterable[int], people: Sequence[int], usable: Flags, neighbours: Neighbours
) -> list[float]:
    """Return for each area the fewest people of a chain of areas from a source to it, both ends counted; inf: none."""
    found = [float("inf")] * len(people)
    waiting: list[tuple[float, int]] = []
    for source in sources:
        found[source] = people[source]
        waiting.append((found[source], source))
    heapq.heapify(waiting)
    while waiting:
        so_far, here = heapq.heappop(waiting)
        if so_far > found[here]:
            continue
        for other in neighbours[here]:
            if usable[other] and so_far + people[other] < found[other]:
                found[other] = so_far + people[other]
                heapq.heappush(waiting, (found[other], other))
    return found
