"""Rank intervals, the smallest change, variants, gaps and chance against slow searches and hand-made cases."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from oracle_sureness import (
    least_change_by_programme,
    percentile_of_ranks,
    rank_ends_by_filling,
    ranks_one_by_one,
)

from prioritisation.framework import Framework, IndicatorShare, Normalisation, Priority
from prioritisation.rates import rate_limits
from prioritisation.robustness import any_weightings, reasonable_weightings
from prioritisation.scenario import Scenario
from prioritisation.scoring import rank_units, terms
from prioritisation.sureness.chance import GREATER, LESS, NOT_DIFFERENT, beside_the_whole
from prioritisation.sureness.gaps import rank_bounds
from prioritisation.sureness.intervals import rank_intervals, ranks_under
from prioritisation.sureness.smallest import smallest_change
from prioritisation.sureness.variants import (
    each_method,
    outcome,
    shortlisted,
    times_in,
    without_each_indicator,
    without_each_priority,
)
from prioritisation.weights import shares

NAN = math.nan

A_TIE = 2e-9  # sums that agree to nine decimals are one


def weights_of(*parts: float) -> np.ndarray:
    return shares(parts, [f"p{k}" for k in range(len(parts))])


def drawn(units: int, priorities: int, seed: int) -> np.ndarray:
    return 100 * np.random.default_rng(seed).random((units, priorities))


def test_any_weighting_is_as_the_method_says() -> None:
    """method.md: P(a weight > 0.7) is .108 uniformly on the simplex; "uniform then divide by the sum" gives .013."""
    tried = any_weightings(weights_of(1, 1, 1, 1), draws=8192)
    assert (tried > 0.7).any(axis=1).mean() == pytest.approx(4 * 0.3**3, abs=0.003)


# Rank intervals


@pytest.mark.parametrize("aggregate", ["arithmetic", "geometric"])
def test_ranks_of_many_weightings_are_those_of_each(aggregate: str) -> None:
    scores, weights = drawn(60, 4, 1), weights_of(4, 3, 2, 1)
    scores[5] = scores[6] = scores[7]
    tried = any_weightings(weights, draws=512)
    fast = ranks_under(terms(scores, aggregate), tried)
    assert (fast == ranks_one_by_one(scores, tried, aggregate)).all()


def test_intervals_are_percentiles_counted_by_hand() -> None:
    scores, weights = drawn(25, 3, 2), weights_of(3, 0, 2)
    scores[4, 0] = NAN
    scores[9, 1] = NAN  # of a priority that is off: scored all the same
    tried = reasonable_weightings(weights, band=0.5, draws=128)
    ranks = ranks_one_by_one(scores, tried, "arithmetic")
    found = rank_intervals(scores, tried, "arithmetic")
    assert found.weightings == 128
    for unit in range(25):
        if unit == 4:
            assert (found.low[unit], found.middle[unit], found.high[unit]) == (0, 0, 0)
            continue
        own = ranks[:, unit].tolist()
        expected = [percentile_of_ranks(own, share) for share in (0.05, 0.5, 0.95)]
        assert [found.low[unit], found.middle[unit], found.high[unit]] == expected


def test_one_weighting_gives_intervals_of_one_rank() -> None:
    scores, weights = drawn(10, 2, 3), weights_of(1, 0)
    found = rank_intervals(scores, reasonable_weightings(weights), "arithmetic")
    assert (found.low == found.high).all()
    assert (found.low == rank_units(scores, weights, "arithmetic")).all()
    assert not rank_intervals(np.full((3, 2), NAN), weights[None, :], "arithmetic").high.any()


# The smallest change


@given(st.integers(0, 10_000), st.integers(2, 4), st.sampled_from(["arithmetic", "geometric"]))
@settings(max_examples=25, deadline=None)
def test_the_smallest_change_is_that_of_linear_programmes(seed: int, priorities: int, aggregate: str) -> None:
    random = np.random.default_rng(seed)
    scores, cut = drawn(9, priorities, seed), int(random.integers(1, 9))
    parts = random.integers(0, 5, priorities)
    weights = weights_of(*(parts if parts.any() else parts + 1))
    found = smallest_change(scores, weights, cut, aggregate)
    expected = least_change_by_programme(scores, weights, cut, aggregate)
    assert (found is None) == (expected is None)
    if found is not None:
        assert found.moved == pytest.approx(expected, abs=1e-9)


@given(st.integers(0, 10_000), st.sampled_from(["arithmetic", "geometric"]))
@example(879, "geometric")
@settings(max_examples=60, deadline=None)
def test_the_shortlist_turns_at_the_smallest_change_and_not_before(seed: int, aggregate: str) -> None:
    scores, weights, cut = drawn(40, 4, seed), weights_of(4, 3, 2, 1), 8
    found = smallest_change(scores, weights, cut, aggregate)
    assert found is not None
    assert found.weights.sum() == pytest.approx(1)
    assert np.abs(found.weights - weights).sum() / 2 == pytest.approx(found.moved)
    now = shortlisted(rank_units(scores, weights, aggregate), cut)
    step = found.weights - weights
    ahead = terms(scores, aggregate) @ weights
    short_of_it = max(1e-6, A_TIE / (ahead[found.leaves] - ahead[found.enters]))  # nearer than that they tie already
    before = shortlisted(rank_units(scores, weights + (1 - short_of_it) * step, aggregate), cut)
    assert (before == now).all()
    total = terms(scores, aggregate) @ found.weights
    assert total[found.enters] == pytest.approx(total[found.leaves])
    assert now[found.leaves] and not now[found.enters]
    random = np.random.default_rng(seed)
    for _ in range(50):  # no other change of that size does it
        other = random.dirichlet(np.ones(4)) - weights
        other *= found.moved * 0.999 / (np.abs(other).sum() / 2)
        if (weights + other >= 0).all():
            assert (shortlisted(rank_units(scores, weights + other, aggregate), cut) == now).all()


def test_the_smallest_change_of_two_areas_by_hand() -> None:
    """A leads by 60 x 0.5 - 20 x 0.5 = 20; each point of weight moved from one to the other makes up 0.8 of one."""
    found = smallest_change(np.array([[80.0, 20], [20, 40]]), weights_of(1, 1), 1, "arithmetic")
    assert found is not None
    assert found.moved == pytest.approx(20 / 80)
    assert found.weights == pytest.approx([0.25, 0.75])
    assert (found.leaves, found.enters, found.to) == (0, 1, 1)


def test_what_no_change_can_alter() -> None:
    beaten = np.array([[80.0, 80], [20, 20]])
    assert smallest_change(beaten, weights_of(1, 1), 1, "arithmetic") is None
    assert smallest_change(beaten, weights_of(1, 1), 2, "arithmetic") is None
    assert smallest_change(np.array([[80.0, 0], [20, 90]]), weights_of(1, 0), 1, "arithmetic") is None
    assert smallest_change(np.array([[80.0, NAN], [20, 90]]), weights_of(1, 1), 1, "arithmetic") is None


def test_areas_that_tie_for_the_last_place_part_at_once() -> None:
    found = smallest_change(np.array([[90.0, 90], [60, 40], [40, 60]]), weights_of(1, 1), 2, "arithmetic")
    assert found is not None
    assert (found.moved, found.enters) == (0, -1)
    assert found.leaves in (1, 2)


def test_equal_areas_that_tie_go_together() -> None:
    """They cannot part; but the first falls behind both when weight moves, and then has no place."""
    scores = np.array([[100.0, 20], [50, 50], [50, 50]])
    found = smallest_change(scores, weights_of(1, 1), 2, "arithmetic")
    assert found is not None
    assert found.moved == pytest.approx(10 / 80)
    assert found.leaves == 0
    beyond = found.weights + np.array([-0.01, 0.01])
    assert shortlisted(rank_units(scores, beyond, "arithmetic"), 2).tolist() == [False, True, True]


# Variants


def framework() -> Framework:
    parts = [
        Priority("a", "A", "", 0.5, (IndicatorShare("x", 0.25), IndicatorShare("y", 0.75))),
        Priority("b", "B", "", 0.3, (IndicatorShare("z", 1.0),)),
        Priority("c", "C", "", 0.2, (IndicatorShare("v", 0.5), IndicatorShare("x", 0.5))),
    ]
    return Framework("f", "F", "agreed", "arithmetic", Normalisation("exponential", 0.5), 3, None, tuple(parts))


def test_without_a_priority_the_others_keep_their_proportions() -> None:
    found = {each.id: each.scenario.percentages for each in without_each_priority(Scenario.starting(framework()))}
    assert found["a"] == pytest.approx((0, 60, 40))
    assert found["b"] == pytest.approx((71.4286, 0, 28.5714), abs=1e-4)
    one = Scenario.starting(framework()).with_weights([1, 0, 0])
    assert list(without_each_priority(one)) == []
    two = Scenario.starting(framework()).with_weights([1, 3, 0])
    assert [each.id for each in without_each_priority(two)] == ["a", "b"]


def test_without_an_indicator_its_share_goes_to_the_rest() -> None:
    found = {each.id: each.scenario for each in without_each_indicator(Scenario.starting(framework()))}
    assert list(found) == ["x", "y", "z", "v"]
    left = [[(part.id, part.share) for part in each.indicators] for each in found["x"].framework.priorities]
    assert left == [[("y", 1.0)], [("z", 1.0)], [("v", 1.0)]]
    assert found["x"].percentages == (50, 30, 20)
    assert found["z"].percentages == pytest.approx((71.4286, 0, 28.5714), abs=1e-4)


def test_indicators_that_do_not_count_are_not_left_out() -> None:
    off = Scenario.starting(framework()).with_weights([1, 0, 0])
    assert [each.id for each in without_each_indicator(off)] == ["x", "y"]
    only = Scenario.starting(framework()).with_weights([0, 1, 0])
    assert [each.id for each in without_each_indicator(only)] == []


def test_every_method_that_fits_is_tried_once() -> None:
    own = Scenario.starting(framework())
    found = {each.id: each.scenario for each in each_method(own)}
    assert len(found) == 7
    assert "z-score/geometric" not in found
    assert found["exponential/arithmetic"] == own
    assert found["min-max/geometric"].framework.normalise == Normalisation("min-max")
    assert {each.framework.aggregate for each in found.values()} == {"arithmetic", "geometric"}
    geometric = Scenario.starting(replace(framework(), aggregate="geometric"))
    assert {each.id for each in each_method(geometric)} == set(found)


def test_outcomes_name_who_leaves_and_enters() -> None:
    now, then = (np.array(each, dtype=bool) for each in ([1, 1, 0, 0], [1, 0, 0, 1]))
    found = outcome("x", then, now)
    assert (found.leaves, found.enters, found.same) == ((1,), (3,), False)
    assert times_in([found, outcome("y", now, now)], 4).tolist() == [2, 1, 0, 1]
    assert shortlisted(np.array([0, 1, 2, 3]), 2).tolist() == [False, True, True, False]


# Gaps


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 4)), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_bounds_of_ranks_are_those_of_every_filling(ends: list[tuple[int, int]]) -> None:
    lowest = np.array([float(low) for low, _ in ends])
    highest = lowest + [wide for _, wide in ends]
    found = rank_bounds(lowest, highest)
    best, worst = rank_ends_by_filling(lowest, highest)
    assert found.best.tolist() == best.tolist()
    assert found.worst.tolist() == worst.tolist()
    assert found.has_gaps.tolist() == [wide > 0 for _, wide in ends]


# Chance


def test_areas_are_marked_against_the_whole() -> None:
    people, residents = np.array([10.0, 300, 100, NAN]), np.array([1000.0, 1000, 1000, 1000])
    found = beside_the_whole(people, residents, 100, events=False, higher_is_worse=True)
    assert found[:3].tolist() == [LESS, GREATER, LESS]
    assert math.isnan(found[3])
    few = beside_the_whole(np.array([2.0, 1, 30]), np.array([20.0, 20, 300]), 100, events=False, higher_is_worse=True)
    assert few.tolist() == [NOT_DIFFERENT] * 3
    better = beside_the_whole(people, residents, 100, events=False, higher_is_worse=False)
    assert better[:3].tolist() == [GREATER, LESS, GREATER]


def test_marks_follow_the_limits_of_each_kind_of_count() -> None:
    random = np.random.default_rng(4)
    residents = random.integers(200, 900, 50).astype(float)
    counted = random.poisson(residents * 0.05).astype(float)
    for events in (False, True):
        whole = 1000 * counted.sum() / residents.sum()
        low, high = rate_limits(counted, residents, 1000, events)
        expected = np.where(low > whole, GREATER, np.where(high < whole, LESS, NOT_DIFFERENT))
        found = beside_the_whole(counted, residents, 1000, events=events, higher_is_worse=True)
        assert found.tolist() == expected.tolist()


def test_no_counts_no_marks() -> None:
    assert np.isnan(beside_the_whole(np.full(3, NAN), np.full(3, NAN), 100, events=False, higher_is_worse=True)).all()
    zero = beside_the_whole(np.array([1.0, 2]), np.array([0.0, 10]), 100, events=True, higher_is_worse=True)
    assert math.isnan(zero[0]) and zero[1] == NOT_DIFFERENT
