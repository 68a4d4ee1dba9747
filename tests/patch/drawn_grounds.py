"""Small drawn councils for the tests of patches, and the slow way to the best patch: look at every connected set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import shapely

from prioritisation.patch.ground import Ground, ground_of
from prioritisation.patch.problem import Problem


def towns(seed: int, n: int = 153, groups: int = 6) -> tuple[Ground, np.ndarray]:
    """Voronoi cells of points crowded round a few towns, and a need from 0 to 100 that goes together within towns."""
    random = np.random.default_rng(seed)
    centres = random.random((groups, 2)) * (40_000, 60_000)
    town = np.arange(n) % groups
    points = centres[town] + random.normal(size=(n, 2)) * np.where(random.random(n) < 0.8, 1_500, 12_000)[:, None]
    frame = shapely.box(*(points.min(axis=0) - 500), *(points.max(axis=0) + 500))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=frame, ordered=True))
    people = random.integers(400, 1_200, n)
    need = 0.7 * random.normal(size=groups)[town] + random.normal(size=n)
    score = 100 * (need.argsort().argsort() + 0.5) / n
    ground = drawn(list(shapely.intersection(cells, frame)), people.tolist(), [f"Town {k}" for k in town])
    return ground, score


def squares(
    rows: int, columns: int, people: int | Sequence[float] = 1_000, localities: Sequence[str | None] | None = None
) -> Ground:
    """A field of squares, 1 km each, numbered row by row."""
    shapes = [shapely.box(c * 1e3, r * 1e3, c * 1e3 + 1e3, r * 1e3 + 1e3) for r in range(rows) for c in range(columns)]
    counts = [people] * len(shapes) if isinstance(people, int) else list(people)
    return drawn(shapes, counts, localities)


def drawn(shapes: Sequence[object], people: Sequence[float], localities: Sequence[str | None] | None = None) -> Ground:
    n = len(shapes)
    names = [f"Area {k}" for k in range(n)]
    return ground_of(shapes, [f"A{k:03d}" for k in range(n)], names, localities or [None] * n, people)


def problem(ground: Ground, gain: np.ndarray, low: int, high: int, must: Sequence[int] = ()) -> Problem:
    return Problem(gain, ground.counted, ground.neighbours, ground.usable, tuple(must), low, high)


def connected_sets(asked: Problem) -> Iterator[int]:
    """Yield every connected set of usable areas with at most `high` people, as bits, each once."""
    beside = [sum(1 << other for other in others) for others in asked.neighbours]
    people = asked.people.tolist()
    usable = sum(1 << area for area in range(asked.n) if asked.usable[area])

    def grow(chosen: int, total: int, border: int, barred: int) -> Iterator[int]:
        yield chosen
        while border:
            lowest = border & -border
            border ^= lowest
            area = lowest.bit_length() - 1
            barred |= lowest
            if total + people[area] <= asked.high:
                wider = border | (beside[area] & usable & ~chosen & ~barred)
                yield from grow(chosen | lowest, total + people[area], wider, barred)

    for first in range(asked.n):
        if usable >> first & 1 and people[first] <= asked.high:
            earlier = (1 << (first + 1)) - 1
            yield from grow(1 << first, people[first], beside[first] & usable & ~earlier, earlier)


def best_by_looking_at_all(asked: Problem) -> float | None:
    """Return the gain of the best patch, None where there is none."""
    must = sum(1 << area for area in asked.must)
    best: float | None = None
    for chosen in connected_sets(asked):
        if chosen & must != must:
            continue
        members = [area for area in range(asked.n) if chosen >> area & 1]
        gain = asked.gained(members)
        if asked.population(members) >= asked.low and (best is None or gain > best):
            best = gain
    return best
