"""The partner's tool as it is run: keys, postcodes, the single file and the command."""

from __future__ import annotations

import csv
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from drawn_extracts import CHI, CONTRACT, GOOD, KEY, SECRET, ZONES, key, wrote
from made_identifiers import chi_numbers

from prioritisation import cli
from prioritisation.contract import COLUMNS
from prioritisation.contract_files import single_file_tool
from prioritisation.identifiers import kinds_in
from prioritisation.pseudonymise import (
    Keyed,
    Order,
    Refusal,
    file_name,
    key_check,
    new_key,
    person_key,
    read_key,
    read_postcodes,
)


def test_a_new_key_is_random_private_and_never_overwritten(tmp_path: Path) -> None:
    made = new_key(tmp_path / "k")
    assert read_key(tmp_path / "k") == made != new_key(tmp_path / "l")
    assert stat.S_IMODE((tmp_path / "k").stat().st_mode) == 0o600
    with pytest.raises(Refusal, match="cannot be written"):
        new_key(tmp_path / "k")
    assert key_check(made) != key_check(KEY)


def test_a_key_is_hex_however_it_was_saved_or_any_bytes(tmp_path: Path) -> None:
    path = tmp_path / "k"
    for content in (
        KEY.hex().encode(),
        KEY.hex().upper().encode() + b"\r\n",
        b"\xef\xbb\xbf" + KEY.hex().encode(),
        KEY,
    ):
        path.write_bytes(content)
        assert read_key(path) == KEY


@pytest.mark.parametrize(
    "content", [b"", b"short", KEY[:31], KEY[:31].hex().encode(), b"a" * 64, KEY.hex().encode("utf-16")]
)
def test_a_weak_or_damaged_key_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "k").write_bytes(content)
    with pytest.raises(Refusal, match="key"):
        read_key(tmp_path / "k")


def test_postcodes_of_two_vintages_need_a_choice(tmp_path: Path) -> None:
    path = tmp_path / "postcodes.csv"
    path.write_text("Postcode,X,DZ2011,DZ2022\nKA7 1AB,1,S01012417,S01020001\nKA7 1AD,2,S01012418,\n", encoding="utf-8")
    with pytest.raises(Refusal, match="two vintages"):
        read_postcodes(path)
    assert read_postcodes(path, "2011") == ZONES
    assert read_postcodes(path, "2022") == {"KA71AB": "S01020001"}
    path.write_text("Postcode,Ward\nKA7 1AB,S13002999\n", encoding="utf-8")
    with pytest.raises(Refusal, match="no column of postcodes"):
        read_postcodes(path)


@pytest.fixture
def raw_folder(tmp_path: Path) -> Path:
    (tmp_path / "project.key").write_text(KEY.hex(), encoding="ascii")
    (tmp_path / "postcodes.csv").write_text("Postcode,Zone\nKA7 1AB,S01012417\nKA7 1AD,S01012418\n", encoding="utf-8")
    (tmp_path / "pseudonymise.py").write_bytes(single_file_tool(CONTRACT))
    rows = [GOOD.replace(CHI, number) for number in chi_numbers(10, 20, seed=9)]
    wrote(tmp_path, *rows, GOOD)
    return tmp_path


ARGUMENTS = (
    "raw.csv",
    "--key-file",
    "project.key",
    "--key-id",
    "p-1",
    "--postcodes",
    "postcodes.csv",
    "--partner",
    "hscp",
)


def alone(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", "pseudonymise.py", *arguments]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]}
    )


