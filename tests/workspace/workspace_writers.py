"""What other processes do in the workspace's tests; kept apart so that a new process imports little."""

from __future__ import annotations

from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.framework import Framework, IndicatorShare, Normalisation, Priority
from prioritisation.scenario import Scenario
from prioritisation.workspace import Workspace, open_workspace, scenarios

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
