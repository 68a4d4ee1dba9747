"""How far votes agree: published and hand-made values, a slow oracle, SciPy, and what must hold for any votes."""

from __future__ import annotations

import numpy as np
import oracle_voting
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import friedmanchisquare

from prioritisation.voting.agreement import Agreement, agreement, implied_order, kendalls_w

# M. G. Kendall, Rank Correlation Methods (1948), table 6.1 and example 6.1: three judges, ten objects, ties.
KENDALL = [
    [1, 4.5, 2, 4.5, 3, 7.5, 6, 9, 7.5, 10],
    [2.5, 1, 2.5, 4.5, 4.5, 8, 9, 6.5, 10, 6.5],
    [2, 1, 4.5, 4.5, 4.5, 4.5, 8, 8, 8, 10],
]
VOTES = st.integers(2, 5).flatmap(
    lambda priorities: st.lists(
        st.lists(st.integers(0, 6), min_size=priorities, max_size=priorities), min_size=2, max_size=7
    )
)


def test_the_example_of_the_book() -> None:
    assert kendalls_w(np.array(KENDALL)) == pytest.approx(0.828, abs=5e-4)


@pytest.mark.parametrize(
    ("votes", "w", "word"),
    [
        ([[40, 30, 20, 10], [70, 15, 10, 5], [28, 26, 24, 22]], 1.0, "almost complete"),
        ([[40, 30, 20, 10], [10, 20, 30, 40]], 0.0, "very weak"),
        ([[40, 30, 20, 10], [40, 30, 20, 10], [10, 20, 30, 40]], 1 / 9, "very weak"),
        ([[50, 50, 0, 0], [60, 40, 0, 0]], 33 / 34, "almost complete"),
    ],
)
def test_votes_worked_by_hand(votes: list[list[float]], w: float, word: str) -> None:
    found = agreement(np.array(votes, dtype=float))
    assert (found.w, found.word) == (pytest.approx(w), word)
    assert f"W is {w:.2f}" in found.sentence
    assert found.sentence.startswith(found.plain) and found.plain.endswith(f": agreement is {word}.")
    assert "W" not in found.plain  # the plain sentence comes first, its figure after it


@pytest.mark.parametrize(
    ("votes", "words"),
    [
        ([[40, 60]], "One vote"),
        ([[100], [100]], "one priority only"),
        ([[25, 25, 25, 25], [25, 25, 25, 25]], "all priorities alike"),
    ],
)
def test_where_there_is_nothing_to_measure_it_says_so(votes: list[list[float]], words: str) -> None:
    found = agreement(np.array(votes, dtype=float))
    assert found.w is None
    assert words in found.sentence


@pytest.mark.parametrize(("w", "word"), [(0.3, "weak"), (0.299, "very weak"), (0.5, "moderate"), (0.7, "strong")])
def test_an_edge_belongs_to_the_stronger_word(w: float, word: str) -> None:
    assert Agreement(w, 4, 4).word == word


@given(VOTES)
def test_it_is_what_the_definition_says(votes: list[list[int]]) -> None:
    found, slow = kendalls_w(implied_order(np.array(votes, dtype=float))), oracle_voting.kendalls_w(votes)
    assert found is None if slow is None else found == pytest.approx(float(slow), abs=1e-12)
    assert implied_order(np.array(votes, dtype=float)).tolist() == [
        [float(rank) for rank in oracle_voting.ranks(vote)] for vote in votes
    ]


@given(VOTES, st.randoms(use_true_random=False))
def test_neither_the_order_of_votes_nor_of_priorities_counts(votes: list[list[int]], chance: object) -> None:
    table = np.array(votes, dtype=float)
    found = kendalls_w(implied_order(table))
    chance.shuffle(votes)  # type: ignore[attr-defined]
    again = kendalls_w(implied_order(np.array(votes, dtype=float)[:, ::-1] * 3))
    assert again == (None if found is None else pytest.approx(found))
    assert found is None or 0 <= found <= 1


def test_it_is_friedmans_statistic_over_its_largest_value() -> None:
    votes = np.random.default_rng(7).integers(0, 5, (9, 4)).astype(float)
    statistic = friedmanchisquare(*votes.T).statistic
    assert kendalls_w(implied_order(votes)) == pytest.approx(statistic / (9 * 3))


def test_orders_at_random_give_one_over_the_votes_on_average() -> None:
    chance = np.random.default_rng(11)
    found = [kendalls_w(implied_order(chance.random((5, 4)))) for _ in range(2000)]
    assert np.mean([each for each in found if each is not None]) == pytest.approx(
        Agreement(None, 5, 4).by_chance, abs=0.01
    )
