"""Earlier periods through the import: read beside the newest, refused where they cannot be put in order."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from drawn_files import CATALOGUE, CODES, ages, indicators

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ingest.open_data import import_open_data
from prioritisation.store import open_store

HEAD = "Data_Zone,indicator,period,value,numerator,denominator\n"


def imported(tmp_path: Path, **files: pd.DataFrame | str) -> DataFolder:
    """Import the newest indicators and more files, each a table or its text."""
    folder, offered = DataFolder(tmp_path / "data"), tmp_path / "files"
    offered.mkdir()
    indicators().to_excel(offered / "indicators.xlsx", index=False)
    for name, content in files.items():
        text = content if isinstance(content, str) else content.to_csv(index=False)
        (offered / f"{name}.csv").write_text(text, encoding="utf-8")
    import_open_data([offered], council="South Ayrshire", folder=folder, catalogue=CATALOGUE)
    return folder


def rows(period: str, value: str = "10", counts: str = "70,700", indicator: str = "income_rate") -> str:
    return "".join(f"{code},{indicator},{period},{value},{counts}\n" for code in CODES)


def test_earlier_values_are_read_and_the_newest_stay_what_is_ranked(tmp_path: Path) -> None:
    with open_store(imported(tmp_path, past=HEAD + rows("2015") + rows("2016", "*", "*,700"))) as store:
        assert store.periods()["income_rate"] == ("2015", "2016", "2017")
        series = store.series("income_rate")
        then = series[series["period"] == "2015"]
        assert set(then["area_code"]) == set(CODES)
        assert (then["value"] == 10).all()
        assert (then["numerator"] == 70).all()
        assert set(series.loc[series["period"] == "2016", "status"]) == {"suppressed"}
        assert set(store.observations(["income_rate"])["period"]) == {"2017"}
        used = store.loaded_files().set_index("file_name").loc["past.csv"]
        assert used["used"]
        assert used["kind"] == "values of earlier periods"


@pytest.mark.parametrize(
    ("past", "found"),
    [
        (rows("2017"), "the period is not before 2017"),
        (rows("2016/17"), "the period is not written like the newest one"),
        (rows("2016", indicator="wealth"), "there is no such indicator"),
        (rows("2016", indicator="share_75_plus"), "no file with its newest period is among these"),
        (rows("2016", indicator="lbwt"), "which has no year"),
        (rows("2016", value="30"), "'30' is not what its counts give"),
        (rows("2016", value="1000", counts=","), "'1000' is over 100%"),
        (rows("2016") + f"{CODES[0]},income_rate,2016,10,70,700\n", f"{CODES[0]} is there twice"),
        (rows("2016", value="some"), "'some' is not a number"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_place(tmp_path: Path, past: str, found: str) -> None:
    with pytest.raises(UserError) as refused:
        imported(tmp_path, past=HEAD + past)
    assert any(found in str(fault) and "past.csv" in str(fault) for fault in refused.value.faults)


def test_two_files_with_the_same_period_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"past\.csv has this too|again\.csv has this too"):
        imported(tmp_path, past=HEAD + rows("2016"), again=HEAD + rows("2016") + rows("2015"))


@pytest.mark.parametrize("in_one_file", [True, False])
def test_population_of_several_years_makes_a_series(tmp_path: Path, in_one_file: bool) -> None:
    years = {year: ages(CODES).assign(Year=year) for year in (2019, 2020, 2021)}
    oldest = [column for column in years[2019].columns if column in ("80", "90+")]
    years[2019][oldest] = 0
    files = {"all": pd.concat(years.values())} if in_one_file else {f"of{year}": each for year, each in years.items()}
    with open_store(imported(tmp_path, **files)) as store:
        assert store.periods()["share_75_plus"] == ("mid-2019", "mid-2020", "mid-2021")
        series = store.series("share_75_plus").pivot(index="area_code", columns="period", values="value").loc[CODES]
        assert (series["mid-2019"] < series["mid-2021"]).all()
        assert (series["mid-2020"] == series["mid-2021"]).all()
        assert set(store.observations(["share_75_plus"])["period"]) == {"mid-2021"}
        assert (
            store.areas().loc[CODES, "population"]
            == ages(CODES).groupby("dz11_code").sum(numeric_only=True).sum(axis=1).iloc[0]
        ).all()
