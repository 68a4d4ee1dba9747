"""Steering the weights: locks, off switches, undo, what cannot be, the cut line; and what Python hears of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from weigh_screen import percents, refusal, root, seen, state, type_share

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


def wait_quiet(page: Any) -> None:
    page.wait_for_selector('.weigh:not([data-pending="true"])')
    assert state(page, "agrees") == "true"


def lock(page: Any, name: str) -> None:
    page.get_by_role("button", name=f"Lock {name}").click()


def switch(page: Any, name: str) -> None:
    page.get_by_role("switch", name=name).click()


def test_a_locked_share_stays_exactly_while_the_others_share_the_rest(open_view: Open) -> None:
    page = open_view()
    type_share(page, 1, "33.3")
    lock(page, "Housing")
    type_share(page, 0, "50")
    wait_quiet(page)
    assert percents(page) == [50, 33.3, 8.4, 8.4]
    sent = root(page).evaluate("root => root.dataset.agrees")
    assert sent == "true" and refusal(page, 0) == ""


def test_what_cannot_be_is_said_at_the_row_and_nothing_moves(open_view: Open) -> None:
    page = open_view("areas=30")
    lock(page, "Housing")
    type_share(page, 1, "60")
    assert percents(page) == [25] * 4 and refusal(page, 1) == "Locked at 25%: unlock it to change it."
    lock(page, "Mental")
    type_share(page, 0, "80")
    assert percents(page) == [50, 25, 25, 0] and refusal(page, 0) == "At most 50%: what is locked holds 50%."
    type_share(page, 0, "40")
    assert percents(page) == [40, 25, 25, 10] and refusal(page, 0) == ""
    lock(page, "Older")
    page.locator("#slider-0").focus()
    page.keyboard.press("End")
    assert percents(page) == [40, 25, 25, 10]
    assert refusal(page, 0) == "All others are locked, so this stays at 40%."
    assert page.locator("#slider-0").input_value() == "40"


def test_the_last_priority_that_counts_cannot_go_off(open_view: Open) -> None:
    page = open_view("areas=30")
    for name in ("Financial", "Housing", "Mental"):
        switch(page, name)
    assert percents(page) == [0, 0, 0, 100]
    switch(page, "Older")
    assert percents(page) == [0, 0, 0, 100]
    assert refusal(page, 3) == "All others are off, so this stays at 100%. Switch one on first."


def test_off_is_zero_and_remembers_its_share_also_over_a_rerun(open_view: Open) -> None:
    page = open_view()
    type_share(page, 2, "40")
    switch(page, "Mental")
    wait_quiet(page)
    assert percents(page)[2] == 0
    assert page.locator(".weight").nth(2).get_attribute("data-off") == ""
    assert page.get_by_role("switch", name="Mental").get_attribute("aria-checked") == "false"
    type_share(page, 0, "50")
    wait_quiet(page)
    assert percents(page) == [50, 25, 0, 25]
    switch(page, "Mental")
    assert percents(page) == [30, 15, 40, 15]


def test_what_is_switched_on_again_takes_what_the_locks_leave(open_view: Open) -> None:
    page = open_view("areas=30")
    switch(page, "Older")
    type_share(page, 0, "80")
    lock(page, "Financial")
    switch(page, "Older")
    shown = percents(page)
    assert shown[0] == 80 and abs(sum(shown) - 100) <= 0.2 and 0 < shown[3] < 20 and shown[1] > 0


def test_undo_and_redo_by_key_and_by_button(open_view: Open) -> None:
    page = open_view("areas=30")
    for percent in ("40", "55"):
        type_share(page, 0, percent)
    page.locator("#slider-1").focus()
    page.keyboard.press("Control+z")
    assert percents(page)[0] == 40
    page.get_by_role("button", name="Undo").click()
    assert percents(page) == [25] * 4
    assert page.get_by_role("button", name="Undo").get_attribute("aria-disabled") == "true"
    page.keyboard.press("Control+y")
    assert percents(page)[0] == 40
    page.keyboard.press("Control+Shift+z")
    assert percents(page)[0] == 55
    page.get_by_role("button", name="Reset to the framework").click()
    assert percents(page) == [25] * 4
    root(page).evaluate("root => root.getRootNode().activeElement.blur()")
    page.keyboard.press("Control+z")
    assert percents(page)[0] == 55
    wait_quiet(page)


def test_undo_in_a_box_that_is_being_typed_in_leaves_the_weights_alone(open_view: Open) -> None:
    page = open_view("areas=30")
    type_share(page, 0, "40")
    page.locator("#box-0").press_sequentially("7")
    page.keyboard.press("Control+z")
    assert percents(page)[1] == 20


def test_a_saved_scenario_can_be_undone(open_view: Open) -> None:
    page = open_view("areas=30")
    page.get_by_role("button", name="Apply a saved scenario").click()
    page.wait_for_selector('.weigh[data-settled-version="1"]')
    page.locator("#box-0").focus()
    page.keyboard.press("Control+z")
    assert percents(page) == [25] * 4
    wait_quiet(page)
    assert "stays" not in seen(page)["sentence"] and state(page, "stale") is None


def test_the_cut_line_by_number_by_people_by_key_and_by_drag(open_view: Open) -> None:
    page = open_view()
    areas, people = page.locator(".cut-areas"), page.locator(".cut-people")
    assert (areas.input_value(), people.input_value()) == ("15", "11,250")
    areas.fill("20")
    areas.press("Enter")
    page.get_by_text("cut 20").wait_for()
    inside = page.get_by_role("listbox", name="Shortlist", exact=True).get_by_role("option").count()
    assert inside >= 20 and people.input_value() == f"{750 * inside:,}"
    assert f"{inside - 15} entered, 0 left" in seen(page)["sentence"]
    people.fill("4,000")
    people.press("Enter")
    page.get_by_text("cut 6 ").wait_for()
    assert people.input_value() == "4,500"
    people.fill("9 000 000")
    people.press("Enter")
    assert page.locator(".cut-line .refusal").text_content() == "All scored areas together hold 114,750 people."
    people.press("Escape")
    page.locator(".cut-handle").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.get_by_text("cut 9 ").wait_for()
    handle = page.locator(".cut-handle").bounding_box()
    row = page.locator(".rows .row").first.bounding_box()["height"]
    page.mouse.move(handle["x"] + 10, handle["y"] + 12)
    page.mouse.down()
    page.mouse.move(handle["x"] + 10, handle["y"] + 12 - 4 * row, steps=4)
    assert areas.input_value() == "5" and page.get_by_text("cut 9 ").count() == 1
    page.mouse.up()
    page.get_by_text("cut 5 ").wait_for()


def test_the_zoom_is_told_to_python_and_stays(open_view: Open) -> None:
    page = open_view()
    page.get_by_label("Zoom to").select_option("Braehead")
    page.get_by_text("locality Braehead").wait_for()
    type_share(page, 0, "50")
    wait_quiet(page)
    assert page.locator(".true-map .locality[data-own]").get_attribute("data-name") == "Braehead"
    assert page.locator(".hexagons-map .areas path[data-dim]").count() > 0
    assert page.get_by_text("outside Braehead").is_visible()
    page.get_by_label("Zoom to").select_option("Whole council")
    page.get_by_text("locality None").wait_for()
    assert page.locator(".areas path[data-dim]").count() == 0


def test_stale_words_are_greyed_until_the_server_answers(open_view: Open) -> None:
    page = open_view("sure=1&areas=60")
    assert state(page, "stale") is None and "Almost always" in seen(page)["words"]
    page.locator("#slider-0").focus()
    page.keyboard.down("ArrowRight")
    page.wait_for_selector(".weigh[data-stale]")
    page.keyboard.up("ArrowRight")
    page.wait_for_selector(".weigh:not([data-stale])")
    paragraph = page.locator("p.spoken").text_content()
    assert "Financial hardship" in paragraph and "26" in paragraph
    page.locator(".rows .row").first.focus()
    assert "the shortlist" in page.locator(".why").text_content()


def test_what_changed_names_who_entered_and_left_and_how_many_people(open_view: Open) -> None:
    page = open_view("sure=1")
    page.get_by_role("button", name="What changed").click()
    assert "Nothing yet" in page.locator(".paragraph").text_content()
    type_share(page, 0, "70")
    wait_quiet(page)
    entered = int(page.locator(".sentence").text_content().split("; ")[-1].split(" ")[0])
    assert entered > 0
    first = page.locator(".crossed").first
    assert first.locator("button").count() == entered
    assert f"{750 * entered:,} people live there" in first.text_content()
    assert page.locator(".reasons li").count() > 0
    assert page.locator("p.spoken").text_content() == page.locator(".paragraph").text_content()
    name = first.locator("button").first.text_content()
    first.locator("button").first.click()
    assert page.locator(".who strong").text_content() == name
