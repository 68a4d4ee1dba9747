"""The command line over decisions and their log: read by people and programs, and a broken log refused."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from prioritisation import cli
from prioritisation.folder import DataFolder
from prioritisation.framework import Framework, IndicatorShare, Normalisation, Priority
from prioritisation.scenario import Scenario
from prioritisation.workspace import audit, decisions, drafts, open_workspace, records
from prioritisation.workspace.overrides import RankedArea

NEED = Priority("need", "Need", "Who is in need?", 1.0, (IndicatorShare("income_rate", 1.0),))
SCENARIO = Scenario.starting(Framework("drawn", "Drawn", "agreed", "arithmetic", Normalisation(), 2, None, (NEED,)))
AREAS = tuple(RankedArea(f"A{n}", f"Area {n}", "North", 100, n, 100.0 - n) for n in (1, 2, 3))
RANKING = records.Computed(SCENARIO, {"id": "r1", "demonstration": True}, AREAS)
CHAIR, NURSE = records.Who("Chair", "Council"), records.Who("Nurse lead", "NHS")


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli.main, [*arguments, "--data", str(folder)])


@pytest.fixture
def decided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    """A folder whose workspace holds a shortlist with an override and a sign-off, and the shortlist's id."""
    monkeypatch.delenv("PRIORITISATION_WORKSPACE", raising=False)
    workspace = open_workspace(DataFolder(tmp_path))
    draft = drafts.begin(workspace, CHAIR, RANKING)
    draft = drafts.override(
        workspace,
        draft.id,
        1,
        NURSE,
        AREAS,
        do="add",
        code="A3",
        to=1,
        reason="Heard there",
        review_on=date(2999, 1, 1),
    )
    made = decisions.agree_shortlist(workspace, CHAIR, draft.id, 2, RANKING, seen=None, reason="Voted")
    seen = decisions.shortlist(workspace, made.id).agreed.id
    decisions.sign_off(workspace, NURSE, made.id, seen=seen)
    decisions.note(workspace, NURSE, made.id, text="For the minutes")
    workspace.close()
    return tmp_path, made.id


def test_decisions_are_listed_newest_first(decided: tuple[Path, str]) -> None:
    lines = run(decided[0], "decisions", "list").stdout.splitlines()
    said = [re.sub(r"of \d+ \w+ \d{4}", "of a day", line.split("UTC  ")[1]) for line in lines]
    assert said == [
        "A note was added to the agreed shortlist of a day. By Nurse lead, NHS (not verified).",
        "NHS signed off the shortlist of 3 areas. By Nurse lead, NHS (not verified).",
        "Area 3 was added to the shortlist, at position 1, to be looked at again by 1 January 2999."
        " By Nurse lead, NHS (not verified).",
        "A shortlist of 3 areas was agreed, with 1 change by people. By Chair, Council (not verified).",
    ]


def test_a_shortlist_is_shown_as_it_stands(decided: tuple[Path, str]) -> None:
    shown = run(decided[0], "decisions", "show", decided[1]).stdout
    for words in (
        "A shortlist of 3 areas was agreed",
        "Reason: Voted",
        "It stands.",
        "   1  Area 3 (A3): rank 3, score 97.0; added",
        "   2  Area 1 (A1): rank 1, score 99.0; as computed",
        "Signed off:\n  ",
        "For the minutes",
        "Data release: r1, demonstration data",
        "Weights: Need 100%",
        "Method: Percentile: how many areas have less need. Average: ",
        "2 areas on the computed list.",
        f"Scenario: {SCENARIO.id}",
    ):
        assert words in shown


