"""Mid-year population by area: by single year of age, or totals only."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from prioritisation.ingest.codes import texts
from prioritisation.ingest.faults import Faults
from prioritisation.ingest.observations import CheckedTable
from prioritisation.ingest.recognise import age_keys, total_key
from prioritisation.ingest.tables import RawTable

OLDEST_NEEDED = 75
_YEAR_KEY = "year"
_SEX_KEYS = ("sex", "gender")
_EVERYBODY = frozenset(
    {"all", "persons", "person", "people", "both", "both sexes", "total", "all people", "all persons"}
)
_ONE_SEX = frozenset({"m", "male", "males", "men", "f", "female", "females", "women"})
_MID_YEAR = re.compile(r"mid[-_ ]?((?:19|20)\d\d)", re.IGNORECASE)
_ANY_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_VINTAGES = frozenset({"2001", "2011", "2022"})


@dataclass(frozen=True)
class Population:
    """People by area code at the middle of `year` (None when the file does not say).

    people: columns total, and for a file by age under_16, from_65, from_75; by_age: a column for each year of age,
    the last open, or none.
    """

    year: int | None
    people: pd.DataFrame
    by_age: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def period(self) -> str | None:
        return f"mid-{self.year}" if self.year else None

    def residents(self, codes: pd.Index) -> pd.DataFrame:
        """Return area_code, age, people of these areas, long; ages that are not known are left out."""
        inside = self.by_age[self.by_age.index.isin(codes)].rename_axis(index="area_code").reset_index()
        rows = inside.melt(id_vars="area_code", var_name="age", value_name="people").dropna()
        return rows.astype({"age": int, "people": float})


def no_residents() -> pd.DataFrame:
    """Return area_code, age, people without a row."""
    return pd.DataFrame({"area_code": [], "age": [], "people": []}).astype({"area_code": "str", "age": int})


def read_ages(table: RawTable, column: str, faults: Faults, wanted_year: int | None = None) -> Population:
    """Read a table with one column per year of age, the last open; one row per area, or one per area and sex.

    wanted_year: which of the years of its Year column; the newest without it.
    """
    checked = CheckedTable(table, column, faults)
    ages = age_keys(table)
    if not _ages_complete(table, ages, faults) or not checked.has(ages):
        return Population(None, pd.DataFrame(columns=["total", "under_16", "from_65", "from_75"]))
    year, several = _keep_one_year_and_everybody(checked, column, faults, wanted_year)
    by_age = {age: checked.cells(key).value for key, (age, _) in ages.items()}
    groups = {
        "total": sum(by_age.values(), np.zeros(len(checked.codes))),
        "under_16": np.sum([people for age, people in by_age.items() if age < 16], axis=0),
        "from_65": np.sum([people for age, people in by_age.items() if age >= 65], axis=0),
        "from_75": np.sum([people for age, people in by_age.items() if age >= 75], axis=0),
    }
    single = {str(age): people for age, people in by_age.items()}
    return Population(year, _by_area(checked, groups, several), _by_area(checked, single, several))


def read_totals(table: RawTable, column: str, faults: Faults) -> Population:
    """Read a table with one column of people."""
    checked = CheckedTable(table, column, faults)
    key = total_key(table)
    if key is None or not checked.has([key]):
        return Population(None, pd.DataFrame(columns=["total"]))
    year, several = _keep_one_year_and_everybody(checked, column, faults)
    return Population(year, _by_area(checked, {"total": checked.cells(key).value}, several))


def _by_area(checked: CheckedTable, groups: dict[str, np.ndarray], several: bool) -> pd.DataFrame:
    people = pd.DataFrame(groups, index=pd.Index(checked.codes, name="area_code"))
    return people.groupby(level=0).sum(min_count=1) if several else people[~people.index.duplicated()]


def _ages_complete(table: RawTable, ages: dict[str, tuple[int, bool]], faults: Faults) -> bool:
    numbers = sorted(age for age, _ in ages.values())
    oldest = max(numbers)
    absent = sorted(set(range(max(oldest, OLDEST_NEEDED) + 1)) - set(numbers))
    for age in absent[:5]:
        faults.add(table.where(), f"the column for age {age} is missing.", "Use the file with every year of age.")
    is_open = any(age == oldest and over for age, over in ages.values())
    if not is_open:
        faults.add(table.where(), f"no column is for 'age {oldest} and over'.", "Name the last column such as '90+'.")
    return not absent and is_open


def _keep_one_year_and_everybody(
    checked: CheckedTable, column: str, faults: Faults, wanted_year: int | None = None
) -> tuple[int | None, bool]:
    """Keep one year's rows, the newest's if none is wanted, and those of all people; else men and women are added.

    Return (year, whether an area has several rows to add up).
    """
    frame = checked.table.frame
    year = year_of(checked.table)
    if _YEAR_KEY in frame.columns:
        years = pd.to_numeric(texts(frame.loc[checked.codes.index, _YEAR_KEY]), errors="coerce")
        one = years.max() if wanted_year is None else wanted_year
        if pd.notna(one):
            year = int(one)
            checked.keep((years == one).to_numpy())
    sex_key = next((key for key in _SEX_KEYS if key in frame.columns), None)
    if sex_key is None:
        checked.note_duplicates(column)
        return year, False
    sex = texts(frame.loc[checked.codes.index, sex_key]).str.lower()
    unknown = ~sex.isin(_EVERYBODY | _ONE_SEX).to_numpy()
    checked.note(sex_key, unknown, "{cell} is no sex that we know.", "Write All, Female or Male.")
    everybody = sex.isin(_EVERYBODY).to_numpy()
    if everybody.any():
        checked.keep(everybody)
        checked.note_duplicates(column)
        return year, False
    _note_repeated_sex(checked, sex, faults)
    return year, True


def _note_repeated_sex(checked: CheckedTable, sex: pd.Series, faults: Faults) -> None:
    """Note areas that do not have each sex exactly once."""
    initial = sex.str[0].replace({"w": "f"})
    initial = initial.mask(sex == "men", "m")
    count = pd.crosstab(checked.codes, initial)
    wrong = count.index[(count.reindex(columns=["f", "m"], fill_value=0) != 1).any(axis=1)]
    remedy = "Keep one row for each area and sex."
    places = ((checked.table.where(), f"{code} does not have one row for each sex.") for code in wrong)
    faults.add_rows(places, remedy)


def years_in(table: RawTable) -> list[int]:
    """Return every year in the table's Year column; without one, the year of the whole table, or none."""
    if _YEAR_KEY in table.frame.columns:
        years = pd.to_numeric(texts(table.frame[_YEAR_KEY]), errors="coerce").dropna()
        return sorted({int(year) for year in years})
    year = year_of(table)
    return [] if year is None else [year]


def year_of(table: RawTable) -> int | None:
    """Return the year in the table's Year column or title; only if there is none, in the sheet's or file's name."""
    if _YEAR_KEY in table.frame.columns:
        newest = pd.to_numeric(texts(table.frame[_YEAR_KEY]), errors="coerce").max()
        return int(newest) if pd.notna(newest) else None
    for text in (table.title, table.sheet, table.name):
        for pattern in (_MID_YEAR, _ANY_YEAR):
            years = [int(year) for year in pattern.findall(text) if pattern is _MID_YEAR or year not in _VINTAGES]
            if years:
                return max(years)
    return None
