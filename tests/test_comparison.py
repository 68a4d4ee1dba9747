"""Two rankings compared: small drawn tables, and a slow second way to the same figures."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prioritisation.comparison import Comparison, Ranking, compare
from prioritisation.errors import UserError
from prioritisation.framework import Framework, IndicatorShare, Normalisation, Priority
from prioritisation.scenario import Scenario

PRIORITIES = tuple(
    Priority(name.lower(), name, "", 0.5, (IndicatorShare(f"{name.lower()}_rate", 1.0),))
    for name in ("Money", "Housing")
)
FRAMEWORK = Framework("drawn", "Drawn", "placeholder", "arithmetic", Normalisation(), 3, None, PRIORITIES)
EVEN = Scenario.starting(FRAMEWORK)


def ranking(label: str, drawn: str, scenario: Scenario = EVEN, release: str = "r1") -> Ranking:
    """Read a drawn table: one area per line, as id, population, rank; - is not scored, ? is not known."""
    lines = [line.split() for line in drawn.strip().splitlines()]
    table = pd.DataFrame(
        {
            "id": [line[0] for line in lines],
            "name": [line[0].upper() for line in lines],
            "locality": "Ayr",
            "population": [np.nan if line[1] == "?" else float(line[1]) for line in lines],
            "rank": pd.array([None if line[2] == "-" else int(line[2]) for line in lines], dtype="Int64"),
        }
    )
    return Ranking(label, scenario, release, table)


BEFORE = """
    a 100 1
    b 200 2
    c 300 3
    d 400 4
    e 500 5
    f 600 6
    g 700 7
    h 800 8
    i 900 -
"""
AFTER = """
    a 100 1
    h 800 2
    b 200 3
    c 300 4
    d 400 5
    e 500 6
    f 600 7
    g 700 -
    i 900 8
