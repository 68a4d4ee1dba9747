"""The partner's tool: what leaves is keyed, banded and added up."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path

import pytest
from drawn_extracts import CHI, CONTRACT, GOOD, HEADER, KEY, key, refused, rows_of, wrote
from made_identifiers import chi_numbers

from prioritisation.contract import COLUMNS
from prioritisation.identifiers import kinds_in
from prioritisation.pseudonymise import (
    OwnWords,
    Refusal,
    person_key,
    read_words,
)


def test_one_row_becomes_one_keyed_row(tmp_path: Path) -> None:
    (row,) = rows_of(key(wrote(tmp_path, GOOD)))
    message = "\x1f".join(["prioritisation person 1", "chi", "", CHI]).encode()
    assert row == {
        "person_key": hmac.new(KEY, message, hashlib.sha256).hexdigest(),
        "key_kind": "chi",
        "key_id": "project-1",
        "area": "S01012417",
        "age_band": "75-84",
        "sex": "female",
        "partner": "hscp",
        "service": "home_care",
        "month": "2026-03",
        "contacts": "2",
        "flags": "carer;mental_health",
        "cost": "10.50",
    }
    assert tuple(row) == COLUMNS


def test_what_is_keyed_keeps_the_contract(tmp_path: Path) -> None:
    numbers = chi_numbers(11, 50, seed=5)
    keyed = key(wrote(tmp_path, *(GOOD.replace(CHI, number) for number in numbers)))
    assert len(keyed.rows) == 50
    assert keyed.rows == sorted(keyed.rows)
    for row in rows_of(keyed):
        for name, cell in row.items():
            values = CONTRACT.values(name)
            if values:
                assert set(cell.split(";")) <= set(values)
            elif CONTRACT.columns[name].kind == "pattern":
                assert CONTRACT.pattern(name).fullmatch(cell)
            assert not kinds_in(cell)


def test_rows_of_the_same_person_service_and_month_are_added_up(tmp_path: Path) -> None:
    spaced = f'"{CHI[:6]} {CHI[6:]}"'
    again = f"{spaced},ka71ab,01/06/1950,Female,Home care,31/03/2026,,Mental health;carer,"
    other_month = GOOD.replace("2026-03-14", "2026-04")
    rows = rows_of(key(wrote(tmp_path, GOOD, again, other_month)))
    assert [(row["month"], row["contacts"], row["cost"]) for row in rows] == [
        ("2026-03", "3", "10.50"),
        ("2026-04", "2", "10.50"),
    ]


def test_a_zero_that_a_spreadsheet_ate_is_put_back(tmp_path: Path) -> None:
    number = next(number for number in chi_numbers(11, 50, seed=6) if number.startswith("0"))
    rows = rows_of(key(wrote(tmp_path, GOOD.replace(CHI, number), GOOD.replace(CHI, number[1:]))))
    assert [row["contacts"] for row in rows] == ["4"]


def test_without_cost_there_is_no_column_of_cost(tmp_path: Path) -> None:
    rows = rows_of(key(wrote(tmp_path, GOOD.rpartition(",")[0], header=HEADER.removesuffix(",cost"))))
    assert tuple(rows[0]) == COLUMNS[:-1]


@pytest.mark.parametrize(
    ("born", "contact", "band"),
    [
        ("2010-03-31", "2026-03-01", "16-24"),
        ("2010-04-01", "2026-03-31", "0-15"),
        ("2026-03-20", "2026-03-02", "0-15"),
        ("1941-03-01", "2026-03-14", "85+"),
        ("", "2026-03-14", "not known"),
    ],
)
def test_age_is_what_the_person_reaches_in_the_month(tmp_path: Path, born: str, contact: str, band: str) -> None:
    row = GOOD.replace("1950-06-01", born).replace("2026-03-14", contact)
    assert rows_of(key(wrote(tmp_path, row)))[0]["age_band"] == band


def test_age_instead_of_a_date_of_birth(tmp_path: Path) -> None:
    header = HEADER.replace("date_of_birth", "age")
    ages = ("15", "16", "64", "65", "120", "")
    rows = [GOOD.replace("1950-06-01", age).replace("2026-03", f"2026-0{place}") for place, age in enumerate(ages, 1)]
    bands = [row["age_band"] for row in rows_of(key(wrote(tmp_path, *rows, header=header)))]
    assert sorted(bands) == sorted(["0-15", "16-24", "45-64", "65-74", "85+", "not known"])


@pytest.mark.parametrize(
    ("written", "area"),
    [
        ("ka7 1ad", "S01012418"),
        ("KA71AB", "S01012417"),
        ("s01012500", "S01012500"),
        ("DEMO00001", "DEMO00001"),
        ("No fixed abode", "no fixed abode"),
        ("NFA", "no fixed abode"),
        ("Withheld", "withheld"),
    ],
)
def test_areas(tmp_path: Path, written: str, area: str) -> None:
    assert rows_of(key(wrote(tmp_path, GOOD.replace("KA7 1AB", written))))[0]["area"] == area


def test_a_partners_own_references_match_within_the_partner_only() -> None:
    council, police = (person_key(KEY, "partner_reference", partner, "77") for partner in ("council", "police"))
    assert council != police
    assert person_key(KEY, "linked", "council", "77") == person_key(KEY, "linked", "police", "77")
    assert person_key(KEY, "chi", "council", "77") != person_key(KEY, "linked", "council", "77")
    assert person_key(KEY[::-1], "linked", "council", "77") != person_key(KEY, "linked", "council", "77")


def test_own_words_are_translated(tmp_path: Path) -> None:
    record = {
        "columns": {"Person No.": "identifier", "Seen on": "contact_date"},
        "services": {"Care @ home": "home_care"},
        "flags": {"Looks after somebody": "carer"},
    }
    (tmp_path / "map.json").write_text(json.dumps(record), encoding="utf-8")
    header = HEADER.replace("identifier", "Person no").replace("contact_date", "SEEN ON")
    row = GOOD.replace("home_care", "care @ home").replace("carer;mental_health", "looks after somebody")
    (made,) = rows_of(key(wrote(tmp_path, row, header=header), words=read_words(tmp_path / "map.json")))
    assert (made["service"], made["flags"]) == ("home_care", "carer")


@pytest.mark.parametrize("content", ["", "[]", '{"columns": []}', '{"other": {}}', '{"flags": {"a": 1}}', "\0"])
def test_a_map_that_cannot_be_used_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "map.json").write_text(content, encoding="utf-8")
    with pytest.raises(Refusal, match="--map"):
        read_words(tmp_path / "map.json")


def test_words_that_lead_nowhere_are_refused(tmp_path: Path) -> None:
    words = OwnWords({"a": "nothing"}, {"b": "nothing"}, {"c": "nothing"})
    text = refused(wrote(tmp_path, GOOD), words=words)
    assert text.count("--map: 1 of the") == 3


def test_the_service_of_the_whole_file(tmp_path: Path) -> None:
    header, row = HEADER.replace("service,", ""), GOOD.replace("home_care,", "")
    assert rows_of(key(wrote(tmp_path, row, header=header), service="home_care"))[0]["service"] == "home_care"
    assert "--service" in refused(wrote(tmp_path, row, header=header), service="custody")
    assert "There is no column for the service" in refused(wrote(tmp_path, row, header=header))
