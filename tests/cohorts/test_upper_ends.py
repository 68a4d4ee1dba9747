"""What a suppressed cell may stand for at most: never less than the truth, and no more than published cells allow."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from drawn_people import CONTRACT, COUNCIL, LATTICE, POLICY, counted_exactly, cube_of, drawn_areas, drawn_people

from prioritisation.cohorts.published import PublishedCube
from prioritisation.disclosure.lattice import node_id

AREAS = drawn_areas(6)
FEW = POLICY.suppressed[1]


def with_more_hidden(cube: PublishedCube, seed: int, share: float) -> PublishedCube:
    """Hide a share of what is published for others' sake, as a repair does, and say in which breakdowns."""
    chance = random.Random(seed)
    cells = {
        place: {cell: None if chance.random() < share else people for cell, people in some.items()}
        for place, some in cube.cells.items()
    }
    return replace(cube, cells=cells, facts={"withheld_nodes": ";".join(node.id for node in LATTICE.nodes)})


@pytest.mark.parametrize(("seed", "people", "share"), [(0, 250, 0.1), (1, 500, 0.5), (2, 500, 0.95)])
def test_no_suppressed_cell_holds_more_than_is_said(seed: int, people: int, share: float) -> None:
    drawn = drawn_people(people, len(AREAS), seed)
    cube = with_more_hidden(cube_of(drawn, AREAS, residents=400), seed, share)
    truth = counted_exactly(drawn, AREAS)
    larger, seen = 0, 0
    for (node, area), cells in cube.cells.items():
        for cell in (cell for cell, published in cells.items() if published is None):
            most = cube.people(node, area, cell)
            assert most is not None
            assert truth[node, area, cell] <= most.high, (node, cell)
            assert most.high >= FEW
            seen += 1
            larger += truth[node, area, cell] > FEW
    assert seen > 3_000
    assert larger > 20, "some of them are not small, or nothing was tried"


def hidden(node: str, area: str, cell: str, beside: dict[tuple[str, str, str], int]) -> int:
    """Return the most people of one withheld cell, with nothing published but what stands beside it."""
    empty = cube_of(drawn_people(25, len(AREAS), 0), AREAS)
    everybody = node_id("council", []), COUNCIL
    cells: dict[tuple[str, str], dict[str, int | None]] = {everybody: {"": 5_000}, (node, area): {cell: None}}
    for (other, where, text), people in beside.items():
        cells.setdefault((other, where), {})[text] = people
    found = replace(empty, cells=cells, facts={"withheld_nodes": node}).people(node, area, cell)
    assert found is not None
    return found.high


ZONE = str(AREAS.index[0])
SERVICES = node_id("data zone", ["service"])


@pytest.mark.parametrize(
    ("node", "cell"),
    [
        (node_id("data zone", ["partner"]), "partner=nhs"),
        (node_id("data zone", ["service"], 36), "service=ae_attendance"),
        (node_id("data zone", []), ""),
    ],
)
def test_a_service_has_no_more_people_than_its_partner_or_than_in_three_years(node: str, cell: str) -> None:
    assert hidden(SERVICES, ZONE, "service=ae_attendance", {(node, ZONE, cell): 30}) == 32


def test_a_count_has_no_more_people_than_its_ages_together() -> None:
    by_age = node_id("locality", ["age", "flag"])
    place = str(AREAS["locality"].iloc[0])
    ages = {(by_age, place, f"age={age};flag=homelessness"): 20 for age in CONTRACT.age_bands}
    together = 22 * len(CONTRACT.age_bands)
    assert hidden(node_id("locality", ["flag"]), place, "flag=homelessness", ages) == together


def test_hidden_wholes_bound_their_parts() -> None:
    """The partner is hidden itself; what everybody known says of it, it says of its service."""
    partner = node_id("data zone", ["partner"])
    cube = cube_of(drawn_people(25, len(AREAS), 0), AREAS)
    cells: dict[tuple[str, str], dict[str, int | None]] = {
        (SERVICES, ZONE): {"service=ae_attendance": None},
        (partner, ZONE): {"partner=nhs": None},
        (node_id("data zone", []), ZONE): {"": 15},
    }
    found = replace(cube, cells=cells, facts={"withheld_nodes": f"{SERVICES};{partner}"})
    said = found.people(SERVICES, ZONE, "service=ae_attendance")
    assert said is not None and said.high == 17
