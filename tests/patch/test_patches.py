"""Patches of a release: what may be maximised, refusals, and the plain data for pages and files."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pytest

from prioritisation.catalogue import load_catalogue
from prioritisation.cohort_ranking import open_cube
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.patch.best import alternatives, changed, first_answer, just_outside
from prioritisation.patch.child import CANCELLED, PROVEN
from prioritisation.patch.graph import is_connected
from prioritisation.patch.ground import Ground
from prioritisation.patch.problem import Patch, Problem
from prioritisation.patch.proof import Progress
from prioritisation.patch.request import Wanted
from prioritisation.patches import (
    NEED,
    PEOPLE,
    Objective,
    divided,
    division_record,
    ground_of_release,
    objective_of,
    objectives,
    patch_record,
    plan_for,
    usual_range,
)
from prioritisation.prioritise import Prioritisation, prioritise
from prioritisation.scenario import Scenario
from prioritisation.store import Store, open_store

WANTED = Wanted(5_000, 10_000)


@pytest.fixture(scope="module")
def store(demonstration_with_people: DataFolder) -> Iterator[Store]:
    with open_store(demonstration_with_people) as opened:
        yield opened


@pytest.fixture(scope="module")
def ranking(store: Store) -> Prioritisation:
    catalogue = load_catalogue(store.folder.catalogue)
    return prioritise(store, Scenario.starting(catalogue.framework("south-ayrshire-int")))


@pytest.fixture(scope="module")
def ground(store: Store, ranking: Prioritisation) -> Ground:
    return ground_of_release(store, ranking.areas)


@pytest.fixture(scope="module")
def answered(store: Store, ranking: Prioritisation, ground: Ground) -> tuple[Objective, Problem, Patch]:
    objective = objective_of(store, ranking)
    return (objective, *first_answer(ground, objective.gain, WANTED))


def test_need_is_score_times_people(store: Store, ranking: Prioritisation) -> None:
    found = objective_of(store, ranking)
    people = ranking.areas["population"].to_numpy(dtype=float)
    assert found.gain == pytest.approx(ranking.scores.score * people / 100) and found.not_known == 0


def test_a_count_is_the_indicators_people(store: Store, ranking: Prioritisation) -> None:
    found = objective_of(store, ranking, "indicator.income_rate")
    own = store.observations(["income_rate"]).set_index("area_code")["numerator"]
    assert np.array_equal(found.gain, own[ranking.areas.index].to_numpy(), equal_nan=True)
    assert found.what == "income-deprived people"


def test_a_cohort_adds_published_counts_only(store: Store, ranking: Prioritisation) -> None:
    offered = [name for name in objectives(store) if name.startswith("cohort.")]
    assert offered
    cube = open_cube(store, store.folder.catalogue)
    published = {
        count for (_, area), cells in cube.cells.items() if area in ranking.areas.index for count in cells.values()
    }
    for name in offered:
        gain = objective_of(store, ranking, name).gain
        assert np.isnan(gain).any() and set(gain[~np.isnan(gain)].astype(int)) <= published


def test_what_cannot_be_maximised_is_refused_with_what_can(store: Store, ranking: Prioritisation) -> None:
    with pytest.raises(UserError, match=r"indicator\.income_rate"):
        objective_of(store, ranking, "indicator.none")


def test_the_frameworks_range_is_the_usual_one(ranking: Prioritisation) -> None:
    assert usual_range(ranking) == ranking.scenario.framework.patch_population == (5_000, 10_000)


def test_the_record_is_plain_and_complete(
    ranking: Prioritisation, ground: Ground, answered: tuple[Objective, Problem, Patch]
) -> None:
    objective, problem, best = answered
    others = alternatives(problem, best, 2)
    record = patch_record(
        ranking, ground, problem, objective, WANTED, best, Progress(best, best.gain, 5, 5), PROVEN, others
    )
    assert json.loads(json.dumps(record)) == record
    codes = [area["id"] for area in record["areas"]]
    assert codes == [ground.codes[area] for area in best.members]
    assert record["people"] == sum(area["people"] for area in record["areas"]) == best.people
    assert record["holds"] == pytest.approx(sum(area["holds"] for area in record["areas"]))
    assert record["share_of_people"] == pytest.approx(best.people / ranking.areas["population"].sum())
    assert record["share_held"] == pytest.approx(best.gain / np.nansum(objective.gain))
    assert record["proven"] and record["gap"] == 0 and record["connected"] and record["in_range"]
    assert len(record["alternatives"]) == 2 and set(record["just_outside"]).isdisjoint(codes)
    assert (record["scenario"], record["release"]) == (ranking.scenario.id, ranking.release.id)
    assert record["sentences"][1] == "Proven best: no connected patch with these wishes holds more."


def test_a_patch_changed_by_hand_is_never_called_proven(
    ranking: Prioritisation, ground: Ground, answered: tuple[Objective, Problem, Patch]
) -> None:
    objective, problem, best = answered
    moved = changed(problem, best.members, just_outside(problem, best.members)[0]).patch
    record = patch_record(ranking, ground, problem, objective, WANTED, moved, Progress(best, best.gain, 5, 5), PROVEN)
    assert record["by_hand"] and not record["proven"] and record["gap"] is None
    assert not any("Proven" in sentence for sentence in record["sentences"])
    unproven = patch_record(
        ranking, ground, problem, objective, WANTED, best, Progress(best, best.gain * 1.02, 1, 5), CANCELLED
    )
    assert not unproven["proven"] and unproven["gap"] == pytest.approx(0.02)
    assert "at most 2.0% more; the proof was stopped" in unproven["sentences"][1]


@pytest.mark.parametrize("balance", [PEOPLE, NEED])
def test_a_division_as_plain_data(ranking: Prioritisation, ground: Ground, balance: str) -> None:
    plan = plan_for(ground, 12, None, follow=True)
    report = divided(ranking, ground, plan, balance)
    record = division_record(ranking, ground, report, balance, plan)
    assert json.loads(json.dumps(record)) == record
    codes = [code for part in record["patches"] for code in part["areas"]]
    assert sorted(codes) == sorted(ground.codes) and len(record["patches"]) == 12
    assert all(is_connected(part.members, ground.neighbours) for part in report.parts)
    assert record["furthest_from_mean"] <= plan.within
    assert sum(part["share_of_need"] for part in record["patches"]) == pytest.approx(1)
    intensity = [part.intensity for part in report.parts]
    assert intensity == sorted(intensity, reverse=True)
