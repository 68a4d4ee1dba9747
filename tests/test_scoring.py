"""Scoring against published values and small drawn tables."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from drawn import BETTER, METHODS, NAN, WORSE, make_framework, table, worse
from hypothesis import given
from hypothesis import strategies as st
from oracle_scoring import oracle_ranks

from prioritisation.errors import UserError
from prioritisation.framework import IndicatorShare, Normalisation
from prioritisation.scoring import (
    contributions,
    exponential_transform,
    normalise_need,
    overall,
    rank_scores,
    rank_units,
    score_units,
    terms,
    weighted_sum,
)
from prioritisation.weights import shares

# Published and hand-computed values


@pytest.mark.parametrize(("share", "expected"), [(0.0, 0), (0.5, 15.6468), (0.9, 50.4267), (1.0, 100)])
def test_exponential_transform_gives_the_published_values(share: float, expected: float) -> None:
    assert exponential_transform(np.array([share]))[0] == pytest.approx(expected, abs=5e-5)


SPREAD = math.sqrt(60.8 / 5)
FROM_RANKS = [-23 * math.log(1 - (5 - rank) / 5 * (1 - math.exp(-100 / 23))) for rank in (5, 3.5, 3.5, 2, 1)]


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("percentile", [10, 40, 40, 70, 90]),
        ("min-max", [0, 20, 20, 50, 100]),
        ("z-score", [50 + 10 * (x - 3.8) / SPREAD for x in (0, 2, 2, 5, 10)]),
        ("exponential", FROM_RANKS),
    ],
)
def test_normalises_a_small_column(method: str, expected: list[float]) -> None:
    placed = normalise_need(np.array([0, 2, 2, 5, 10, NAN]), Normalisation(method))
    np.testing.assert_allclose(placed, [*expected, NAN], rtol=1e-12, atol=1e-12)


def test_rank_offset_moves_the_exponential() -> None:
    top = normalise_need(np.arange(10.0), Normalisation("exponential", rank_offset=1))[-1]
    assert top == pytest.approx(100)  # R = (10 + 1 - 1) / 10


@pytest.mark.parametrize("method", METHODS)
def test_a_constant_column_of_an_awkward_number(method: str) -> None:
    """The floating-point mean of three times 0.1 is not 0.1; nobody may stand out because of that."""
    placed = normalise_need(np.array([0.1, 0.1, 0.1]), Normalisation(method))
    middle = exponential_transform(np.array([1 / 3]))[0] if method == "exponential" else 50
    np.testing.assert_array_equal(placed, [middle] * 3)


@pytest.mark.parametrize("method", METHODS)
def test_an_empty_reference_places_nobody(method: str) -> None:
    placed = normalise_need(np.array([1.0, 2.0]), Normalisation(method), np.array([NAN, NAN]))
    assert np.isnan(placed).all()


def test_polarity_of_the_framework_overrides_the_catalogue() -> None:
    values = table(income=[1, 2, 3])
    framework = make_framework({"p": {"income": 1}}, polarity={"income": BETTER})
    assert score_units(values, framework, {"income": WORSE}).rank.tolist() == [1, 2, 3]
    assert score_units(values, make_framework({"p": {"income": 1}}), {"income": WORSE}).rank.tolist() == [3, 2, 1]


def test_one_indicator_may_point_both_ways_in_two_priorities() -> None:
    crowded, remote = make_framework({"crowded": {"density": 1}, "remote": {"density": 1}}).priorities
    remote = replace(remote, indicators=(IndicatorShare("density", 1, BETTER),))
    framework = replace(make_framework({"p": {"density": 1}}), priorities=(crowded, remote))
    scores = score_units(table(density=[1, 2, 4]), framework, {"density": WORSE}, [0.5, 0.5])
    np.testing.assert_allclose(scores.priority_scores.sum(axis=1), 100)
    assert scores.rank.tolist() == [1, 1, 1]


# Missing values


def test_missing_values_give_their_share_to_the_rest() -> None:
    values = table(a=[10, 20, 30, 40], b=[NAN, 1, 2, 3])
    scores = score_units(values, make_framework({"p": {"a": 0.5, "b": 0.5}}, "min-max"), worse(values))
    np.testing.assert_allclose(scores.priority_scores[:, 0], [0, 100 / 6, 350 / 6, 100])
    np.testing.assert_allclose(scores.coverage, [0.5, 1, 1, 1])
    np.testing.assert_allclose(scores.lowest, [0, 100 / 6, 350 / 6, 100])
    np.testing.assert_allclose(scores.highest, [50, 100 / 6, 350 / 6, 100])


@pytest.mark.parametrize("pieces", range(2, 40, 2))
def test_exactly_half_coverage_is_enough_whatever_the_shares_round_to(pieces: int) -> None:
    columns = [f"i{k}" for k in range(pieces)]
    row = [NAN] * (pieces // 2) + [1.0] * (pieces // 2)
    values = table(**{column: [value, 0, 2] for column, value in zip(columns, row, strict=True)})
    scores = score_units(values, make_framework({"p": dict.fromkeys(columns, 1 / pieces)}), worse(values))
    assert scores.rank[0] == 2


def test_below_half_coverage_there_is_no_score_but_there_are_extremes() -> None:
    values = table(a=[NAN, 20, 30], b=[1, 2, 3])
    scores = score_units(values, make_framework({"p": {"a": 0.6, "b": 0.4}}, "min-max"), worse(values))
    assert np.isnan(scores.score[0]) and scores.rank.tolist() == [0, 2, 1]
    assert (scores.coverage[0], scores.lowest[0], scores.highest[0]) == pytest.approx((0.4, 0, 60))


def test_no_score_on_a_priority_matters_only_while_it_has_weight() -> None:
    values = table(a=[3, 2, 1], b=[NAN, 2, 1])
    framework = make_framework({"p": {"a": 1}, "q": {"b": 1}})
    assert score_units(values, framework, worse(values)).rank.tolist() == [0, 1, 2]
    assert score_units(values, framework, worse(values), weights=[1, 0]).rank.tolist() == [1, 2, 3]


def test_zero_is_a_value_and_missing_is_not_zero() -> None:
    values = table(a=[0, 5, 9], b=[4, NAN, 4])
    framework = make_framework({"p": {"a": 0.5, "b": 0.5}})
    as_zero = score_units(values.fillna(0), framework, worse(values))
    as_missing = score_units(values, framework, worse(values))
    assert as_missing.score[1] > as_zero.score[1]
    assert as_missing.coverage.tolist() == [1, 0.5, 1]


def test_nobody_has_a_value() -> None:
    values = table(a=[NAN, NAN])
    scores = score_units(values, make_framework({"p": {"a": 1}}), worse(values))
    assert scores.rank.tolist() == [0, 0]
    assert (scores.lowest.tolist(), scores.highest.tolist()) == ([0, 0], [100, 100])


@pytest.mark.parametrize("method", METHODS)
def test_no_units_at_all(method: str) -> None:
    values = table(a=[])
    assert score_units(values, make_framework({"p": {"a": 1}}, method), worse(values)).rank.shape == (0,)


# Aggregation and ranking


def test_geometric_mean_does_not_buy_back_a_very_low_score() -> None:
    priority_scores = np.array([[0.0, 100.0], [30.0, 30.0]])
    half = np.array([0.5, 0.5])
    assert rank_units(priority_scores, half, "arithmetic").tolist() == [1, 2]
    assert rank_units(priority_scores, half, "geometric").tolist() == [2, 1]
    np.testing.assert_allclose(overall(priority_scores, half, "geometric"), [10, 30])  # 0 is floored at 1


@pytest.mark.parametrize("aggregate", ["arithmetic", "geometric"])
def test_contributions_add_up(aggregate: str) -> None:
    priority_scores = np.array([[20.0, 80.0, NAN], [0.0, 50.0, 3.0]])
    weights = np.array([0.3, 0.7, 0.0])
    parts = contributions(priority_scores, weights, aggregate)
    total = weighted_sum(terms(priority_scores, aggregate), weights)
    np.testing.assert_allclose(parts.sum(axis=1), total)
    assert parts[:, 2].tolist() == [0, 0]
    score = overall(priority_scores, weights, aggregate)
    np.testing.assert_allclose(np.log(score) if aggregate == "geometric" else score, total)


def test_ties_share_the_smallest_rank_and_nan_has_none() -> None:
    assert rank_scores(np.array([5, 9, 5, NAN, 1, 9])).tolist() == [3, 1, 3, 0, 5, 1]


def test_scores_tie_when_they_round_to_the_same_billionth() -> None:
    assert rank_scores(np.array([50.0000000001, 50.0, 50.000000001])).tolist() == [2, 2, 1]


def test_scores_too_large_to_pack_are_ranked_all_the_same() -> None:
    assert rank_scores(np.array([1e12, -1e12, NAN, 1e12, 3])).tolist() == [1, 4, 0, 1, 3]


@given(st.lists(st.sampled_from([0.0, 1.5, 1.5 + 1e-12, 99.9, -3.0, NAN]), max_size=60))
def test_ranks_agree_with_counting(scores: list[float]) -> None:
    expected = oracle_ranks([None if math.isnan(score) else score for score in scores])
    assert rank_scores(np.array(scores, dtype=float)).tolist() == expected


@pytest.mark.parametrize("aggregate", ["arithmetic", "geometric"])
def test_sums_and_ties_are_what_a_browser_computes_to_the_last_bit(aggregate: str) -> None:
    """Python's own floats multiply, add and round as JavaScript's do; NumPy must give the same bits."""
    random = np.random.default_rng(5)
    columns = terms(random.integers(0, 101, (400, 4)) * random.choice([1, 0.1]), aggregate)
    for _ in range(50):
        weights = shares(random.integers(0, 4, 4) + np.array([0, 0, 0, 0.1]), "abcd")
        plain = []
        for row in columns.tolist():
            total = 0.0
            for value, weight in zip(row, weights.tolist(), strict=True):
                if weight != 0:
                    total += weight * value
            plain.append(total)
        assert weighted_sum(columns, weights).tolist() == plain
        assert rank_scores(np.array(plain)).tolist() == oracle_ranks(plain)


# Weights


def test_weights_become_shares() -> None:
    np.testing.assert_array_equal(shares([30, 10, 0], ["a", "b", "c"]), [0.75, 0.25, 0])
    np.testing.assert_array_equal(shares({"b": "10", "a": 30.0}, ["a", "b"]), [0.75, 0.25])


@pytest.mark.parametrize(
    ("weights", "faulty"),
    [
        ([1, -1, "x"], ["b", "c"]),
        ([NAN, math.inf, True], ["a", "b", "c"]),
        ([None, 10**400, 1], ["a", "b"]),
        ([0, 0, 0], ["weights"]),
        ([1e308, 1e308, 1e308], ["weights"]),
        ([1, 2], ["weights"]),
        ([1, 2, 3, 4], ["weights"]),
        ({"a": 1, "d": 2, "e": 3}, ["d", "e", "b", "c"]),
        ({}, ["a", "b", "c"]),
    ],
)
def test_refuses_weights_with_every_fault_at_once(weights: object, faulty: list[str]) -> None:
    with pytest.raises(UserError) as refusal:
        shares(weights, ["a", "b", "c"])
    assert [fault.where for fault in refusal.value.faults] == faulty
    assert all(fault.remedy for fault in refusal.value.faults)


# Refusals


def test_refuses_a_geometric_mean_of_z_scores() -> None:
    values = table(a=[1, 2])
    with pytest.raises(UserError, match="geometric mean of z-scores"):
        score_units(values, make_framework({"p": {"a": 1}}, "z-score", "geometric"), worse(values))


def test_refuses_unusable_columns_with_every_fault_at_once() -> None:
    values = pd.DataFrame({"a": ["secret", "2"], "b": [1, math.inf], "twice": [1, 2], "c": [1, 2]})
    values.insert(3, "twice", [3, 4], allow_duplicates=True)
    framework = make_framework({"p": dict.fromkeys(["a", "b", "gone", "twice", "c"], 0.2)})
    with pytest.raises(UserError) as refusal:
        score_units(values, framework, {"a": WORSE, "b": "worse", "gone": WORSE, "twice": WORSE})
    assert [fault.where for fault in refusal.value.faults] == ["b", "c", "a", "b", "gone", "twice"]
    assert "secret" not in str(refusal.value)


def test_scores_cannot_be_written_to_and_the_values_are_left_alone() -> None:
    values = table(a=[1, 2, NAN])
    before = values.copy()
    scores = score_units(values, make_framework({"p": {"a": 1}}), worse(values))
    pd.testing.assert_frame_equal(values, before)
    with pytest.raises(ValueError, match="read-only"):
        scores.score[0] = 1


def test_nullable_columns_are_numbers_too() -> None:
    values = pd.DataFrame({"a": pd.array([1, None, 3], dtype="Int64")}, index=list("xyz"))
    assert score_units(values, make_framework({"p": {"a": 1}}), worse(values)).rank.tolist() == [2, 0, 1]
