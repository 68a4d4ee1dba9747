"""Answers from published cells: the truth lies inside, words are honest, and what cannot be told is said."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pandas as pd
from drawn_people import (
    CONTRACT,
    COUNCIL,
    LATTICE,
    LIBRARY,
    Person,
    cube_of,
    drawn_areas,
    drawn_people,
    meets,
    members,
    published,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from test_cohort_rule import RECORDS, rule

from prioritisation.cohorts.concentration import concentration
from prioritisation.cohorts.counting import NOT_AVAILABLE, PARTLY, PUBLISHED, SUPPRESSED
from prioritisation.cohorts.counts import Question, answer, by_area, count_people, is_available, options, waterfall
from prioritisation.cohorts.published import PublishedCube
from prioritisation.cohorts.rule import CohortRule
from prioritisation.disclosure.lattice import GEOGRAPHIES, node_id

ZONES = 6
AREAS = drawn_areas(ZONES)
WORLDS = 5
seeds = st.integers(0, WORLDS - 1)


@lru_cache
def world(seed: int) -> tuple[list[Person], PublishedCube]:
    """Five worlds, from nearly empty to some hundreds; in the last, nearly all residents are known."""
    people = drawn_people([25, 90, 250, 500, 420][seed], ZONES, seed)
    return people, cube_of(people, AREAS, residents=[None, 200, None, 400, 12][seed])


def drawn(*rows: tuple[str, str, str, int | None]) -> PublishedCube:
    """A cube of (node, area, cell, people or None)."""
    table = pd.DataFrame(rows, columns=["node", "area_code", "cell", "people"])
    geography = {node.id: node.geography for node in LATTICE.nodes}
    return published(
        table.assign(
            geography=table["node"].map(geography),
            contacts=pd.NA,
            people=table["people"].astype("Int64"),
            status="published",
        ),
        AREAS,
        {},
    )


AGES = node_id("council", ["age"])
SERVICE_AGES = node_id("council", ["age", "service"])


@settings(deadline=None, max_examples=120)
@given(seeds, RECORDS, st.sampled_from(GEOGRAPHIES))
def test_no_answer_leaves_its_interval(seed: int, record: dict[str, Any], geography: str) -> None:
    people, cube = world(seed)
    wanted = CohortRule.from_record(record, CONTRACT)
    table = by_area(cube, wanted, geography).set_index("area")
    for area, inside in members(people, AREAS, geography).items():
        truth = sum(meets(person, wanted) for person in inside)
        row = table.loc[area]
        if row["status"] != NOT_AVAILABLE:
            assert row["low"] <= truth <= row["high"]
            assert (row["people"] is pd.NA) or row["low"] <= row["people"] <= row["high"]
        assert (row["status"] == NOT_AVAILABLE) == (not is_available(cube, wanted, geography))


@settings(deadline=None, max_examples=60)
@given(seeds, RECORDS, st.sets(st.sampled_from(list(AREAS.index)), min_size=1))
def test_no_sum_of_areas_and_no_share_leaves_its_interval(seed: int, record: dict[str, Any], codes: set[str]) -> None:
    people, cube = world(seed)
    wanted = CohortRule.from_record(record, CONTRACT)
    inside = sum(meets(person, wanted) for person in people if person.area in codes)
    count = count_people(cube, Question(wanted, "data zone", tuple(sorted(codes))))
    assert count.status == NOT_AVAILABLE or count.low <= inside <= count.high
    share = concentration(cube, wanted, sorted(codes))
    everyone = sum(meets(person, wanted) for person in people)
    if share.is_available and everyone:
        assert share.low <= inside / everyone <= share.high
        assert share.people[0] <= inside <= share.people[1]


@settings(deadline=None, max_examples=60)
@given(seeds, RECORDS)
def test_each_condition_more_leaves_no_more_people(seed: int, record: dict[str, Any]) -> None:
    people, cube = world(seed)
    wanted = CohortRule.from_record(record, CONTRACT)
    steps = waterfall(cube, wanted)
    known = steps[steps["status"] != NOT_AVAILABLE]
    assert known["high"].is_monotonic_decreasing
    assert known["people"].dropna().is_monotonic_decreasing
    conditions, held = wanted.structure(CONTRACT), [one.held for one in people]
    for place in known.index:
        truth = sum(all(len(has[on] & set(v)) >= n for on, n, v in conditions[:place]) for has in held)
        assert known.loc[place, "low"] <= truth <= known.loc[place, "high"]
    final = count_people(cube, Question(wanted))
    assert steps["status"].iloc[-1] == final.status
    if final.is_available:
        assert (steps["low"].iloc[-1], steps["high"].iloc[-1]) == (final.low, final.high)


@settings(deadline=None, max_examples=60)
@given(seeds, RECORDS)
def test_what_cannot_be_told_names_the_nearest_question_that_can(seed: int, record: dict[str, Any]) -> None:
    _, cube = world(seed)
    for geography, areas in (("council", ()), ("ward", ("Ward 0",))):
        question = Question(CohortRule.from_record(record, CONTRACT), geography, areas)
        found = answer(cube, question)
        if found.count.is_available:
            assert found.nearest is None
            continue
        assert found.sentence.startswith("Not available")
        assert found.nearest is not None
        assert count_people(cube, found.nearest).is_available
        if found.nearest.rule != question.rule:  # nobody is lost by asking for less
            wider = set(question.rule.structure(CONTRACT)) >= set(found.nearest.rule.structure(CONTRACT))
            assert wider


@settings(deadline=None, max_examples=8)
@given(seeds, RECORDS, st.sampled_from(["council", "locality"]))
def test_what_is_offered_can_be_answered_and_the_rest_cannot(seed: int, record: dict[str, Any], where: str) -> None:
    _, cube = world(seed)
    start = CohortRule.from_record(record, CONTRACT)
    offered = options(cube, start, where)
    every = {"services_all": CONTRACT.services, "flags_all": CONTRACT.flags, "partners_all": CONTRACT.partners}
    every["age"] = dict.fromkeys(CONTRACT.age_bands)
    for name in ("age", "services_all", "flags_all", "partners_all"):
        for value in every[name]:
            more = start.to_record() | {name: [*getattr(start, name), value]}
            wanted = CohortRule.from_record(more, CONTRACT)
            if value in cube.present.get({"services_all": "service"}.get(name, name.removesuffix("s_all")), ()):
                assert (value in offered[name]) == is_available(cube, wanted, where)


def test_a_union_of_ages_is_the_sum_of_published_cells() -> None:
    cube = drawn((AGES, COUNCIL, "age=75-84", 40), (AGES, COUNCIL, "age=85+", 25))
    found = answer(cube, Question(rule(age=["75-84", "85+"])))
    count = found.count
    assert (count.low, count.best, count.high, count.status) == (61, 65, 69, PUBLISHED)
    assert found.sentence == "About 65 people (61 to 69)."


def test_a_sum_with_a_suppressed_cell_has_no_single_number() -> None:
    cube = drawn((AGES, COUNCIL, "age=75-84", 40), (AGES, COUNCIL, "age=85+", None))
    found = answer(cube, Question(rule(age=["75-84", "85+"])))
    count = found.count
    assert (count.low, count.best, count.high, count.status) == (38, None, 51, PARTLY)
    assert (count.published, count.suppressed) == (1, 1)
    assert found.sentence == (
        "Between 38 and 51 people: of the 2 counts behind this, 1 is suppressed, which does not mean nobody."
    )


def test_a_suppressed_count_is_not_nobody() -> None:
    cube = drawn((AGES, COUNCIL, "age=85+", None))
    found = answer(cube, Question(rule(age=["85+"])))
    assert (found.count.low, found.count.high, found.count.status) == (0, 9, SUPPRESSED)
    assert found.sentence == "Suppressed: 0 to 9 people, which does not mean nobody."
    assert "zero" not in found.sentence


def test_a_published_count_is_never_told_as_under_ten() -> None:
    count = count_people(drawn((AGES, COUNCIL, "age=85+", 10)), Question(rule(age=["85+"])))
    assert (count.low, count.high) == (10, 12)


def test_services_are_never_added_up() -> None:
    rows = [(SERVICE_AGES, COUNCIL, f"age={age};service={service}", people)
            for age in ("75-84", "85+") for service, people in (("food", 30), ("advice", 50))]  # fmt: skip
    found = answer(drawn(*rows), Question(rule(age=["75-84", "85+"], services_any=["food", "advice"])))
    assert (found.count.low, found.count.best, found.count.high) == (96, None, 168)
    assert "cannot be added up" in found.sentence


def test_of_two_that_overlap_the_pair_says_more() -> None:
    single, pair = node_id("council", ["service"]), node_id("council", ["services"], together=2)
    rows = [(single, COUNCIL, "service=food", 30), (single, COUNCIL, "service=advice", 50)]
    both = (pair, COUNCIL, "services=advice+food", 20)
    found = count_people(drawn(*rows, both), Question(rule(services_any=["food", "advice"])))
    assert (found.low, found.high) == (54, 66)
    assert found.low <= 30 + 50 - 20 <= found.high


def test_a_service_says_its_partner_and_its_need_itself() -> None:
    cube = drawn((node_id("council", ["service"]), COUNCIL, "service=custody", 30))
    asked = rule(services_all=["custody"], flags_all=["justice"], partners_all=["police"])
    assert count_people(cube, Question(asked)).best == 30
    assert not is_available(cube, rule(services_all=["custody"], flags_all=["money"]))


def test_a_saved_cohort_answers_for_its_rule_and_for_its_rule_and_more() -> None:
    _, cube = world(3)
    concern = LIBRARY["substances-police-concern"].rule
    assert count_people(cube, Question(concern)).published + count_people(cube, Question(concern)).suppressed == 1
    assert is_available(cube, rule(**concern.to_record(), age=["85+"]))
    assert is_available(cube, rule(**concern.to_record()), "data zone")
    assert not is_available(cube, rule(**concern.to_record(), sex=["male"], age=["85+"]))


def test_nearly_all_of_a_small_group_is_not_told_as_nine_at_most() -> None:
    zone = AREAS.index[0]
    total, service = node_id("data zone", []), node_id("data zone", ["service"])
    near = drawn((total, zone, "", 40), (service, zone, "service=food", None))
    assert count_people(near, Question(rule(services_all=["food"]), "data zone", (zone,))).high == 42
    larger = node_id("locality", ["service"])
    far = drawn(
        (total, zone, "", 40), (service, zone, "service=food", None), (larger, "Locality 0", "service=food", 15)
    )
    assert count_people(far, Question(rule(services_all=["food"]), "data zone", (zone,))).high == 9


def test_an_area_without_cells_of_its_own_is_the_sum_of_the_small_areas_inside() -> None:
    _, cube = world(3)
    asked = LIBRARY["partners-3"].rule
    wards = by_area(cube, asked, "ward")
    assert (wards["status"] != NOT_AVAILABLE).all()
    assert answer(
        cube, Question(rule(flags_all=["money", "carer", "justice"]), "ward", ("Ward 0",))
    ).sentence.startswith("Not available here; for the whole council")


def test_a_share_is_told_in_words() -> None:
    whole, cohort = node_id("council", ["cohort"]), node_id("data zone", ["cohort"])
    people = dict(zip(AREAS.index, (400, 300, 100, 100, 50, 50), strict=True))
    rows = [(cohort, code, "cohort=frequent-contact", count) for code, count in people.items()]
    rows.append((whole, COUNCIL, "cohort=frequent-contact", 1000))
    table = pd.DataFrame(rows, columns=["node", "area_code", "cell", "people"])
    cube = published(
        table.assign(geography="", contacts=pd.NA, people=table["people"].astype("Int64"), status="published"),
        AREAS,
        {"frequent-contact": LIBRARY["frequent-contact"]},
    )
    found = concentration(cube, LIBRARY["frequent-contact"].rule, list(AREAS.index[:2]))
    assert found.sentence == "70% of this cohort live in these 2 areas."
    assert 0.69 < found.low < 0.70 < found.high < 0.71
    assert concentration(cube, rule(age=["85+"]), [AREAS.index[0]]).sentence.startswith("Not available")


def test_where_counts_are_hidden_for_others_sake_a_suppressed_one_may_be_larger() -> None:
    zone = AREAS.index[0]
    total, service = node_id("data zone", []), node_id("data zone", ["service"])
    cube = drawn((total, zone, "", 400), (service, zone, "service=food", None), (service, zone, "service=advice", 30))
    asked = Question(rule(services_all=["food"]), "data zone", (zone,))
    larger = (node_id("locality", ["service"]), "Locality 0", "service=food", 60)
    near_locality = drawn((total, zone, "", 400), (service, zone, "service=food", None), larger)
    assert count_people(near_locality, asked).high == 9
    assert count_people(replace(near_locality, facts={"withheld_nodes": service}), asked).high == 62
    assert count_people(replace(cube, facts={"withheld_nodes": service}), asked).high == 402


def test_a_cohort_is_answered_in_under_a_tenth_of_a_second() -> None:
    _, cube = world(3)
    for cohort in LIBRARY.values():
        answer(cube, Question(cohort.rule))
        begun = time.process_time()
        answer(cube, Question(cohort.rule))
        assert time.process_time() - begun < 0.1
