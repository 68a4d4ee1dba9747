"""What other processes do in the workspace's tests; kept apart so that a new process imports little."""

from __future__ import annotations

import itertools
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.framework import Framework, IndicatorShare, Normalisation, Priority
from prioritisation.scenario import Scenario
from prioritisation.workspace import Workspace, ballots, decisions, drafts, open_workspace, records, rounds, scenarios
from prioritisation.workspace.overrides import RankedArea

HOUSING = Priority("housing", "Housing", "Who has no home?", 0.25, (IndicatorShare("overcrowded", 1.0),))
MONEY = Priority(
    "money",
    "Money",
    "Who is short of money?",
    0.75,
    (IndicatorShare("income_rate", 1 / 3), IndicatorShare("employment_rate", 2 / 3, "higher_is_worse")),
)
FRAMEWORK = Framework(
    "drawn", "Drawn for tests", "placeholder", "arithmetic", Normalisation(), 3, (5000, 10000), (HOUSING, MONEY)
)
SCENARIO = Scenario.starting(FRAMEWORK)


def saved(workspace: Workspace, name: str = "First", by: str = "Council, chair") -> scenarios.SavedScenario:
    return scenarios.save(workspace, name=name, note="", scenario=SCENARIO, release_id="r1", by=by)


def open_once(folder: Path, url: str | None, together: Barrier, answer: Connection) -> None:
    """Open a workspace that may not be there yet, at the same moment as others, and save one scenario."""
    together.wait(30)
    answer.send(saved(open_workspace(DataFolder(folder), url=url)).id)


def add_and_bump(folder: Path, url: str | None, shared: str, times: int, answer: Connection) -> None:
    """Save scenarios of one's own, and rename a shared one as often, opening it again after each conflict."""
    workspace, made = open_workspace(DataFolder(folder), url=url), []
    for _ in range(times):
        made.append(saved(workspace).id)
        while True:
            seen = scenarios.get(workspace, shared)
            try:
                scenarios.rename(workspace, shared, seen.version, name=seen.name, note=made[-1], by="A partner")
                break
            except scenarios.Conflict:
                continue
    answer.send(made)


def save_until_killed(folder: Path, url: str | None, answer: Connection) -> None:
    """Save without end, and report each id as soon as it counts as stored."""
    workspace = open_workspace(DataFolder(folder), url=url)
    answer.send("")
    while True:
        try:
            answer.send(saved(workspace).id)
        except UserError as refused:
            answer.send(f"refused: {refused.found}")


def draw_until_killed(folder: Path, url: str | None, answer: Connection) -> None:
    """Vote, save scenarios and decide on them without end; report each as soon as it counts as stored.

    Of a vote: its token and which one of that token's it was, as "TOKEN 3".
    """
    workspace = open_workspace(DataFolder(folder), url=url)
    who = records.Who("Chair", "Council")
    asked = rounds.open_round(workspace, who, scenario=SCENARIO, release_id="r1", name="Spring", expected=1)
    token = ballots.join(workspace, asked.id, "Council")
    answer.send(("", ""))
    for turn in itertools.count(1):
        try:
            vote = ballots.vote(workspace, token, weights=[turn % 100, 100])
            answer.send(("vote", f"{token} {vote.version}"))
            answer.send(("scenario", saved(workspace).id))
            draft = drafts.begin(workspace, who, ranking())
            seen = decisions.agreed(workspace).shortlist
            made = decisions.agree_shortlist(
                workspace, who, draft.id, draft.version, ranking(), seen=seen.id if seen else None
            )
            answer.send(("decision", made.id))
            answer.send(("decision", decisions.note(workspace, who, made.id, text="Heard").id))
        except UserError as refused:
            if not isinstance(refused, records.Conflict):
                answer.send(("refused", refused.found))


def ranking(scenario: Scenario = SCENARIO, release: str = "r1") -> records.Computed:
    """Six areas, the last one not scored."""
    areas = [
        RankedArea(f"A{place}", f"Area {place}", "North", 100 * place, place if place < 6 else None, 90.5 - place)
        for place in range(1, 7)
    ]
    areas[-1] = replace(areas[-1], score=None)
    return records.Computed(scenario, {"id": release, "demonstration": True}, tuple(areas))
