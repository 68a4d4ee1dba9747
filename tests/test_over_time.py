"""Change over the demonstration's periods: what is claimed, what is not, and that ranks keep to the newest."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from prioritisation import over_time as told
from prioritisation.errors import UserError
from prioritisation.over_time import (
    IMPROVING,
    NO_CLAIM,
    NO_CLEAR_CHANGE,
    NO_COUNTS,
    OVERLAPPING,
    TWO_PERIODS,
    UNDATED,
    WORSENING,
    OverTime,
    area_change_sentence,
    area_series,
    change_sentence,
    change_table,
    over_time,
    standing_out,
    with_several_periods,
)
from prioritisation.rates import wilson
from prioritisation.store import Store


@pytest.fixture(scope="module")
def areas(demonstration_store: Store) -> pd.Index:
    return demonstration_store.areas().index


@pytest.fixture(scope="module")
def income(demonstration_store: Store, areas: pd.Index) -> OverTime:
    return over_time(demonstration_store, "income_rate", areas)


def test_all_periods_are_loaded_and_ranks_use_the_newest(demonstration_store: Store, income: OverTime) -> None:
    assert set(with_several_periods(demonstration_store)) == {
        "income_rate",
        "employment_rate",
        "crime_rate",
        "overcrowded_rate",
        "depress",
    }
    assert income.periods == ("2012", "2013", "2014", "2015", "2016", "2017")
    newest = demonstration_store.observations(["income_rate"]).set_index("area_code")
    assert set(newest["period"]) == {"2017"}
    assert list(demonstration_store.values(["income_rate"])["income_rate"]) == list(income.values["2017"])


def test_limits_and_the_whole_come_from_the_counts(demonstration_store: Store, income: OverTime) -> None:
    rows = demonstration_store.series("income_rate")
    one = rows[rows["period"] == "2014"].set_index("area_code")
    low, high = wilson(one["numerator"].astype(float), one["denominator"].astype(float))
    assert income.low["2014"].to_numpy() == pytest.approx(100 * low)
    assert income.high["2014"].to_numpy() == pytest.approx(100 * high)
    assert income.whole["2014"] == pytest.approx(100 * one["numerator"].sum() / one["denominator"].sum())


def test_the_sentence_the_table_and_the_map_agree(income: OverTime, areas: pd.Index) -> None:
    count = income.change.value_counts()
    words = change_sentence(income, areas)
    assert f"{count[WORSENING]} areas are worsening, {count[IMPROVING]} improving" in words
    table = change_table(income, pd.Series("name", index=areas))
    assert table["change"].value_counts().to_dict() == count.to_dict()
    assert list(table["change"].iloc[: count[WORSENING]]) == [WORSENING] * count[WORSENING]
    risen = table[table["change"] == WORSENING]
    assert (risen["difference"] > 0).all()


def test_an_area_is_told_with_its_first_and_last_value(income: OverTime) -> None:
    worse = str(income.change.index[income.change == WORSENING][0])
    words = area_change_sentence(income, worse)
    assert words.startswith("Income deprivation is worsening: ")
    assert f"{income.values['2012'][worse]:.1f}% in 2012, {income.values['2017'][worse]:.1f}% in 2017" in words
    assert "Worsening: Income deprivation (2012 to 2017)" in standing_out([income], worse)
    assert list(area_series(income, worse)["period"]) == list(income.periods)


@pytest.mark.parametrize(("indicator", "why"), [("overcrowded_rate", TWO_PERIODS), ("depress", NO_COUNTS)])
def test_without_three_periods_or_without_counts_nothing_is_claimed(
    demonstration_store: Store, areas: pd.Index, indicator: str, why: str
) -> None:
    found = over_time(demonstration_store, indicator, areas)
    assert found.no_claim == why
    assert set(found.change) == {NO_CLAIM}
    assert why[1:] in change_sentence(found, areas)
    assert area_change_sentence(found, areas[0]).endswith(why)


def test_an_indicator_that_is_not_loaded_is_refused(demonstration_store: Store, areas: pd.Index) -> None:
    with pytest.raises(UserError, match="no indicator 'nothing'"):
        over_time(demonstration_store, "nothing", areas)


@pytest.mark.parametrize(
    ("periods", "why"),
    [
        (("2014 to 2016", "2015 to 2017", "2016 to 2018"), OVERLAPPING),
        (("then", "before", "now"), UNDATED),
        (("2015/16", "2016/17", "2017/18"), ""),
    ],
)
def test_periods_that_overlap_or_have_no_date_are_no_trend(periods: tuple[str, ...], why: str) -> None:
    assert told._no_claim(periods, np.ones((2, 3))) == why


@pytest.mark.parametrize(("worse", "words"), [(True, (WORSENING, IMPROVING)), (False, (IMPROVING, WORSENING))])
def test_a_rise_is_worse_only_where_more_is_worse(worse: bool, words: tuple[str, str]) -> None:
    counts = np.array([[50.0, 100, 150], [150, 100, 50], [100, 101, 99], [100, np.nan, 99]])
    found, _ = told._changes(
        counts, np.full((4, 3), 500.0), ("2015", "2016", "2017"), events=False, worse=worse, claimed=True
    )
    assert found == [*words, NO_CLEAR_CHANGE, NO_CLAIM]
