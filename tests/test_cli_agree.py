"""Agreeing a computed shortlist on the command line: with its patch and cohorts, or not at all."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from decided import NURSE, ranked

from prioritisation import cli
from prioritisation.cli.agree import HOW_TO_WRITE, NOT_AGREED
from prioritisation.folder import DataFolder
from prioritisation.patch.recorded import recorded_patch
from prioritisation.workspace import decisions, drafts, open_workspace, records

WHO = ("--role", "Chair", "--organisation", "Council")
OTHER_WEIGHTS = "financial_hardship=10,housing=60,mental_health_alcohol_drugs=20,older_people=10"


@pytest.fixture
def folder(demonstration_with_people: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    """A copy, since agreeing begins a workspace in it."""
    monkeypatch.setenv("PRIORITISATION_WORKSPACE", "")
    others = shutil.ignore_patterns("workspace.*")
    return DataFolder(Path(shutil.copytree(demonstration_with_people.root, tmp_path / "copy", ignore=others)))


@pytest.fixture
def patch(folder: DataFolder) -> Path:
    """A patch as the command writes it."""
    path = folder.root / "patch.json"
    assert run(folder, "patch", "--no-prove", "--alternatives", "1", "--out", str(path)).exit_code == 0
    return path


def run(folder: DataFolder, *arguments: str) -> Result:
    return CliRunner().invoke(cli.main, [*arguments, "--data", str(folder.root)])


def written(folder: DataFolder) -> list[records.Decision]:
    workspace = open_workspace(folder)
    try:
        return list(records.timeline(workspace))
    finally:
        workspace.close()


def test_a_list_is_agreed_with_its_patch_and_cohorts(folder: DataFolder, patch: Path) -> None:
    made = run(folder, "agree", *WHO, "--patch", str(patch), "--cohort", "partners-3", "--reason", "As voted")
    assert made.exit_code == 0, made.stderr
    (decision,) = written(folder)
    assert made.stdout.strip() == decision.id and decision.reason == "As voted"
    assert decision.who.described == "Chair, Council (not verified)"
    also = decision.details["also"]
    assert also["patch"] == json.loads(patch.read_text()) and [each["id"] for each in also["cohorts"]] == ["partners-3"]
    kept = recorded_patch(also["patch"])
    assert kept is not None and len(kept.alternatives) == 1
    shown = run(folder, "decisions", "show", decision.id).stdout
    assert f"With it:\n  the patch for the first team: {kept.words}\n" in shown
    assert "whom the team supports first: In contact with 3 or more partners" in shown


def test_a_list_takes_the_place_of_another_only_when_it_is_named(folder: DataFolder) -> None:
    first = run(folder, "agree", *WHO).stdout.strip()
    refused = run(folder, "agree", *WHO, "--weights", OTHER_WEIGHTS)
    assert refused.exit_code == 1 and f"add --replaces {first}" in refused.stderr and len(written(folder)) == 1
    assert run(folder, "agree", *WHO, "--weights", OTHER_WEIGHTS, "--replaces", first).exit_code == 0
    workspace = open_workspace(folder)
    assert decisions.shortlist(workspace, first).superseded_by is not None
    workspace.close()


def test_what_people_changed_is_not_agreed_unseen(folder: DataFolder) -> None:
    ranking, workspace = ranked(folder), open_workspace(folder)
    draft = drafts.begin(workspace, NURSE, ranking)
    later = {"reason": "Heard there", "review_on": date(2999, 1, 1)}
    drafts.override(workspace, draft.id, 1, NURSE, ranking.areas, do="drop", code=ranking.areas[0].code, **later)
    workspace.close()
    refused = run(folder, "agree", *WHO)
    assert refused.exit_code == 1 and "on the Shortlist page" in refused.stderr and not written(folder)


def changed(record: dict[str, Any]) -> dict[str, Any]:
    return record | {"areas": [record["areas"][0] | {"people": 1}, *record["areas"][1:]]}


def torn(record: dict[str, Any]) -> dict[str, Any]:
    """One of whose areas lies apart, with the people of the rest."""
    return record | {"areas": record["areas"][::2], "people": sum(area["people"] for area in record["areas"][::2])}


@pytest.mark.parametrize(
    "made", [changed, torn, lambda record: record | {"release": "r9"}, lambda record: {}, lambda record: [record] * 9]
)
def test_a_patch_that_is_not_of_this_ranking_is_refused(made: Any, folder: DataFolder, patch: Path) -> None:
    patch.write_text(json.dumps(made(json.loads(patch.read_text()))))
    refused = run(folder, "agree", *WHO, "--patch", str(patch))
    assert refused.exit_code == 1 and refused.stderr.count("\n") == 3
    assert NOT_AGREED in refused.stderr and HOW_TO_WRITE in refused.stderr and not written(folder)


@pytest.mark.parametrize(
    "wrong",
    [
        ("--cohort", "nobody"),
        ("--patch", "nowhere.json"),
        ("--id", "nosuchthing9"),
        ("--role", ""),
        ("--replaces", "x"),
    ],
)
def test_what_cannot_be_agreed_is_refused_in_three_parts(wrong: tuple[str, str], folder: DataFolder) -> None:
    refused = run(folder, "agree", *WHO, *wrong)
    assert refused.exit_code == 1
    assert "Not done: " in refused.stderr and "What to do: " in refused.stderr and "foresee" not in refused.stderr
