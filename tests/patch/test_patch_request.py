"""Requests that no patch can meet: refused in three parts that name the very constraint."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely
from drawn_grounds import drawn, problem, squares, towns

from prioritisation.errors import UserError
from prioritisation.patch.best import first_answer
from prioritisation.patch.graph import is_connected
from prioritisation.patch.ground import Ground
from prioritisation.patch.joining import fewest_people_joining
from prioritisation.patch.request import Wanted, kept_out, problem_of

FIELD = squares(3, 4, localities=["West", "West", "East", "East"] * 3)
NAN = float("nan")


def refused(ground: Ground, wanted: Wanted) -> str:
    with pytest.raises(UserError) as refusal:
        first_answer(ground, np.ones(ground.n), wanted)
    assert refusal.value.found and refusal.value.not_done and refusal.value.remedy
    return str(refusal.value)


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (Wanted(3_000, 2_000), "the range is from 3,000 to 2,000 people"),
        (Wanted(0, 2_000), "the range is from 0 to 2,000 people"),
        (Wanted(500, 900), "even the smallest area, Area 0, has 1,000 people, more than 900"),
        (Wanted(20_000, 30_000), "only 12,000 people live in the whole council; at least 20,000"),
        (Wanted(7_000, 8_000, locality="East"), "only 6,000 people live in East; at least 7,000"),
        (Wanted(1_000, 2_000, include=("A000", "A001", "A002")), "have 3,000 people together, more than 2,000"),
        (Wanted(1_000, 3_000, include=("A000", "A003")), "a connected patch with all of these has at least 4,000"),
        (Wanted(1_000, 3_000, include=("A001",), exclude=("A001",)), "Area 1 must be in the patch and must not be"),
        (Wanted(1_000, 3_000, include=("A001",), locality="East"), "lies in West and not in East"),
        (Wanted(1_000, 3_000, include=("B", "C"), exclude=("D",)), "2 are no area codes of this release"),
        (Wanted(1_000, 3_000, locality="South"), "there is no such locality. There are: East, West."),
        (
            Wanted(1_000, 9_000, include=("A000", "A003"), exclude=("A001", "A005", "A009")),
            "Area 0 and Area 3 are connected only through areas that the list of excluded areas leaves out",
        ),
        (Wanted(1_000, 3_000, exclude=FIELD.codes), "No area is left to choose from in the whole council without"),
        (Wanted(1_500, 1_900), "There is no connected set of areas with 1,500 to 1,900 people"),
    ],
)
def test_the_constraint_that_makes_it_impossible_is_named(wanted: Wanted, told: str) -> None:
    assert told in refused(FIELD, wanted)


def test_a_locality_in_two_places_is_named_as_what_parts_them() -> None:
    ground = squares(1, 3, localities=["North", "South", "North"])
    told = refused(ground, Wanted(1_000, 3_000, include=("A000", "A002"), locality="North"))
    assert "connected only through areas that the locality leaves out" in told


def test_a_locality_whose_pieces_are_too_small() -> None:
    ground = squares(1, 3, localities=["North", "South", "North"])
    told = refused(ground, Wanted(2_000, 3_000, locality="North"))
    assert "the largest connected piece has only 1,000 people in North" in told and "drop the locality" in told.lower()


def test_areas_without_people_or_boundary_cannot_be_included_and_are_left_out() -> None:
    ground = drawn([*(shapely.box(k, 0, k + 1, 1) for k in range(3)), None], [1_000, NAN, 1_000, 1_000])
    told = refused(ground, Wanted(1_000, 9_000, include=("A001", "A003")))
    assert "its population is not known" in told and "has no boundary" in told
    told = refused(ground, Wanted(1_000, 9_000, include=("A000", "A002")))
    assert "areas without a boundary or a known population lie between" in told


def test_the_wish_that_keeps_an_area_out_is_named() -> None:
    ground = squares(1, 4, [1_000, 1_000, float("nan"), 1_000], ["Troon", "Troon", "Troon", "Ayr"])
    wanted = Wanted(1_000, 3_000, exclude=("A001",), locality="Troon")
    told = [kept_out(ground, wanted, area) for area in range(4)]
    assert told == ["", "asked not to be in", "people or boundary not known", "not in Troon"]


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(UserError) as refusal:
        problem_of(FIELD, np.ones(12), Wanted(5, 2, include=("X",), exclude=("Y",), locality="Z"))
    assert len(refusal.value.faults) == 4


def test_a_narrow_range_says_what_is_near_and_an_answer_in_one_is_found() -> None:
    ground = squares(1, 4, [700, 1_100, 1_700, 2_900])
    told = refused(ground, Wanted(2_000, 2_500))
    assert "nearest found have 1,800 and 2,800 people" in told and "from 1,800 to 2,800" in told
    _, found = first_answer(ground, np.ones(4), Wanted(2_790, 2_810))
    assert found.members == (1, 2)


@pytest.mark.parametrize("seed", range(6))
def test_the_fewest_people_that_join_areas_are_those_of_the_smallest_connected_set(seed: int) -> None:
    random = np.random.default_rng(seed)
    ground, _ = towns(seed, 14, groups=2)
    must = sorted(random.choice(14, 4, replace=False).tolist())
    asked = problem(ground, np.ones(14), 1, 10**6, must)
    others = [area for area in range(14) if area not in must]
    slow = min(
        asked.population([*must, *more])
        for size in range(len(others) + 1)
        for more in itertools.combinations(others, size)
        if is_connected([*must, *more], ground.neighbours)
    )
    assert fewest_people_joining(asked) == slow
