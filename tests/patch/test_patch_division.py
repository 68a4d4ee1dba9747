"""The council in patches: every area in exactly one, all connected, even, and told in an order with reasons."""

from __future__ import annotations

import time

import numpy as np
import pytest
import shapely
from drawn_grounds import drawn, squares, towns

from prioritisation.errors import UserError
from prioritisation.patch.division import WITHIN, Plan, divide, parts_for
from prioritisation.patch.fares import need
from prioritisation.patch.graph import is_connected
from prioritisation.patch.ground import Ground
from prioritisation.patch.problem import Problem
from prioritisation.patch.rollout import Rollout, rollout
from prioritisation.patch.sentences import division_sentence, division_sentences, rollout_sentence

NAMES = ["Hardship", "Housing"]


def is_division(ground: Ground, parts: list[tuple[int, ...]]) -> bool:
    """Whether every area with a boundary is in exactly one connected patch."""
    areas = sorted(area for part in parts for area in part)
    whole = areas == np.flatnonzero(ground.placed).tolist()
    return whole and all(is_connected(part, ground.neighbours) for part in parts)


def furthest(parts: list[tuple[int, ...]], load: np.ndarray) -> float:
    loads = np.array([load[list(part)].sum() for part in parts])
    return float(np.abs(loads / loads.mean() - 1).max())


def told(ground: Ground, parts: list[tuple[int, ...]], score: np.ndarray) -> Rollout:
    return rollout(ground, parts, ground.people, score, np.column_stack([score, 100 - score]), NAMES)


@pytest.mark.parametrize("balance", ["people", "need"])
@pytest.mark.parametrize("follow", [False, True])
def test_153_areas_into_12_are_within_15_per_cent(balance: str, follow: bool) -> None:
    ground, score = towns(1)
    load = ground.people if balance == "people" else need(score, ground.people)
    parts = divide(ground, load, Plan(12, follow=follow), steps=2_000)
    assert len(parts) == 12 and is_division(ground, parts)
    assert furthest(parts, load) <= WITHIN


@pytest.mark.open_data
def test_the_real_areas_into_12_in_half_a_minute(south_ayrshire: tuple[Problem, Ground]) -> None:
    _, ground = south_ayrshire
    began = time.perf_counter()
    parts = divide(ground, ground.people, Plan(12))
    assert time.perf_counter() - began < 30
    assert len(parts) == 12 and is_division(ground, parts) and furthest(parts, ground.people) <= WITHIN


def test_following_localities_crosses_fewer_of_them() -> None:
    ground, _ = towns(2)
    free, following = (divide(ground, ground.people, Plan(12, follow=follow), steps=2_000) for follow in (False, True))
    crossed = [sum(len({ground.localities[area] for area in part}) for part in parts) for parts in (free, following)]
    assert crossed[1] < crossed[0]


def test_a_field_of_squares_falls_into_equal_squares() -> None:
    ground = squares(4, 4)
    parts = divide(ground, ground.people, Plan(4), steps=1_000)
    assert is_division(ground, parts) and {len(part) for part in parts} == {4}
    report = told(ground, parts, np.full(16, 50.0))
    assert report.compactness == pytest.approx(np.pi / 4) and report.cut == 8


@pytest.mark.parametrize("parts", [1, 16])
def test_one_patch_and_one_for_each_area(parts: int) -> None:
    ground = squares(4, 4)
    found = divide(ground, ground.people, Plan(parts), steps=100)
    assert len(found) == parts and is_division(ground, found)


def test_a_size_gives_the_number_and_is_kept() -> None:
    ground, _ = towns(3, 80)
    people = int(ground.counted.sum())
    low, high = people // 9, people // 6
    count = parts_for(people, low, high)
    parts = divide(ground, ground.people, Plan(count, low=low, high=high), steps=2_000)
    assert all(low <= ground.counted[list(part)].sum() <= high for part in parts)


def test_impossible_divisions_say_why() -> None:
    with pytest.raises(UserError, match="10,000 people cannot be divided into patches of 6,000 to 7,000"):
        parts_for(10_000, 6_000, 7_000)
    for count in (0, 17):
        with pytest.raises(UserError, match=f"{count} patches are asked for, of 16 areas"):
            divide(squares(4, 4), np.ones(16), Plan(count))


def test_an_area_larger_than_a_patch_should_be_is_told_and_not_hidden() -> None:
    ground = squares(1, 4, [9_000, 1_000, 1_000, 1_000])
    report = told(ground, divide(ground, ground.people, Plan(2), steps=50), np.full(4, 50.0))
    assert report.furthest > WITHIN
    assert "the least even is 50% off the mean people, more than the 15% aimed at" in division_sentence(
        report, "people", WITHIN
    )


def test_islands_and_areas_without_a_boundary() -> None:
    shapes = [*(shapely.box(k, 0, k + 1, 1) for k in range(5)), shapely.box(9, 0, 10, 1), None]
    ground = drawn(shapes, [1_000] * 7)
    parts = divide(ground, ground.people, Plan(2), steps=200)
    assert is_division(ground, parts) and {len(part) for part in parts} == {3}
    report = told(ground, parts, np.full(7, 50.0))
    assert report.left_out == (6,) and report.crossings == ((4, 5),)
    assert division_sentences(report, "people", WITHIN)[-1] == "1 area has no boundary and no patch."


def test_the_order_is_by_need_per_resident_with_its_reason() -> None:
    ground = squares(1, 4, [1_000, 1_000, 3_000, 3_000], localities=["North", "North", "South", None])
    score = np.array([80.0, 60, 40, np.nan])
    report = rollout(ground, [(2, 3), (0, 1)], ground.people, score, np.column_stack([score, 100 - score]), NAMES)
    first, last = report.parts
    assert (first.number, first.name, first.members, first.people) == (1, "North", (0, 1), 2_000)
    assert first.intensity == 70 and last.intensity == 40
    assert first.need == 1_400 and first.share_of_need == pytest.approx(1_400 / 2_600)
    assert first.reasons[0][0] == "Hardship" and first.reasons[0][1] == pytest.approx(70 - 52)
    assert rollout_sentence(first) == (
        "North: 2,000 people, need 70 of 100 per resident, 54% of all need; furthest above the council on "
        "Hardship (+18)."
    )


def test_patches_of_one_locality_are_numbered_in_the_order_to_begin() -> None:
    ground = squares(1, 4, localities=["North"] * 4)
    score = np.array([10.0, 10, 90, 90])
    names = [part.name for part in told(ground, [(0, 1), (2, 3)], score).parts]
    assert names == ["North 1", "North 2"]


def test_localities_split_beyond_their_size_are_named() -> None:
    ground = squares(2, 2, localities=["East", "East", "West", "West"])
    report = told(ground, [(0, 2), (1, 3)], np.full(4, 50.0))
    assert report.split == {"East": 2, "West": 2} and report.needed == {"East": 1, "West": 1}
    assert "East and West lie in more patches than their size asks for" in division_sentence(report, "people", WITHIN)
    whole = told(ground, [(0, 1), (2, 3)], np.full(4, 50.0))
    assert whole.needlessly_split == []
