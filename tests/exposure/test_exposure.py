"""What published counts give away: the constraints hold of the truth, the bounds are right, the repair is enough."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from worlds_of_people import COUNCIL_CODE, SETTING, exact_bounds, made_of, released, truth_of

from prioritisation.attack.trials import Setting
from prioritisation.disclosure.lattice import lattice_of
from prioritisation.disclosure.protect import PUBLISHED, SHOWN, SMALL, SUPPRESSED, WITHHELD
from prioritisation.exposure.base import seen_base_counts, vary
from prioritisation.exposure.bounds import Bounds, search
from prioritisation.exposure.constraints import Constraints, constraints
from prioritisation.exposure.places import Places
from prioritisation.exposure.readings import overtaken, read_claims
from prioritisation.exposure.repair import repair
from prioritisation.exposure.verdict import expose

AREAS = pd.DataFrame(
    {
        "area_code": ["DEMO1", "DEMO2", "DEMO3"],
        "intermediate_zone_code": ["IZ1", "IZ1", "IZ2"],
        "ward": ["North", "North", "South"],
        "locality": ["Shore", "Shore", "Shore"],
    }
)
PLACES = Places.of(AREAS, COUNCIL_CODE)
WIDE = 5


def drawn(cells: dict[tuple[str, str, str], int | None]) -> tuple[Setting, pd.DataFrame]:
    """Return a setting and a cube with these cells (geography, area, cell); None: suppressed for being small."""
    places = list(dict.fromkeys(geography for geography, _, _ in cells))
    names = list(dict.fromkeys(cell.partition("=")[0] for _, _, cell in cells))
    records = [{"question": "Drawn.", "geographies": places, "breakdown": [name] if name else []} for name in names]
    setting = replace(SETTING, lattice=lattice_of(records), cohorts={})
    nodes = {(node.geography, *node.dimensions): node.id for node in setting.lattice.nodes}
    rows = [
        (
            nodes[geography, *filter(None, [cell.partition("=")[0]])],
            geography,
            area,
            cell,
            people,
            None if people else SMALL,
        )
        for (geography, area, cell), people in cells.items()
    ]
    cube = pd.DataFrame(rows, columns=["node", "geography", "area_code", "cell", "people", "side"])
    cube["people"] = cube["people"].astype("Int64")
    shown = cube["people"].notna()
    return setting, cube.assign(
        contacts=pd.Series(pd.NA, index=cube.index, dtype="Int64"),
        status=np.where(shown, PUBLISHED, SUPPRESSED),
        side=np.where(shown, SHOWN, SMALL),
        held=False,
    )


def constraints_of(setting: Setting, cube: pd.DataFrame) -> Constraints:
    return constraints(read_claims(cube, setting.lattice, setting.policy), PLACES, setting.meanings, setting.policy)


ONE_LEFT_OVER = {
    ("ward", "North", "flag=homelessness"): 30,
    ("data zone", "DEMO1", "flag=homelessness"): 20,
    ("data zone", "DEMO2", "flag=homelessness"): None,
    ("data zone", "DEMO3", "flag=homelessness"): 15,
}


def test_a_count_left_over_from_a_published_whole_is_found_out() -> None:
    """30 means 28 to 32 and 20 means 18 to 22, so what is left over lies between 6 and 9."""
    setting, cube = drawn(ONE_LEFT_OVER)
    made = constraints_of(setting, cube)
    assert exact_bounds(made, 0) == pytest.approx((6, 9))
    found = expose(cube, lattice=setting.lattice, policy=setting.policy, meanings=setting.meanings, places=PLACES)
    assert (found.at_least_one, found.narrow) == (1, 0)
    assert not found.passed


def test_what_the_truth_has_left_behind_says_nothing() -> None:
    """After a change of keys 30 may stand for 80: read as 19 to 41 it would make the truth impossible."""
    setting, cube = drawn(ONE_LEFT_OVER)
    truth = pd.Series([80, 20, 60, 15])
    assert not overtaken(cube, truth, setting.policy).any(), "only what is held can be"
    held = cube.assign(held=[True, True, False, False])
    left = overtaken(held, truth, setting.policy)
    assert left.tolist() == [True, False, False, False]
    within = read_claims(held, setting.lattice, setting.policy)
    assert (within["low"].iloc[0], within["high"].iloc[0]) == (19, 41)
    opened = read_claims(held.assign(overtaken=left), setting.lattice, setting.policy)
    assert (opened["low"].iloc[0], opened["high"].iloc[0]) == (0, 100_000)
    assert opened.iloc[1:].equals(within.iloc[1:])
    hidden = read_claims(cube.assign(held=True, overtaken=True), setting.lattice, setting.policy)
    assert set(hidden["side"]) == {SHOWN, WITHHELD}, "a small count then is none that must be protected now"


def test_the_repair_hides_another_count_and_then_nothing_is_left_over() -> None:
    setting, cube = drawn(ONE_LEFT_OVER)
    said: list[str] = []
    fixed = repair(constraints_of(setting, cube), setting.lattice, progress=said.append)
    assert not fixed.open.any()
    assert len(fixed.hidden) == 1
    searching = "of them not shown to be safe yet, the search goes on"
    assert any(f"Protecting hidden counts, step {len(said) - 1}: 1 {searching}" in line for line in said)
    assert "others hidden for it: 1 now, 1 so far" in "".join(said)
    last = f"Protecting hidden counts, step {len(said)}: all are shown to be safe; others hidden for it: 1"
    assert said[-1] == last
    assert exact_bounds(fixed.constraints, 0)[0] == pytest.approx(0)


def test_a_narrow_count_is_found_though_it_may_be_nobody() -> None:
    setting, cube = drawn({**ONE_LEFT_OVER, ("ward", "North", "flag=homelessness"): 20})
    found = expose(cube, lattice=setting.lattice, policy=setting.policy, meanings=setting.meanings, places=PLACES)
    assert exact_bounds(constraints_of(setting, cube), 0) == pytest.approx((0, 4))
    assert (found.at_least_one, found.narrow) == (0, 1)


def test_hidden_places_where_nothing_follows_pass() -> None:
    setting, cube = drawn({**ONE_LEFT_OVER, ("data zone", "DEMO1", "flag=homelessness"): None})
    cube.loc[1, "side"] = WITHHELD
    found = expose(cube, lattice=setting.lattice, policy=setting.policy, meanings=setting.meanings, places=PLACES)
    assert found.passed
    assert found.suppressed == 2


@pytest.mark.parametrize("seed", range(3))
def test_every_constraint_holds_of_the_people_behind_the_release(seed: int) -> None:
    """One that does not would make the attack look weaker, or stronger, than it is."""
    trial = released(seed, repairing=False)
    made = made_of(trial)
    truth = truth_of(trial.world, made, trial.places)
    assert made.allows(truth)
    counts = trial.counts["people"].to_numpy(dtype=float)[made.claims["row"]]
    people = ~made.claims["measure"].map(lambda measure: measure.volume).to_numpy(dtype=bool)
    assert np.allclose((made.matrix[: len(counts)] @ truth)[people], counts[people])


def test_the_bounds_seen_never_go_beyond_the_exact_ones_and_say_open_where_these_do() -> None:
    setting, cube = drawn(
        {
            ("ward", "North", ""): 60,
            ("ward", "North", "flag=homelessness"): 25,
            ("data zone", "DEMO1", ""): 35,
            ("data zone", "DEMO2", ""): 25,
            ("data zone", "DEMO1", "flag=homelessness"): None,
            ("data zone", "DEMO2", "flag=homelessness"): 15,
            ("data zone", "DEMO3", "flag=homelessness"): None,
        }
    )
    made = constraints_of(setting, cube)
    found = search(made, Bounds.unseen(made), np.random.default_rng(1), 12)
    for target in range(len(made.targets)):
        low, high = exact_bounds(made, target)
        assert low - 1e-4 <= found.low[target] <= found.high[target] <= high + 1e-4
        assert bool(found.open(made)[target]) == (low > 1e-4 or high < WIDE - 1e-4)


def test_a_release_that_was_not_repaired_fails_and_a_repaired_one_passes() -> None:
    plain, repaired = released(1, repairing=False), released(1, repairing=True)
    settings = {"lattice": SETTING.lattice, "policy": SETTING.policy, "meanings": SETTING.meanings}
    weak = expose(plain.cube, **settings, places=plain.places, rounds=8)
    assert not weak.passed
    assert repaired.repaired is not None
    strong = expose(repaired.cube, **settings, places=repaired.places, worlds=repaired.repaired.bounds.points)
    assert strong.passed, strong.open
    assert strong.base > 1000
    shown = [(each.cube["status"] == PUBLISHED).sum() for each in (plain, repaired)]
    assert shown[1] > shown[0] / 2, "the repair hides more than it must"


def test_worlds_that_contradict_what_is_published_are_not_believed() -> None:
    setting, cube = drawn(ONE_LEFT_OVER)
    made = constraints_of(setting, cube)
    nobody = np.zeros(made.unknowns)
    everybody = np.full(made.unknowns, 9.0)
    assert not made.allows(nobody)
    found = expose(
        cube,
        lattice=setting.lattice,
        policy=setting.policy,
        meanings=setting.meanings,
        places=PLACES,
        worlds=[nobody, everybody, np.zeros(3)],
    )
    assert found.at_least_one == 1


def test_base_counts_of_a_repaired_release_are_freed_without_what_the_repair_found() -> None:
    """The repair's worlds are worth nothing where it left a breakdown out: then these are found anew."""
    trial = released(1, repairing=True)
    made = made_of(trial)
    random = np.random.default_rng(1)
    unseen = seen_base_counts(made, trial.places, ())
    assert unseen.known.all()
    seen = seen_base_counts(made, trial.places, search(made, Bounds.unseen(made), random, 3).points)
    assert seen.known.any(), "nothing is left to find"
    base, worlds = vary(made, seen, random)
    assert not len(base.lacking) and not base.known.any()
    assert all(made.allows(world) for world in worlds)


@pytest.mark.parametrize("cell", ["flag=homelessness", "age=75-84"])
def test_base_counts_that_follow_from_what_is_published_stay_known(cell: str) -> None:
    """20 means 18 to 22, and two suppressed counts are at most 9 each: both are 9."""
    setting, cube = drawn(
        {
            ("ward", "North", cell): 20,
            ("data zone", "DEMO1", cell): None,
            ("data zone", "DEMO2", cell): None,
            ("data zone", "DEMO3", cell): 15,
        }
    )
    found = expose(cube, lattice=setting.lattice, policy=setting.policy, meanings=setting.meanings, places=PLACES)
    assert found.base_known == 2
    assert not found.passed
