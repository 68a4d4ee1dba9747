"""The weighing component in a real browser: everything follows a drag, and Python has the last word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from weigh_screen import root, seen, state, wait_settled

from prioritisation.scoring import rank_units, terms
from prioritisation.weights import canonical_percentages, shares

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


def test_holding_an_arrow_key_moves_map_list_and_bars_before_any_release(open_view: Open) -> None:
    page = open_view()
    before, settled = seen(page), state(page, "settled")
    page.locator("#slider-0").focus()
    for _ in range(30):
        page.keyboard.down("ArrowRight")
    page.wait_for_selector('.weigh .weight:first-child[style*="--share: 55"]')
    during = seen(page)
    assert state(page, "settled") == settled and state(page, "pending") != "true"
    for part in ("fills", "names", "bars", "scores", "sentence"):
        assert during[part] != before[part], part
    page.keyboard.up("ArrowRight")
    wait_settled(page, settled)
    assert seen(page) == during


def test_shares_total_100_and_the_others_keep_their_proportions(open_view: Open) -> None:
    page = open_view()
    for box, percent in ((0, "40"), (1, "30")):
        page.locator(f"#box-{box}").fill(percent)
        page.keyboard.press("Enter")
    wait_settled(page)
    percents = seen(page)["percents"]
    assert sum(percents) == pytest.approx(100) and percents[1] == 30
    assert percents[0] / percents[2] == pytest.approx(2, abs=0.02) and percents[2] == percents[3]


def test_a_slider_to_100_and_back_loses_nothing(open_view: Open) -> None:
    page = open_view()
    page.locator("#box-1").fill("40")
    page.keyboard.press("Enter")
    page.locator("#slider-0").focus()
    page.keyboard.press("End")
    assert seen(page)["percents"] == [100, 0, 0, 0]
    page.locator("#box-0").fill("20")
    page.keyboard.press("Enter")
    assert seen(page)["percents"] == [20, 40, 20, 20]


def test_a_newer_version_from_python_replaces_the_browsers_weights(open_view: Open) -> None:
    page = open_view()
    page.get_by_role("button", name="Apply a saved scenario").click()
    page.wait_for_selector('.weigh[data-settled-version="1"]')
    assert seen(page)["percents"] == [0, 0, 0, 100]
    assert "entered" in seen(page)["sentence"] and state(page, "agrees") == "true"


def test_the_number_box_refuses_nonsense_with_one_line_and_escape_brings_the_share_back(open_view: Open) -> None:
    page = open_view()
    box, refusal = page.locator("#box-2"), page.locator("#refusal-2")
    for nonsense in ("lots", "-5", "101", "", "1e2"):
        box.fill(nonsense)
        page.keyboard.press("Enter")
        assert refusal.text_content() == "Type a number from 0 to 100." and box.get_attribute("aria-invalid") == "true"
        assert state(page, "settled") == "1"
    page.keyboard.press("Escape")
    assert box.input_value() == "25" and refusal.text_content() == ""
    box.fill("12,5 %")
    page.locator("#slider-0").focus()
    wait_settled(page, "1")
    assert sorted(seen(page)["percents"]) == [12.5, 29.2, 29.2, 29.2]


def test_reset_returns_to_the_framework(open_view: Open) -> None:
    page = open_view()
    start = seen(page)
    page.locator("#box-0").fill("80")
    page.keyboard.press("Enter")
    wait_settled(page, "1")
    settled = state(page, "settled")
    page.get_by_role("button", name="Reset to the framework").click()
    wait_settled(page, settled)
    end = seen(page)
    assert {**end, "sentence": ""} == {**start, "sentence": ""}


@pytest.mark.parametrize("aggregate", ["arithmetic", "geometric"])
def test_the_browser_ranks_like_python_for_500_weightings(open_view: Open, aggregate: str) -> None:
    random = np.random.default_rng(3)
    scores = np.round(random.random((153, 4)) * 100, 1)
    scores[40:50] = scores[30:40]
    scores[50:60] = scores[30:40][:, [1, 0, 2, 3]]
    scores[random.random((153, 4)) < 0.02] = np.nan
    weightings = random.dirichlet([1, 1, 1, 1], 500)
    weightings[::10] = [0.25, 0.25, 0.25, 0.25]
    weightings[5::10, 0] = 0
    weightings = np.array([canonical_percentages(weights) for weights in weightings.tolist()])
    expected = [rank_units(scores, shares(weights, "abcd"), aggregate).tolist() for weights in weightings.tolist()]
    page = open_view("areas=20")
    found = page.evaluate(
        "([scores, logs, weightings, aggregate]) => "
        "weightings.map(weights => window.__prioritisation.rank(scores, weights, aggregate, logs))",
        [plain(scores), plain(terms(scores, aggregate)), weightings.tolist(), aggregate],
    )
    assert found == expected


def plain(values: np.ndarray) -> list[list[float | None]]:
    return [[None if np.isnan(x) else x for x in row] for row in values.tolist()]


def test_bars_add_up_to_the_score_also_for_the_geometric_mean(open_view: Open) -> None:
    page = open_view("aggregate=geometric")
    shown = seen(page)
    assert [sum(bar) for bar in shown["bars"]] == pytest.approx(shown["scores"], abs=0.08)
    assert shown["scores"] == sorted(shown["scores"], reverse=True)
    assert state(page, "agrees") == "true"


def test_the_map_and_the_rows_select_the_same_way(open_view: Open) -> None:
    page = open_view()
    page.locator(".true-map .areas path").nth(60).dispatch_event("click")
    page.get_by_text("Selected: T00060").wait_for()
    assert page.locator(".hexagons-map .chosen.outline").get_attribute("d")
    page.locator(".rows .row").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector(".rows [role=option]:nth-child(2)[aria-selected=true]")
    page.get_by_text("Selected: T00060").wait_for(state="detached")
    assert page.locator(".true-map .chosen.outline").get_attribute("d")


def test_hovering_the_map_tells_name_rank_and_score_as_text(open_view: Open) -> None:
    page = open_view("seed=2")
    area = page.locator(".true-map .areas path").first
    area.dispatch_event("pointermove", {"bubbles": True})
    assert page.locator(".true-map .pointed.outline").get_attribute("d") == area.get_attribute("d")
    page.locator(".rows .row").nth(3).hover()
    page.wait_for_selector(".rows .row:nth-child(4)[data-hovered]")
    page.get_by_role("button", name="Show all 153").click()
    assert "<img" in page.locator(".rows").text_content()
    assert root(page).locator("img").count() == 0


def test_unscored_areas_are_hatched_counted_and_last(open_view: Open) -> None:
    page = open_view("gaps=7")
    assert "146 of 153 areas are scored" in seen(page)["sentence"]
    assert seen(page)["fills"].count("url(#hatch-true)") == 7
    assert page.get_by_text("not scored (7)").is_visible()
    page.get_by_role("button", name="Show all 153").click()
    assert page.locator(".rows .score").last.text_content() == "not scored"
    page.locator("#box-0").fill("0")
    page.keyboard.press("Enter")
    wait_settled(page, "1")
    assert "153 of 153 areas are scored" in seen(page)["sentence"]
    assert not page.get_by_text("not scored (").is_visible()


def test_ties_share_a_rank_and_say_so(open_view: Open) -> None:
    page = open_view("areas=60&ties=1")
    page.get_by_role("button", name="Show all 60").click()
    ranks = seen(page)["ranks"]
    assert ranks[:4] == ["1=", "1=", "1=", "4="]
    assert "share the greatest need" in seen(page)["sentence"]


def test_a_locality_zooms_the_map_and_dims_the_rest(open_view: Open) -> None:
    page = open_view("locality=Braehead")
    shown = float(page.locator(".true-map .map").get_attribute("viewBox").split()[2])
    assert shown < 1000
    own = page.locator(".true-map .locality[data-own]")
    assert own.count() == 1 and own.get_attribute("data-name") == "Braehead"
    assert 0 < page.locator(".true-map .areas path[data-dim]").count() < 153


def test_a_release_sends_ranks_and_nothing_that_stays_the_same(
    open_view: Open, browser: Any, weigh_address: str
) -> None:
    page = browser.new_page()
    received: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(len(frame))))
    page.goto(weigh_address)
    page.wait_for_selector('.weigh[data-state="ready"]')
    page.locator("#slider-0").focus()
    page.keyboard.press("ArrowRight")
    wait_settled(page, "1")
    received.clear()
    page.keyboard.press("ArrowRight")
    wait_settled(page, "2")
    page.close()
    assert sum(received) < 6_000


@pytest.mark.parametrize(("width", "height"), [(390, 844), (320, 640), (1280, 720), (1024, 720)])
def test_nothing_scrolls_sideways(open_view: Open, width: int, height: int) -> None:
    page = open_view(width=width, height=height)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert root(page).evaluate("root => root.scrollWidth <= root.clientWidth")


def test_every_control_has_a_name_and_a_target_of_24_pixels(open_view: Open) -> None:
    page = open_view()
    small = root(page).evaluate(
        "root => [...root.querySelectorAll('input, button, select, [role=slider], .rows .row')]"
        ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 24).map(e => e.outerHTML.slice(0, 80))"
    )
    assert small == []
    for role, count in (("slider", 5), ("switch", 4), ("textbox", 6), ("searchbox", 1)):
        assert root(page).get_by_role(role).count() == count
    assert page.locator(".rows").get_by_role("option").count() == 20
    assert page.get_by_role("slider", name="Financial hardship").count() == 1
    assert page.get_by_role("textbox", name="Financial hardship, percent").count() == 1
