"""`prioritisation cohorts`: the page's answers as tables."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from drawn_people import COUNCIL, cube_of, drawn_areas, drawn_people

from prioritisation.cli import cohorts as commands
from prioritisation.cli import main
from prioritisation.cohorts.published import PublishedCube
from prioritisation.folder import DataFolder

AREAS = drawn_areas(4)


@pytest.fixture(scope="module")
def cube() -> PublishedCube:
    return cube_of(drawn_people(300, 4, 3), AREAS, residents=400)


@pytest.fixture
def counted(cube: PublishedCube, demonstration: DataFolder, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    """The demonstration's release, with the drawn people's cube in the place of its own."""
    monkeypatch.setattr(commands, "open_cube", lambda store, folder: cube)
    return demonstration


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["cohorts", *map(str, arguments)])


def rows(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_the_list_names_each_cohort_with_its_size(counted: DataFolder) -> None:
    found = rows(run("list", "--data", counted.root))
    assert [row["id"] for row in found][:2] == ["frequent-contact", "homelessness-mental-health"]
    assert {row["status"] for row in found} <= {"published", "suppressed"}
    assert all(row["people"] == "" for row in found if row["status"] == "suppressed")


def test_count_by_area_by_steps_and_by_conditions(counted: DataFolder, tmp_path: Path) -> None:
    here = ("--data", counted.root)
    whole = rows(run("count", "partners-3", *here))
    assert [row["area"] for row in whole] == [COUNCIL]
    assert len(rows(run("count", "partners-3", "--by", "data zone", *here))) == 4
    steps = run("count", "--age", "75-84", "--age", "85+", "--service", "home_care", "--steps", *here)
    assert [row["step"] for row in rows(steps)] == [
        "Everyone known to any partner",
        "aged 75 or over",
        "with home care",
    ]
    assert steps.stderr.startswith("People aged 75 or over, with home care, in the last 12 months.")
    at_least = run("count", "--partners-at-least", 3, *here)
    assert rows(at_least)[0]["people"] == whole[0]["people"]
    out = tmp_path / "count.csv"
    assert run("count", "partners-3", "--out", out, *here).exit_code == 0
    assert out.read_text(encoding="utf-8-sig").startswith("area,name,low,people,high,status")


def test_ranked_and_overlaps(counted: DataFolder) -> None:
    found = rows(run("ranked", "--data", counted.root))
    assert len(found) == 6
    assert found[0].keys() >= {"rank", "score", "people", "share_in_shortlist_low", "stability", "left_out", "note"}
    overlapping = run("overlaps", "--of", "partners", "--data", counted.root)
    assert len(rows(overlapping)) > 3
    assert "in contact with" in overlapping.stderr
    assert rows(run("overlaps", "--of", "services", "--data", counted.root))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("count", "nobody"), "There is no cohort 'nobody'"),
        (("count", "partners-3", "--age", "85+"), "A cohort and conditions were both given"),
        (("count", "--age", "90+"), "there is no '90+'"),
        (("count", "--partners-at-least", "9"), "from 1 to 6"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_three_parts(
    counted: DataFolder, arguments: tuple[str, ...], words: str
) -> None:
    refused = run(*arguments, "--data", counted.root)
    assert refused.exit_code == 1
    assert words in refused.stderr
    assert "Not done:" in refused.stderr
    assert "What to do:" in refused.stderr


def test_a_release_without_partners_contacts_says_what_to_do(demonstration: DataFolder) -> None:
    for command in ("list", "ranked", "overlaps", "count"):
        refused = run(command, "--data", demonstration.root)
        assert refused.exit_code == 1
        assert "This release has no counts of people." in refused.stderr
        assert "import contacts" in refused.stderr


@pytest.mark.parametrize("command", ["list", "count", "ranked", "overlaps"])
def test_every_command_has_an_example(command: str) -> None:
    assert f"prioritisation cohorts {command}" in run(command, "--help").output
