"""The contract of extracts: what the default one says, and every fault of a damaged one at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from prioritisation.contract import COLUMNS, Contract, load_contract
from prioritisation.errors import UserError
from prioritisation.folder import TRACKED_DATA


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(TRACKED_DATA / "catalogue" / "extract", tmp_path / "extract")
    return tmp_path


def contract() -> Contract:
    return load_contract(TRACKED_DATA / "catalogue")


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / "extract" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_default_contract() -> None:
    agreed = contract()
    assert tuple(agreed.columns) == COLUMNS
    assert agreed.required == COLUMNS[:-2]
    assert list(agreed.partners) == ["council", "hscp", "nhs", "police", "fire", "third_sector"]
    assert [len(agreed.services_of(partner)) for partner in agreed.partners] == [6, 6, 4, 6, 3, 4]
    assert agreed.age_bands == ("0-15", "16-24", "25-44", "45-64", "65-74", "75-84", "85+", "not known")
    assert agreed.values("sex") == agreed.sexes == ("female", "male", "not known")
    assert agreed.values("person_key") == ()
    assert agreed.values("area") == ()
    assert agreed.limits("contacts") == (1, 9999)
    assert agreed.limits("cost") == (0, 9_999_999.99)
    assert agreed.pattern("person_key").fullmatch("0f" * 32)
    assert not agreed.pattern("person_key").fullmatch("0F" * 32)
    assert agreed.ages_of("85+") == (85, None)
    assert agreed.ages_of("not known") is None
    assert {service.need for service in agreed.services.values()} - {None} <= set(agreed.flags)


def test_every_example_keeps_the_contract() -> None:
    agreed = contract()
    for name in agreed.columns:
        example = agreed.columns[name].example
        if agreed.values(name):
            assert set(example.split(";")) <= set(agreed.values(name))
        if agreed.columns[name].kind == "pattern":
            assert agreed.pattern(name).fullmatch(example)


def test_a_partner_a_service_and_a_flag_are_added_as_rows(folder: Path) -> None:
    change(folder, "partners.csv", "id,name,explanation\n", "id,name,explanation\nprison,Prison Service,Prisons\n")
    change(folder, "flags.csv", "id,name,explanation\n", "id,name,explanation\nprison,Prison,Was in prison\n")
    header = "id,name,partner,need,age_from,age_to,explanation\n"
    change(folder, "services.csv", header, f"{header}release,Release,prison,prison,16,,Released from prison\n")
    agreed = load_contract(folder)
    assert agreed.services_of("prison") == ("release",)
    assert "prison" in agreed.values("flags")
    assert agreed.version != contract().version


def test_the_version_follows_the_meaning_not_the_words(folder: Path) -> None:
    change(folder, "columns.csv", "Sex as recorded by the partner.", "Sex, as recorded.".replace(",", ""))
    assert load_contract(folder).version == contract().version
    change(
        folder, "services.csv", "community_alarm,Community alarm,hscp,,65,", "community_alarm,Community alarm,hscp,,75,"
    )
    assert load_contract(folder).version != contract().version


FAULTS = {
    "a kind that nobody knows": (
        "columns.csv",
        "service,Service,yes,one of",
        "service,Service,yes,any of",
        "kind is 'any of'",
    ),
    "neither yes nor no": ("columns.csv", "sex,Sex,yes", "sex,Sex,maybe", "required is 'maybe'"),
    "no title": ("columns.csv", "sex,Sex,yes", "sex,,yes", "a value is empty"),
    "a pattern that is none": ("columns.csv", '"[a-z0-9-]{1,32}"', '"[a-z"', "not a regular expression"),
    "a range that is none": ("columns.csv", "1-9999", "some", "not a range"),
    "an unknown column": ("columns.csv", "sex,Sex,yes", "gender,Sex,yes", "knows exactly these"),
    "bands with a gap": ("columns.csv", "16-24|25-44", "16-24|26-44", "leave ages out"),
    "sexes without not known": ("columns.csv", "female|male|not known", "female|male", "sex cannot be used"),
    "an unknown partner": (
        "services.csv",
        "custody,Custody,police",
        "custody,Custody,prison",
        "'prison' is not in partners.csv",
    ),
    "an unknown need": ("services.csv", "police,justice", "police,prison", "'prison' is not in flags.csv"),
    "ages inside a band": ("services.csv", "hscp,,65,", "hscp,,60,", "not at the edges of age bands"),
    "no explanation": ("flags.csv", '"Cares, unpaid, for somebody else"', "", "a value is empty"),
    "twice": ("flags.csv", "money,Money", "carer,Money", "'carer' is there twice"),
    "an id with a sign": ("partners.csv", "fire,Scottish", "fire=1,Scottish", "cannot be used"),
}


@pytest.mark.parametrize(("name", "old", "new", "words"), FAULTS.values(), ids=FAULTS)
def test_one_fault_is_named(folder: Path, name: str, old: str, new: str, words: str) -> None:
    change(folder, name, old, new)
    with pytest.raises(UserError, match="fault") as refusal:
        load_contract(folder)
    assert words in str(refusal.value)
    assert name in str(refusal.value)


def test_all_faults_are_named_at_once(folder: Path) -> None:
    change(folder, "columns.csv", "sex,Sex,yes", "sex,Sex,maybe")
    change(folder, "services.csv", "police,justice", "police,prison")
    (folder / "extract" / "key_kinds.csv").unlink()
    with pytest.raises(UserError, match="3 faults") as refusal:
        load_contract(folder)
    assert len(refusal.value.faults) == 3


def test_an_absent_folder_is_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        load_contract(tmp_path)
