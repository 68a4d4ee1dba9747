"""The command line, as a person types it: what it prints, what it writes, and how it refuses."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from prioritisation import cli
from prioritisation.folder import DataFolder

TABLE = "code,name,need,good\nA1,Harbour,10,5\nA2,Hill,30,1\n007,=Glen,20,*\n"
FRAMEWORK = """
id = "mine"
name = "Mine"
normalise = "min-max"
[[priority]]
id = "first"
name = "First"
weight = 1
indicators = [ { id = "need", share = 1.0, polarity = "higher_is_worse" } ]
[[priority]]
id = "second"
name = "Second"
weight = 1
indicators = [ { id = "good", share = 1.0, polarity = "higher_is_better" } ]
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli.main, [str(argument) for argument in arguments])


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def refused(result: Result, *words: str) -> None:
    assert result.exit_code == 1, result.output
    assert "Not done:" in result.stderr
    assert "What to do:" in result.stderr
    assert "Traceback" not in result.output
    for word in words:
        assert word in result.stderr


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "areas.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


@pytest.fixture
def framework(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(FRAMEWORK, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "command",
    ["run", "import open-data", "demonstration", "rank", "profile", "releases", "rollback", "quality", "hexes"],
)
def test_every_command_has_help_with_an_example(command: str) -> None:
    result = run(*command.split(), "--help")
    assert result.exit_code == 0
    assert "Example:" in result.output
    assert "prioritisation " + command in result.output


def test_rank_with_the_store(demonstration: DataFolder) -> None:
    result = run("rank", "--data", demonstration.root, "--top", 15)
    assert result.exit_code == 0, result.stderr
    found = rows(result.stdout)
    assert len(found) == 15
    assert found[0]["rank"] == "1"
    expected = [
        "id",
        "name",
        "rank",
        "score",
        "financial_hardship",
        "housing",
        "mental_health_alcohol_drugs",
        "older_people",
    ]
    assert list(found[0])[:9] == [*expected, "coverage"]
    assert found[0]["note"].startswith("Demonstration data")


def test_weights_move_the_ranking_and_only_proportions_count(demonstration: DataFolder) -> None:
    def ranked(weights: str) -> list[str]:
        result = run("rank", "--data", demonstration.root, "--weights", weights)
        assert result.exit_code == 0, result.stderr
        return [row["id"] for row in rows(result.stdout)]

    names = ["financial_hardship", "housing", "mental_health_alcohol_drugs", "older_people"]
    by_age = ranked(",".join(f"{name}={weight}" for name, weight in zip(names, (0, 0, 0, 1), strict=True)))
    again = ranked(",".join(f"{name}={weight}" for name, weight in zip(names, (0, 0, 0, 70), strict=True)))
    by_money = ranked(",".join(f"{name}={weight}" for name, weight in zip(names, (1, 0, 0, 0), strict=True)))
    assert by_age == again
    assert by_age[:15] != by_money[:15]


def test_rank_says_how_sure_when_asked(demonstration: DataFolder) -> None:
    found = rows(run("rank", "--data", demonstration.root, "--how-sure", "--top", 20).stdout)
    assert {row["stability"] for row in found} <= {"Almost always", "Usually", "Borderline", "Rarely", "Almost never"}
    assert all(row["flip"].startswith(("leaves", "stays in")) for row in found[:15])
    assert all(0 <= float(row["stability_probability"]) <= 1 for row in found)


def test_rank_any_table_with_no_store(table: Path, framework: Path) -> None:
    result = run("rank", "--table", table, "--id", "code", "--framework", framework)
    assert result.exit_code == 0, result.stderr
    found = rows(result.stdout)
    assert list(found[0]) == ["id", "name", "rank", "score", "first", "second", "coverage"]
    assert [row["id"] for row in found] == ["A2", "A1", "007"]
    assert [row["rank"] for row in found] == ["1", "2", ""]
    assert float(found[0]["score"]) == 100
    assert found[2]["name"] == "'=Glen"
    assert found[2]["coverage"] == "0.5"


def test_out_writes_a_file(table: Path, framework: Path, tmp_path: Path) -> None:
    out = tmp_path / "ranked.csv"
    result = run("rank", "--table", table, "--id", "code", "--framework", framework, "--out", out)
    assert result.exit_code == 0
    assert len(rows(out.read_text(encoding="utf-8-sig"))) == 3
    refused(run("rank", "--table", table, "--id", "code", "--framework", framework, "--out", tmp_path / "no" / "x.csv"))


def test_the_published_index_column_names_are_found(tmp_path: Path) -> None:
    names = ("Income", "Employment", "Health", "Education", "Access", "Crime", "Housing")
    header = ",".join(f"SIMD2020_{name}_Domain_Rank" for name in names)
    path = tmp_path / "ranks.csv"
    path.write_text(f"Data_Zone,{header}\nA,1,1,1,1,1,1,1\nB,2,2,2,2,2,2,2\n", encoding="utf-8")
    result = run("rank", "--framework", "simd2020", "--table", path, "--id", "Data_Zone")
    assert [row["id"] for row in rows(result.stdout)] == ["A", "B"]


@pytest.mark.parametrize(
    ("weights", "word"),
    [
        ("first=-1,second=1", "negative"),
        ("first=0,second=0", "zero"),
        ("first=much,second=1", "first"),
        ("first=nan,second=1", "first"),
        ("first=1", "second"),
        ("first=1,second=1,third=1", "third"),
        ("first=1,first=2,second=1", "twice"),
        ("first", "housing=30"),
        ("", "cannot be read"),
    ],
)
def test_bad_weights_are_refused(table: Path, framework: Path, weights: str, word: str) -> None:
    refused(run("rank", "--table", table, "--id", "code", "--framework", framework, "--weights", weights), word)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (TABLE.replace("30", "thirty"), "'thirty'"),
        (TABLE.replace("A2", "A1"), "twice"),
        (TABLE.replace("A2", ""), "nothing is written"),
        (TABLE.replace("need", "want"), "'need'"),
        (TABLE.replace("code", "key"), "no column 'code'"),
        ("", "not a table"),
        ("code,need,good\n", "no rows"),
        (b"PK\x03\x04rubbish", "areas.csv"),
        ("code,n\xf6te,need,good\nA,\xe9,1,1\n".encode("latin-1"), "encoding"),
    ],
)
def test_bad_tables_are_refused(table: Path, framework: Path, content: str | bytes, word: str) -> None:
    table.write_bytes(content.encode() if isinstance(content, str) else content)
    refused(run("rank", "--table", table, "--id", "code", "--framework", framework), word)


