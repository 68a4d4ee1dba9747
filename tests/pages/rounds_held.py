"""A round of votes for tests: opened, joined and voted in, as participants and a facilitator would."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from opened import REPOSITORY
from streamlit.testing.v1 import AppTest

from prioritisation.catalogue import load_catalogue
from prioritisation.folder import DataFolder
from prioritisation.scenario import Scenario
from prioritisation.workspace import Workspace
from prioritisation.workspace.ballots import join, vote
from prioritisation.workspace.records import Who
from prioritisation.workspace.rounds import Round, open_round, reveal

CHAIR = Who("Chair", "Council")
APART = (("Council", (70, 10, 10, 10)), ("NHS", (10, 70, 10, 10)), ("Police Scotland", (10, 10, 70, 10)))


def hold(workspace: Workspace, folder: DataFolder, **given: Any) -> Round:
    """Open a round on the framework's own choices."""
    scenario = Scenario.starting(next(iter(load_catalogue(folder.catalogue).frameworks.values())))
    release = folder.published().current or ""
    wanted: dict[str, Any] = {"name": "November", "expected": 3, "scenario": scenario, "release_id": release}
    return open_round(workspace, CHAIR, **wanted | {"demonstration": True} | given)


def cast(workspace: Workspace, current: Round, votes: Sequence[tuple[str, Sequence[float]]], reason: str = "") -> str:
    """Join and vote for each organisation; return the last one's token."""
    token = ""
    for organisation, weights in votes:
        token = join(workspace, current.id, organisation)
        vote(workspace, token, weights=list(weights), reason=reason)
    return token


def revealed(workspace: Workspace, folder: DataFolder, votes: Sequence[tuple[str, Sequence[float]]] = APART) -> Round:
    """Return a round with these votes, revealed."""
    current = hold(workspace, folder)
    cast(workspace, current, votes, reason="Because")
    return reveal(workspace, CHAIR, current.id)


def phone(**link: str) -> AppTest:
    """Open the Vote page as `prioritisation votes` serves it."""
    test = AppTest.from_file(REPOSITORY / "prioritisation" / "ui" / "vote" / "app.py", default_timeout=60)
    for key, value in link.items():
        test.query_params[key] = value
    return test.run()


def ballot_of(test: AppTest) -> Mapping[str, Any]:
    """What the ballot was given."""
    return json.loads(_ballot(test).json)


def has_ballot(test: AppTest) -> bool:
    return bool(test.get("bidi_component"))


def send(test: AppTest, weights: Sequence[object], reason: str = "", after: int = 0, at: str = "1") -> AppTest:
    """Send a vote as the ballot does: as a new state of the component."""
    states = test._tree.get_widget_states()
    sent = {"vote": {"weights": list(weights), "reason": reason, "after": after, "at": at}}
    states.widgets.add(id=_ballot(test).id, json_value=json.dumps(sent))
    return test._run(states)


def _ballot(test: AppTest) -> Any:
    return test.get("bidi_component")[0].proto
