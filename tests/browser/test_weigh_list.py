"""The ranked list and the twin map: layouts, search, pins, comparison, and what points at what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from weigh_screen import root, seen, state, type_share, wait_settled

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


def test_side_by_side_cells_are_as_wide_as_weights_and_filled_to_the_score(open_view: Open) -> None:
    page = open_view("areas=60")
    type_share(page, 0, "40")
    stacked = seen(page)["bars"]
    page.get_by_role("button", name="Side by side").click()
    rects = root(page).evaluate(
        "root => [...root.querySelectorAll('.rows .row:first-child rect')].slice(0, 4)"
        ".map(rect => [Number(rect.getAttribute('x')), Number(rect.getAttribute('width'))])"
    )
    assert [x for x, _ in rects] == [0, 40, 60, 80]
    assert [width for _, width in rects] == pytest.approx(stacked[0], abs=0.02)
    assert page.locator(".columns svg:visible").count() == 4
    widths = [page.locator(".columns svg").nth(k).evaluate("svg => svg.style.width") for k in (0, 1)]
    assert widths == ["calc(40% - 2px)", "calc(20% - 2px)"]


def test_search_filters_and_keeps_the_ranks(open_view: Open) -> None:
    page = open_view()
    before = seen(page)
    page.get_by_label("Find an area").fill("BRAEHEAD - 0")
    shown = seen(page)
    assert shown["names"] and all(name.startswith("Braehead - 0") for name in shown["names"])
    assert shown["ranks"] != before["ranks"]
    page.keyboard.press("Enter")
    page.wait_for_selector(".rows .row[data-selected]")
    page.get_by_label("Find an area").fill("nowhere")
    assert page.get_by_text("No area has this").is_visible()
    page.keyboard.press("Escape")
    assert seen(page)["names"] == before["names"]


def test_pins_stay_on_top_and_outlive_a_rerun(open_view: Open) -> None:
    page = open_view()
    name = page.locator(".rows .row").nth(18).locator(".name").text_content()
    page.locator(".rows .row").nth(18).click()
    page.get_by_role("button", name="Pin", exact=True).click()
    assert page.locator(".pinned .row").count() == 1
    type_share(page, 0, "80")
    wait_settled(page)
    assert page.locator(".pinned .name").text_content() == name
    page.locator(".pinned .row").focus()
    page.keyboard.press("p")
    assert page.locator(".pinned .row").count() == 0


def test_up_to_four_areas_side_by_side(open_view: Open) -> None:
    page = open_view("sure=1")
    for place in range(5):
        page.locator(".rows .row").nth(place).focus()
        page.keyboard.press("c")
    assert page.locator(".compare thead th").count() == 4
    assert page.locator(".compare tbody").nth(0).locator("td").all_text_contents() == ["1", "2", "3", "4"]
    adds = [float(text.split()[-1]) for text in page.locator(".compare small:visible").all_text_contents()]
    scores = [float(text) for text in page.locator(".compare tbody").nth(1).locator("td").all_text_contents()]
    assert [sum(adds[i::4]) for i in range(4)] == pytest.approx(scores, abs=0.21)
    page.locator(".compare thead button").first.click()
    assert page.locator(".compare thead th").count() == 3
    page.get_by_role("button", name="Close: Compare areas").click()
    assert page.get_by_role("button", name="Compare 3 of 4").is_visible()


def test_one_map_below_1600_pixels_and_two_from_there(open_view: Open) -> None:
    page = open_view()
    assert page.locator(".map:visible").count() == 1
    page.get_by_role("button", name="Hexagons").click()
    assert page.locator(".hexagons-map .map").is_visible() and page.locator(".map:visible").count() == 1
    page.set_viewport_size({"width": 1600, "height": 900})
    assert page.locator(".map:visible").count() == 2
    fills = [
        root(page).evaluate(
            "(root, kind) => [...root.querySelectorAll(`.${kind}-map .areas path`)].map(p => p.getAttribute('fill'))",
            kind,
        )
        for kind in ("true", "hexagons")
    ]
    assert fills[0] == fills[1] and len(set(fills[0])) == 5


def test_pointing_in_one_place_marks_the_same_area_in_the_others(open_view: Open) -> None:
    page = open_view(width=1600, height=900)
    page.locator(".hexagons-map .areas path").nth(7).dispatch_event("pointermove", {"bubbles": True})
    own = page.locator(".true-map .areas path").nth(7).get_attribute("d")
    assert page.locator(".true-map .pointed.outline").get_attribute("d") == own
    page.locator(".rows .row").nth(4).focus()
    marked = [page.locator(f".{kind}-map .pointed.outline").get_attribute("d") for kind in ("true", "hexagons")]
    assert all(marked) and marked[0] != own
    page.locator(".true-map .map").focus()
    page.keyboard.press("ArrowDown")
    told = page.locator("p.spoken").text_content()
    assert "Rank" in told and page.locator(".tip[data-shown] strong").text_content() in told


def test_hexagons_carry_their_class_and_a_dash_when_not_scored(open_view: Open) -> None:
    page = open_view("areas=60&gaps=5")
    page.get_by_role("button", name="Hexagons").click()
    drawn = root(page).evaluate(
        "root => [...root.querySelectorAll('.labels path')].map(p => p.getAttribute('d').split('M').length - 1)"
    )
    classes = root(page).evaluate(
        "root => [...root.querySelectorAll('.hexagons-map .areas path')].map(p => Number(p.getAttribute('data-class')))"
    )
    assert drawn == [classes.count(k) for k in range(5)] + [5]


def test_without_hexagons_there_is_no_switch(open_view: Open) -> None:
    page = open_view("areas=30&hexes=0")
    assert not page.get_by_role("button", name="Hexagons").is_visible()
    assert page.locator(".map:visible").count() == 1


def test_everything_for_a_first_look_fits_1280_by_720(open_view: Open) -> None:
    page = open_view("sure=1")
    top, bottom = root(page).evaluate(
        "root => [root.getBoundingClientRect().top,"
        " Math.max(...[...root.querySelectorAll('.row, .weight, .map, .sentence')]"
        ".filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect().bottom))]"
    )
    assert bottom - top < 640
    assert len(seen(page)["names"]) == 20 and page.locator(".rows .word:visible").count() == 20
    inner = root(page).evaluate(
        "root => { const r = root.querySelector('.rows'); return r.scrollHeight - r.clientHeight }"
    )
    assert inner <= 0 and state(page, "words") == ""


def test_a_finger_can_switch_select_and_slide(browser: Any, weigh_address: str) -> None:
    context = browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{weigh_address}/?areas=60")
    page.wait_for_selector('.weigh[data-state="ready"]')
    page.get_by_role("switch", name="Older").tap()
    assert seen(page)["percents"][3] == 0
    box = page.locator("#slider-0").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2)
    assert 70 < seen(page)["percents"][0] < 80
    wait_settled(page)
    page.locator(".rows .row").nth(3).tap()
    page.get_by_role("button", name="Pin", exact=True).tap()
    assert page.locator(".pinned .row").count() == 1
    context.close()
