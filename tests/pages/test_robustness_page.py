"""The Robustness page: every question has its sentence, its picture and its table."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from opened import BOOKMARK, MENU, OpenPage, html_of
from streamlit.testing.v1 import AppTest

from prioritisation.folder import DataFolder
from prioritisation.ui.robustness.page import QUESTIONS
from prioritisation.ui.robustness.tables import overview_markup


def asked(open_page: OpenPage, folder: DataFolder, question: int, **link: str) -> AppTest:
    test = open_page("Robustness", folder, MENU, link)
    test.session_state["robustness-question"] = QUESTIONS[question]
    return test.run()


@pytest.mark.parametrize("way", [BOOKMARK, MENU])
def test_the_page_opens_both_ways(way: str, open_page: OpenPage, demonstration: DataFolder) -> None:
    test = open_page("Robustness", demonstration, way)
    assert not test.exception
    said = html_of(test)
    assert ">How sure is the shortlist?</h1>" in said and "refusal" not in said
    assert "areas stay on the shortlist in every test" in said
    assert "10 of 10" in said and "7 of 7" in said


def test_the_worst_rank_is_told_only_where_a_missing_value_could_change_it(
    open_page: OpenPage, demonstration: DataFolder
) -> None:
    said = html_of(open_page("Robustness", demonstration, MENU))
    assert "No missing value could change a rank." in said and "Worst rank" not in said
    assert "of all weightings within 25% of each weight" in said
    row = {"area": "Quay", "rank": 1, "on the shortlist": True, "in every test": True, "share of other weights": 1.0}
    tests = {"without one priority": "4 of 4", "without one indicator": "10 of 10", "methods": "7 of 7"}
    gaps = str(overview_markup(pd.DataFrame([row | tests | {"worst rank with gaps": 4}]), 0.25))
    assert "Worst rank by missing values" in gaps and ">4<" in gaps and "No missing value" not in gaps


def test_all_areas_are_drawn_by_name(open_page: OpenPage, demonstration: DataFolder) -> None:
    test = asked(open_page, demonstration, 1)
    assert not test.exception
    wide, narrow = (json.loads(chart.proto.spec) for chart in test.get("plotly_chart"))
    names = [text for trace in wide["data"] if trace["mode"] == "text" for text in trace["text"]]
    assert len(names) == 153
    assert len({trace["xaxis"] for trace in wide["data"]}) == 4
    assert wide["layout"]["height"] <= 680
    assert 15 < len([text for trace in narrow["data"] if trace["mode"] == "text" for text in trace["text"]]) <= 45
    assert "areas are certain to stay on the shortlist with every weight within 25% of itself" in html_of(test)


def test_the_band_is_in_the_link(open_page: OpenPage, demonstration: DataFolder) -> None:
    test = asked(open_page, demonstration, 1, band="10")
    assert "within 10% of itself" in html_of(test)
    test.select_slider(key="choose-band").set_value(50).run()
    assert test.query_params["band"] == ["50"] or test.query_params["band"] == "50"
    assert "within 50% of itself" in html_of(test)
    assert "within 25% of itself" in html_of(asked(open_page, demonstration, 1, band="7<b>"))


def test_each_priority_has_its_ruler(open_page: OpenPage, demonstration: DataFolder) -> None:
    test = asked(open_page, demonstration, 2)
    said = html_of(test)
    assert said.count('class="ruler"') == 4
    assert "gives its place to" in said and "percentage points from" in said
    off = html_of(asked(open_page, demonstration, 2, weights="50,50,0,0"))
    assert off.count('class="ruler"') == 2


def test_parts_methods_and_gaps_are_told(open_page: OpenPage, demonstration: DataFolder) -> None:
    parts = html_of(asked(open_page, demonstration, 3))
    assert "Whichever one priority is left out" in parts and "Whichever one indicator is left out" in parts
    methods = html_of(asked(open_page, demonstration, 4))
    assert methods.count('scope="row"') >= 15 and "in force" in methods
    gaps = html_of(asked(open_page, demonstration, 5))
    assert "nothing hangs on gaps" in gaps and "published with counts" in gaps
