"""The commands `patch` and `divide`: what they print, write and refuse."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from prioritisation.cli import main
from prioritisation.folder import DataFolder


def run(folder: DataFolder, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--data", str(folder.root)])


def test_patch_prints_areas_and_says_that_it_is_proven(demonstration: DataFolder) -> None:
    result = run(demonstration, "patch", "--alternatives", "1")
    assert result.exit_code == 0, result.output
    table = pd.read_csv(io.StringIO(result.stdout))
    best = table[table["patch"] == 1]
    assert 5_000 <= best["people"].sum() <= 10_000 and set(table["patch"]) == {1, 2}
    assert "Proven best" in result.stderr and "Alternative 1:" in result.stderr


def test_patch_as_json_keeps_wishes_and_sentences(demonstration: DataFolder, tmp_path: Path) -> None:
    out = tmp_path / "patch.json"
    wishes = ["--people", "2,000-3,000", "--include", "DEMO00012", "--by", "indicator.income_rate"]
    result = run(demonstration, "patch", *wishes, "--no-prove", "--out", str(out))
    assert result.exit_code == 0, result.output
    record = json.loads(out.read_text(encoding="utf-8"))
    assert "DEMO00012" in [area["id"] for area in record["areas"]] and 2_000 <= record["people"] <= 3_000
    assert record["wanted"]["people"] == [2_000, 3_000] and not record["proven"] and record["sentences"]


def test_patch_says_how_it_fares_under_other_weights(demonstration: DataFolder) -> None:
    weights = "financial_hardship=70,housing=10,mental_health_alcohol_drugs=10,older_people=10"
    result = run(demonstration, "patch", "--people", "2000-3000", "--no-prove", "--also", weights)
    assert result.exit_code == 0 and f"Under {weights}:" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["patch", "--people", "many"], "The range of people cannot be read"),
        (["patch", "--people", "900000-990000"], "people live in the whole council; at least 900,000"),
        (["patch", "--include", "X"], "is no area code of this release"),
        (["patch", "--by", "hope"], "is nothing that a patch of this release can be chosen by"),
        (["divide"], "Neither the number of patches nor their size is given"),
        (["divide", "--into", "5", "--people", "5-10"], "Both the number of patches and their size"),
        (["divide", "--into", "500"], "500 patches are asked for"),
        (["divide", "--people", "90000-95000"], "cannot be divided into patches of 90,000 to 95,000"),
        (["divide", "--people", "0-10"], "the range is from 0 to 10 people"),
    ],
)
def test_refusals_in_three_parts(demonstration: DataFolder, arguments: list[str], told: str) -> None:
    result = run(demonstration, *arguments)
    assert result.exit_code == 1 and told in result.stderr
    assert "Not done:" in result.stderr and "What to do:" in result.stderr and "Traceback" not in result.output


def test_divide_lists_every_area_once_in_the_order_to_begin(demonstration: DataFolder, tmp_path: Path) -> None:
    out = tmp_path / "patches.csv"
    result = run(demonstration, "divide", "--into", "12", "--follow-localities", "--out", str(out))
    assert result.exit_code == 0, result.output
    table = pd.read_csv(out)
    assert len(table) == table["id"].nunique() == 153 and sorted(set(table["patch"])) == list(range(1, 13))
    assert "12 connected patches, all within" in result.stderr and "\n12. " in result.stderr
