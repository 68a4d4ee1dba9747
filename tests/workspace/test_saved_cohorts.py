"""Saved cohorts: a rule is kept as it is, names are changed without overwriting anybody; on both databases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from workspace_places import Place

from prioritisation.cohorts.library import Cohort
from prioritisation.cohorts.rule import CohortRule
from prioritisation.contract import load_contract
from prioritisation.errors import UserError
from prioritisation.workspace import Workspace, cohorts
from prioritisation.workspace.faults import NOTHING_SAVED

CONTRACT = load_contract(Path(__file__).resolve().parent.parent.parent / "data" / "catalogue")
RULE = CohortRule.from_record({"age": ["75-84", "85+"], "services_all": ["home_care"]}, CONTRACT)
OTHER = CohortRule.from_record({"partners_at_least": 3}, CONTRACT)


def saved(workspace: Workspace, name: str = "Older, home care", rule: CohortRule = RULE) -> cohorts.SavedCohort:
    return cohorts.save(workspace, name=name, why="To stay well at home", rule=rule, by="HSCP")


def test_a_saved_cohort_comes_back_after_a_restart_as_the_library_s_are(place: Place) -> None:
    first = place.open()
    kept = saved(first, " Older, home care ")
    first.close()
    again = place.open()
    assert cohorts.get(again, kept.id) == kept
    assert (kept.name, kept.author, kept.version, kept.archived) == ("Older, home care", "HSCP", 1, False)
    made = kept.cohort(CONTRACT)
    assert (made.id, made.rule) == (kept.cohort_id, RULE)
    again.close()


def test_the_oldest_comes_first_and_the_archive_apart(workspace: Workspace) -> None:
    first, second = saved(workspace), saved(workspace, "Three partners", OTHER)
    assert [row.id for row in cohorts.listed(workspace)] == [first.id, second.id]
    cohorts.archive(workspace, first.id, 1, by="HSCP")
    assert [row.id for row in cohorts.listed(workspace)] == [second.id]
    assert [row.id for row in cohorts.listed(workspace, archived=True)] == [first.id]
    assert len(cohorts.listed(workspace, archived=None)) == 2


def test_who_changes_what_somebody_changed_before_is_told_and_overwrites_nothing(workspace: Workspace) -> None:
    mine = saved(workspace)
    theirs = cohorts.rename(workspace, mine.id, 1, name="Older", why=mine.why, by="Police Scotland")
    with pytest.raises(
        cohorts.CohortConflict, match=r"changed by Police Scotland on .* after you opened it"
    ) as refused:
        cohorts.rename(workspace, mine.id, 1, name="Oldest", why=mine.why, by="NHS")
    assert [fault.where for fault in refused.value.faults] == ["name"]
    assert refused.value.current == theirs == cohorts.get(workspace, mine.id)
    with pytest.raises(cohorts.CohortConflict):
        cohorts.archive(workspace, mine.id, 1, by="NHS")
    assert cohorts.rename(workspace, mine.id, 1, name="Older", why=mine.why, by="NHS") == theirs


def test_one_rule_is_saved_once_until_it_is_archived(workspace: Workspace) -> None:
    first = saved(workspace)
    with pytest.raises(UserError, match="saved already, as 'Older, home care'") as refused:
        saved(workspace, "Again")
    assert refused.value.not_done == NOTHING_SAVED
    cohorts.archive(workspace, first.id, 1, by="HSCP")
    second = saved(workspace, "Again")
    with pytest.raises(UserError, match="saved already"):
        cohorts.archive(workspace, first.id, 2, by="HSCP", archived=False)
    cohorts.archive(workspace, second.id, 1, by="HSCP")
    assert not cohorts.archive(workspace, first.id, 2, by="HSCP", archived=False).archived


def test_a_rule_saved_again_goes_on_under_the_id_that_releases_know(workspace: Workspace) -> None:
    first = saved(workspace)
    cohorts.archive(workspace, first.id, 1, by="HSCP")
    second, other = saved(workspace, "Again"), saved(workspace, "Three partners", OTHER)
    assert second.id != first.id
    assert second.cohort_id == first.cohort_id != other.cohort_id
    assert first.cohort_id.startswith(cohorts.COUNTED_AS)


def test_what_cannot_be_kept_is_refused(workspace: Workspace) -> None:
    with pytest.raises(UserError) as refused:
        cohorts.save(workspace, name="", why="x" * 401, rule=RULE, by=" ")
    assert [fault.where for fault in refused.value.faults] == ["name", cohorts.WHY.what, "role or organisation"]
    with pytest.raises(UserError, match="everyone known"):
        saved(workspace, "All", CohortRule())
    for link in ("", "nobody", "' OR 1=1 --", "a\0b"):
        with pytest.raises(UserError, match="no saved cohort under this link"):
            cohorts.get(workspace, link)
    row = saved(workspace)
    cohorts.archive(workspace, row.id, 1, by="HSCP")
    with pytest.raises(UserError, match="is archived"):
        cohorts.rename(workspace, row.id, 2, name="Other", why="Other", by="HSCP")


def test_a_rule_of_values_that_the_contract_lost_is_refused_when_opened(workspace: Workspace) -> None:
    row = saved(workspace)
    fewer = {name: each for name, each in CONTRACT.services.items() if name != "home_care"}
    lost = type(CONTRACT)(**{**vars(CONTRACT), "services": fewer})
    with pytest.raises(UserError, match="rule cannot be used"):
        row.cohort(lost)
    assert json.loads(row.rule) == RULE.to_record()


def test_a_publish_counts_the_library_and_what_is_saved_beside_it(workspace: Workspace) -> None:
    library = {"partners-3": Cohort("partners-3", "Three partners", "?", OTHER)}
    kept, _ = saved(workspace), saved(workspace, "As in the library", OTHER)
    archived = saved(workspace, "Old", CohortRule.from_record({"sex": ["male"]}, CONTRACT))
    cohorts.archive(workspace, archived.id, 1, by="HSCP")
    assert list(cohorts.to_count(workspace, library, CONTRACT)) == ["partners-3", kept.cohort_id]
    fewer = {name: each for name, each in CONTRACT.services.items() if name != "home_care"}
    lost = type(CONTRACT)(**{**vars(CONTRACT), "services": fewer})
    assert list(cohorts.to_count(workspace, library, lost)) == ["partners-3"]
