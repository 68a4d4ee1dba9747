"""The four questions about a shortlist: their sentences, charts and tables, with and without what they need."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from opened import html_of
from streamlit.testing.v1 import AppTest

from prioritisation.fairness import coverage, coverage_by_group, next_units
from prioritisation.folder import DataFolder
from prioritisation.reach import Counted, next_sentence, not_known, places_sentence, reach_sentence
from prioritisation.ui.weigh.fairness import QUESTIONS

REACH, PLACES, NEXT, MISSED = QUESTIONS


def shown(question: str, without: tuple[str, ...] = (), unscored: bool = False, count: str = "") -> None:
    """The script of one test page: the fairness questions over a release from which some things are taken away."""
    from dataclasses import dataclass, fields, replace

    import numpy as np
    import streamlit as st

    from prioritisation.ui.session import View, open_view
    from prioritisation.ui.weigh.fairness import show_fairness

    view = open_view()
    ranking, observed = view.ranking, view.observations
    areas = ranking.areas.assign(**{column: None for column in without if column in ranking.areas})
    if "population" in without:
        areas["population"] = np.nan
    if "one locality" in without:
        areas.loc[areas.index[:40], ["locality", "urban_rural"]] = None
    if "counts" in without:
        observed = observed.assign(numerator=np.nan)
    if "some counts" in without:
        observed = observed.assign(numerator=observed["numerator"].where(observed["area_code"].isin(areas.index[::2])))
    scores = ranking.scores
    if unscored:
        nothing = np.zeros_like(scores.rank)
        scores = replace(scores, rank=nothing, score=np.full(len(nothing), np.nan))
    taken = replace(ranking, areas=areas, scores=scores)

    @dataclass(frozen=True, eq=False)
    class Bare(View):
        ranking = taken
        observations = observed

    if count and "reach" not in st.query_params:
        st.query_params["reach"] = count
    st.session_state.setdefault("reach-question", question)
    show_fairness(Bare(**{field.name: getattr(view, field.name) for field in fields(View)}))


@pytest.fixture(autouse=True)
def here(demonstration: DataFolder, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    st.cache_resource.clear()
    monkeypatch.setenv("PRIORITISATION_DATA", str(demonstration.root))
    yield
    st.cache_resource.clear()


def ask(question: str, **kwargs: Any) -> AppTest:
    test = AppTest.from_function(shown, default_timeout=60, kwargs={"question": question, **kwargs}).run()
    assert not test.exception, test.exception
    return test


def charts(test: AppTest) -> list[dict]:
    return [json.loads(each.proto.spec) | {"alt": each.proto.alt} for each in test.get("plotly_chart")]


def test_the_curve_shares_the_cut_line() -> None:
    test = ask(REACH)
    said = html_of(test)
    assert (
        "These 15 areas hold" in said and "of income-deprived people" in said and "Of all residents they hold" in said
    )
    (curve,) = charts(test)
    assert curve["layout"]["shapes"][0]["x0"] == 15
    assert "These 15 areas hold" in curve["alt"]
    table = test.dataframe[0].value
    assert len(table) == 153 and table["Reached, %"].iloc[-1] == pytest.approx(100)


def test_places_stand_beside_their_population() -> None:
    test = ask(PLACES)
    said = html_of(test)
    assert said.count("<table") == 2 and len(charts(test)) == 2
    assert "By locality" in said and "By urban-rural class" in said and "of residents live in" in said
    assert said.index("Other Urban Areas</td>") < said.index("Accessible Rural</td>") < said.index("Remote Rural</td>")


def test_five_more_areas_are_told_one_by_one() -> None:
    test = ask(NEXT)
    assert "The next 5 areas would add" in html_of(test)
    assert html_of(test).count("<tr>") == 6
    assert len(charts(test)[0]["data"][0]["x"]) == 5


def test_rural_need_that_is_missed_is_told() -> None:
    test = ask(MISSED)
    assert "of the rest, " in html_of(test) and "live in rural areas" in html_of(test)
    assert len(charts(test)) == 1


def test_anything_with_counts_can_be_counted() -> None:
    test = ask(MISSED, count="crime_rate")
    assert "recorded crimes" in html_of(test) and "are in rural areas" in html_of(test)
    labels = test.selectbox[0].options
    assert labels[0] == "Income-deprived people" and labels[-1] == "All residents"
    assert len(labels) == len(set(labels)) and len(labels) > 4
    test.selectbox[0].set_value("residents").run()
    assert test.query_params["reach"] == "residents" and "of all residents" in html_of(test)
    assert "20 areas have no count and add nothing." in html_of(ask(REACH, count="crime_rate"))


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    "without",
    [
        ("locality", "urban_rural"),
        ("one locality",),
        ("counts",),
        ("some counts",),
        ("population",),
        ("population", "counts", "locality", "urban_rural"),
    ],
)
def test_what_is_not_there_is_said_and_nothing_breaks(question: str, without: tuple[str, ...]) -> None:
    said = html_of(ask(question, without=without))
    assert "refusal" not in said and not re.search(r"\bnan\b", said.casefold())
    if question == PLACES and "locality" in without:
        assert "No area has a locality in this release" in said
    if question == MISSED and "urban_rural" in without and "counts" not in without:
        assert "No area has an urban-rural class" in said
    if question == PLACES and "one locality" in without:
        assert "Not known" in said


@pytest.mark.parametrize("question", QUESTIONS)
def test_without_scores_there_is_no_shortlist(question: str) -> None:
    assert "No area is scored, so there is no shortlist to ask about." in html_of(ask(question, unscored=True))


def test_the_sentences_fit_their_numbers() -> None:
    rank = np.array([1, 2, 3, 0])
    whom = Counted("x", "income-deprived people", np.array([30.0, 20.0, np.nan, 50.0]))
    people = np.array([100.0, 100, 100, 100])
    reached = coverage(rank, 2, whom.counts)
    assert reach_sentence(reached, whom, coverage(rank, 2, people)) == (
        "These 2 areas hold 50% of income-deprived people: 50 of 100. Of all residents they hold 50%. "
        "1 area has no count and adds nothing."
    )
    assert next_sentence(next_units(rank, 1, whom.counts), whom, coverage(rank, 1, whom.counts)) == (
        "The next 2 areas would add 20 income-deprived people: from 30% to 50%. 1 area has no count and adds nothing."
    )
    assert next_sentence(next_units(rank, 3, whom.counts), whom, reached) == (
        "No scored area is left below the cut line."
    )
    groups = coverage_by_group(rank, 2, people, pd.Series(["a", "a", "b", "c"]))
    assert places_sentence(groups, "locality") == (
        "50% of residents live in a, but 100% of those on the shortlist. The shortlist has no area in b and c."
    )
    even = coverage_by_group(rank, 2, people, pd.Series(["a", "b", "a", "b"]))
    assert "nowhere differs from its share" in places_sentence(even, "locality")
    assert not_known(0) == ""
