"""No cohort is published that differs by a handful of people from one that ever was, archived or not."""

from __future__ import annotations

import itertools
from dataclasses import replace

import duckdb
import pytest
from people_world import COHORTS, CONTRACT, COUNCIL, FEW_NODES, UNTIL, Somebody, by_cell, release, store_of

from prioritisation.cohorts.library import Cohort
from prioritisation.cohorts.rule import CohortRule

NUMBERS = itertools.count(1)
FOOD, ADVICE, CARE = "food", "advice", "home_care"


def cohort_of(name: str, **record: object) -> Cohort:
    return replace(next(iter(COHORTS.values())), id=name, rule=CohortRule.from_record(record, CONTRACT))


EATS = cohort_of("eats", services_any=[FOOD])
BOTH = cohort_of("both", services_all=[FOOD, ADVICE])
MEN = cohort_of("men", sex=["male"])


def crowd(size: int, services: tuple[str, ...], name: str = "n", sex: str = "female") -> list[Somebody]:
    contacts = [(service, UNTIL, 1, (), None) for service in services]
    return [Somebody(f"{name}{number}", "Z0", "25-44", sex, list(contacts)) for number in range(size)]


REST = crowd(40, (CARE,), "rest", "male")


def counted(
    everybody: list[Somebody], *cohorts: Cohort, before: duckdb.DuckDBPyConnection | None = None, key_id: str = "k1"
) -> tuple[duckdb.DuckDBPyConnection, list[str], str]:
    """Release these people; return the store, the cohorts that were counted, and which were left out."""
    store = store_of([*everybody, *REST], key_id, before)
    made = release(store, f"r{next(NUMBERS)}", lattice=FEW_NODES, cohorts={each.id: each for each in cohorts})
    return store, list(made.cohorts["cohort_id"]), made.facts["cohorts_left_out"]


@pytest.mark.parametrize(("apart", "kept"), [(0, False), (1, False), (9, False), (10, True)])
def test_one_nearly_like_an_archived_one_is_left_out_and_says_so(apart: int, kept: bool) -> None:
    people = [*crowd(30, (FOOD, ADVICE)), *crowd(apart, (FOOD,), "only")]
    store, first, _ = counted(people, EATS)
    assert first == ["eats"]
    _, second, left_out = counted(people, BOTH, before=store)
    assert second == (["both"] if kept else [])
    assert left_out == ("[]" if kept else '[{"cohort": "both", "too_near_to": "eats"}]')


def test_it_stays_left_out_when_releases_have_passed_in_between() -> None:
    people = [*crowd(30, (FOOD, ADVICE)), *crowd(5, (FOOD,), "only")]
    store, _, _ = counted(people, EATS)
    for _ in range(3):
        store, found, _ = counted(people, MEN, before=store)
        assert found == ["men"]
    _, found, _ = counted(people, BOTH, MEN, before=store)
    assert found == ["men"]


def test_the_archived_one_may_come_back() -> None:
    people = [*crowd(30, (FOOD, ADVICE)), *crowd(5, (FOOD,), "only")]
    store, _, _ = counted(people, EATS)
    store, found, _ = counted(people, BOTH, before=store)
    assert found == []
    store, found, left_out = counted(people, EATS, BOTH, before=store)
    assert (found, left_out) == (["eats"], '[{"cohort": "both", "too_near_to": "eats"}]')


@pytest.mark.parametrize(("apart", "kept"), [(0, False), (9, False), (10, True)])
def test_people_of_then_are_compared_and_not_only_those_of_now(apart: int, kept: bool) -> None:
    """Twelve have left the archived cohort since it was published, but the new one has its people of then."""
    then = crowd(30, (FOOD, ADVICE))
    now = [*crowd(12, (CARE, ADVICE)), *then[12:], *crowd(apart, (CARE, ADVICE), "new")]
    store, _, _ = counted(then, EATS)
    _, found, left_out = counted(now, cohort_of("asked", services_any=[ADVICE]), before=store)
    assert found == (["asked"] if kept else [])
    assert left_out == ("[]" if kept else '[{"cohort": "asked", "too_near_to": "eats"}]')


def test_after_a_new_key_people_of_now_are_compared() -> None:
    people = [*crowd(30, (FOOD, ADVICE)), *crowd(5, (FOOD,), "only")]
    store, _, _ = counted(people, EATS)
    renamed = [replace(each, key=f"under another key {each.key}") for each in people]
    _, found, _ = counted(renamed, BOTH, before=store, key_id="k2")
    assert found == []


def test_one_too_small_to_be_shown_then_keeps_nobody_out() -> None:
    store, _, _ = counted(crowd(9, (FOOD, ADVICE)), EATS)
    store, found, _ = counted([*crowd(9, (FOOD, ADVICE)), *crowd(20, (ADVICE,), "more")], BOTH, before=store)
    assert found == ["both"]


def test_laid_aside_cohorts_are_not_counted_themselves() -> None:
    people = [*crowd(30, (FOOD, ADVICE)), *crowd(20, (FOOD,), "only")]
    store, _, _ = counted(people, EATS)
    store = store_of([*people, *REST], before=store)
    cube = release(store, "r2", lattice=FEW_NODES, cohorts={"both": BOTH}).cube
    assert not cube["cell"].str.contains("eats").any()
    assert by_cell(cube, "people")["council.cohort", COUNCIL, "cohort=both"] == 30
    kept = store.execute("SELECT DISTINCT unnest(cohorts) FROM snapshot WHERE release_id = 'r2'").fetchall()
    assert kept == [("both",)]
    assert store.execute("SELECT cohort FROM published_cohort ORDER BY cohort").fetchall() == [("both",), ("eats",)]
