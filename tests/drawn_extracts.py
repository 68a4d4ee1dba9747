"""A partner's small raw extract, and the tool called on it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from made_identifiers import chi_numbers

from prioritisation.contract import load_contract
from prioritisation.contract_files import rules_of
from prioritisation.folder import TRACKED_DATA
from prioritisation.pseudonymise import Keyed, Order, Refusal, pseudonymise

CONTRACT = load_contract(TRACKED_DATA / "catalogue")
RULES = rules_of(CONTRACT)
KEY = bytes(range(1, 33))
TODAY = date(2026, 11, 23)
ZONES = {"KA71AB": "S01012417", "KA71AD": "S01012418"}
HEADER = "identifier,postcode,date_of_birth,sex,service,contact_date,contacts,flags,cost"
CHI, OTHER_CHI = chi_numbers(11, 1, seed=8)[0], chi_numbers(10, 1, seed=8)[0]
GOOD = f"{CHI},KA7 1AB,1950-06-01,F,home_care,2026-03-14,2,carer;mental_health,10.50"
SECRET = "Ferguson"


def wrote(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "raw.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def key(extract: Path, **changes: object) -> Keyed:
    order = Order(**{"partner": "hscp", "key": KEY, "key_id": "project-1", "zones": ZONES} | changes)  # type: ignore[arg-type]
    return pseudonymise(extract, RULES, order, TODAY)


def rows_of(keyed: Keyed) -> list[dict[str, str]]:
    return [dict(zip(keyed.columns, row, strict=True)) for row in keyed.rows]


def refused(extract: Path, **changes: object) -> str:
    with pytest.raises(Refusal) as refusal:
        key(extract, **changes)
    text = str(refusal.value)
    assert "Not done:" in text
    assert "What to do:" in text
    return text
