"""What people type is searched for identifiers of people, refused without being repeated, and else kept as typed."""

from __future__ import annotations

import random
from importlib import import_module

import pytest
from inert_texts import INERT
from made_identifiers import NOTATIONS, chi_numbers

from prioritisation.cohorts.rule import CohortRule
from prioritisation.contract import load_contract
from prioritisation.errors import UserError
from prioritisation.folder import REPOSITORY, TRACKED_DATA
from prioritisation.referrals.asking import PURPOSE
from prioritisation.workspace import Workspace, ballots, cohorts, knowledge, rounds
from prioritisation.workspace.texts import AUTHOR, NAME, NOTE, ORGANISATION, REASON, ROLE, Field, accepted

SENTENCES = ("{}", "Ask about {} at the next meeting.", "Agreed on 12 March 2026; see {}, then 3 areas in Ayr North.")
CLEAN = (
    "Agreed on 12 March 2026 with Police Scotland, to be looked at again on 1/6/2026.",
    "Weights 40, 30, 20, 10 and 12; ranks 1, 2, 3, 14, 15, 16, 27, 28, 39 and 40 of 153.",
    "S01012345 and S01012346 have 1,234 and 2,345 residents; 9.5% and 10.25% are over 75.",
    "From 2018 to 2022 the count rose from 1200 to 1350, by 12.5 per 1,000.",
    "Near KA7 1AB, around the two shops on the corner.",
    "25% / 25% / 25% / 25%; SIMD 2020v2; NRS 2011 data zones; release r0012-0a1b2c3d.",
    "1. Ayr North\n2. Girvan Glendoune\n3. Whitletts\n4. Lochside\n5. Dalmilling",
    "£1,250,000 in 2024/25 and £1,300,000 in 2025/26.",
)


def refused(text: str) -> UserError:
    with pytest.raises(UserError) as fault:
        accepted([(NAME, "Plain"), (NOTE, text), (AUTHOR, "HSCP")], "Nothing was saved.")
    return fault.value


@pytest.mark.parametrize("notation", [name for name in NOTATIONS if name not in ("kept as a formula",)])
def test_a_chi_number_in_any_notation_is_refused_and_not_repeated(notation: str) -> None:
    for number in (*chi_numbers(10, 5, 1), *chi_numbers(11, 5, 2)):
        written = NOTATIONS[notation](number)
        fault = refused(SENTENCES[1].format(written))
        assert [each.where for each in fault.faults] == ["note"]
        assert number not in str(fault) and written not in str(fault)


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("a National Insurance number", "AB123456C"),
        ("a National Insurance number", "ab 12 34 56 c"),
        ("an NHS number", "943 476 5919"),
        ("an e-mail address", "jean.smith@example.scot"),
        ("a telephone number", "01292 123456"),
        ("a telephone number", "+44 7700 900123"),
        ("a date of birth", "12/05/1956"),
        ("a date of birth", "May 12, 1956"),
        ("a date of birth", "12th of May 1956"),
    ],
)
def test_each_kind_is_named_and_not_repeated(kind: str, text: str, sentence: str) -> None:
    fault = refused(sentence.format(text))
    assert [each.found for each in fault.faults] == [f"holds what looks like {kind}."]
    assert text not in str(fault)
    assert fault.not_done == "Nothing was saved." and fault.faults[0].remedy


@pytest.mark.parametrize("text", [*CLEAN, *INERT])
def test_what_names_no_person_is_kept_as_typed(text: str) -> None:
    assert accepted([(NOTE, text)], "") == [text.strip()]


def test_lists_of_ranks_and_shares_are_no_numbers_of_people() -> None:
    drawn = random.Random(7)
    for _ in range(500):
        listed = ", ".join(str(drawn.randint(1, 6976)) for _ in range(drawn.randint(2, 9)))
        assert accepted([(NOTE, f"Ranks {listed}.")], "") == [f"Ranks {listed}."]


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        (NAME, "name: is empty. Write a name."),
        (REASON, "reason: is empty. Write a reason."),
        (ROLE, "role: is empty. Write a role."),
        (ORGANISATION, "organisation: is empty. Write an organisation."),
        (AUTHOR, "role or organisation: is empty. Write a role or organisation."),
        (rounds.QUESTION, "question: is empty. Write a question."),
        (ballots.ON_PAPER, "organisation on the paper: is empty. Choose it, or write its name."),
        (knowledge.WORDS, "answer to “What is known?”: is empty. Write what is known."),
        (knowledge.SOURCE, "source: is empty. Write where it is from."),
        (knowledge.WHY, "reason: is empty. Write a reason."),
        (
            cohorts.WHY,
            "reason to look at these people: is empty. Write a reason to look at these people.",
        ),
        (PURPOSE, "purpose: is empty. Write a purpose."),
    ],
)
def test_an_empty_box_is_said_in_plain_english(field: Field, asked: str) -> None:
    with pytest.raises(UserError) as refused:
        accepted([(field, " ")], "")
    assert [str(fault) for fault in refused.value.faults] == [asked]


def test_every_box_that_must_be_filled_is_in_the_list_above() -> None:
    modules = [import_module(f"prioritisation.{name}") for name in _modules_with_fields()]
    every = {each for module in modules for each in vars(module).values() if isinstance(each, Field) and each.required}
    (listed,) = [mark for mark in test_an_empty_box_is_said_in_plain_english.pytestmark if mark.name == "parametrize"]
    assert every == {field for field, _ in listed.args[1]}


def _modules_with_fields() -> list[str]:
    package = REPOSITORY / "prioritisation"
    holding = [path for path in package.rglob("*.py") if "= Field(" in path.read_text(encoding="utf-8")]
    return [".".join(path.relative_to(package).with_suffix("").parts) for path in holding]


def test_no_text_that_is_saved_goes_unsearched(workspace: Workspace) -> None:
    rule = CohortRule.from_record({"sex": ["male"]}, load_contract(TRACKED_DATA / "catalogue"))
    hidden = "jean.smith@example.scot"
    for place in ("name", "why", "by"):
        given = {"name": "Men", "why": "To see", "by": "HSCP"} | {place: f"as {hidden} said"}
        with pytest.raises(UserError, match="an e-mail address") as fault:
            cohorts.save(workspace, rule=rule, **given)
        assert hidden not in str(fault.value)
    assert cohorts.listed(workspace) == []
