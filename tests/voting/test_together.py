"""The group's weights and where votes differ most."""

from __future__ import annotations

import numpy as np
import oracle_voting
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prioritisation.voting.together import group_weights, spreads

IDS = ("one", "two", "three", "four")
VOTE = st.lists(st.integers(0, 100), min_size=4, max_size=4).filter(any)


def shares(vote: list[int]) -> list[float]:
    return [100 * weight / sum(vote) for weight in vote]


def test_the_median_of_each_is_made_to_total_100() -> None:
    votes = np.array([[70, 10, 10, 10], [10, 70, 10, 10], [10, 10, 70, 10], [25, 25, 25, 25], [40, 30, 20, 10]], float)
    assert group_weights(votes) == (31.25, 31.25, 25.0, 12.5)  # of the medians 25, 25, 20 and 10


def test_where_every_median_is_nothing_the_means_count() -> None:
    votes = np.array([[100, 0, 0, 0], [0, 100, 0, 0], [0, 0, 100, 0]], float)
    assert group_weights(votes) == (33.3334, 33.3333, 33.3333, 0.0)


def test_the_widest_disagreement_comes_first() -> None:
    votes = np.array([[10, 40, 30, 20], [50, 0, 30, 20], [30, 20, 30, 20]], float)
    found = spreads(IDS, votes)
    assert [(each.priority_id, each.differ_by) for each in found] == [
        ("one", pytest.approx(80 / 3)), ("two", pytest.approx(80 / 3)), ("three", 0), ("four", 0),
    ]  # fmt: skip
    assert (found[0].lowest, found[0].median, found[0].highest, found[0].at) == (10, 30, 50, (10, 30, 50))


@given(st.lists(VOTE.map(shares), min_size=1, max_size=8))
def test_any_votes_give_weights_that_total_100_and_spreads_of_the_definition(votes: list[list[float]]) -> None:
    table = np.array(votes)
    weights = group_weights(table)
    assert sum(weights) == pytest.approx(100, abs=1e-9)
    assert min(weights) >= 0
    assert group_weights(table[::-1]) == weights
    for each in spreads(IDS, table):
        column = table[:, IDS.index(each.priority_id)]
        assert each.differ_by == pytest.approx(oracle_voting.differ_by(column), abs=1e-9)
        assert each.lowest <= each.median <= each.highest
    assert group_weights(np.array([votes[0]] * 3)) == pytest.approx(votes[0], abs=1e-3)
