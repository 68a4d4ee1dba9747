"""Two scenarios compared on screen: the address, the slope chart, and the tables beside it."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from inert_texts import INERT
from opened import BOOKMARK, MENU, OpenPage, html_of
from streamlit.testing.v1 import AppTest

from prioritisation.catalogue import load_catalogue
from prioritisation.comparison import Comparison, Ranking, compare
from prioritisation.folder import DataFolder
from prioritisation.prioritise import prioritise
from prioritisation.scenario import Scenario
from prioritisation.store import Store
from prioritisation.ui.charts import plain, shortened, wrapped
from prioritisation.ui.scenarios.comparison_tables import crossers_markup, every_area, overlap_markup, weights_markup
from prioritisation.ui.scenarios.slope_chart import slope, slope_figure, slope_legend
from prioritisation.workspace import open_workspace
from prioritisation.workspace.scenarios import save

WEIGHTS = (60, 20, 10, 10)


def start(folder: DataFolder) -> Scenario:
    return Scenario.starting(next(iter(load_catalogue(folder.catalogue).frameworks.values())))


def compared(store: Store, cut: int = 15, weights: tuple[int, ...] = WEIGHTS) -> Comparison:
    own = start(store.folder).with_cut(cut)
    sides = (("First", own), ("Second", own.with_weights(list(weights))))
    return compare(*[Ranking(name, each, "r1", prioritise(store, each).table()) for name, each in sides])


def chart(test: AppTest) -> dict:
    shown, narrow = test.get("plotly_chart")
    assert json.loads(narrow.proto.spec)["layout"]["margin"]["l"] < 40
    return json.loads(shown.proto.spec) | {"alt": shown.proto.alt}


@pytest.mark.parametrize("way", [BOOKMARK, MENU])
def test_the_address_opens_a_comparison(way: str, open_page: OpenPage, folder: DataFolder) -> None:
    link = {"first": "start", "second": "now", "weights": "60,20,10,10"}
    test = open_page("Scenarios", folder, way, link)
    assert not test.exception
    said = html_of(test)
    assert "Framework weights" in said and "On Weigh now" in said and "shortlisted areas" in said
    assert "What counts for how much" in said and "of 15 the same" in said
    drawn = chart(test)
    assert "The table below has every area." in drawn["alt"]
    assert drawn["layout"]["annotations"][0]["text"].startswith("<b>")
    assert test.query_params["first"] == "start" and test.query_params["second"] == "now"


def test_choosing_puts_both_into_the_address(open_page: OpenPage, folder: DataFolder) -> None:
    workspace = open_workspace(folder)
    scenario, release = start(folder), folder.published().current or ""
    saved = [
        save(workspace, name="Same name", note="", scenario=each, release_id=release, by="Council").id
        for each in (scenario.with_weights([60, 20, 10, 10]), scenario.with_weights([10, 20, 10, 60]))
    ]
    workspace.close()
    test = open_page("Scenarios", folder, MENU, {"first": "start", "second": "start"})
    assert "Choose two different ones." in html_of(test)
    test.selectbox(key="choose-first").set_value(saved[0]).run()
    test.selectbox(key="choose-second").set_value(saved[1]).run()
    assert (test.query_params["first"], test.query_params["second"]) == tuple(saved)
    said = html_of(test)
    assert f"Same name ({saved[0]})" in said and f"Same name ({saved[1]})" in said


def test_a_release_that_is_gone_is_said(open_page: OpenPage, folder: DataFolder) -> None:
    workspace = open_workspace(folder)
    old = save(workspace, name="Old", note="", scenario=start(folder), release_id="r0000-aaaaaaaa", by="Council").id
    workspace.close()
    said = html_of(open_page("Scenarios", folder, MENU, {"first": old, "second": "start"}))
    assert "which is no longer kept" in said and "Run it again on the current release" in said


@pytest.mark.parametrize("second", ["nobody", "<b>", "2" * 12])
def test_an_unknown_one_in_the_link_is_said(second: str, open_page: OpenPage, folder: DataFolder) -> None:
    said = html_of(open_page("Scenarios", folder, MENU, {"first": "start", "second": second}))
    assert "There is no saved scenario under this link." in said


@pytest.mark.parametrize("cut", [1, 15, 60, 153, 500])
@pytest.mark.parametrize("everything", [False, True])
def test_the_slope_draws_every_crosser_once(cut: int, everything: bool, demonstration_store: Store) -> None:
    both = compared(demonstration_store, cut)
    drawn = slope(both, everything)
    crossing = both.rows["change"].isin(["entered", "left"])
    assert set(both.rows.loc[crossing, "id"]) <= set(drawn.rows["id"])
    for side in ("left", "right"):
        heights = np.sort(drawn.rows[side])
        assert (np.diff(heights) >= 0.99).all() and heights[0] == 1
    assert drawn.rows.sort_values("left")["rank_before"].dropna().is_monotonic_increasing
    assert drawn.rows.sort_values("right")["rank_after"].dropna().is_monotonic_increasing
    assert (drawn.rows.loc[drawn.rows["in_after"], "right"] < drawn.cut_right).all()
    assert (drawn.rows.loc[~drawn.rows["in_after"], "right"] > drawn.cut_right).all()
    if everything:
        assert len(drawn.rows) == 153 and drawn.unseen == 0
    elif cut == 15:
        assert 30 <= len(drawn.rows) <= 60


def test_only_crossers_and_far_movers_are_coloured(demonstration_store: Store) -> None:
    both = compared(demonstration_store)
    drawn = slope(both)
    traces, layout = slope_figure(drawn, both, "A title", "A source")
    labels = traces[-1]
    colours = dict(zip(labels["text"], labels["textfont"]["color"], strict=True))
    quiet = {colour for text, colour in colours.items() if "▲" not in text and "▼" not in text}
    assert len(quiet) == 1
    assert len(colours) == len(drawn.rows)
    assert layout["height"] < 900
    assert "enters the shortlist" in slope_legend(drawn)


def test_areas_without_a_rank_are_drawn_last(demonstration_store: Store) -> None:
    own = start(demonstration_store.folder)
    tables = [prioritise(demonstration_store, each).table() for each in (own, own.with_weights([60, 20, 10, 10]))]
    lost = tables[0]["id"].iloc[0]
    tables[1].loc[tables[1]["id"] == lost, "rank"] = pd.NA
    both = compare(*[Ranking(name, own, "r1", each) for name, each in zip("AB", tables, strict=True)])
    drawn = slope(both)
    row = drawn.rows[drawn.rows["id"] == lost].iloc[0]
    assert row["right"] == drawn.rows["right"].max() and row["change"] == "left"
    figure = slope_figure(drawn, both, "T", "S")
    assert any("not scored" in text for trace in figure[0] for text in trace.get("hovertext", []))


def test_the_same_twice_says_so(demonstration_store: Store) -> None:
    both = compared(demonstration_store, weights=(25, 25, 25, 25))
    assert "15 of 15 the same" in overlap_markup(both)
    assert crossers_markup(both) is None
    assert slope(both).unseen == 0
    assert "25" in weights_markup(both)


def test_the_table_has_every_area(demonstration_store: Store) -> None:
    both = compared(demonstration_store)
    table = every_area(both)
    assert len(table) == 153
    assert (table["Shortlist"] == "only the first").sum() == len(both.left)
    assert (table["Moves"] == "enters the shortlist").sum() == len(both.entered)


def test_plotly_gets_text_that_stays_text() -> None:
    for text in INERT:
        assert "<" not in plain(text).replace("&lt;", "")
        assert "<" not in "".join(wrapped(text, 12))
    assert plain("&lt;b>") == "&amp;lt;b&gt;"


def test_long_names_keep_their_number() -> None:
    assert shortened("Ayr South Harbour and Town Centre - 04", 20) == "Ayr South Harb… - 04"
    assert shortened("Troon - 01", 20) == "Troon - 01"
    assert len(shortened("x" * 200, 20)) == 20
