"""Invented people and their contacts: skewed, overlapping and tied to need as real ones are; never the same as them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from prioritisation.contract import NO_FIXED_ABODE, WITHHELD, Contract, load_contract
from prioritisation.folder import TRACKED_DATA
from prioritisation.ingest.demonstration import write_demonstration
from prioritisation.ingest.invented_extracts import (
    FIRST_MONTH,
    MONTHS,
    RELEASES,
    InventedPeople,
    invent_people,
    month_name,
    write_extracts,
)
from prioritisation.ingest.invented_rates import AREA_INDICATORS, NEEDS, RATES, STATED

YEAR = (RELEASES[0][1] - 12, RELEASES[0][1])
"""The 12 months that the first release counts."""
Trial = Callable[..., InventedPeople]


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract(TRACKED_DATA / "catalogue")


@pytest.fixture(scope="module")
def invent(tmp_path_factory: pytest.TempPathFactory, contract: Contract) -> Trial:
    def made(areas: int, seed: int, share: float = 1.0) -> InventedPeople:
        folder = tmp_path_factory.mktemp("place")
        write_demonstration(folder, areas, seed)
        return invent_people(folder, contract, seed, share)

    return made


@pytest.fixture(scope="module", params=(1, 5))
def people(request: pytest.FixtureRequest, invent: Trial) -> InventedPeople:
    """The whole demonstration, and another one."""
    return invent(153, request.param)


@pytest.fixture(scope="module")
def few(invent: Trial) -> InventedPeople:
    return invent(30, 3, share=0.2)


def within(people: InventedPeople, months: tuple[int, int]) -> pd.DataFrame:
    return people.contacts[people.contacts["month"].between(months[0], months[1] - 1)]


def rate_by_area(people: InventedPeople, rows: pd.DataFrame) -> np.ndarray:
    known = rows["resident"].unique()
    return np.bincount(people.residents.area[known], minlength=len(people.place.codes)) / people.place.population.sum(
        axis=(1, 2)
    )


def test_as_many_people_are_known_as_the_design_asks(people: InventedPeople) -> None:
    living = people.residents.present(np.arange(len(people.residents)), np.full(len(people.residents), YEAR[1] - 1))
    assert 108_000 < living.sum() < 116_000
    year, three_years = within(people, YEAR), within(people, RELEASES[0])
    assert 11_500 < year["resident"].nunique() < 14_000
    keys = year[["resident", "key_kind"]].drop_duplicates()
    assert 12_000 < len(keys) < 15_000
    assert 1.8 < three_years["resident"].nunique() / year["resident"].nunique() < 2.6


def test_few_people_make_most_contacts(people: InventedPeople) -> None:
    per_person = within(people, YEAR).groupby("resident")["contacts"].sum().sort_values(ascending=False)
    share = per_person.cumsum() / per_person.sum()
    assert 0.36 < share.iloc[len(share) // 20] < 0.55
    assert (share < 0.5).mean() < 0.10
    assert (per_person <= 4).mean() > 0.55


def test_many_people_are_known_to_several_partners(people: InventedPeople) -> None:
    partners = within(people, YEAR).groupby("resident")["partner"].nunique()
    assert 600 < (partners >= 3).sum() < 1600
    assert (partners >= 4).sum() > 200
    seen = within(people, YEAR).groupby("resident").agg(busy=("contacts", "sum"), partners=("partner", "nunique"))
    assert seen["busy"].corr(seen["partners"], method="spearman") > 0.3


def test_the_most_costly_are_not_those_with_most_contacts(people: InventedPeople) -> None:
    per_person = within(people, YEAR).groupby("resident")[["contacts", "cost"]].sum()
    top = len(per_person) // 20
    both = set(per_person["contacts"].nlargest(top).index) & set(per_person["cost"].nlargest(top).index)
    assert 0.05 < len(both) / top < 0.5
    assert per_person["cost"].nlargest(top).sum() / per_person["cost"].sum() > 0.35


def test_contacts_follow_the_need_of_the_area(people: InventedPeople) -> None:
    year = within(people, YEAR)
    money = people.place.needs[:, NEEDS.index("money")]
    assert np.corrcoef(rate_by_area(people, year), people.place.needs.mean(axis=1))[0, 1] > 0.75
    arrears = year[year["service"].isin(["rent_arrears", "crisis_grant", "food"])]
    assert np.corrcoef(rate_by_area(people, arrears), money)[0, 1] > 0.6
    care = year[year["service"].isin(["home_care", "district_nursing", "community_alarm"])]
    older = people.place.population[:, :, 75:].sum(axis=(1, 2)) / people.place.population.sum(axis=(1, 2))
    assert np.corrcoef(rate_by_area(people, care), older)[0, 1] > 0.4
    assert np.corrcoef(rate_by_area(people, care), older)[0, 1] > np.corrcoef(rate_by_area(people, care), money)[0, 1]


def test_troubles_come_together(people: InventedPeople) -> None:
    """Beyond what age and area explain: among adults of working age in one fifth of areas."""
    residents, year = people.residents, within(people, YEAR)
    worst = people.place.needs.mean(axis=1) > np.quantile(people.place.needs.mean(axis=1), 0.8)
    adults = (residents.age > 20) & (residents.age < 60) & worst[residents.area]
    drugs, custody = (
        np.isin(np.arange(len(residents)), year.loc[year["service"] == name, "resident"])
        for name in ("alcohol_drug_recovery", "custody")
    )
    assert (drugs & custody)[adults].mean() > 3 * drugs[adults].mean() * custody[adults].mean()


def test_levels_are_those_of_the_table(people: InventedPeople) -> None:
    residents = people.place.population.sum()
    year = within(people, YEAR).groupby("service")["resident"].nunique()
    for rate in RATES:
        expected = rate.per_thousand * residents / 1000
        assert abs(year[rate.service] - expected) < 0.2 * expected + 4 * np.sqrt(expected), rate.service


def test_ages_are_those_that_the_service_is_for(people: InventedPeople, contract: Contract) -> None:
    rows = people.contacts
    age = people.residents.age[rows["resident"]] - (MONTHS - rows["month"].to_numpy()) / 12
    for service in contract.services.values():
        ages = age[(rows["service"] == service.id).to_numpy()]
        assert ages.min() >= service.age_from
        assert ages.max() < (service.age_to + 1 if service.age_to is not None else 110)


def test_nobody_is_seen_before_arrival_or_after_leaving_and_movers_move(people: InventedPeople) -> None:
    rows, residents = people.contacts, people.residents
    who, month = rows["resident"].to_numpy(), rows["month"].to_numpy()
    assert ((month >= residents.arrives[who]) & (month < residents.leaves[who])).all()
    assert not rows.duplicated(["resident", "service", "month"]).any()
    per_year = 12 / MONTHS * len(residents) / people.place.population.sum()
    assert 0.03 < (residents.leaves <= MONTHS).mean() * per_year < 0.05
    assert 0.04 < (residents.moves < MONTHS).mean() * per_year < 0.07
    assert (residents.next_area != residents.area)[residents.moves < MONTHS].mean() > 0.9


def test_the_second_release_has_arrivals_and_leavers(people: InventedPeople) -> None:
    first = set(within(people, YEAR)["resident"])
    second = set(within(people, (MONTHS - 12, MONTHS))["resident"])
    assert 0.08 < len(second - first) / len(first) < 0.35
    assert 0.08 < len(first - second) / len(first) < 0.35


def test_some_have_no_address_or_a_protected_one(people: InventedPeople) -> None:
    places = within(people, YEAR).drop_duplicates(["resident", "place"])["place"].value_counts()
    assert 50 < places[NO_FIXED_ABODE] < 400
    assert 20 < places[WITHHELD] < 200


def test_flags_are_stated_as_the_table_says(people: InventedPeople, contract: Contract) -> None:
    assert {one.flag for one in STATED} <= set(contract.flags)
    assert {one.service for one in STATED} | {rate.service for rate in RATES} == set(contract.services)
    for one in STATED:
        rows = people.contacts[people.contacts["service"] == one.service]
        with_flag = rows[rows["flags"].str.split(";").map(lambda flags, flag=one.flag: flag in flags)]
        assert abs(with_flag["resident"].nunique() / rows["resident"].nunique() - one.share) < 0.02


def test_a_key_kind_is_the_persons_or_the_partners(people: InventedPeople) -> None:
    kinds = people.contacts.groupby("resident")["key_kind"].agg(set)
    linked = kinds.map(lambda held: "linked" in held)
    assert (kinds[linked] == {"linked"}).all()
    assert 0.6 < linked.mean() < 0.75
    assert set(people.contacts.loc[people.contacts["key_kind"] == "chi", "partner"]) == {"hscp", "nhs"}


def test_same_seed_same_bytes_other_seed_other_bytes(invent: Trial, few: InventedPeople, tmp_path: Path) -> None:
    turns = {"first": few, "again": invent(30, 3, share=0.2), "other": invent(30, 4, share=0.2)}
    texts = {
        name: [one.path.read_bytes() for one in write_extracts(made, tmp_path / name, RELEASES[0])]
        for name, made in turns.items()
    }
    assert texts["first"] == texts["again"]
    assert all(one != two for one, two in zip(texts["first"], texts["other"], strict=True))


def test_extracts_hold_what_was_asked_and_nothing_else(few: InventedPeople, tmp_path: Path) -> None:
    total = 0
    for number, months in enumerate(RELEASES):
        for extract in write_extracts(few, tmp_path / str(number), months):
            table = pd.read_csv(extract.path, dtype=str, keep_default_na=False)
            assert table["identifier"].str.fullmatch(r"DEMO-[CFHLPT]-\d{7}").all()
            assert table["postcode"].str.fullmatch(r"ZZ\d \d[A-Z]{2}|no fixed abode|withheld").all()
            assert table["contact_date"].str[:7].between(month_name(months[0]), month_name(months[1] - 1)).all()
            assert table["contact_date"].is_monotonic_increasing
            assert ("cost" in table) == (extract.partner in ("hscp", "nhs"))
            born = table["date_of_birth"]
            assert (born[born != ""] < table["contact_date"].where(born != "")[born != ""]).all()
            total += len(table)
    assert total == len(few.contacts)
    assert month_name(0) == str(FIRST_MONTH) and month_name(MONTHS - 1) == "2025-12"


def test_a_resident_has_one_number_per_series_and_shares_it_with_nobody(few: InventedPeople, tmp_path: Path) -> None:
    held = [
        pd.read_csv(extract.path, dtype=str, keep_default_na=False)[["identifier", "date_of_birth", "sex"]]
        for extract in write_extracts(few, tmp_path, (0, MONTHS))
    ]
    per_number = pd.concat(held).drop_duplicates()
    assert per_number["identifier"].is_unique
    keys = few.contacts[["resident", "partner", "key_kind"]].drop_duplicates()
    own = keys["key_kind"] == "partner_reference"
    assert len(per_number) == own.sum() + len(keys[~own].drop_duplicates(["resident", "key_kind"]))


def test_every_rate_has_a_reason() -> None:
    assert all(len(one.reason) > 10 for one in (*RATES, *STATED))
    assert {rate.need for rate in RATES} | {one.need for one in STATED} == set(NEEDS) == set(AREA_INDICATORS)
