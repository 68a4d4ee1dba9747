"""Suppressed counts of people tie with each other, are not missing, and bound an area's score at both ends."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from drawn import BETTER, METHODS, NAN, make_framework, table, worse
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle_scoring import Hidden, oracle_with_hidden

from prioritisation.scoring import score_units
from prioritisation.suppressed import tie_suppressed


def scored(values: pd.DataFrame, at_most: pd.DataFrame, method: str = "percentile", polarity=None):
    tied = tie_suppressed(values, at_most, method)
    framework = make_framework({"p": dict.fromkeys(values.columns, 1 / len(values.columns))}, method, polarity=polarity)
    return score_units(tied.values, framework, worse(values), ends=(tied.low, tied.high))


def test_they_tie_at_their_mean_rank_below_all_published() -> None:
    scores = scored(table(a=[30, NAN, 20, NAN, 40]), table(a=[NAN, 25, NAN, 2, NAN]))
    assert scores.priority_scores[:, 0].tolist() == [70, 20, 50, 20, 90]
    assert scores.rank.tolist() == [2, 4, 3, 4, 1]
    assert scores.coverage.tolist() == [1] * 5


def test_both_ends_bound_the_score() -> None:
    scores = scored(table(a=[30, NAN, 20, NAN, 40]), table(a=[NAN, 35, NAN, 2, NAN]))
    assert scores.lowest[:].tolist() == [70, 0, 50, 0, 90]
    assert scores.highest[:].tolist() == [70, 80, 50, 20, 90]  # 35 lies above four of five; 2 ties as before


def test_by_distance_they_stand_at_the_lowest_published_value() -> None:
    for method in ("min-max", "z-score"):
        scores = scored(table(a=[30, NAN, 20, NAN, 40]), table(a=[NAN, 5, NAN, 2, NAN]), method)
        whole = scored(table(a=[30, 20, 20, 20, 40]), table(a=[NAN] * 5), method)
        np.testing.assert_allclose(scores.score, whole.score, atol=1e-9)


def test_missing_stays_missing() -> None:
    scores = scored(table(a=[30, NAN, 20, NAN]), table(a=[NAN, 5, NAN, NAN]))
    assert scores.rank.tolist() == [1, 3, 2, 0]
    assert np.isnan(scores.score[3])


def test_where_nothing_is_published_all_tie() -> None:
    for method in METHODS:
        scores = scored(table(a=[NAN, NAN]), table(a=[3, 9]), method)
        assert scores.rank.tolist() == [1, 1]


def test_of_a_good_thing_few_means_need() -> None:
    scores = scored(table(a=[30, NAN, 20]), table(a=[NAN, 5, NAN]), polarity={"a": BETTER})
    assert scores.rank.tolist() == [3, 1, 2]
    assert scores.lowest[1] <= scores.score[1] <= scores.highest[1]


def test_arguments_stay_as_they_are() -> None:
    values, at_most = table(a=[30, NAN]), table(a=[NAN, 5])
    tie_suppressed(values, at_most, "percentile")
    assert values["a"].isna().to_list() == [False, True]
    assert at_most["a"].isna().to_list() == [True, False]


cell = st.one_of(st.none(), st.integers(5, 40).map(float), st.integers(0, 30).map(lambda most: Hidden(float(most))))


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.tuples(cell, cell, cell), min_size=1, max_size=9),
    st.sampled_from(METHODS),
    st.sampled_from(["arithmetic", "geometric"]),
    st.booleans(),
)
def test_scores_agree_with_the_slow_oracle(rows, method: str, aggregate: str, better: bool) -> None:
    if (method, aggregate) == ("z-score", "geometric"):
        return
    names = ["a", "b", "c"]
    polarity = {name: BETTER if better and name == "b" else "higher_is_worse" for name in names}
    framework = make_framework({"p": {"a": 0.6, "b": 0.4}, "q": {"c": 1.0}}, method, aggregate)
    as_rows = [dict(zip(names, row, strict=True)) for row in rows]
    hidden = [[isinstance(value, Hidden) for value in row] for row in rows]
    numbers = [[value if isinstance(value, float) else NAN for value in row] for row in rows]
    most = [[value.at_most if isinstance(value, Hidden) else NAN for value in row] for row in rows]
    tied = tie_suppressed(pd.DataFrame(numbers, columns=names), pd.DataFrame(most, columns=names), method)
    scores = score_units(tied.values, framework, polarity, [0.5, 0.5], ends=(tied.low, tied.high))
    middle, (low, high) = oracle_with_hidden(as_rows, framework, polarity, [0.5, 0.5])
    expected = [NAN if each.score is None else each.score for each in middle]
    np.testing.assert_allclose(scores.score, expected, atol=1e-9)
    for row in range(len(rows)):
        if not any(hidden[row]):
            assert scores.lowest[row] == pytest.approx(low[row].lowest)
            assert scores.highest[row] == pytest.approx(high[row].highest)
        if not better:
            assert scores.lowest[row] == pytest.approx(low[row].lowest)
            assert scores.highest[row] == pytest.approx(high[row].highest)
        assert scores.lowest[row] <= scores.highest[row] + 1e-9
