"""Saved scenarios and fairness on the command line."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from prioritisation import cli
from prioritisation.folder import DataFolder

WEIGHTS = "financial_hardship=10,housing=60,mental_health_alcohol_drugs=20,older_people=10"


@pytest.fixture
def folder(demonstration: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy, since saving begins a workspace in it; without the one that another test may have begun."""
    monkeypatch.setenv("PRIORITISATION_WORKSPACE", "")
    others = shutil.ignore_patterns("workspace.*")
    return Path(shutil.copytree(demonstration.root, tmp_path / "copy", ignore=others))


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli.main, [*arguments, "--data", str(folder)])


def rows(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.stderr
    return list(csv.DictReader(io.StringIO(result.stdout)))


def saved(folder: Path, name: str = "Housing first") -> str:
    result = run(folder, "scenarios", "save", "--name", name, "--by", "Council", "--weights", WEIGHTS)
    assert result.exit_code == 0, result.stderr
    return result.stdout.strip()


def test_what_is_saved_is_listed_shown_and_compared(folder: Path) -> None:
    identifier = saved(folder)
    (row,) = rows(run(folder, "scenarios", "list"))
    assert (row["id"], row["name"], row["author"]) == (identifier, "Housing first", "Council")
    shown = run(folder, "scenarios", "show", identifier)
    assert [float(each["weight"]) for each in rows(shown)] == [10, 60, 20, 10]
    assert "Housing first: scenario " + row["scenario_id"] in shown.stderr
    compared = run(folder, "scenarios", "compare", "start", identifier)
    crossed = [each["change"] for each in rows(compared)]
    assert len(crossed) == 153 and crossed.count("entered") == crossed.count("left") > 0
    assert "'Framework weights' and 'Housing first' share" in compared.stderr
    same = rows(run(folder, "scenarios", "compare", identifier, identifier))
    assert {each["moved"] for each in same} == {"0"}


def test_the_weights_are_those_that_rank_uses(folder: Path) -> None:
    identifier = saved(folder)
    ranked = {each["id"]: each["rank"] for each in rows(run(folder, "rank", "--weights", WEIGHTS))}
    compared = rows(run(folder, "scenarios", "compare", "start", identifier))
    assert {each["id"]: each["rank_after"] for each in compared} == ranked


def test_asking_makes_no_workspace(folder: Path) -> None:
    refused = run(folder, "scenarios", "list")
    assert refused.exit_code == 1 and "There is no workspace" in refused.stderr
    assert not (folder / "workspace.sqlite").exists()


def test_an_unknown_scenario_is_refused_in_three_parts(folder: Path) -> None:
    saved(folder)
    refused = run(folder, "scenarios", "compare", "start", "nosuchthing9")
    assert refused.exit_code == 1 and "Not done:" in refused.stderr and "What to do:" in refused.stderr


def test_fairness_adds_up(folder: Path) -> None:
    reach = rows(run(folder, "fairness"))
    assert [int(each["rank"]) for each in reach] == sorted(int(each["rank"]) for each in reach)
    assert float(reach[-1]["share"]) == pytest.approx(1)
    for question in ("locality", "urban-rural"):
        groups = rows(run(folder, "fairness", question))
        assert sum(int(each["units"]) for each in groups) == 153
        assert sum(float(each["share_of_shortlist"]) for each in groups) == pytest.approx(1)
    after = rows(run(folder, "fairness", "next", "--count", "income_rate"))
    assert [int(each["rank"]) for each in after] == [16, 17, 18, 19, 20]
    by_count = rows(run(folder, "fairness", "--count", "income_rate"))
    assert after[-1]["share_then"] == by_count[19]["share"]


def test_what_counts_nobody_is_refused(folder: Path) -> None:
    refused = run(folder, "fairness", "--count", "nothing")
    assert refused.exit_code == 1 and "Choose one of residents" in refused.stderr