def test_every_kind_can_be_shown(decided: tuple[Path, str]) -> None:
    folder, made = decided
    workspace = open_workspace(DataFolder(folder))
    state = decisions.shortlist(workspace, made)
    withdrawn = decisions.withdraw(workspace, NURSE, state.sign_offs[0].record.id, reason="New figures")
    decisions.agree_scenario(workspace, CHAIR, RANKING, seen=None)
    ended = decisions.supersede(workspace, CHAIR, made, reason="New data")
    for each in records.timeline(workspace):
        assert run(folder, "decisions", "show", each.id).stdout.splitlines()[0].endswith(f"({each.id})")
    assert "Reason: New figures" in run(folder, "decisions", "show", withdrawn.id).stdout
    assert f"({ended.id})" in run(folder, "decisions", "show", made).stdout
    assert "to be looked at again by 1 January 2999" in run(folder, "decisions", "show", state.overrides[0].id).stdout
    workspace.close()


def test_programs_read_json(decided: tuple[Path, str]) -> None:
    folder, made = decided
    listed = json.loads(run(folder, "decisions", "list", "--json").stdout)
    shown = json.loads(run(folder, "decisions", "show", made, "--json").stdout)
    assert shown == listed[-1]
    assert shown["snapshot"]["agreed"] == ["A3", "A1", "A2"]
    assert shown["verified"] is False


def test_a_decision_that_is_not_there_is_refused(decided: tuple[Path, str]) -> None:
    result = run(decided[0], "decisions", "show", "nobody")
    assert result.exit_code == 1
    assert "no decision under this link" in result.stderr


def test_a_whole_log_is_said_to_be_whole(decided: tuple[Path, str]) -> None:
    workspace = open_workspace(DataFolder(decided[0]))
    head = audit.head(workspace)
    workspace.close()
    result = run(decided[0], "audit", "verify", "--anchor", head)
    assert result.exit_code == 0
    assert f"Head: {head}" in result.stdout
    assert "6 rows" in result.stdout
    assert "Up to the head given" in result.stdout
    assert "lies beside the workspace" in run(decided[0], "audit", "verify").stdout


def test_a_broken_log_fails_and_names_the_row(decided: tuple[Path, str]) -> None:
    with sqlite3.connect(decided[0] / "workspace.sqlite") as connection:
        connection.execute("DROP TRIGGER audit_is_not_changed")
        connection.execute("UPDATE audit SET who = 'Hunter2' WHERE sequence = 3")
    connection.close()
    result = run(decided[0], "audit", "verify")
    assert result.exit_code == 1
    assert "row 3: was changed" in result.stderr
    assert "Hunter2" not in result.output
    assert run(decided[0], "audit", "verify", "--anchor", "x").exit_code == 1


def test_the_log_is_shown_newest_first(decided: tuple[Path, str]) -> None:
    lines = run(decided[0], "audit", "log", "--last", "2").stdout.splitlines()
    assert lines[0] == "sequence,at,who,action,about,parameters"
    assert [line.split(",")[0] for line in lines[1:]] == ["6", "5"]


def test_a_new_key_is_said_and_a_lost_one_too(decided: tuple[Path, str]) -> None:
    assert "goes on with key" in run(decided[0], "audit", "new-key", "--by", "Analyst").stdout
    assert run(decided[0], "audit", "verify").exit_code == 0
    (decided[0] / "workspace.audit-key").unlink()
    assert run(decided[0], "audit", "verify").exit_code == 1
    assert "cannot be checked until" in run(decided[0], "audit", "new-key", "--by", "Analyst").stdout


@pytest.mark.parametrize("command", [("decisions", "list"), ("decisions", "show", "x"), ("audit", "verify")])
def test_asking_makes_no_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]) -> None:
    monkeypatch.delenv("PRIORITISATION_WORKSPACE", raising=False)
    result = run(tmp_path, *command)
    assert result.exit_code == 1
    assert "There is no workspace" in result.stderr
    assert not list(tmp_path.iterdir())


def test_an_empty_record_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PRIORITISATION_WORKSPACE", raising=False)
    open_workspace(DataFolder(tmp_path)).close()
    assert run(tmp_path, "decisions", "list").stderr.strip() == "Nothing has been decided yet."
    assert run(tmp_path, "decisions", "list", "--json").stdout.strip() == "[]"
