"""`prioritisation robustness` prints and writes what the page tells."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd
from click.testing import CliRunner, Result

from prioritisation import cli
from prioritisation.findings import IDS
from prioritisation.folder import DataFolder


def run(folder: DataFolder, *arguments: str) -> Result:
    return CliRunner().invoke(cli.main, ["robustness", *arguments, "--data", str(folder.root)])


def test_all_questions_are_answered_in_sentences(demonstration: DataFolder) -> None:
    found = run(demonstration)
    assert found.exit_code == 0
    lines = found.stdout.splitlines()
    assert lines[0] == "Which areas hold in every test?"
    assert sum(line.endswith("?") for line in lines) == len(IDS)


def test_one_question_gives_its_table_as_csv(demonstration: DataFolder, tmp_path: Path) -> None:
    found = run(demonstration, "weights", "--band", "10")
    table = pd.read_csv(io.StringIO(found.stdout))
    assert len(table) == 153
    assert table["rank"].tolist() == sorted(table["rank"])
    assert "within 10% of itself" in found.stderr
    file = tmp_path / "turns.csv"
    assert run(demonstration, "turns", "--out", str(file)).exit_code == 0
    assert {"priority", "turns at", "leaves", "enters"} <= set(pd.read_csv(file).columns)


def test_json_holds_all_and_says_what_it_is_of(demonstration: DataFolder, tmp_path: Path) -> None:
    file = tmp_path / "sure.json"
    weights = "financial_hardship=40,housing=30,mental_health_alcohol_drugs=20,older_people=10"
    assert run(demonstration, "--json", "--weights", weights, "--out", str(file)).exit_code == 0
    record = json.loads(file.read_text(encoding="utf-8"))
    assert [each["id"] for each in record["findings"]] == list(IDS)
    assert record["release"] == demonstration.published().current
    assert record["note"].startswith("Demonstration data")
    assert all(each["table"] and each["sentence"] for each in record["findings"])
    one = json.loads(run(demonstration, "methods", "--json").stdout)
    assert [each["id"] for each in one["findings"]] == ["methods"]


def test_what_cannot_be_done_is_said_plainly(demonstration: DataFolder, tmp_path: Path) -> None:
    for arguments, found in (
        (["--band", "120"], "The band around the weights is 1.2."),
        (["--out", str(tmp_path / "all.csv")], "There are several tables"),
        (["--json", "--out", str(tmp_path / "no" / "such.json")], "cannot be written"),
    ):
        refused = run(demonstration, *arguments)
        assert refused.exit_code == 1
        assert found in refused.stderr and "What to do: " in refused.stderr