def test_the_single_file_makes_what_the_command_makes(raw_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finished = alone(raw_folder, *ARGUMENTS)
    assert finished.returncode == 0, finished.stderr
    made = raw_folder / "hscp-chi-2026-03-to-2026-03.csv"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    monkeypatch.chdir(raw_folder)
    result = CliRunner().invoke(cli.main, ["pseudonymise", *ARGUMENTS, "--out", "again.csv"])
    assert result.exit_code == 0, result.output
    assert (raw_folder / "again.csv").read_bytes() == made.read_bytes()
    keyed = list(csv.DictReader(made.read_text(encoding="utf-8").splitlines()))
    assert len(keyed) == 21
    assert person_key(KEY, "chi", "hscp", CHI) in {row["person_key"] for row in keyed}
    said = finished.stdout + finished.stderr + made.read_text(encoding="utf-8")
    for secret in (CHI, "KA7 1AB", "KA71AB", "1950", "2026-03-14", KEY.hex()):
        assert secret not in said
    assert key_check(KEY) in finished.stderr


def test_what_was_added_up_is_said(raw_folder: Path) -> None:
    assert "added to another" not in alone(raw_folder, *ARGUMENTS).stderr
    wrote(raw_folder, GOOD, GOOD.replace("2026-03-14", "2026-03-20"), GOOD.replace("2026-03-14", "2026-03-21"), "short")
    said = alone(raw_folder, *ARGUMENTS, "--leave-out-faulty").stderr
    assert "Read 4 rows, wrote 1 (2026-03 to 2026-03)" in said
    assert "2 rows added to another of the same person, service and month" in said
    assert "Left out 1 row with faults" in said


def test_the_single_file_refuses_chi_numbers_as_own_references(raw_folder: Path) -> None:
    for arguments in (ARGUMENTS, ("--present", *ARGUMENTS)):
        refused = alone(raw_folder, *arguments, "--kind", "partner_reference")
        assert refused.returncode == 1
        assert "Most identifiers are valid CHI numbers" in refused.stderr
        assert "Not done: Nothing was written." in refused.stderr
        assert "What to do: Use --kind chi" in refused.stderr
    assert not list(raw_folder.glob("hscp-*"))


def test_a_refusal_writes_nothing_and_repeats_nothing(raw_folder: Path) -> None:
    wrote(raw_folder, GOOD, GOOD.replace("home_care", SECRET), GOOD.replace("KA7 1AB", "KA9 9ZZ"))
    before = sorted(path.name for path in raw_folder.iterdir())
    finished = alone(raw_folder, *ARGUMENTS)
    assert finished.returncode == 1
    assert finished.stdout == ""
    for part in ("Row 3", "Row 4", "Not done: Nothing was written.", "What to do:"):
        assert part in finished.stderr
    for secret in (SECRET, CHI, "KA9", "1950"):
        assert secret not in finished.stderr
    assert sorted(path.name for path in raw_folder.iterdir()) == before


def test_wrong_options_are_refused_in_three_parts(raw_folder: Path) -> None:
    for arguments, code in ((("--nothing",), 2), (("--kind",), 2), ((), 1), (("raw.csv",), 1), (("--vintage", CHI), 2)):
        finished = alone(raw_folder, *arguments)
        assert finished.returncode == code
        assert "What to do:" in finished.stderr
        assert "Traceback" not in finished.stderr
        assert CHI not in finished.stderr
    assert "Examples:" in alone(raw_folder, "--help").stdout


def test_no_file_that_is_read_is_written_over(raw_folder: Path) -> None:
    for name in ("raw.csv", "project.key", "postcodes.csv"):
        before = (raw_folder / name).read_bytes()
        assert alone(raw_folder, *ARGUMENTS, "--out", name).returncode == 1
        assert (raw_folder / name).read_bytes() == before


def test_what_nobody_foresaw_is_told_without_its_text(raw_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*arguments: object) -> None:
        raise RuntimeError(CHI)

    monkeypatch.chdir(raw_folder)
    monkeypatch.setattr("prioritisation.pseudonymise.tool.pseudonymise", breaks)
    result = CliRunner().invoke(cli.main, ["pseudonymise", *ARGUMENTS])
    assert result.exit_code == 1
    assert "RuntimeError" in result.stderr
    assert CHI not in result.output


def test_the_name_of_the_keyed_file_is_clean(tmp_path: Path) -> None:
    for partner, kind in (("hscp", "chi"), ("third_sector", "partner_reference")):
        order = Order(partner=partner, key=KEY, key_id="p-1", kind=kind)
        name = file_name(order, Keyed(COLUMNS, [], ("2025-12", "2026-03"), 0, key(wrote(tmp_path, GOOD)).left_out))
        assert kinds_in(name) == frozenset()
