"""Overrides on a computed list: small cases by hand, and what must hold for any."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workspace_writers import ranking

from prioritisation.errors import UserError
from prioritisation.workspace.overrides import (
    DOINGS,
    AgreedList,
    Override,
    RankedArea,
    apply_overrides,
    check_override,
    computed_list,
    list_id,
    wanted_override,
)

AREAS = ranking().areas
TODAY = date(2025, 11, 22)


def did(do: str, code: str, to: int | None = None) -> Override:
    return Override(f"{do}-{code}-{to}", do, code, "because", TODAY, to)


def agreed(*overrides: Override, cut: int = 3) -> AgreedList:
    return apply_overrides(AREAS, cut, overrides)


def shown(made: AgreedList) -> str:
    return " ".join(f"{row.area.code}:{row.words}" for row in made.rows)


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ([], "A1:as computed A2:as computed A3:as computed"),
        ([did("drop", "A2")], "A1:as computed A3:as computed"),
        ([did("add", "A5")], "A1:as computed A2:as computed A3:as computed A5:added"),
        ([did("add", "A6", 1)], "A6:added A1:as computed A2:as computed A3:as computed"),
        ([did("move", "A3", 1)], "A3:moved from 3 to 1 A1:as computed A2:as computed"),
        ([did("move", "A1", 99)], "A2:as computed A3:as computed A1:moved from 1 to 3"),
        ([did("add", "A5"), did("move", "A5", 2)], "A1:as computed A5:added A2:as computed A3:as computed"),
        ([did("add", "A5"), did("drop", "A5")], "A1:as computed A2:as computed A3:as computed"),
        ([did("drop", "A1"), did("add", "A1")], "A2:as computed A3:as computed A1:moved from 1 to 3"),
        ([did("move", "A3", 1), did("move", "A3", 3)], "A1:as computed A2:as computed A3:as computed"),
        ([did("drop", "A1"), did("drop", "A2"), did("drop", "A3")], ""),
    ],
)
def test_the_agreed_list_by_hand(overrides: list[Override], expected: str) -> None:
    made = agreed(*overrides)
    assert shown(made) == expected
    assert made.without_effect == ()
    assert [row.position for row in made.rows] == list(range(1, len(made.rows) + 1))


def test_a_dropped_area_is_kept_in_sight_with_its_place_and_its_reason() -> None:
    (gone,) = agreed(did("drop", "A2")).dropped
    assert (gone.area.code, gone.computed, gone.overrides[0].reason) == ("A2", 2, "because")


@pytest.mark.parametrize(
    ("override", "why"),
    [
        (did("add", "A2"), "Area 2 is on the list already."),
        (did("drop", "A5"), "Area 5 is not on the list."),
        (did("move", "A5", 1), "Area 5 is not on the list."),
        (did("move", "A2", 2), "Area 2 is at that position already."),
        (did("move", "A3", 9), "Area 3 is at that position already."),
        (did("add", "A7"), "The area is not one of those that were ranked."),
    ],
)
def test_an_override_that_does_nothing_is_named_and_left_out(override: Override, why: str) -> None:
    made = agreed(override)
    assert made.without_effect == ((override, why),)
    assert made.id == agreed().id
    with pytest.raises(UserError) as refused:
        check_override(AREAS, 3, [], override)
    assert refused.value.found == why
    assert check_override(AREAS, 3, [override], did("drop", "A1")).codes == ("A2", "A3")


def test_areas_tied_at_the_cut_are_all_on_the_list() -> None:
    tied = [RankedArea(code, code, "", None, rank, 1.0) for code, rank in (("C", 2), ("B", 2), ("A", 1), ("D", 4))]
    assert [area.code for area in computed_list(tied, 2)] == ["A", "B", "C"]


def test_everything_missing_is_said_at_once() -> None:
    with pytest.raises(UserError) as refused:
        wanted_override("move", "A1", None, " ", None, TODAY)
    assert [fault.where for fault in refused.value.faults] == ["reason", "review date", "position"]
    with pytest.raises(UserError) as refused:
        wanted_override("add", "A1", 0, "x", date(2025, 11, 21), TODAY)
    assert [fault.where for fault in refused.value.faults] == ["review date", "position"]
    assert wanted_override("drop", "A1", 3, " why ", TODAY, TODAY).reason == "why"
    with pytest.raises(ValueError, match="one of add, drop, move"):
        wanted_override("delete", "A1", None, "x", TODAY, TODAY)


anything = st.lists(
    st.builds(
        did,
        st.sampled_from(DOINGS),
        st.sampled_from([f"A{n}" for n in range(1, 8)]),
        st.one_of(st.none(), st.integers(-2, 9)),
    ),
    max_size=12,
)


@given(anything, st.integers(1, 6))
def test_what_holds_for_any_overrides(overrides: list[Override], cut: int) -> None:
    made = agreed(*overrides, cut=cut)
    computed = [area.code for area in computed_list(AREAS, cut)]
    assert len(set(made.codes)) == len(made.codes)
    assert {*made.codes, *(gone.area.code for gone in made.dropped)} >= set(computed)
    assert not {gone.area.code for gone in made.dropped} & set(made.codes)
    for row in made.rows:
        assert (row.computed is None) == (row.mark == "added") == (row.area.code not in computed)
        assert row.mark != "moved" or row.computed != row.position
        assert row.mark == "as computed" or row.overrides
    assert all(gone.overrides for gone in made.dropped)
    assert made == agreed(*overrides, cut=cut)
    # Leaving out what had no effect changes nothing, and nothing without an override changes its neighbours' order.
    kept = [each for each in overrides if each not in [left for left, _ in made.without_effect]]
    touched = {each.code for each in overrides}
    assert [code for code in made.codes if code not in touched] == [code for code in computed if code not in touched]
    if len(set(overrides)) == len(overrides):
        assert agreed(*kept, cut=cut).codes == made.codes


@given(anything, st.integers(1, 6))
def test_a_slow_second_reading_agrees(overrides: list[Override], cut: int) -> None:
    """Places as numbers between numbers, sorted at the end, instead of a list that is edited."""
    places = {f"A{n}": float(n) for n in range(1, 7) if n <= cut and n < 6}
    for each in overrides:
        if each.code in places and each.do in ("drop", "move"):
            del places[each.code]
        elif each.do != "add" or each.code in places or each.code == "A7":
            continue
        if each.do != "drop":
            others = sorted(places.values())
            at = len(others) if each.to is None else min(max(each.to - 1, 0), len(others))
            before = others[at - 1] if at else min(others, default=0.0) - 1
            after = others[at] if at < len(others) else max(others, default=0.0) + 1
            places[each.code] = (before + after) / 2 if others else 1.0
    assert list(agreed(*overrides, cut=cut).codes) == sorted(places, key=lambda code: places[code])


def test_a_list_is_named_by_its_areas_in_their_order() -> None:
    assert list_id(["A1", "A2"]) == list_id(("A1", "A2")) != list_id(["A2", "A1"])
    assert list_id(["A1", "A2"]) != list_id(["A1A2"])
