"""Small invented worlds with the constraints that their releases imply, and the truth behind them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from prioritisation.attack.trials import Setting, Trial, invented, publish
from prioritisation.attack.worlds import COUNCIL_CODE, Counter, World, make_world
from prioritisation.exposure.constraints import Constraints, constraints
from prioritisation.exposure.measures import Measure
from prioritisation.exposure.places import Places
from prioritisation.exposure.readings import read_claims
from prioritisation.exposure.tables import Layer

CATALOGUE = Path(__file__).resolve().parent.parent.parent / "data" / "catalogue"
SETTING = Setting.load(CATALOGUE)
Floats = NDArray[np.float64]


@cache
def released(seed: int, *, repairing: bool, areas: int = 6, people: int = 500) -> Trial:
    """Return what a first release publishes of a world; repaired or not."""
    world = make_world(seed, SETTING.contract, areas=areas, people=people)
    return publish(world, invented(world, SETTING), SETTING, repairing=repairing, seed=seed)


def made_of(trial: Trial) -> Constraints:
    """Return the constraints that a release implies."""
    claims = read_claims(trial.cube, SETTING.lattice, SETTING.policy)
    return constraints(claims, trial.places, SETTING.meanings, SETTING.policy)


def exact_bounds(made: Constraints, target: int) -> tuple[float, float]:
    """Return between which values a target lies, by SciPy's programme, one target at a time."""
    cost = made.sought[[target]].toarray()[0]
    upper, lower = np.isfinite(made.high), np.isfinite(made.low)
    rows = np.vstack([made.matrix.toarray()[upper], -made.matrix.toarray()[lower]])
    limits = np.concatenate([made.high[upper], -made.low[lower]])
    least, most = (linprog(sign * cost, A_ub=rows, b_ub=limits, method="highs") for sign in (1, -1))
    return float(least.fun), float("inf") if most.status == 3 else float(-most.fun)


def truth_of(world: World, made: Constraints, places: Places) -> Floats:
    """Return the true value of each unknown: people (or contacts) counted one by one, by a second route."""
    found = np.full(made.unknowns, np.nan)
    for measure, table in made.tables.items():
        member, weight = _counted(world, measure)
        for layer in table.layers:
            found[layer.columns.reshape(-1)] = _in_layer(world, member, weight, layer, places)
    assert not np.isnan(found).any()
    return found


def _counted(world: World, measure: Measure) -> tuple[NDArray[np.bool_], Floats]:
    counter = Counter(world, SETTING.contract, SETTING.cohorts)
    member = counter.members(measure.text, measure.window)
    if not measure.volume:
        return member, np.ones(world.people)
    return member, counter.volume(measure.parts, measure.window).astype(float)


def _in_layer(
    world: World, member: NDArray[np.bool_], weight: Floats, layer: Layer, places: Places
) -> NDArray[np.float64]:
    unit = np.where(world.place < 0, places.units - 1, world.place)
    piece = layer.partition[unit]
    age = world.age if layer.ages != (None,) else np.zeros(world.people, dtype=int)
    sex = world.sex if layer.sexes != (None,) else np.zeros(world.people, dtype=int)
    number = (piece * len(layer.ages) + age) * len(layer.sexes) + sex
    return np.bincount(number[member], weights=weight[member], minlength=layer.size)


__all__ = ["COUNCIL_CODE", "SETTING", "exact_bounds", "made_of", "released", "truth_of"]
