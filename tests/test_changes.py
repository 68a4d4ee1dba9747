"""Why the ranking moved: exact sums, stated numbers that add up, and plain sentences."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prioritisation.changes import Change, compare_weightings, summary, unit_sentence
from prioritisation.scoring import rank_units, terms
from prioritisation.weights import shares

NAN = math.nan
PRIORITIES = ["Hardship", "Housing", "Mental health, alcohol and drugs", "Older people"]
STATED = re.compile(r"[+-]\d+\.\d")


def weights_of(*parts: float) -> np.ndarray:
    return shares(parts, PRIORITIES[: len(parts)])


def drawn(units: int, seed: int) -> tuple[np.ndarray, list[str]]:
    scores = np.random.default_rng(seed).random((units, 4)) * 100
    return scores, [f"Area {unit}" for unit in range(units)]


four_parts = st.lists(st.integers(0, 20), min_size=4, max_size=4).filter(any)


@given(st.integers(0, 10_000), four_parts, four_parts, st.sampled_from(["arithmetic", "geometric"]))
@settings(max_examples=80, deadline=None)
def test_the_parts_and_the_stated_numbers_add_up(seed: int, old: list[int], new: list[int], aggregate: str) -> None:
    scores, names = drawn(9, seed)
    before, after = weights_of(*old), weights_of(*new)
    change = compare_weightings(scores, before, after, 3, aggregate)
    difference = change.scores[1] - change.scores[0]
    assert np.abs(change.parts.sum(axis=1) - difference).max() < 1e-9
    assert (change.ranks[1] == rank_units(scores, after, aggregate)).all()
    inside = [set(np.flatnonzero(now)) for now in change.inside]
    assert set(change.entered) == inside[1] - inside[0]
    assert set(change.left) == inside[0] - inside[1]
    for unit, name in enumerate(names):
        sentence = unit_sentence(change, unit, name, PRIORITIES)
        stated = [float(number) for number in STATED.findall(sentence)]
        scores_told = [float(number) for number in re.findall(r"(?<![+\-\d.])\d+\.\d", sentence)]
        if len(scores_told) == 2:
            assert stated[0] == pytest.approx(scores_told[1] - scores_told[0], abs=1e-9)
            assert stated[0] == pytest.approx(difference[unit], abs=0.1001)
            assert sum(stated[1:]) == pytest.approx(stated[0], abs=1e-9)
        else:
            assert sum(stated) == pytest.approx(0, abs=1e-9)
        for k, part in enumerate(change.parts[unit]):
            told = re.search(rf"{PRIORITIES[k]} counts for (more|less) \(([+-][\d.]+)\)", sentence)
            if told:
                assert (told[1] == "more") == (after[k] > before[k])
                assert float(told[2]) == pytest.approx(part, abs=0.2)
                assert float(told[2]) * part > 0


def test_parts_are_weight_differences_times_scores_or_their_logarithms() -> None:
    scores, _ = drawn(20, 1)
    before, after = weights_of(1, 1, 1, 1), weights_of(4, 2, 1, 1)
    arithmetic = compare_weightings(scores, before, after, 5, "arithmetic")
    assert (arithmetic.parts == (after - before) * scores).all()
    geometric = compare_weightings(scores, before, after, 5, "geometric")
    log_parts = (after - before) * terms(scores, "geometric")
    growth = np.log(geometric.scores[1] / geometric.scores[0])
    assert log_parts.sum(axis=1) == pytest.approx(growth, abs=1e-12)
    in_points = log_parts * ((geometric.scores[1] - geometric.scores[0]) / growth)[:, None]
    assert geometric.parts == pytest.approx(in_points, abs=1e-9)


def by_hand(people: np.ndarray | None = None) -> Change:
    """Housing from a quarter to a half: B and D pass C."""
    scores = np.array([[90.0, 90, 90, 90], [60, 90, 60, 60], [75, 20, 75, 75], [40, 88, 40, 40]])
    return compare_weightings(scores, weights_of(1, 1, 1, 1), weights_of(1, 3, 1, 1), 2, "arithmetic", people)


def test_sentences_by_hand() -> None:
    change = by_hand()
    assert unit_sentence(change, 1, "B", PRIORITIES) == (
        "B stays 2nd. Its score goes from 67.5 to 75.0 (+7.5 points): Housing counts for more (+22.5); "
        "Hardship counts for less (-5.0); the others (-10.0)."
    )
    assert unit_sentence(change, 2, "C", PRIORITIES) == (
        "C falls from 3rd to 4th. Its score goes from 61.2 to 47.5 (-13.7 points): Housing counts for more (+5.0); "
        "Hardship counts for less (-6.2); the others (-12.5)."
    )
    assert unit_sentence(change, 3, "D", PRIORITIES).startswith("D rises from 4th to 3rd. Its score goes from 52.0 to ")
    assert set(change.moved) == {2, 3}


def test_a_unit_that_gains_and_yet_falls_says_so() -> None:
    scores = np.array([[60.0, 70], [50, 90], [10, 10]])
    change = compare_weightings(scores, weights_of(3, 1), weights_of(1, 1), 1, "arithmetic")
    assert change.ranks.tolist() == [[1, 2, 3], [2, 1, 3]]
    sentence = unit_sentence(change, 0, "A", PRIORITIES)
    assert "falls from 1st to 2nd" in sentence
    assert "(+2.5 points)" in sentence
    assert sentence.endswith("Those that pass it gain more.")


def test_ties_are_said_to_be_joint() -> None:
    scores = np.array([[50.0, 50], [50, 50], [10, 90]])
    change = compare_weightings(scores, weights_of(3, 1), weights_of(1, 3), 1, "arithmetic")
    assert "falls from joint 1st to joint 2nd" in unit_sentence(change, 0, "A", PRIORITIES)


def test_units_that_come_and_go() -> None:
    scores = np.array([[50.0, NAN], [40, 60], [NAN, NAN]])
    both, one = weights_of(1, 1), weights_of(1, 0)
    gone = compare_weightings(scores, one, both, 1, "geometric")
    assert unit_sentence(gone, 0, "A", PRIORITIES) == "A is no longer scored: it has no score on Housing."
    assert unit_sentence(gone, 2, "C", PRIORITIES) == "C is not scored: it has no score on Hardship and Housing."
    assert "Those" not in unit_sentence(gone, 1, "B", PRIORITIES)
    back = compare_weightings(scores, both, one, 1, "geometric")
    assert unit_sentence(back, 0, "A", PRIORITIES) == "A is scored now that Housing does not count, and is 1st."
    assert back.entered == (0,)
    assert back.left == (1,)


def test_the_paragraph_by_hand() -> None:
    scores = np.array([[90.0, 90], [80, 20], [20, 80], [10, 10]])
    change = compare_weightings(
        scores, weights_of(3, 2), weights_of(2, 3), 2, "arithmetic", np.array([1000.0, 1200, 1034, 50])
    )
    assert summary(change, ["A", "B", "C", "D"], PRIORITIES) == (
        "Hardship counts for 40% instead of 60%; Housing counts for 60% instead of 40%. "
        "One area enters the shortlist: C, where 1,034 people live. One leaves it: B, where 1,200 people live. "
        "The shortlist now covers 2,034 people, 166 fewer than before."
    )


def test_the_paragraph_names_one_weight_where_one_was_moved() -> None:
    scores, names = drawn(40, 2)

    def told(old: tuple[float, ...], new: tuple[float, ...]) -> str:
        change = compare_weightings(scores, weights_of(*old), weights_of(*new), 10, "arithmetic")
        return summary(change, names, PRIORITIES).partition(". ")[0]

    assert told((1, 1, 1, 1), (2, 1, 1, 1)) == (
        "Hardship counts for 40% instead of 25%, and the others give way in proportion"
    )
    assert told((2, 1, 1, 1), (1, 1, 1, 1)).endswith("and the others make up for it in proportion")
    assert told((2, 1, 1, 1), (0, 1, 1, 1)) == (
        "Hardship no longer counts (it was 40%), and the others make up for it in proportion"
    )
    assert told((0, 1, 1, 1), (2, 1, 1, 1)) == "Hardship now counts, for 40%, and the others give way in proportion"
    assert told((1, 1, 1, 1), (1, 1, 1, 1)) == "The weights are as before"
    assert "; " in told((1, 1, 1, 1), (3, 1, 2, 2))


def test_the_paragraph_when_nobody_crosses() -> None:
    scores = np.array([[90.0, 90], [60, 50], [50, 60]])
    change = compare_weightings(scores, weights_of(3, 1), weights_of(1, 3), 1, "arithmetic")
    assert summary(change, ["A", "B", "C"], PRIORITIES).endswith("The shortlist of 1 stays the same.")
    change = compare_weightings(scores, weights_of(3, 1), weights_of(1, 3), 3, "arithmetic")
    assert summary(change, ["A", "B", "C"], PRIORITIES).endswith(
        "The shortlist of 3 keeps the same areas, though 2 of them change place."
    )


def test_people_who_are_not_known_are_said_to_be() -> None:
    scores = np.array([[80.0, 20], [80, 20.5], [20, 80], [20.5, 80]])
    change = compare_weightings(
        scores, weights_of(3, 1), weights_of(1, 3), 2, "arithmetic", np.array([NAN, 700, NAN, NAN])
    )
    told = summary(change, ["A", "B", "C, D", "E"], PRIORITIES)
    assert "Two areas enter the shortlist: E and C, D. Two leave it" in told
    assert "Two leave it: B and A, where 700 people live, not counting one area without a figure." in told
    assert "covers" not in told


def test_a_long_list_is_cut_short_but_its_people_are_not() -> None:
    scores = np.vstack([np.tile([80.0, 20], (12, 1)), np.tile([20.0, 80], (12, 1))]) + np.arange(24)[:, None] / 100
    change = compare_weightings(scores, weights_of(3, 1), weights_of(1, 3), 12, "arithmetic", np.full(24, 100.0))
    told = summary(change, [str(unit) for unit in range(24)], PRIORITIES, ("cohort", "cohorts"))
    assert "12 cohorts enter the shortlist: 23, 22, 21, 20, 19, 18 and six more, where 1,200 people live." in told
    assert "The shortlist still covers 1,200 people." in told


def test_a_shortlist_that_ties_stretch_is_counted() -> None:
    scores = np.array([[90.0, 90], [50, 50], [50, 50.5]])
    grown = compare_weightings(scores, weights_of(1, 1), weights_of(1, 0), 2, "arithmetic", np.full(3, 10.0))
    assert summary(grown, ["A", "B", "C"], PRIORITIES).endswith(
        "One area enters the shortlist: B, where 10 people live. It now has 3 areas, not 2. "
        "The shortlist now covers 30 people, 10 more than before."
    )
    shrunk = compare_weightings(scores, weights_of(1, 0), weights_of(1, 1), 2, "arithmetic")
    assert summary(shrunk, ["A", "B", "C"], PRIORITIES).endswith(
        "One area leaves the shortlist: B. It now has 2 areas, not 3."
    )


def test_results_are_read_only_and_arguments_untouched() -> None:
    people = np.full(4, 10.0)
    change = by_hand(people)
    with pytest.raises(ValueError, match="read-only"):
        change.parts[0, 0] = 1
    people[0] = 5
    assert change.people[0] == 10
