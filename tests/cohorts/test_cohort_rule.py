"""Rules: one form for those who mean the same, plain words, and every fault at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from drawn_people import CATALOGUE, CONTRACT, LIBRARY, drawn_people, meets
from hypothesis import given, settings
from hypothesis import strategies as st

from prioritisation.cohorts.library import load_cohorts
from prioritisation.cohorts.rule import CohortRule, Condition, implied_by
from prioritisation.cohorts.wording import sentence
from prioritisation.errors import UserError


def some(values: Any) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(list(values)), min_size=1, max_size=3)


RECORDS = st.fixed_dictionaries(
    {},
    optional={
        "age": some(CONTRACT.age_bands),
        "sex": some(CONTRACT.sexes),
        "services_any": some(CONTRACT.services),
        "services_all": some(CONTRACT.services),
        "flags_any": some(CONTRACT.flags),
        "flags_all": some(CONTRACT.flags),
        "flags_at_least": st.integers(1, 3),
        "partners_any": some(CONTRACT.partners),
        "partners_all": some(CONTRACT.partners),
        "partners_at_least": st.integers(1, 6),
        "contacts_band": some(["1-4", "5-11", "12-23", "24+"]),
    },
)
PEOPLE = drawn_people(120, 4, 5)


def rule(**record: Any) -> CohortRule:
    return CohortRule.from_record(record, CONTRACT)


@given(RECORDS)
def test_a_rule_and_its_record_are_the_same(record: dict[str, Any]) -> None:
    made = CohortRule.from_record(record, CONTRACT)
    assert CohortRule.from_record(made.to_record(), CONTRACT) == made


@settings(deadline=None)
@given(RECORDS)
def test_the_structure_names_the_same_people_as_the_fields(record: dict[str, Any]) -> None:
    made = CohortRule.from_record(record, CONTRACT)
    plain = CohortRule(**{name: tuple(value) if isinstance(value, list) else value for name, value in record.items()})
    if "flags_at_least" in record:
        plain = CohortRule(**{**vars(plain), "flags_of": tuple(CONTRACT.flags)})
    for person in PEOPLE:
        by_structure = all(
            len(person.held[on] & set(values)) >= least for on, least, values in made.structure(CONTRACT)
        )
        assert by_structure == meets(person, made) == meets(person, plain)


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({}, "Everyone known to any partner in the last 12 months"),
        (
            {"age": ["85+", "75-84"], "services_all": ["emergency_admission", "home_care"]},
            "People aged 75 or over, with home care and an emergency admission, in the last 12 months",
        ),
        ({"partners_at_least": 3}, "People in contact with 3 or more partners, in the last 12 months"),
        (
            {"flags_all": ["homelessness", "mental_health"]},
            "People whose needs include homelessness and mental health, in the last 12 months",
        ),
        (
            {"age": ["16-24", "25-44", "65-74", "not known"], "sex": ["female"]},
            "People aged 16 to 44 or 65 to 74 or whose age is not known, recorded as female, in the last 12 months",
        ),
        (
            {"services_any": ["ae_attendance", "crisis_grant", "food"], "contacts_band": ["12-23", "24+"]},
            "People with a Scottish Welfare Fund crisis grant, an A&E attendance or food support, "
            "with 12 or more contacts, in the last 12 months",
        ),
        (
            {"flags_at_least": 2, "flags_of": ["money", "carer", "justice"], "partners_any": ["police", "nhs"]},
            "People whose needs include at least 2 of justice; money; carer, in contact with NHS or Police Scotland, "
            "in the last 12 months",
        ),
    ],
)
def test_a_rule_reads_as_a_sentence(record: dict[str, Any], words: str) -> None:
    assert sentence(CohortRule.from_record(record, CONTRACT), CONTRACT) == words


def test_rules_that_mean_the_same_are_equal() -> None:
    assert rule(services_any=["food"]) == rule(services_all=["food", "food"])
    assert rule(flags_at_least=2, flags_of=["money", "carer"]) == rule(flags_all=["carer", "money"])
    assert rule(flags_at_least=1, flags_of=["money", "carer"]) == rule(flags_any=["carer", "money"])
    assert rule(age=list(CONTRACT.age_bands), partners_at_least=1) == CohortRule()
    assert rule(services_all=["food"], services_any=["food", "advice"]) == rule(services_all=["food"])


def test_every_fault_is_named_at_once_with_a_remedy() -> None:
    record = {
        "not_flags": ["money"],
        "age": "75+",
        "sex": ["man"],
        "services_all": [],
        "services_any": ["home_cars"],
        "flags_of": ["money"],
        "partners_at_least": 7,
        "contacts_band": [24],
    }
    with pytest.raises(UserError) as refused:
        CohortRule.from_record(record, CONTRACT)
    text = str(refused.value)
    assert len(refused.value.faults) == 8
    for part in ("no NOT and no free range", "Perhaps 'home_care'", "flags_at_least = 2", "from 1 to 6", '["0-15"]'):
        assert part in text
    with pytest.raises(UserError, match="not a table"):
        CohortRule.from_record(["age"], CONTRACT)


LETTERS = st.lists(st.sampled_from("abcd"), min_size=1, unique=True)


@given(LETTERS, LETTERS, st.integers(1, 4), st.integers(1, 4), st.sets(st.sampled_from("abcd")))
def test_what_is_implied_holds_for_everybody(
    wanted: list[str], given_: list[str], needs: int, has: int, held: set[str]
) -> None:
    one, other = Condition("flags", needs, tuple(wanted)), Condition("flags", has, tuple(given_))
    if implied_by(one, other) and len(held & set(given_)) >= has:
        assert len(held & set(wanted)) >= needs


def test_leaving_a_condition_out_gives_back_the_rule_without_it() -> None:
    whole = rule(age=["85+"], services_all=["food", "advice"], flags_any=["money", "carer"], partners_at_least=3)
    left = whole
    for condition in whole.structure(CONTRACT):
        left = left.without(condition)
        assert condition not in left.structure(CONTRACT)
    assert left == CohortRule()


def test_the_library_covers_what_was_asked_for_and_every_file_says_why() -> None:
    assert set(LIBRARY) == {
        "partners-3",
        "homelessness-mental-health",
        "older-admissions-home-care",
        "substances-police-concern",
        "several-needs",
        "frequent-contact",
    }
    assert all(len(each.why) > 40 for each in LIBRARY.values())
    assert LIBRARY["several-needs"].rule.flags_at_least == 2


def test_a_faulty_library_is_refused_with_every_fault_of_every_file(tmp_path: Path) -> None:
    folder = tmp_path / "cohorts"
    folder.mkdir()
    (folder / "a.toml").write_text('id = "x y"\nname = ""\ncolour = 1\n[rule]\nage = ["90+"]\n', encoding="utf-8")
    (folder / "b.toml").write_text("id = \n", encoding="utf-8")
    (folder / "c.toml").write_bytes(b"\xff\xfe")
    (folder / "d.toml").write_text('id = "all"\nname = "All"\nwhy = "?"\n[rule]\n', encoding="utf-8")
    for name in ("e", "f"):
        (folder / f"{name}.toml").write_text('id = "e"\nname = "E"\nwhy = "?"\n[rule]\nage = ["85+"]\n', "utf-8")
    with pytest.raises(UserError) as refused:
        load_cohorts(tmp_path, CONTRACT)
    found = {fault.where.split(",")[0].split(" ")[0] for fault in refused.value.faults}
    assert found == {"a.toml", "b.toml", "c.toml", "d.toml", "f.toml"}
    assert len(refused.value.faults) == 9
    assert load_cohorts(CATALOGUE, CONTRACT) == LIBRARY
