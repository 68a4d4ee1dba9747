"""What somebody at one partner can work out of the others, and that the repair hides enough against it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from worlds_of_people import COUNCIL_CODE, SETTING, exact_bounds

from prioritisation.disclosure.protect import PUBLISHED, SHOWN, SMALL, SUPPRESSED, WITHHELD
from prioritisation.exposure.bounds import Bounds, search
from prioritisation.exposure.constraints import Constraints, constraints
from prioritisation.exposure.insiders import exact_values, inside, partners_of, seen_in_truth
from prioritisation.exposure.places import Places
from prioritisation.exposure.readings import read_claims
from prioritisation.exposure.repair import Repaired
from prioritisation.exposure.repair_inside import repair_inside

PLACES = Places.of(pd.DataFrame({"area_code": ["DEMO1"]}), COUNCIL_CODE)
CELLS = [  # published, exact
    ("partner=council", 25, 26, SHOWN),
    ("partner=fire", 25, 24, SHOWN),
    ("partner=nhs", None, 9, SMALL),
    ("partners_band=1", 20, 21, SHOWN),
    ("partners_band=2", 20, 19, SHOWN),
    ("partners_band=3", None, 0, WITHHELD),
    ("partners_band=4+", None, 0, WITHHELD),
]


def cube_of(cells: list[tuple[str, int | None, int, str]]) -> tuple[Constraints, np.ndarray]:
    """Return the constraints of one area's cells (text, published, exact, side), and what the claims are in truth."""
    cube = pd.DataFrame(cells, columns=["cell", "people", "exact", "side"]).astype({"people": "Int64"})
    cube = cube.assign(
        node="data_zone." + cube["cell"].str.split("=").str[0].replace("", "total"),
        geography="data zone",
        area_code="DEMO1",
        contacts=pd.array([None] * len(cube), dtype="Int64"),
        status=np.where(cube["people"].notna(), PUBLISHED, SUPPRESSED),
        held=False,
    )
    claims = read_claims(cube, SETTING.lattice, SETTING.policy)
    made = constraints(claims, PLACES, SETTING.meanings, SETTING.policy)
    return made, exact_values(claims, cube["exact"], cube["contacts"].astype(float))


def least_of_nhs(made: Constraints, partner: str, exact: np.ndarray) -> float:
    within = inside(made, SETTING.meanings, partner, exact)
    cells = within.claims["cell"].iloc[within.targets["claim"]].tolist()
    return exact_bounds(within, cells.index("partner=nhs"))[0]


def unrepaired(made: Constraints) -> Repaired:
    hidden = pd.DataFrame({"claim": [], "target": []}, dtype=np.int64)
    return Repaired(made, Bounds.unseen(made), hidden, np.zeros(len(made.targets), dtype=bool))


def test_a_partner_that_knows_its_own_count_knows_more_of_the_others() -> None:
    """Partners add up to 18 + 2 x 18 or more; council and fire are at most 27 each, and fire knows that it is 24."""
    made, exact = cube_of(CELLS)
    assert partners_of(made, SETTING.meanings) == ["council", "nhs", "fire"]
    assert exact_bounds(made, 0)[0] == pytest.approx(0)
    assert least_of_nhs(made, "fire", exact) == pytest.approx(3)
    assert least_of_nhs(made, "council", exact) == pytest.approx(1)


def test_the_repair_hides_a_count_and_then_no_partner_knows_that_another_has_somebody() -> None:
    made, exact = cube_of(CELLS)
    fixed = repair_inside(unrepaired(made), SETTING.lattice, SETTING.meanings, exact)
    assert len(fixed.hidden) == 1
    assert not fixed.open.any()
    for partner in ("fire", "council"):
        assert least_of_nhs(fixed.constraints, partner, exact) == pytest.approx(0, abs=1e-5)


def test_nothing_is_hidden_where_no_partner_learns_anything() -> None:
    made, exact = cube_of(
        [*CELLS[:3], ("partners_band=1", 15, 17, SHOWN), ("partners_band=2", 20, 21, SHOWN), *CELLS[5:]]
    )
    fixed = repair_inside(unrepaired(made), SETTING.lattice, SETTING.meanings, exact)
    assert fixed.hidden.empty
    assert not fixed.open.any()


def test_counts_that_stand_from_an_earlier_release_do_not_make_the_truth_impossible() -> None:
    """Fire is 90 of 100 now; 40 people in all are still published, so nothing would fit what fire knows."""
    now = {"": 100, "partner=fire": 90, "partners_band=1": 80, "partners_band=2": 15, "partners_band=3": 5}
    cells = [("", 40, 41, SHOWN), *CELLS]
    made, exact = cube_of([(cell, shown, now.get(cell, was), side) for cell, shown, was, side in cells])
    within = inside(made, SETTING.meanings, "fire", exact)
    found = search(within, seen_in_truth(within, exact), np.random.default_rng(1), 2)
    assert not found.open(within).any()
