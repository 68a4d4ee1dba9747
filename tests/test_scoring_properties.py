"""Scoring holds for any values: properties, and agreement with a slow second implementation."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from drawn import BETTER, METHODS, NAN, WORSE, make_framework, table, worse
from hypothesis import given
from hypothesis import strategies as st
from oracle_scoring import oracle_ranks, oracle_scores

from prioritisation.framework import Normalisation
from prioritisation.scoring import exponential_transform, normalise_need, score_units

need = st.one_of(st.integers(-5, 5).map(float), st.floats(-1e6, 1e6), st.just(NAN))
tables = st.integers(1, 12).flatmap(
    lambda n: st.fixed_dictionaries({name: st.lists(need, min_size=n, max_size=n) for name in "abcd"})
)
positive = st.floats(0.01, 100)
weights_of_two = st.tuples(positive, positive)
TWO = {"p": {"a": 0.7, "b": 0.3}, "q": {"c": 0.25, "d": 0.25, "a": 0.5}}
ALLOWED = [(method, "arithmetic") for method in METHODS]
ALLOWED += [(method, "geometric") for method in METHODS if method != "z-score"]
method_and_aggregate = st.sampled_from(ALLOWED)


@given(tables, weights_of_two, method_and_aggregate, st.randoms())
def test_the_order_of_units_does_not_matter(columns, weights, how, random) -> None:
    values = table(**columns)
    framework = make_framework(TWO, *how)
    straight = score_units(values, framework, worse(values), weights)
    order = random.sample(range(len(values)), len(values))
    shuffled = score_units(values.iloc[order], framework, worse(values), weights)
    np.testing.assert_array_equal(shuffled.score, straight.score[order])
    np.testing.assert_array_equal(shuffled.rank, straight.rank[order])


@given(tables, weights_of_two, st.sampled_from(["percentile", "min-max", "exponential"]), st.data())
def test_more_need_never_worsens_a_rank(columns, weights, method, draw) -> None:
    values = table(**columns)
    framework = make_framework(TWO, method)
    row = draw.draw(st.integers(0, len(values) - 1))
    column = draw.draw(st.sampled_from("abcd"))
    raised = values.copy()
    raised.iloc[row, raised.columns.get_loc(column)] += draw.draw(st.floats(0, 100))
    before = score_units(values, framework, worse(values), weights)
    after = score_units(raised, framework, worse(values), weights)
    assert (after.rank[row] == 0) == (before.rank[row] == 0)
    assert after.rank[row] <= before.rank[row]
    assert before.rank[row] == 0 or after.score[row] >= before.score[row] - 1e-9


@given(tables, weights_of_two, method_and_aggregate)
def test_scores_stay_in_bounds(columns, weights, how) -> None:
    values = table(**columns)
    scores = score_units(values, make_framework(TWO, *how), worse(values), weights)
    scored = scores.rank > 0
    assert (np.isnan(scores.score) == ~scored).all()
    assert ((scores.coverage >= 0) & (scores.coverage <= 1 + 1e-12)).all()
    assert (scores.lowest <= scores.highest + 1e-9).all()
    whole = np.isclose(scores.coverage, 1)
    np.testing.assert_array_equal(scores.lowest[whole], scores.score[whole])
    np.testing.assert_array_equal(scores.highest[whole], scores.score[whole])
    if how[0] != "z-score":
        assert (scores.score[scored] >= -1e-9).all() and (scores.score[scored] <= 100 + 1e-9).all()
        assert (scores.lowest[scored] <= scores.score[scored] + 1e-9).all()
        assert (scores.highest[scored] >= scores.score[scored] - 1e-9).all()


@given(tables, weights_of_two, st.floats(0.001, 1000), method_and_aggregate)
def test_only_the_proportions_of_weights_matter(columns, weights, factor, how) -> None:
    values = table(**columns)
    framework = make_framework(TWO, *how)
    one = score_units(values, framework, worse(values), weights)
    other = score_units(values, framework, worse(values), [weight * factor for weight in weights])
    doubled = score_units(values, framework, worse(values), [weight * 2 for weight in weights])
    np.testing.assert_allclose(other.score, one.score, rtol=1e-12)
    np.testing.assert_array_equal(doubled.score, one.score)


@given(tables, weights_of_two, method_and_aggregate)
def test_a_priority_of_weight_zero_changes_nothing(columns, weights, how) -> None:
    values = table(**columns)
    two = score_units(values, make_framework(TWO, *how), worse(values), weights)
    three = make_framework({"p": TWO["p"], "idle": {"d": 1}, "q": TWO["q"]}, *how)
    with_idle = score_units(values, three, worse(values), [weights[0], 0, weights[1]])
    for name in ("score", "rank", "coverage", "lowest", "highest"):
        np.testing.assert_array_equal(getattr(with_idle, name), getattr(two, name))


@given(tables, weights_of_two, method_and_aggregate, st.data())
def test_a_unit_scores_the_same_inside_its_reference(columns, weights, how, draw) -> None:
    """So adding a cohort, or leaving areas out of the view, moves nobody else."""
    values = table(**columns)
    framework = make_framework(TWO, *how)
    of_all = score_units(values, framework, worse(values), weights)
    some = draw.draw(st.lists(st.integers(0, len(values) - 1), unique=True))
    of_some = score_units(values.iloc[some], framework, worse(values), weights, reference=values)
    np.testing.assert_array_equal(of_some.score, of_all.score[some])
    np.testing.assert_array_equal(of_some.priority_scores, of_all.priority_scores[some])


@pytest.mark.parametrize(
    ("method", "ends"), [("percentile", (0, 100)), ("min-max", (0, 100)), ("exponential", (0, None))]
)
def test_a_unit_beyond_its_reference_gets_the_end_of_the_scale(method: str, ends: tuple) -> None:
    reference = np.arange(10.0)
    low, high = normalise_need(np.array([-99.0, 99.0]), Normalisation(method), reference)
    top_of_exponential = exponential_transform(np.array([0.95]))[0]  # between no rank and rank 1: rank 0.5
    assert (low, high) == pytest.approx((ends[0], ends[1] or top_of_exponential))


@pytest.mark.parametrize("how", ALLOWED)
@pytest.mark.parametrize("seed", range(12))
def test_agrees_with_the_slow_second_implementation(how: tuple[str, str], seed: int) -> None:
    random = np.random.default_rng(seed)
    values, reference = (draw_values(random, n) for n in (random.integers(1, 25), random.integers(1, 40)))
    weights = [random.random(), random.choice([0, random.random()])]
    framework = make_framework(TWO, *how, polarity={"b": BETTER}, rank_offset=random.random())
    polarity = {"a": WORSE, "b": WORSE, "c": BETTER, "d": WORSE}
    for known in (None, reference):
        scores = score_units(values, framework, polarity, weights, known)
        rows = as_rows(values)
        expected = oracle_scores(rows, framework, polarity, weights, None if known is None else as_rows(known))
        for name in ("score", "coverage", "lowest", "highest"):
            np.testing.assert_allclose(getattr(scores, name), floats(getattr(row, name) for row in expected), rtol=1e-9)
        np.testing.assert_allclose(scores.priority_scores, [floats(row.by_priority) for row in expected], rtol=1e-9)
        np.testing.assert_allclose(scores.priority_coverage, [row.priority_coverage for row in expected])
        assert scores.rank.tolist() == oracle_ranks([row.score for row in expected])


def draw_values(random: np.random.Generator, n: int) -> pd.DataFrame:
    """Draw n units: two columns of many ties, two of none, a tenth to a half of all values missing."""
    whole = random.integers(0, 4, (n, 2)).astype(float)
    values = np.column_stack([whole, random.normal(100, 30, (n, 2))])
    values[random.random(values.shape) < random.uniform(0, 0.5)] = NAN
    return table(**dict(zip("acbd", values.T.tolist(), strict=True)))


def as_rows(values: pd.DataFrame) -> list[dict[str, float | None]]:
    return [
        {name: None if math.isnan(value) else value for name, value in row.items()}
        for row in values.to_dict(orient="records")
    ]


def floats(numbers) -> list[float]:
    return [NAN if number is None else number for number in numbers]
