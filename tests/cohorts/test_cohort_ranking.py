"""Cohorts ranked as areas are: a fixed scale, their own services left out, and said when too little is known."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import pytest
from drawn_people import CATALOGUE, CONTRACT, LIBRARY, Person, cube_of, drawn_areas, drawn_people, meets
from test_cohort_rule import rule

from prioritisation.catalogue import load_catalogue
from prioritisation.cohort_ranking import CohortRanking, contact_framework, defines, open_cube, rank_cohorts
from prioritisation.cohorts.library import Cohort
from prioritisation.cohorts.published import PublishedCube
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.scenario import Scenario
from prioritisation.store import open_store

AREAS = drawn_areas(6)
CATALOGUED = load_catalogue(CATALOGUE)
SCENARIO = Scenario.starting(CATALOGUED.frameworks["south-ayrshire-int-contacts"])
MANY = {each.id: each for each in LIBRARY.values()}
ADDED = Cohort("added", "Older people with a need", "?", rule(age=["75-84", "85+"], flags_any=["money", "carer"]))


@lru_cache
def world(added: bool = False, residents: int | None = 400) -> tuple[list[Person], PublishedCube]:
    people = drawn_people(900, 6, 11)
    return people, cube_of(people, AREAS, MANY | {"added": ADDED} if added else MANY, residents=residents)


def ranking(added: bool = False, scenario: Scenario = SCENARIO, residents: int | None = 400) -> CohortRanking:
    return rank_cohorts(world(added, residents)[1], scenario, CATALOGUED, shortlist=["DZ000", "DZ001"])


def test_a_value_is_the_cohort_s_share_over_that_of_residents_of_its_ages() -> None:
    people, _ = world()
    made = ranking()
    older = LIBRARY["older-admissions-home-care"].rule
    for cohort, indicator, service in (
        ("partners-3", "housing_application_people", "housing_application"),
        ("frequent-contact", "home_care_people", "home_care"),
        (older, "council_tax_arrears_people", "council_tax_arrears"),
    ):
        name = cohort if isinstance(cohort, str) else "older-admissions-home-care"
        wanted = LIBRARY[name].rule
        inside = [one for one in people if meets(one, wanted)]
        residents = [one for one in people if not wanted.age or one.age in wanted.age]
        ages = len(wanted.age) or len(CONTRACT.age_bands) - 1
        share = sum(service in one.services for one in inside) / max(len(inside), 1)
        expected = share / (sum(service in one.services for one in residents) / (400 * 6 * ages))
        found = made.ratios.loc[name, indicator]
        assert math.isnan(found) or found == pytest.approx(expected, rel=0.35)  # both are made of rounded counts
    assert made.ratios.notna().sum().sum() >= 15


def test_a_cohort_as_likely_as_residents_scores_fifty_and_each_doubling_seven_more() -> None:
    made = ranking()
    parts = made.framework.priorities
    for place, row in enumerate(made.ratios.itertuples(index=False)):
        values = dict(zip(made.ratios.columns, row, strict=True))
        for number, priority in enumerate(parts):
            known = [(part.share, values[part.id]) for part in priority.indicators if not math.isnan(values[part.id])]
            score = made.scores.priority_scores[place, number]
            if not math.isnan(score):
                doublings = sum(s * max(-7, min(7, math.log2(v))) for s, v in known) / sum(s for s, _ in known)
                assert score == pytest.approx(50 + 50 / 7 * doublings, abs=0.06)


def test_adding_a_cohort_moves_no_other() -> None:
    before, after = ranking().table().set_index("id"), ranking(added=True).table().set_index("id")
    scored = [*before.columns[before.columns.get_loc("score") : before.columns.get_loc("low")]]
    assert "added" in after.index
    assert before[scored].equals(after.loc[before.index, scored])
    assert list(before.index) == [name for name in after.index if name != "added"]


def test_what_defines_a_cohort_is_left_out_of_its_score_and_named() -> None:
    made = ranking()
    table = made.table().set_index("id")
    left_out = dict(zip(table.index, table["left_out"], strict=True))
    assert left_out["partners-3"] == left_out["frequent-contact"] == ""
    assert left_out["older-admissions-home-care"] == "People with care at home"
    assert "mental health" in left_out["homelessness-mental-health"].lower()
    assert made.ratios.loc["homelessness-mental-health", ["homelessness_people", "mental_health_people"]].isna().all()
    assert "because they define it" in table.loc["substances-police-concern", "note"]
    by_service = CATALOGUED.contact_indicators["alcohol_drug_recovery_people"]
    assert defines(by_service, LIBRARY["substances-police-concern"].rule, world()[1])  # the service stands for the need
    assert not defines(by_service, LIBRARY["partners-3"].rule, world()[1])


def test_with_less_than_half_known_a_cohort_is_not_scored_and_says_why() -> None:
    table = ranking().table().set_index("id")
    row = table.loc["older-admissions-home-care"]
    assert math.isnan(row["score"])
    assert "Not scored: less than half is known for" in row["note"]
    assert "Housing and homelessness (not published: " in row["note"]
    assert "People applying for housing" in row["note"].split("Left out")[0]
    assert "People with care at home" not in row["note"].split("Left out")[0]  # which defines it, and is no gap to mend
    assert row["stability"] == "Not scored"
    assert row["score_lowest"] < row["score_highest"]
    money_alone = SCENARIO.with_weights([1, 0, 0, 0])
    again = ranking(scenario=money_alone).table().set_index("id")
    assert not math.isnan(again.loc["several-needs", "score"])


@pytest.mark.parametrize("cohort", LIBRARY.values(), ids=lambda each: each.id)
def test_what_defines_a_cohort_of_the_library_leaves_half_of_each_priority(cohort: Cohort) -> None:
    for priority in contact_framework(SCENARIO.framework, CATALOGUED).priorities:
        others = [
            each.share
            for each in priority.indicators
            if not defines(CATALOGUED.contact_indicators[each.id], cohort.rule, world()[1])
        ]
        assert sum(others) >= 0.5 - 1e-9, priority.name


def test_five_of_the_library_s_six_are_scored_in_the_demonstration(demonstration_with_people: DataFolder) -> None:
    with open_store(demonstration_with_people) as store:
        table = rank_cohorts(open_cube(store, CATALOGUE), SCENARIO, CATALOGUED).table().set_index("id")
    assert list(table.index[table["rank"].isna()]) == ["older-admissions-home-care"]
    assert "Housing and homelessness (not published: " in table.loc["older-admissions-home-care", "note"]


def test_a_cohort_whose_own_cells_are_hidden_is_told_by_others_that_say_the_same() -> None:
    _, cube = world()
    hidden = {
        key: {text: None if "cohort=partners-3" in text else count for text, count in cells.items()}
        for key, cells in cube.cells.items()
    }
    without = rank_cohorts(replace(cube, cells=hidden), SCENARIO, CATALOGUED).ratios.loc["partners-3"]
    own = rank_cohorts(cube, SCENARIO, CATALOGUED).ratios.loc["partners-3"]
    both = without.notna() & own.notna()
    assert both.sum() >= 3
    assert without[both].to_numpy() == pytest.approx(own[both].to_numpy(), rel=0.2)  # sums of rounded counts


def test_size_reach_and_concentration_hold_the_truth() -> None:
    people, _ = world()
    for row in ranking().table().itertuples():
        inside = [one for one in people if meets(one, LIBRARY[row.id].rule)]
        assert row.low <= len(inside) <= row.high
        assert math.isnan(row.share_of_known) or row.share_of_known == pytest.approx(len(inside) / 900, abs=0.01)
        share = sum(one.area in ("DZ000", "DZ001") for one in inside) / len(inside)
        assert row.share_in_shortlist_low <= share <= row.share_in_shortlist_high


def test_the_framework_without_contacts_borrows_the_indicators_of_the_one_with_the_same_priorities() -> None:
    plain = Scenario.starting(CATALOGUED.frameworks["south-ayrshire-int"])
    assert ranking(scenario=plain).scores.score.tolist() == pytest.approx(ranking().scores.score.tolist(), nan_ok=True)
    with pytest.raises(UserError, match="has contact indicators for each of them"):
        ranking(scenario=Scenario.starting(CATALOGUED.frameworks["simd2020"]))


def test_without_residents_by_age_it_compares_with_people_known() -> None:
    made = ranking(residents=None)
    assert made.against == "people known of the same age group"
    assert ranking().against == "residents of the same age group"


def test_a_release_without_cohorts_is_refused_in_words() -> None:
    cube = replace(world()[1], cohorts={})
    with pytest.raises(UserError, match="has not counted any cohort"):
        rank_cohorts(cube, SCENARIO, CATALOGUED)
