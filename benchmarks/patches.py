"""The best patch of 153 areas and the council in 12: need held, evenness and time, beside spopt's regionalisations.

spopt solves a neighbouring problem: it divides all areas into regions that are alike inside (max-p: as many as reach a
number of people; SKATER: a given number), and has no method that looks for one region that holds the most. So its best
region in the range is taken, over several thresholds and numbers; likeness, what it is made for, is not measured here.
Councils are drawn, with towns, and the need is percentile ranks; the proof runs to its end.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely

from benchmarks import LIMIT, Figure, import_peer, not_installed, with_version
from prioritisation.patch.division import WITHIN, Plan, divide
from prioritisation.patch.fares import need
from prioritisation.patch.ground import Floats, Ground, ground_of
from prioritisation.patch.problem import Problem
from prioritisation.patch.proof import prove
from prioritisation.patch.search import search

AREAS, PATCHES = 153, 12
LOW, HIGH = 5_000, 10_000
COUNCILS = range(3)
FIRST_LIMIT_S, PROOF_LIMIT_S, DIVISION_LIMIT_S = 1.5, 30.0, 30.0
THRESHOLDS = (5_000, 8_500)
REGIONS = (12, 16, 20)
NEIGHBOURING = "a neighbouring problem: its best region in the range"
Regions = list[list[int]]


def figures() -> Iterator[Figure]:
    councils = [drawn(seed) for seed in COUNCILS]
    first, proof, optimum = zip(*(solved(ground, score) for ground, score in councils), strict=True)
    firsts = [seconds for seconds, _ in first]
    reached = [100 * gain / best for (_, gain), best in zip(first, optimum, strict=True)]
    yield Figure("First patch of 153 areas, slowest", max(firsts), "s", LIMIT, FIRST_LIMIT_S)
    yield Figure("First patch, of the proven best, worst", min(reached), "%", LIMIT, 98.0, higher_is_better=True)
    yield Figure("Proof that no patch is better, slowest", max(proof), "s", LIMIT, PROOF_LIMIT_S)
    name = "Need held, of the proven best, median"
    yield from beside_spopt(name, councils, optimum, statistics.median(reached))
    yield from divisions(councils)


def drawn(seed: int) -> tuple[Ground, Floats]:
    """Return a council of Voronoi cells crowded round six towns, and its scores (n,)."""
    random = np.random.default_rng(seed)
    town = np.arange(AREAS) % 6
    spread = np.where(random.random(AREAS) < 0.8, 1_500, 12_000)[:, None]
    points = (random.random((6, 2)) * (40_000, 60_000))[town] + random.normal(size=(AREAS, 2)) * spread
    frame = shapely.box(*(points.min(axis=0) - 500), *(points.max(axis=0) + 500))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=frame, ordered=True))
    codes = [f"A{number:03d}" for number in range(AREAS)]
    places = [f"Town {number}" for number in town]
    people = random.integers(400, 1_200, AREAS).tolist()
    alike = 0.7 * random.normal(size=6)[town] + random.normal(size=AREAS)
    score = 100 * (alike.argsort().argsort() + 0.5) / AREAS
    return ground_of(list(shapely.intersection(cells, frame)), codes, codes, places, people), score


def problem(ground: Ground, score: Floats) -> Problem:
    gain = need(score, ground.people)
    return Problem(gain, ground.counted, ground.neighbours, ground.usable, (), LOW, HIGH)


def solved(ground: Ground, score: Floats) -> tuple[tuple[float, float], float, float]:
    """Return seconds and gain of the first answer, seconds of the proof, and the proven best gain."""
    asked = problem(ground, score)
    began = time.perf_counter()
    found = search(asked).best
    between = time.perf_counter()
    proven = prove(asked, found, lambda progress: False)
    if found is None or proven.best is None or not proven.is_proven:
        raise ValueError("a drawn council has no proven patch")
    return (between - began, found.gain), time.perf_counter() - between, proven.best.gain


def beside_spopt(
    name: str, councils: Sequence[tuple[Ground, Floats]], optimum: Sequence[float], ours: float
) -> Iterator[Figure]:
    region, weights = import_peer("spopt.region"), import_peer("libpysal.weights")
    if region is None or weights is None:
        yield not_installed(name, ours, "%", "spopt")
        return
    ways: dict[str, tuple[Callable[..., Regions], Sequence[int]]] = {
        "max-p": (max_p, THRESHOLDS),
        "SKATER": (skater, REGIONS),
    }
    for way, (divided, settings) in ways.items():
        began = time.perf_counter()
        reached = [
            100 * max(best_region(divided(region, weights, *council, setting), *council) for setting in settings) / best
            for council, best in zip(councils, optimum, strict=True)
        ]
        seconds = (time.perf_counter() - began) / len(councils)
        note = f"{way}, {NEIGHBOURING}; {seconds:.1f} s a council"
        peer = with_version("spopt")
        yield Figure(name, ours, "%", peer, statistics.median(reached), higher_is_better=True, note=note)


def best_region(regions: Regions, ground: Ground, score: Floats) -> float:
    asked = problem(ground, score)
    return max((asked.gained(each) for each in regions if LOW <= asked.population(each) <= HIGH), default=0.0)


def max_p(region: Any, weights: Any, ground: Ground, score: Floats, threshold: int) -> Regions:
    np.random.seed(0)  # noqa: NPY002 - spopt draws from the global generator
    table, graph = _for_spopt(weights, ground, score)
    model = region.MaxPHeuristic(table, graph, ["score"], "people", threshold, top_n=2)
    model.solve()
    return _regions(model.labels_)


def skater(region: Any, weights: Any, ground: Ground, score: Floats, count: int) -> Regions:
    table, graph = _for_spopt(weights, ground, score)
    model = region.Skater(table, graph, ["score"], n_clusters=count, floor=4)
    model.solve()
    return _regions(model.labels_)


def _for_spopt(weights: Any, ground: Ground, score: Floats) -> tuple[pd.DataFrame, Any]:
    graph = weights.W({area: list(others) for area, others in enumerate(ground.neighbours)}, silence_warnings=True)
    return pd.DataFrame({"score": score, "people": ground.people}), graph


def _regions(labels: Any) -> Regions:
    found: dict[int, list[int]] = {}
    for area, label in enumerate(np.asarray(labels).tolist()):
        found.setdefault(label, []).append(area)
    return list(found.values())


def divisions(councils: Sequence[tuple[Ground, Floats]]) -> Iterator[Figure]:
    """Compare evenness and time of a council in 12 patches with their limits."""
    furthest, seconds = [], []
    for ground, _ in councils:
        began = time.perf_counter()
        parts = divide(ground, ground.people, Plan(PATCHES))
        seconds.append(time.perf_counter() - began)
        people = np.array([ground.people[list(part)].sum() for part in parts])
        furthest.append(100 * float(np.abs(people / people.mean() - 1).max()))
    yield Figure("12 patches of 153 areas, slowest", max(seconds), "s", LIMIT, DIVISION_LIMIT_S)
    yield Figure("12 patches, furthest from the mean people", max(furthest), "%", LIMIT, 100 * WITHIN)
