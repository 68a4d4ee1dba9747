"""Each partner's own shortlist beside the group's, ranked once more by a slow second way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prioritisation.scoring import Scores
from prioritisation.voting.partners import organisations, partner_lists


@dataclass(frozen=True)
class Cast:
    organisation: str
    percentages: tuple[float, ...]


def scored(rows: list[list[float]]) -> Scores:
    table = np.array(rows, dtype=float)
    empty = np.zeros(len(table))
    ids = tuple("ABCDEFGHIJ"[: len(table)])
    ranks = np.zeros(len(table), dtype=np.int64)
    return Scores(ids, ("one", "two"), table, table, np.array([0.5, 0.5]), empty, ranks, empty, empty, empty)


SCORES = scored([[90, 10], [80, 20], [70, 75], [20, 80], [10, 90], [float("nan"), 99]])


def test_the_lists_of_partners_who_differ() -> None:
    votes = [Cast("NHS", (100.0, 0.0)), Cast("n h s", (90.0, 10.0)), Cast("Police", (0.0, 100.0))]
    found = partner_lists(SCORES, votes, 3, "arithmetic")
    assert found.percentages == (90.0, 10.0)
    assert found.areas == ("A", "B", "C")
    assert [(each.organisation, each.votes, each.areas, each.shared) for each in found.partners] == [
        ("Police", 1, ("F", "E", "D"), 0), ("NHS", 2, ("A", "B", "C"), 3),
    ]  # fmt: skip
    assert found.by_all == ()
    assert dict(found.by_some) == {"A": ("NHS",), "B": ("NHS",), "C": ("NHS",), "D": ("Police",)} | {
        "E": ("Police",), "F": ("Police",),
    }  # fmt: skip
    assert found.partners[0].overlap(3) == "0 of 3 the same"


def test_one_partner_chooses_what_the_group_does() -> None:
    found = partner_lists(SCORES, [Cast("NHS", (50.0, 50.0))], 2, "arithmetic")
    assert found.by_all == found.areas == found.partners[0].areas
    assert found.by_some == ()


def test_areas_that_tie_at_the_cut_are_all_in() -> None:
    found = partner_lists(SCORES, [Cast("NHS", (50.0, 50.0)), Cast("Police", (100.0, 0.0))], 2, "arithmetic")
    nhs = next(each for each in found.partners if each.organisation == "NHS")
    assert nhs.areas == ("C", "A", "B", "D", "E")
    assert nhs.overlap(2).endswith("of 5 and 2")


def test_organisations_stand_by_name_and_spellings_are_one() -> None:
    votes = [Cast("police", (1.0, 99.0)), Cast("Housing", (2.0, 98.0)), Cast("Police", (3.0, 97.0))]
    assert [(name, len(own)) for name, own in organisations(votes)] == [("Housing", 1), ("Police", 2)]


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=2, max_size=9),
    st.lists(st.tuples(st.sampled_from(["NHS", "Police", "Fire"]), st.integers(0, 100)), min_size=1, max_size=6),
    st.integers(1, 9),
    st.sampled_from(["arithmetic", "geometric"]),
)
def test_any_votes_against_a_slow_second_way(
    rows: list[tuple[int, int]], given_votes: list[tuple[str, int]], cut: int, aggregate: str
) -> None:
    scores = scored([list(map(float, row)) for row in rows])
    votes = [Cast(name, (float(first), 100.0 - first)) for name, first in given_votes]
    found = partner_lists(scores, votes, cut, aggregate)
    for partner in found.partners:
        own = sorted(vote.percentages[0] for vote in votes if vote.organisation == partner.organisation)
        middle = (own[(len(own) - 1) // 2] + own[len(own) // 2]) / 2
        assert partner.percentages[0] == pytest.approx(middle, abs=1e-4)
        assert set(partner.areas) == _chosen(rows, partner.percentages[0] / 100, cut, aggregate, scores.unit_ids)
    chosen = [set(partner.areas) for partner in found.partners]
    assert set(found.by_all) == set.intersection(*chosen)
    assert {area for area, _ in found.by_some} == set.union(*chosen) - set.intersection(*chosen)


def _chosen(rows: list[tuple[int, int]], share: float, cut: int, aggregate: str, ids: tuple[str, ...]) -> set[str]:
    """Fewer than `cut` others are ahead, by more than a billionth."""
    columns = np.array(rows, float) if aggregate == "arithmetic" else np.log(np.maximum(np.array(rows, float), 1))
    totals = columns @ [share, 1 - share]
    return {ids[i] for i, own in enumerate(totals) if sum(other > own + 1e-8 for other in totals) < cut}
