"""Population: sexes added up, the newest year taken, groups that the shares need."""

from __future__ import annotations

import pandas as pd
import pytest
from drawn_files import AGES, CODES, ages

from prioritisation.ingest.faults import Faults
from prioritisation.ingest.population import Population, read_ages, read_totals, year_of
from prioritisation.ingest.tables import RawTable, header_key


def _table(frame: pd.DataFrame, title: str = "", name: str = "ages.csv") -> RawTable:
    keyed = frame.set_axis([header_key(column) for column in frame.columns], axis=1)
    keyed.index = pd.RangeIndex(2, len(frame) + 2)
    headers = dict(zip(keyed.columns, map(str, frame.columns), strict=True))
    return RawTable(name, "", keyed, headers, (), title)


def _ages(frame: pd.DataFrame, title: str = "") -> tuple[Population, list[str]]:
    faults = Faults()
    population = read_ages(_table(frame, title), header_key(frame.columns[0]), faults)
    return population, [str(fault) for fault in faults._found]


def test_women_and_men_are_added_up() -> None:
    population, faults = _ages(ages(CODES))
    assert not faults
    row = population.people.loc[CODES[0]]
    assert row.to_dict() == {"total": 1830.0, "under_16": 320.0, "from_65": 530.0, "from_75": 330.0}


def test_rows_for_everybody_are_used_alone() -> None:
    frame = ages(CODES)
    everybody = frame.groupby("dz11_code", as_index=False)[AGES].sum().assign(sex="All")
    population, faults = _ages(pd.concat([everybody, frame])[frame.columns])
    assert not faults
    assert population.people.loc[CODES[0], "total"] == 1830


def test_the_newest_year_counts() -> None:
    old, new = ages(CODES).assign(Year=2019), ages(CODES).assign(Year=2021)
    new[AGES] = 1
    population, faults = _ages(pd.concat([new, old]))
    assert not faults
    assert (population.year, population.period) == (2021, "mid-2021")
    assert population.people.loc[CODES[0], "total"] == 182


def test_headers_of_public_health_scotland() -> None:
    frame = ages(CODES).rename(columns={str(age): f"Age{age}" for age in range(90)} | {"90+": "Age90plus"})
    frame = pd.concat([frame, frame.assign(dz11_code="S92000003").iloc[:2]])
    population, faults = _ages(frame)
    assert not faults
    assert list(population.people.index) == CODES


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda frame: frame.drop(columns="37"), "age 37"),
        (lambda frame: frame.drop(columns="90+"), "age 89 and over"),
        (lambda frame: frame.replace({"sex": {"Male": "unknown"}}), "'unknown' is no sex"),
        (lambda frame: frame.drop(index=3), "does not have one row for each sex"),
        (lambda frame: frame.assign(**{"5": -1}), "'-1' is negative"),
        (lambda frame: frame.assign(**{"5": "many"}), "'many' is not a number"),
    ],
)
def test_faults_of_population(change, words: str) -> None:
    _, faults = _ages(change(ages(CODES)))
    assert any(words in fault for fault in faults), faults


@pytest.mark.parametrize(
    ("title", "name", "year"),
    [
        ("Mid-2020 estimates by data zone 2011", "x.csv", 2020),
        ("", "sape2020_dz_age.csv", 2020),
        ("", "dz2011-pop.csv", None),
        ("Published 2021", "sape2020.csv", 2021),
        ("", "x.csv", None),
    ],
)
def test_the_year_of_a_file(title: str, name: str, year: int | None) -> None:
    assert year_of(_table(ages(CODES), title, name)) == year


def test_totals() -> None:
    faults = Faults()
    frame = pd.DataFrame({"dz11_code": CODES, "total_population": [f"1,{place:03}" for place in range(12)]})
    population = read_totals(_table(frame), "dz11_code", faults)
    assert len(faults) == 0
    assert population.people["total"].tolist() == [1000.0 + place for place in range(12)]
