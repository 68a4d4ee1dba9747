"""Protection: each rule at its edge, drawn as small tables."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prioritisation.disclosure.policy import Policy
from prioritisation.disclosure.protect import hide, protect, sides

NAN = float("nan")
POLICY = Policy()


def drawn(*rows: dict[str, object]) -> pd.DataFrame:
    """One cell per row; what a row does not say is harmless: 100 of 1,000 people, no contacts, never published."""
    usual = {
        "node": "council.service", "geography": "council", "area_code": "C", "cell": "service=food", "people": 100,
        "denominator": 1000, "contacts": NAN, "top_two": NAN, "changed": NAN, "held_people": pd.NA,
        "held_contacts": pd.NA, "held_status": pd.NA, "held_side": pd.NA,
    }  # fmt: skip
    return pd.DataFrame([{**usual, **row} for row in rows])


def shown(column: str = "people", policy: Policy = POLICY, **row: object) -> int | None:
    value = protect(drawn(row), policy)[column].iloc[0]
    return None if value is pd.NA else int(value)


@pytest.mark.parametrize(
    ("people", "published"),
    [(0, None), (1, None), (9, None), (10, 10), (11, 10), (12, 10), (13, 15), (17, 15), (18, 20), (997, 995)],
)
def test_small_counts_are_hidden_and_others_rounded(people: int, published: int | None) -> None:
    assert shown(people=people, denominator=10_000) == published


@pytest.mark.parametrize(
    ("people", "out_of", "published"), [(90, 100, 90), (91, 100, None), (100, 100, None), (120, 100, None)]
)
def test_nearly_all(people: int, out_of: int, published: int | None) -> None:
    assert shown(people=people, denominator=out_of) == published


@pytest.mark.parametrize(("out_of", "published"), [(19, None), (20, 10), (0, None), (NAN, 10)])
def test_small_bases(out_of: float, published: int | None) -> None:
    assert shown(people=10, denominator=out_of) == published


@pytest.mark.parametrize(
    ("contacts", "top_two", "published"),
    [
        (1000, 500, 1000),
        (1000, 501, None),
        (1024, 10, 1000),
        (1025, 10, 1050),
        (24, 2, None),
        (25, 2, 50),
        (NAN, NAN, None),
    ],
)
def test_volumes(contacts: float, top_two: float, published: int | None) -> None:
    assert shown("contacts", contacts=contacts, top_two=top_two) == published


def test_where_people_are_hidden_their_contacts_are() -> None:
    assert shown("contacts", people=9, contacts=5000, top_two=10) is None


HELD = {"held_people": 40, "held_contacts": 500, "held_status": "published", "held_side": "shown"}


@pytest.mark.parametrize(("changed", "published"), [(0, 100), (1, 40), (9, 40), (10, 100)])
def test_hold(changed: int, published: int) -> None:
    assert shown(changed=changed, **HELD) == published


def test_hold_comes_before_every_other_rule() -> None:
    assert shown(changed=5, people=3, **HELD) == 40
    hidden = {"held_people": pd.NA, "held_contacts": pd.NA, "held_status": "suppressed", "held_side": "small"}
    assert shown(changed=5, people=300, **hidden) is None
    assert shown("contacts", changed=5, contacts=9000, top_two=5, **HELD) == 500


def test_the_same_people_keep_their_volume() -> None:
    assert shown("contacts", changed=0, contacts=9000, top_two=5, **HELD) == 500
    assert shown("contacts", changed=10, contacts=9000, top_two=5, **HELD) == 9000


def test_nothing_says_which_rule_spoke() -> None:
    rows = drawn({"people": 3}, {"people": 995}, {"denominator": 15, "people": 12}, {"people": 0})
    protected = protect(rows, POLICY)
    assert list(protected.columns) == ["node", "geography", "area_code", "cell", "people", "contacts", "status"]
    assert protected.drop_duplicates().shape[0] == 1
    held = protect(drawn({"changed": 5, **HELD, "held_people": 100}, {}), POLICY)
    assert set(held["status"]) == {"published"}


def test_sides_are_for_the_attack_alone() -> None:
    rows = drawn({"people": 3}, {"people": 995}, {}, {"changed": 4, **HELD, "held_side": "nearly all"})
    assert list(sides(rows, POLICY)) == ["small", "nearly all", "shown", "nearly all"]


def test_more_can_be_hidden_and_the_argument_stays() -> None:
    protected = protect(drawn({}, {"contacts": 1000, "top_two": 3}), POLICY)
    less = hide(protected, (protected["contacts"].notna()).to_numpy(dtype=bool))
    assert less["status"].to_list() == ["published", "suppressed"]
    assert less["people"].isna().to_list() == [False, True]
    assert less["contacts"].isna().all()
    assert protected["status"].to_list() == ["published", "published"]


def test_a_tighter_policy_hides_more() -> None:
    tight = replace(POLICY, suppress_counts_under=20, suppress_denominators_under=40, round_to_nearest=10)
    assert shown(people=19, policy=tight) is None
    assert shown(people=25, policy=tight) == 30


@given(st.integers(0, 400), st.integers(0, 400))
def test_an_interval_always_holds_the_truth(people: int, others: int) -> None:
    published = shown(people=people, denominator=people + others)
    low, high = POLICY.interval(published) if published is not None else (0, 9)
    assert low <= people <= high or others < 10
