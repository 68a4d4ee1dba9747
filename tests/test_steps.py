"""The practical steps follow what is loaded, saved and decided, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from decided import CHAIR, NURSE, POLICE, agree, ranked, sign

from prioritisation.folder import DataFolder
from prioritisation.steps import DONE, LOOK_AGAIN, TO_DO, UNDER_WAY, WAITING, Facts, Step, next_step, practical_steps
from prioritisation.store import Store
from prioritisation.workspace import Workspace, decisions, open_workspace

QUESTION, READY, PRIORITIES, WEIGHTS, SHORTLIST, PATCH, COHORTS, SIGNED = range(8)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.delenv("PRIORITISATION_WORKSPACE", raising=False)
    opened = open_workspace(DataFolder(tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def facts(demonstration: DataFolder, demonstration_store: Store) -> Facts:
    framework = ranked(demonstration).scenario.framework
    release = replace(demonstration_store.release, demonstration=False)
    return Facts("Strathmarra", 153, framework, release, (), counted=True, today=date(2026, 11, 23))


def stands(facts: Facts, workspace: Workspace) -> Facts:
    found = decisions.agreed(workspace)
    return replace(facts, agreed=found.scenario, shortlist=found.shortlist)


def states(facts: Facts) -> list[str]:
    return [step.state for step in practical_steps(facts)]


def step(facts: Facts, which: int) -> Step:
    return practical_steps(facts)[which]


def test_a_new_folder_has_everything_before_it(facts: Facts) -> None:
    assert states(facts) == [DONE, DONE, TO_DO, TO_DO, TO_DO, TO_DO, TO_DO, WAITING]
    coming = next_step(practical_steps(facts))
    assert coming is not None and coming.name == "Agree the priorities"
    assert "Which 15 of the 153 areas of Strathmarra" in step(facts, QUESTION).told
    assert "5,000 to 10,000 people" in step(facts, QUESTION).told


def test_demonstration_data_are_never_ready(facts: Facts) -> None:
    shown = replace(facts, release=replace(facts.release, demonstration=True), counted=False)
    assert step(shown, READY).state == UNDER_WAY
    assert "invented" in step(shown, READY).told and "not loaded yet" in step(shown, READY).told
    assert step(shown, COHORTS).state == WAITING


def test_an_indicator_that_is_not_loaded_is_to_do(facts: Facts) -> None:
    lacking = step(replace(facts, absent=("income_rate", "depress")), READY)
    assert (lacking.state, lacking.told) == (TO_DO, "2 of the 10 indicators that the framework uses are not loaded.")


def test_agreed_priorities_are_named(facts: Facts) -> None:
    agreed = replace(facts, framework=replace(facts.framework, status="agreed"))
    for each in (facts, agreed):
        action = step(each, PRIORITIES).action
        assert (action.page, action.query) == ("Method", {"tab": "indicators"})
    assert step(facts, QUESTION).action.query == {"tab": "rank"}
    assert step(agreed, PRIORITIES).state == DONE
    assert "Financial hardship" in step(agreed, PRIORITIES).told


def test_what_is_saved_or_open_is_under_way(facts: Facts) -> None:
    begun = replace(facts, scenarios=2, drafts=1, cohorts=1)
    assert [step(begun, which).state for which in (WEIGHTS, SHORTLIST, COHORTS)] == [UNDER_WAY] * 3
    assert step(begun, WEIGHTS).told == "2 scenarios are saved; none is agreed yet."
    assert step(begun, SHORTLIST).told == "1 draft is open; nothing is agreed yet."


def test_agreement_and_sign_off_complete_the_steps(
    facts: Facts, workspace: Workspace, demonstration: DataFolder
) -> None:
    ranking = ranked(demonstration)
    made = agree(workspace, ranking, also={"patch": {"areas": ["A"]}, "cohorts": ["c"]})
    agreed = stands(facts, workspace)
    assert states(agreed) == [DONE, DONE, TO_DO, DONE, DONE, DONE, DONE, TO_DO]
    assert step(agreed, WEIGHTS).action.query == {"decision": made.id}
    sign(workspace, NURSE, made)
    signed = step(stands(facts, workspace), SIGNED)
    assert (signed.state, signed.told) == (DONE, "Signed off by NHS.")
    seen = decisions.shortlist(workspace, made.id).agreed.id
    decisions.sign_off(workspace, POLICE, made.id, seen=seen, note="Subject to premises.")
    assert step(stands(facts, workspace), SIGNED).told == "Signed off by NHS; Police Scotland (with a note)."
    every = practical_steps(replace(stands(facts, workspace), framework=replace(facts.framework, status="agreed")))
    assert next_step(every) is None


def test_what_was_agreed_beside_the_list_is_named(
    facts: Facts, workspace: Workspace, demonstration: DataFolder
) -> None:
    cohorts = [{"id": "c", "name": "Several needs", "sentence": "Who"}]
    agree(workspace, ranked(demonstration), also={"patch": {"areas": ["A"]}, "cohorts": cohorts})
    agreed = stands(facts, workspace)
    assert step(agreed, PATCH).told == "A patch was agreed with the shortlist."
    assert (step(agreed, PATCH).action.page, step(agreed, PATCH).action.query) == (
        "Shortlist",
        {"tab": "neighbourhood"},
    )
    assert step(agreed, COHORTS).told == "Several needs, agreed with the shortlist."
    assert step(facts, PATCH).action.page == "Patch"


def test_a_changed_list_must_be_looked_at_again(facts: Facts, workspace: Workspace, demonstration: DataFolder) -> None:
    ranking = ranked(demonstration)
    made = agree(workspace, ranking, {"do": "drop", "code": ranking.areas[3].code})
    sign(workspace, NURSE, made)
    seen = decisions.shortlist(workspace, made.id).agreed.id
    code, soon = ranking.areas[4].code, date(2998, 1, 1)
    decisions.override(workspace, CHAIR, made.id, seen=seen, do="drop", code=code, reason="Served", review_on=soon)
    found = stands(facts, workspace)
    assert step(found, SHORTLIST).state == DONE
    assert "13 areas with 2 changes by people" in step(found, SHORTLIST).told
    assert step(found, SIGNED).state == LOOK_AGAIN
    assert "The list changed after NHS signed." in step(found, SIGNED).told
    later = replace(found, today=soon)
    assert step(later, SHORTLIST).state == LOOK_AGAIN
    assert "1 change is due to be reviewed." in step(later, SHORTLIST).told


def test_newer_data_ask_to_look_again(facts: Facts, workspace: Workspace, demonstration: DataFolder) -> None:
    ranking = ranked(demonstration)
    decisions.agree_scenario(workspace, CHAIR, ranking, seen=None)
    agree(workspace, ranking)
    newer = replace(stands(facts, workspace), release=replace(facts.release, id="r9999-new"))
    assert [step(newer, which).state for which in (WEIGHTS, SHORTLIST)] == [LOOK_AGAIN, LOOK_AGAIN]


def test_a_superseded_shortlist_is_to_do_again(facts: Facts, workspace: Workspace, demonstration: DataFolder) -> None:
    made = agree(workspace, ranked(demonstration))
    decisions.supersede(workspace, CHAIR, made.id, reason="Other data")
    assert states(stands(facts, workspace))[SHORTLIST:] == [TO_DO, TO_DO, TO_DO, WAITING]
