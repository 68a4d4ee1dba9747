"""Explore: change over time as a map and in a profile, and areas like the one on screen."""

from __future__ import annotations

import html

import pytest
from opened import BOOKMARK, MENU, OpenPage, html_of
from streamlit.testing.v1 import AppTest

from prioritisation.folder import DataFolder
from prioritisation.over_time import NO_CLAIM, TWO_PERIODS, WORSENING, OverTime, change_sentence, over_time
from prioritisation.store import Store


@pytest.fixture(scope="module")
def income(demonstration_store: Store) -> OverTime:
    return over_time(demonstration_store, "income_rate", demonstration_store.areas().index)


def said(test: AppTest) -> str:
    assert not test.exception
    return html.unescape(html_of(test))


@pytest.mark.parametrize("way", [BOOKMARK, MENU])
def test_the_change_of_an_indicator_is_a_map_a_table_and_a_sentence(
    way: str, open_page: OpenPage, demonstration: DataFolder, income: OverTime
) -> None:
    test = open_page("Explore", demonstration, way, {"show": "change.income_rate"})
    page = said(test)
    assert "Where is need changing?" in page
    assert change_sentence(income, income.change.index) in page
    assert "a straight line through at least three separate periods" in page
    for change, count in income.change.value_counts().items():
        assert f"{change} ({count})" in page
    table = test.dataframe[0].value
    assert list(table["Change"]).count(WORSENING.capitalize()) == (income.change == WORSENING).sum()
    assert list(table.index) != list(income.change.index)


def test_two_periods_claim_no_trend(open_page: OpenPage, demonstration: DataFolder) -> None:
    page = said(open_page("Explore", demonstration, MENU, {"show": "change.overcrowded_rate"}))
    assert TWO_PERIODS[1:] in page
    assert f"{NO_CLAIM} (153)" in page


def test_a_change_is_chosen_below_its_indicator(open_page: OpenPage, demonstration: DataFolder) -> None:
    test = open_page("Explore", demonstration)
    offered = test.selectbox(key="choose-show").options
    place = [name.strip() for name in offered]
    assert place.index("Income deprivation: change, 2012 to 2017") == place.index("Income deprivation") + 1
    test.selectbox(key="choose-show").set_value("change.income_rate").run()
    assert test.query_params["show"] == "change.income_rate"
    assert "Where is need changing?" in said(test)


def test_a_profile_tells_of_earlier_years(open_page: OpenPage, demonstration: DataFolder, income: OverTime) -> None:
    worse = str(income.change.index[income.change == WORSENING][0])
    test = open_page("Explore", demonstration, MENU, {"area": worse, "with": "years"})
    page = said(test)
    assert "Worsening: Income deprivation (2012 to 2017)" in page
    assert "Income deprivation is worsening: " in page
    assert f"{income.low['2014'][worse]:.1f}% to {income.high['2014'][worse]:.1f}%" in page
    test.selectbox(key="choose-trend").set_value("overcrowded_rate").run()
    assert TWO_PERIODS in said(test)


def test_areas_like_one_are_named_and_open(open_page: OpenPage, demonstration: DataFolder) -> None:
    test = open_page("Explore", demonstration, MENU, {"area": "DEMO00012", "with": "like"})
    page = said(test)
    assert "is the area in the council most like" in page
    assert "root mean square of these differences" in page
    buttons = [button for button in test.button if str(button.key).startswith("open-similar-")]
    assert len(buttons) == 5
    nearest = str(buttons[0].key).removeprefix("open-similar-")
    buttons[0].click().run()
    assert test.query_params["area"] == nearest
    assert f"How does {buttons[0].label} compare?" in said(test)


def test_a_profile_sheet_can_be_taken_along(open_page: OpenPage, demonstration: DataFolder) -> None:
    test = open_page("Explore", demonstration, MENU, {"area": "DEMO00012"})
    assert [each.proto.label for each in test.get("download_button")] == ["Profile sheet (PDF)", "Profile sheet (HTML)"]