def test_what_is_lacking_is_asked_for(table: Path, framework: Path, tmp_path: Path) -> None:
    refused(run("rank", "--table", table, "--framework", framework), "--id")
    refused(run("rank", "--table", tmp_path / "none.csv", "--id", "code"), "none.csv")
    refused(run("rank", "--table", table, "--id", "code", "--framework", "no-such"), "simd2020")
    bare = framework.read_text(encoding="utf-8").replace(', polarity = "higher_is_worse"', "")
    framework.write_text(bare, encoding="utf-8")
    refused(run("rank", "--table", table, "--id", "code", "--framework", framework), "polarity")


def test_no_store_is_told_plainly(tmp_path: Path) -> None:
    for command in (["rank"], ["profile", "X"], ["quality"]):
        refused(run(*command, "--data", tmp_path), "prioritisation demonstration")


def test_a_framework_that_needs_what_is_not_loaded(demonstration: DataFolder, framework: Path) -> None:
    refused(run("rank", "--data", demonstration.root, "--framework", framework), "no indicator 'need'")


def test_profile_by_code_and_by_postcode(demonstration: DataFolder) -> None:
    by_code = run("profile", "DEMO00001", "--data", demonstration.root)
    assert by_code.exit_code == 0, by_code.stderr
    assert {"income_rate", "share_75_plus"} <= {row["indicator_id"] for row in rows(by_code.stdout)}
    assert "rank " in by_code.stderr
    refused(run("profile", "ZZ99 9ZZ", "--data", demonstration.root), "ZZ99 9ZZ")


def test_releases_mark_the_current_one(demonstration: DataFolder) -> None:
    result = run("releases", "--data", demonstration.root)
    assert result.exit_code == 0
    assert str(demonstration.published().current) in result.stdout


def test_an_unforeseen_error_shows_no_traceback_and_no_values(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a private value")

    monkeypatch.setattr("prioritisation.cli.ask.load_catalogue", broken)
    result = run("rank")
    refused(result, "RuntimeError")
    assert "a private value" not in result.output
