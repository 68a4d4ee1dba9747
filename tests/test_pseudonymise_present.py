"""Present keys for a referral list: what is sent holds keys alone, and what names people never leaves."""

from __future__ import annotations

import csv
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from drawn_extracts import CONTRACT, KEY, RULES, SECRET
from made_identifiers import chi_numbers

from prioritisation.contract_files import single_file_tool
from prioritisation.ingest.contacts.keying import AppKey, second_key
from prioritisation.ingest.contacts.present_keys import Expected, read_present_keys
from prioritisation.pseudonymise import Order, Refusal, person_key, present_keys, write

NUMBERS = chi_numbers(11, 12, seed=3)
ORDER = Order(partner="hscp", key=KEY, key_id="project-1")


def wrote(folder: Path, *cells: str, header: str = "CHI number") -> Path:
    path = folder / "people.csv"
    path.write_text("\n".join([header, *cells]) + "\n", encoding="utf-8")
    return path


def test_the_single_file_writes_keys_to_send_and_names_to_keep(tmp_path: Path) -> None:
    (tmp_path / "project.key").write_text(KEY.hex(), encoding="ascii")
    (tmp_path / "pseudonymise.py").write_bytes(single_file_tool(CONTRACT))
    wrote(tmp_path, *NUMBERS, NUMBERS[0])
    words = ["--present", "people.csv", "--key-file", "project.key", "--key-id", "project-1", "--partner", "hscp"]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "pseudonymise.py", *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    sent, stays = (
        tmp_path / name for name in ("hscp-chi-present-keys.csv", "KEEP-HERE-hscp-chi-present-keys-who-is-who.csv")
    )
    assert {stat.S_IMODE(path.stat().st_mode) for path in (sent, stays)} == {0o600}
    text = sent.read_text()
    assert not [number for number in NUMBERS if number in text or number in done.stderr]
    keys = [row["person_key"] for row in csv.DictReader(text.splitlines())]
    assert keys == sorted(person_key(KEY, "chi", "hscp", number) for number in NUMBERS)
    named = {row["person_key"]: row["identifier"] for row in csv.DictReader(stays.read_text().splitlines())}
    assert named == {person_key(KEY, "chi", "hscp", number): number for number in NUMBERS}


def test_what_the_tool_writes_the_secure_side_reads(tmp_path: Path) -> None:
    write(present_keys(wrote(tmp_path, *NUMBERS), RULES, ORDER).sent, tmp_path / "sent.csv")
    ours = AppKey(bytes(range(40, 72)))
    expected = Expected(CONTRACT, {"hscp": frozenset({"project-1"})}, date(2026, 11, 23))
    found = read_present_keys([tmp_path / "sent.csv"], expected, ours)
    first = {person_key(KEY, "chi", "hscp", number) for number in NUMBERS}
    assert set(found) == {"hscp"} and set(found["hscp"].values()) == first
    assert set(found["hscp"]) == {("chi", second_key(bytes.fromhex(each), "chi", "hscp", ours)) for each in first}


def test_other_columns_are_not_read_or_refused(tmp_path: Path) -> None:
    path = wrote(tmp_path, f"{NUMBERS[0]},KA7 1AB", header="identifier,postcode")
    made = present_keys(path, RULES, ORDER)
    assert len(made.sent.rows) == 1 and "KA7" not in str(made)
    with pytest.raises(Refusal, match="not as they should be"):
        present_keys(wrote(tmp_path, f"{NUMBERS[0]},{SECRET}", header="identifier,surname"), RULES, ORDER)


@pytest.mark.parametrize(
    ("cells", "header", "said"),
    [
        ([*NUMBERS[:2], SECRET], "identifier", "Row 4"),
        ([], "identifier", "no rows below its header"),
        (NUMBERS[:2], "what", "no header"),
    ],
)
def test_a_list_with_faults_is_refused_without_its_cells(
    tmp_path: Path, cells: list[str], header: str, said: str
) -> None:
    with pytest.raises(Refusal) as refused:
        present_keys(wrote(tmp_path, *cells, header=header), RULES, ORDER)
    text = str(refused.value)
    assert said in text and "Not done:" in text
    assert SECRET not in text and not [number for number in NUMBERS if number in text]


def test_faulty_rows_are_left_out_when_asked_for(tmp_path: Path) -> None:
    order = Order(partner="hscp", key=KEY, key_id="project-1", leave_out_faulty=True)
    made = present_keys(wrote(tmp_path, *NUMBERS, SECRET), RULES, order)
    assert (len(made.sent.rows), made.sent.left_out.rows) == (12, 1)
