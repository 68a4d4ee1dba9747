"""Coverage and fairness of a shortlist, on small drawn tables."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prioritisation.fairness import (
    NOT_KNOWN,
    coverage,
    coverage_by_group,
    coverage_curve,
    next_units,
    rural_need_missed,
)
from prioritisation.scoring import rank_scores

NAN = math.nan
RANK = np.array([3, 1, 2, 0, 4, 4])
PEOPLE = np.array([100.0, 300, 200, 50, 250, 100])
LOCALITY = pd.Series(["North", "South", "South", None, "North", "Coast"])


def test_coverage_counts_people_and_says_who_is_missing() -> None:
    found = coverage(RANK, 2, PEOPLE)
    assert (found.units, found.amount, found.total, found.not_known) == (2, 500, 1000, 0)
    assert found.share == 0.5
    gap = coverage(RANK, 2, np.array([100.0, NAN, 200, 50, 250, 100]))
    assert (gap.amount, gap.total, gap.not_known) == (200, 700, 1)
    assert math.isnan(coverage(RANK, 2, np.zeros(6)).share)
    assert coverage(RANK, 4, PEOPLE).units == 5


def test_groups_of_the_shortlist_against_everybody() -> None:
    table = coverage_by_group(RANK, 3, PEOPLE, LOCALITY)
    assert table.index.tolist() == ["Coast", "North", "South", NOT_KNOWN]
    assert table["units"].tolist() == [1, 2, 2, 1]
    assert table["shortlisted"].tolist() == [0, 1, 2, 0]
    assert table["people"].tolist() == [100, 350, 500, 50]
    assert table["people_shortlisted"].tolist() == [0, 100, 500, 0]
    assert table["share_of_people"].sum() == pytest.approx(1)
    assert table.loc["South", "difference"] == pytest.approx(500 / 600 - 0.5)
    assert table["difference"].sum() == pytest.approx(0, abs=1e-12)


def test_groups_keep_the_order_of_a_category() -> None:
    classes = pd.Categorical(LOCALITY, categories=["South", "North", "Coast", "Isles"], ordered=True)
    assert coverage_by_group(RANK, 3, PEOPLE, pd.Series(classes)).index.tolist() == [
        "South", "North", "Coast", NOT_KNOWN,
    ]  # fmt: skip


def test_nobody_shortlisted_has_no_shares() -> None:
    table = coverage_by_group(RANK, 0, PEOPLE, LOCALITY)
    assert table["share_of_shortlist"].isna().all()
    assert table["people_shortlisted"].sum() == 0


def test_the_curve_shares_the_cut_line() -> None:
    curve = coverage_curve(RANK, PEOPLE)
    assert curve["units"].tolist() == [0, 1, 2, 3, 4, 5]
    assert curve["unit"].tolist() == [-1, 1, 2, 0, 4, 5]
    assert curve["reached"].tolist() == [0, 300, 500, 600, 850, 950]
    assert curve["share"].iloc[-1] == pytest.approx(0.95)
    assert coverage_curve(RANK, np.zeros(6))["share"].isna().all()
    assert coverage_curve(np.zeros(3, dtype=int), np.ones(3))["share"].tolist() == [0]


@given(
    st.lists(st.tuples(st.sampled_from([1.0, 2, 3, NAN]), st.floats(0, 1e6)), min_size=1, max_size=12),
    st.integers(1, 13),
)
def test_the_curve_and_the_coverage_agree_at_every_cut(units: list[tuple[float, float]], cut: int) -> None:
    rank = rank_scores(np.array([score for score, _ in units]))
    people = np.array([number for _, number in units])
    inside = coverage(rank, cut, people)
    assert coverage_curve(rank, people)["reached"][inside.units] == pytest.approx(inside.amount)


def test_what_the_next_areas_would_add() -> None:
    table = next_units(RANK, 1, PEOPLE, count=2)
    assert table["unit"].tolist() == [2, 0]
    assert table["share"].tolist() == pytest.approx([0.2, 0.1])
    assert table["share_then"].tolist() == pytest.approx([0.5, 0.6])
    tied = next_units(RANK, 2, PEOPLE, count=2)
    assert tied["unit"].tolist() == [0, 4, 5]
    assert next_units(RANK, 4, PEOPLE).empty


def test_rural_need_that_the_shortlist_misses() -> None:
    classes = pd.Series(["Large Urban Areas", "Other Urban Areas", "Remote Rural Areas", None, "Accessible Rural", ""])
    missed = rural_need_missed(RANK, 2, np.array([40.0, 60, 20, 10, 50, NAN]), classes)
    assert (missed.inside, missed.outside, missed.rural, missed.not_known) == (80, 100, 50, 10)
    assert missed.share_inside == pytest.approx(80 / 180)
    assert missed.sentence(2, "income-deprived people") == (
        "These 2 areas hold 44% of income-deprived people; of the rest, 50% live in rural areas, "
        "and the class of some is not known."
    )


@pytest.mark.parametrize(
    ("need", "expected"),
    [
        ([1.0, 999], "This one area holds under 1% of them; of the rest, 100% live in rural areas."),
        ([999.0, 1], "This one area holds over 99% of them; of the rest, 100% live in rural areas."),
        ([5.0, 0], "This one area holds 100% of them."),
        ([0.0, 0], "This one area holds none of them."),
    ],
)
def test_rural_sentences_at_the_edges(need: list[float], expected: str) -> None:
    missed = rural_need_missed(np.array([1, 2]), 1, np.array(need), pd.Series(["Large Urban", "Remote Rural"]))
    assert missed.sentence(1, "them") == expected
