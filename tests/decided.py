"""A workspace with everything that can be decided on a demonstration's ranking, made step by step by tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from prioritisation.catalogue import load_catalogue
from prioritisation.folder import DataFolder
from prioritisation.prioritise import prioritise
from prioritisation.scenario import Scenario
from prioritisation.shortlist import computed
from prioritisation.store import open_store
from prioritisation.workspace import Workspace, decisions, drafts
from prioritisation.workspace.records import Computed, Decision, Who

CHAIR, NURSE, POLICE = Who("Chair", "Council"), Who("Nurse lead", "NHS"), Who("Inspector", "Police Scotland")
FAR = date(2999, 1, 1)


def ranked(folder: DataFolder, *weights: float) -> Computed:
    """Rank the folder's current release by its first framework, under other weights where given."""
    framework = next(iter(load_catalogue(folder.catalogue).frameworks.values()))
    scenario = Scenario.starting(framework)
    with open_store(folder) as store:
        return computed(prioritise(store, scenario.with_weights(weights) if weights else scenario))


def agree(
    workspace: Workspace, ranking: Computed, *overrides: dict[str, Any], seen: str | None = None, **more: Any
) -> Decision:
    """Agree a shortlist with overrides, each from do, code and to."""
    draft = drafts.begin(workspace, CHAIR, ranking)
    for each in overrides:
        given = {"reason": "Heard there", "review_on": FAR} | each
        draft = drafts.override(workspace, draft.id, draft.version, NURSE, ranking.areas, **given)
    return decisions.agree_shortlist(workspace, CHAIR, draft.id, draft.version, ranking, seen=seen, **more)


def sign(workspace: Workspace, who: Who, shortlist: Decision) -> Decision:
    """Sign the list off as it is now."""
    seen = decisions.shortlist(workspace, shortlist.id).agreed.id
    return decisions.sign_off(workspace, who, shortlist.id, seen=seen)