"""


def changes(comparison: Comparison) -> dict[str, str]:
    rows = comparison.rows
    return {area: change for area, change in zip(rows["id"], rows["change"], strict=True) if change}


def test_only_crossers_of_the_cut_line_and_far_movers_are_coloured() -> None:
    found = compare(ranking("A", BEFORE), ranking("B", AFTER))
    assert changes(found) == {"h": "entered", "c": "left"}
    far = compare(ranking("A", BEFORE), ranking("B", AFTER, EVEN.with_cut(2)))
    assert changes(far) == {"h": "entered", "b": "left", "c": "left"}
    wide = compare(ranking("A", BEFORE, EVEN.with_cut(8)), ranking("B", AFTER, EVEN.with_cut(8)))
    assert changes(wide) == {"g": "left", "h": "up", "i": "entered"}


@pytest.mark.parametrize(("rank", "change"), [(8, ""), (9, "down"), (10, "down"), (4, "")])
def test_far_begins_at_five_ranks(rank: int, change: str) -> None:
    found = compare(ranking("A", "a 1 1\nb 1 4"), ranking("B", f"a 1 1\nb 1 {rank}"))
    assert changes(found).get("b", "") == change
    back = compare(ranking("B", f"a 1 1\nb 1 {rank}"), ranking("A", "a 1 1\nb 1 4"))
    assert changes(back).get("b", "") == change.replace("down", "up")


def test_the_figures_of_a_drawn_pair() -> None:
    found = compare(ranking("A", BEFORE), ranking("B", AFTER))
    assert found.overlap == "2 of 3 the same"
    assert (found.people_before, found.people_after, found.people_shared) == (600, 1100, 300)
    assert found.share_of_people == 0.5
    assert list(found.rows["id"]) == list("abcdefghi")
    assert list(found.rows["moved"].astype(object).where(found.rows["moved"].notna(), None)) == [
        0, -1, -1, -1, -1, -1, None, 6, None,
    ]  # fmt: skip
    assert found.entered.to_dict("records") == [
        {"id": "h", "name": "H", "locality": "Ayr", "population": 800.0, "rank_before": 8, "rank_after": 2}
    ]
    assert list(found.left["id"]) == ["c"]
    assert found.sentence == (
        "'A' and 'B' share 2 of their 3 shortlisted areas, home to 50% of the people on the first shortlist. "
        "Under 'B', H enters; C leaves."
    )


def test_a_tie_on_the_cut_line_is_on_the_shortlist() -> None:
    found = compare(ranking("A", "a 1 1\nb 1 2\nc 1 3\nd 1 3"), ranking("B", "a 1 1\nb 1 2\nc 1 3\nd 1 4"))
    assert (found.length_before, found.length_after, found.shared) == (4, 3, 3)
    assert found.overlap == "3 in both, of 4 and 3"
    assert found.sentence.startswith("'A' and 'B' share 3 shortlisted areas (one lists 4, the other 3)")


def test_sentences_for_none_all_one_and_many() -> None:
    same = compare(ranking("A", BEFORE), ranking("B", BEFORE))
    assert same.sentence == "'A' and 'B' put the same 3 areas on the shortlist."
    newer = compare(ranking("A", BEFORE), ranking("B", BEFORE, release="r2"))
    assert newer.sentence.endswith("The two are computed on different data releases.")
    upside = "\n".join(f"{area} 10 {8 - place}" for place, area in enumerate("abcdefgh"))
    turned = compare(ranking("A", BEFORE, EVEN.with_cut(5)), ranking("B", upside, EVEN.with_cut(3)))
    assert turned.sentence == (
        "'A' and 'B' have no shortlisted area in common. Under 'B', H, G and F enter; A, B, C and 2 more leave."
    )
    moved = compare(ranking("A", BEFORE, EVEN.with_cut(1)), ranking("B", AFTER, EVEN.with_cut(1)))
    assert moved.sentence == "'A' and 'B' put the same area on the shortlist. 1 other area moves by 5 ranks or more."
    empty = compare(ranking("A", "a 1 -"), ranking("B", "a 1 -"))
    assert empty.sentence == "Neither 'A' nor 'B' has an area on its shortlist."


def test_an_unknown_population_leaves_the_share_unsaid() -> None:
    found = compare(ranking("A", "a ? 1\nb 5 2\nc 5 3\nd 5 4"), ranking("B", "a ? 1\nb 5 2\nc 5 4\nd 5 3"))
    assert math.isnan(found.share_of_people)
    assert found.sentence == "'A' and 'B' share 2 of their 3 shortlisted areas. Under 'B', D enters; C leaves."


def test_weights_stand_side_by_side_and_other_choices_are_named() -> None:
    other = EVEN.with_weights([75, 25])
    found = compare(ranking("A", BEFORE), ranking("B", BEFORE, other))
    assert found.weights.to_dict("list") == {
        "id": ["money", "housing"],
        "name": ["Money", "Housing"],
        "before": [50.0, 50.0],
        "after": [75.0, 25.0],
        "difference": [25.0, -25.0],
    }
    assert found.choices.empty
    changed = replace(FRAMEWORK, aggregate="geometric", cut=4, priorities=PRIORITIES[:1])
    found = compare(ranking("A", BEFORE), ranking("B", BEFORE, Scenario(changed, (100.0,)), "r2"))
    assert list(found.choices["choice"]) == ["Data release", "How scores are combined", "Areas on the shortlist"]
    assert found.weights["after"].isna().tolist() == [False, True]


def test_areas_of_one_side_only_are_kept_and_none_in_common_is_refused() -> None:
    found = compare(ranking("A", "a 1 1\nold 7 2"), ranking("B", "a 1 1\nnew 9 2"))
    assert changes(found) == {"old": "left", "new": "entered"}
    assert (found.people_before, found.people_after) == (8, 10)
    with pytest.raises(UserError, match="none in common"):
        compare(ranking("A", "a 1 1"), ranking("B", "b 1 1"))


def test_nothing_given_is_altered_and_names_stay_text() -> None:
    first, second = ranking("<b>A</b>", BEFORE), ranking("B", AFTER)
    copies = first.table.copy(), second.table.copy()
    assert "<b>A</b>" in compare(first, second).sentence
    pd.testing.assert_frame_equal(first.table, copies[0])
    pd.testing.assert_frame_equal(second.table, copies[1])


@given(
    first=st.permutations(range(1, 13)),
    second=st.permutations(range(1, 13)),
    cuts=st.tuples(st.integers(1, 12), st.integers(1, 12)),
    people=st.lists(st.integers(1, 5000), min_size=12, max_size=12),
)
def test_every_figure_equals_plain_sets(
    first: list[int], second: list[int], cuts: tuple[int, int], people: list[int]
) -> None:
    def drawn(ranks: list[int]) -> str:
        return "\n".join(f"{area} {people[place]} {ranks[place]}" for place, area in enumerate("abcdefghijkl"))

    found = compare(
        ranking("A", drawn(first), EVEN.with_cut(cuts[0])), ranking("B", drawn(second), EVEN.with_cut(cuts[1]))
    )
    ranks = {area: (first[place], second[place]) for place, area in enumerate("abcdefghijkl")}
    living = dict(zip("abcdefghijkl", people, strict=True))
    before = {area for area, (rank, _) in ranks.items() if rank <= cuts[0]}
    after = {area for area, (_, rank) in ranks.items() if rank <= cuts[1]}
    assert (set(found.entered["id"]), set(found.left["id"])) == (after - before, before - after)
    assert found.shared == len(before & after)
    assert found.share_of_people == sum(living[area] for area in before & after) / sum(living[area] for area in before)
    coloured = {area for area, (old, new) in ranks.items() if abs(old - new) >= 5} | (before ^ after)
    assert set(changes(found)) == coloured
    assert all(row.moved == ranks[row.id][0] - ranks[row.id][1] for row in found.rows.itertuples())
