"""How sure the shortlist is, as after every release of a slider: stability over 8,192 weightings, and flip points.

Scores are percentile ranks that go together as indicators of deprivation do (correlation about one half). Every call
gets other weights, so that drawing the weightings counts. Peers get the drawn weightings for nothing, try each and
count who is among the first; on a part of the weightings, scaled to all of them, since their work is the same for
each. They must count what we count before anything is timed. No scores tie: the peers would rank ties otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from benchmarks import LIMIT, Figure, best_medians, import_peer, not_installed, with_version
from prioritisation.flips import flip_points
from prioritisation.robustness import (
    DRAWS,
    Sureness,
    any_weightings,
    reasonable_weightings,
    stability,
    stability_under_any,
)

SIZES = (153, 1000, 6976)  # South Ayrshire, the largest shown on screen, Scotland
STABILITY_LIMIT_MS = 30.0
FLIPS_LIMIT_MS = {153: 5.0, 1000: 60.0}
PRIORITIES = 4
CUT = 15
PART = 128
ARITHMETIC = "arithmetic"
OURS = "prioritisation"
NUMPY = "NumPy"
PYMCDM = "pymcdm"
CALLED = {PYMCDM: "WSM in a loop, without validation or full ranks", NUMPY: "one matrix product, no pruning"}
Floats = NDArray[np.float64]
Counter = Callable[[Floats, Floats], NDArray[np.int64]]


def figures() -> Iterator[Figure]:
    for areas in SIZES:
        yield from counted(f"Stability of {areas:,} areas", areas, stability, reasonable_weightings)
    areas = SIZES[-1]
    yield from counted(f"Any weighting, {areas:,} areas", areas, stability_under_any, any_weightings)
    for areas, limit in FLIPS_LIMIT_MS.items():
        yield from flips(areas, limit)


def counted(name: str, areas: int, ours: Callable[..., Sureness], draw: Callable[..., Floats]) -> Iterator[Figure]:
    """Compare stability with peers that try the same kind of weightings."""
    scores, weights = drawn(areas)
    peers = {PYMCDM: pymcdm_counter(), NUMPY: numpy_counter}
    tried = [draw(chosen, draws=DRAWS)[:: DRAWS // PART] for chosen in weights]
    contenders: dict[str, Callable[[int], object]] = {OURS: lambda k: ours(scores, weights[k], CUT, ARITHMETIC)}
    for library, count in peers.items():
        if count is not None:
            sure = ours(scores, weights[0], CUT, ARITHMETIC, draws=PART)
            if not np.array_equal(count(scores, draw(weights[0], draws=PART)), np.rint(sure.probability * PART)):
                raise ValueError(f"{library} counts otherwise, so its time means nothing")
            contenders[library] = lambda k, count=count: count(scores, tried[k])
    milliseconds = {peer: 1000 * time for peer, time in best_medians(contenders, list(range(len(weights)))).items()}
    value = milliseconds.pop(OURS)
    if ours is stability:
        yield Figure(name, value, "ms", LIMIT, STABILITY_LIMIT_MS, note=f"{DRAWS:,} weightings")
    for library, part in milliseconds.items():
        note = f"{CALLED[library]}; {PART} weightings, scaled"
        yield Figure(name, value, "ms", with_version(library.lower()), part * DRAWS / PART, note=note)
    if peers[PYMCDM] is None:
        yield not_installed(name, value, "ms", PYMCDM)


def flips(areas: int, limit: float) -> Iterator[Figure]:
    scores, weights = drawn(areas)
    time = best_medians({OURS: lambda k: flip_points(scores, weights[k], CUT, ARITHMETIC)}, list(range(len(weights))))
    yield Figure(f"Flip points of {areas:,} areas, exact", 1000 * time[OURS], "ms", LIMIT, limit)


def drawn(areas: int) -> tuple[Floats, Floats]:
    """Return priority scores (n, p) and sets of weights (32, p), none of them far from equal."""
    random = np.random.default_rng(areas)
    need = random.standard_normal((areas, 1)) + random.standard_normal((areas, PRIORITIES))
    scores = 100 * (need.argsort(axis=0).argsort(axis=0) + 0.5) / areas
    weights = random.dirichlet(np.full(PRIORITIES, 8.0), 32)
    return scores, weights


def numpy_counter(scores: Floats, tried: Floats) -> NDArray[np.int64]:
    """All sums in one matrix product, then the highest of each: what a careful analyst writes."""
    sums = tried @ scores.T
    bar = np.partition(sums, -CUT, axis=1)[:, -CUT]
    return np.count_nonzero(sums >= bar[:, None], axis=0)


def pymcdm_counter() -> Counter | None:
    """The weighted sum model without its checks and without ranking all: the cheapest way through the library."""
    methods = import_peer("pymcdm.methods")
    if methods is None:
        return None
    model = methods.WSM(lambda column, cost: column)
    types = np.ones(PRIORITIES)

    def count(scores: Floats, tried: Floats) -> NDArray[np.int64]:
        counted = np.zeros(len(scores), dtype=np.int64)
        for weights in tried:
            sums = model(scores, weights, types, validation=False)
            counted += sums >= np.partition(sums, -CUT)[-CUT]
        return counted

    return count
