"""Identifiers are recognised in every usual notation, and what the contract asks for is never mistaken for one."""

from __future__ import annotations

import hashlib
import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as drawn
from made_identifiers import NOTATIONS, OTHERS, chi_numbers, slow_modulus_10, slow_modulus_11

from prioritisation.contract import load_contract
from prioritisation.folder import TRACKED_DATA
from prioritisation.identifiers import BIRTH, CHI, NHS, POSTCODE, first_kind, is_chi, kinds_in, modulus_10, modulus_11

CONTRACT = load_contract(TRACKED_DATA / "catalogue")
NAMES_OF_FILES = (
    "council-2026-03.csv",
    "council_2026-01_2026-03.csv",
    "hscp as 2026-03.xlsx",
    "SA202603.csv",
    "police-partner-reference-2026-01-to-2026-03.csv",
    "nhs Q1 2026 v2.csv",
)


@pytest.mark.parametrize("notation", NOTATIONS.values(), ids=NOTATIONS)
@pytest.mark.parametrize("modulus", [11, 10])
def test_chi_numbers_are_recognised(modulus: int, notation: object) -> None:
    numbers = chi_numbers(modulus, 500, seed=modulus)
    unseen = [place for place, number in enumerate(numbers) if CHI not in kinds_in(notation(number))]
    assert not unseen


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in OTHERS.items() for text in texts])
def test_other_kinds_are_recognised(kind: str, text: str) -> None:
    assert kind in kinds_in(text)
    assert kind in kinds_in(f"x, {text}, y") or kind == "postcode"


def test_published_examples() -> None:
    assert is_chi("0101011237")  # phsmethods, chi_check
    assert is_chi("0211165794")  # phsmethods, vignette
    assert not is_chi("0101010000")  # the same vignette, with both checks
    assert not is_chi("9999999999")
    assert kinds_in("9434765919") == {NHS}  # NHS Data Dictionary


@given(drawn.integers(0, 10**9 - 1))
def test_check_digits_agree_with_the_slow_way(number: int) -> None:
    nine = f"{number:09}"
    eleven = slow_modulus_11(nine)
    assert modulus_11(nine) == ("" if eleven == 10 else str(eleven))
    assert modulus_10(nine) == str(slow_modulus_10(nine))


def test_a_date_that_no_calendar_has_is_no_chi_number() -> None:
    for nine in ("310299123", "320199123", "011399123", "290201123", "000101123"):
        assert not is_chi(nine + str(slow_modulus_10(nine)))
    assert is_chi("290200123" + str(slow_modulus_10("290200123")))


def test_closed_values_are_never_hit() -> None:
    values = [value for column in CONTRACT.columns for value in CONTRACT.values(column)]
    values += [column.example for column in CONTRACT.columns.values()]
    values += [text for column in CONTRACT.columns.values() for text in (column.name, column.title, column.explanation)]
    values += ["no fixed abode", "withheld", "", "homelessness;money", *NAMES_OF_FILES]
    assert [value for value in values if kinds_in(value)] == []


def test_codes_months_counts_and_costs_are_never_hit() -> None:
    codes = [f"S{number:08}" for number in range(1_000_001, 1_020_874, 3)] + [f"DEMO{n:05}" for n in range(2000)]
    months = [f"{year}-{month:02}" for year in range(2000, 2030) for month in range(1, 13)]
    counts = [str(number) for number in range(1, 10_000, 7)]
    cents = [random.Random(2).randint(0, 999_999_999) for _ in range(5000)]
    costs = [f"{cent // 100}.{cent % 100:02}" for cent in cents] + [
        f"{cent // 100:,}.{cent % 100:02}" for cent in cents
    ]
    texts = codes + months + counts + costs
    assert [text for text in texts if kinds_in(text)] == []
    assert [text for text in codes + months if kinds_in(f" {text.lower()}\u00a0")] == []


def test_keys_are_never_hit() -> None:
    keys = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(20_000)]
    chi = chi_numbers(11, 1, seed=3)[0]
    keys.append(("a" + chi + "b").ljust(64, "c"))
    assert not [key for key in keys if kinds_in(key)]
    assert not [key for key in keys if kinds_in(f" {key.upper()} ")]


def test_whole_numbers_only() -> None:
    chi = chi_numbers(11, 1, seed=4)[0]
    for text in (f"1{chi}", f"{chi}1", f"5{chi}5", f"a1{chi}"):
        assert CHI not in kinds_in(text)


def test_allowed_where_they_belong() -> None:
    assert kinds_in("KA7 1AB", postcode_allowed=True) == frozenset()
    assert first_kind("KA7 1AB") == POSTCODE
    assert kinds_in("18331") == frozenset()
    assert kinds_in("18331", serials=True) == {BIRTH}
    assert kinds_in("council_20260314.csv") == {BIRTH}
    assert kinds_in("council_20260314.csv", made_from=date(2026, 1, 1)) == frozenset()
    assert kinds_in("council_19500314.csv", made_from=date(2026, 1, 1)) == {BIRTH}
    assert kinds_in("31-02-2026.csv", made_from=date(2026, 1, 1)) == {BIRTH}


@given(drawn.text(max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    assert kinds_in(text) <= {CHI, *OTHERS}
    assert (first_kind(text) is None) == (not kinds_in(text))


@pytest.mark.timeout(20)
@pytest.mark.parametrize("part", ["1 ", "a@", "12 MARCH ", "1-", "A B 1 2 ", "9" * 50, "\u0660", "+4 "])
def test_long_texts_take_no_long_time(part: str) -> None:
    kinds_in(part * (50_000 // len(part)))


def test_needs_nothing_but_the_standard_library() -> None:
    source = Path(__file__).parent.parent / "prioritisation" / "identifiers.py"
    assert "prioritisation" not in source.read_text(encoding="utf-8").split('"""', 2)[2]
