"""Ranking: from cached priority scores, as a slider needs it, and from raw indicator values.

Peers do the same work, weighted sum and ranks, on the same scores with a new set of weights at every call, and
must give the same order before anything is timed. No scores tie: the peers would rank ties otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks import LIMIT, Figure, best_medians, import_peer, not_installed, with_version
from prioritisation.framework import HIGHER_IS_WORSE, Framework, IndicatorShare, Normalisation, Priority
from prioritisation.scoring import overall, rank_scores, score_units

SIZES = (153, 6976)  # South Ayrshire, Scotland
LIVE_LIMIT_MS = 1.0
PRIORITIES = 4
INDICATORS = 12
OURS = "prioritisation"
Ranks = NDArray[np.int64]
Contender = Callable[[int], object]


def figures() -> Iterator[Figure]:
    for areas in SIZES:
        yield from live(areas)
    for areas in SIZES:
        yield from from_values(areas)


def live(areas: int) -> Iterator[Figure]:
    """Compare ranking from cached priority scores with pandas, pymcdm and scikit-criteria."""
    name = f"Rank {areas:,} areas from cached priority scores"
    random = np.random.default_rng(areas)
    scores = random.random((areas, PRIORITIES)) * 100
    weights = random.dirichlet(np.ones(PRIORITIES), 64)
    contenders: dict[str, Contender] = {
        OURS: lambda k: rank_scores(overall(scores, weights[k], "arithmetic")),
        "pandas": with_pandas(scores, weights),
    }
    peers = {"pymcdm": with_pymcdm, "scikit-criteria": with_scikit_criteria}
    absent = []
    for library, make in peers.items():
        made = make(scores, weights)
        if made is None:
            absent.append(library)
        else:
            contenders[library] = made
    refuse_other_orders(contenders)
    milliseconds = {peer: 1000 * time for peer, time in best_medians(contenders, list(range(len(weights)))).items()}
    ours = milliseconds.pop(OURS)
    yield Figure(name, ours, "ms", LIMIT, LIVE_LIMIT_MS)
    for library, theirs in milliseconds.items():
        yield Figure(name, ours, "ms", with_version(library), theirs)
    for library in absent:
        yield not_installed(name, ours, "ms", library)


def refuse_other_orders(contenders: dict[str, Contender]) -> None:
    """Raise unless every contender gives our ranks for the first sets of weights."""
    for k in range(5):
        ours = np.asarray(contenders[OURS](k))
        for library, rank in contenders.items():
            if not np.array_equal(ours, np.asarray(rank(k))):
                raise ValueError(f"{library} gives another order, so its time means nothing")


def with_pandas(scores: NDArray[np.float64], weights: NDArray[np.float64]) -> Contender:
    table = pd.DataFrame(scores)
    return lambda k: table.dot(weights[k]).rank(method="min", ascending=False)


def with_pymcdm(scores: NDArray[np.float64], weights: NDArray[np.float64]) -> Contender | None:
    """The weighted sum model as it comes, its checks included, without normalising the scores again."""
    methods = import_peer("pymcdm.methods")
    if methods is None:
        return None
    model = methods.WSM(lambda column, cost: column)
    types = np.ones(PRIORITIES)
    return lambda k: model.rank(model(scores, weights[k], types))


def with_scikit_criteria(scores: NDArray[np.float64], weights: NDArray[np.float64]) -> Contender | None:
    """The weighted sum model as it comes; its decision matrices are built before the clock starts."""
    library, simple = import_peer("skcriteria"), import_peer("skcriteria.agg.simple")
    if library is None or simple is None:
        return None
    matrices = [library.mkdm(scores, [max] * PRIORITIES, weights=chosen) for chosen in weights]
    model = simple.WeightedSumModel()
    return lambda k: model.evaluate(matrices[k]).rank_


def from_values(areas: int) -> Iterator[Figure]:
    """Compare all of scoring, from raw values with gaps to ranks, with the same in plain pandas."""
    framework = drawn_framework()
    random = np.random.default_rng(areas)
    tables = [drawn_values(random, areas, framework) for _ in range(8)]
    polarity = dict.fromkeys(framework.indicator_ids, HIGHER_IS_WORSE)
    contenders: dict[str, Contender] = {
        OURS: lambda k: score_units(tables[k], framework, polarity).rank,
        "pandas": lambda k: scored_with_pandas(tables[k], framework),
    }
    refuse_other_orders(contenders)
    times = best_medians(contenders, list(range(len(tables))))
    name = f"Score {areas:,} areas from {INDICATORS} raw indicators"
    note = "ours also gives coverage, best and worst case"
    yield Figure(name, 1000 * times[OURS], "ms", with_version("pandas"), 1000 * times["pandas"], note=note)


def scored_with_pandas(values: pd.DataFrame, framework: Framework) -> pd.Series:
    """Percentiles, means over what is there, half coverage, weighted sum, ranks; 0 where not scored."""
    placed = 100 * (values.rank() - 0.5) / values.count()
    score = pd.Series(0.0, index=values.index)
    for priority in framework.priorities:
        share = pd.Series({part.id: part.share for part in priority.indicators})
        columns = placed[share.index]
        covered = columns.notna().astype(float).dot(share)
        score += priority.weight * (columns.fillna(0).dot(share) / covered).where(covered >= 0.5)
    return score.rank(method="min", ascending=False).fillna(0).astype(int)


def drawn_framework() -> Framework:
    """Return four priorities of three indicators with uneven shares and weights."""
    names = [f"i{k}" for k in range(INDICATORS)]
    priorities = tuple(
        Priority(
            id=f"p{k}",
            name=f"Priority {k + 1}",
            question="Where?",
            weight=weight,
            indicators=tuple(map(IndicatorShare, names[3 * k : 3 * k + 3], (0.4831, 0.3127, 0.2042))),
        )
        for k, weight in enumerate((0.4013, 0.2989, 0.1997, 0.1001))
    )
    return Framework("drawn", "Drawn", "placeholder", "arithmetic", Normalisation(), 15, None, priorities)


def drawn_values(random: np.random.Generator, areas: int, framework: Framework) -> pd.DataFrame:
    """Return skewed rates, one in twenty missing."""
    values = random.gamma(2, 10, (areas, INDICATORS))
    values[random.random(values.shape) < 0.05] = np.nan
    return pd.DataFrame(values, columns=list(framework.indicator_ids))
