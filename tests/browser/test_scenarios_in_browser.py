"""Scenarios in a real browser: saved once however often clicked, hostile words inert, charts without a network."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from inert_texts import INERT
from screens import fits, serious
from servers import ROOT, Open, Serve

from prioritisation.catalogue import load_catalogue
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.scenario import Scenario
from prioritisation.workspace import Workspace, open_workspace
from prioritisation.workspace.scenarios import SavedScenario, listed, save

pytestmark = pytest.mark.browser

expect = pytest.importorskip("playwright.sync_api").expect
MARKUP = """() => document.querySelectorAll("img[src=x], iframe[src^='data:'], svg[onload], details[ontoggle],"
    + "a[href^='javascript:'], a[href*='evil.example']").length"""
OURS = ".stHtml"  # the HTML that this product wrote, and its charts' names


class Place:
    """A server over a copy of the demonstration, with a workspace of its own."""

    def __init__(self, folder: DataFolder, address: str, workspace: Workspace) -> None:
        self.folder, self.address, self.workspace = folder, address, workspace
        self.start = Scenario.starting(next(iter(load_catalogue(folder.catalogue).frameworks.values())))

    def put(self, name: str, weights: tuple[float, ...] = (40, 30, 20, 10), note: str = "") -> SavedScenario:
        release, scenario = self.folder.published().current or "", self.start.with_weights(list(weights))
        return save(self.workspace, name=name, note=note, scenario=scenario, release_id=release, by=name[:100])


@pytest.fixture(scope="module")
def place(serve: Serve, demonstration: DataFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = DataFolder(tmp_path_factory.mktemp("scenarios") / "copy")
    shutil.copytree(demonstration.root, folder.root)
    workspace = open_workspace(folder, url=f"sqlite:///{folder.root / 'workspace.sqlite'}")
    environment = {"PRIORITISATION_DATA": str(folder.root), "PRIORITISATION_WORKSPACE": ""}
    yield Place(folder, serve(Path(ROOT) / "app.py", environment), workspace)
    workspace.close()


@pytest.fixture(scope="module")
def address(place: Place) -> str:
    return place.address


def test_a_double_click_saves_once(place: Place, visit: Open) -> None:
    page = visit("/Weigh?weights=33,33,33,1")
    page.locator(".weigh[data-state=ready]").wait_for()
    page.get_by_role("button", name="Save this scenario").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Clicked twice")
    page.get_by_role("textbox", name="Who is saving this").fill("Council")
    page.get_by_role("button", name="Save", exact=True).dblclick()
    page.get_by_text("Saved as").wait_for()
    page.wait_for_timeout(1000)
    (row,) = [each for each in listed(place.workspace) if each.name == "Clicked twice"]
    link = page.locator("code", has_text="saved=").inner_text()
    assert link == f"{place.address}/Weigh?saved={row.id}"
    page.goto(link)
    page.get_by_text("Read-only").wait_for()
    page.locator(".weigh[data-state=ready]").wait_for()
    page.get_by_text(f"scenario {row.scenario_id}").wait_for()


def test_a_moved_weight_leaves_the_saved_scenario_alone(place: Place, visit: Open) -> None:
    row = place.put("Left alone", (70, 10, 10, 10))
    page = visit(f"/Weigh?saved={row.id}")
    page.locator(".weigh[data-state=ready]").wait_for()
    box = page.locator("input.share").first
    expect(box).to_have_value("70")
    box.fill("40")
    box.press("Enter")
    page.wait_for_url("**weights=40*")
    page.get_by_text("Read-only").wait_for()
    assert f"saved={row.id}" in page.url
    assert next(each for each in listed(place.workspace) if each.id == row.id) == row


def test_opening_from_the_tray_keeps_the_weights(place: Place, visit: Open) -> None:
    row = place.put("To open", (11, 22, 33, 34))
    page = visit("/Scenarios")
    page.locator(f".st-key-saved-{row.id}").get_by_role("link", name="Open on Weigh").click()
    page.locator(".weigh[data-state=ready]").wait_for()
    page.wait_for_url(re.compile("weights=11(,|%2C)22"))
    expect(page.locator("input.share").first).to_have_value("11")


def test_hostile_words_do_nothing(place: Place, visit: Open) -> None:
    kept = []
    for count, text in enumerate(INERT):
        try:
            kept.append((place.put(text, (40, 30, 20, 10 + count), note=text), text))
        except UserError:
            continue
    page = visit("/Scenarios")
    page.get_by_role("button", name="Show all").click()
    page.locator("article.saved").nth(len(kept) - 1).wait_for()
    names = [re.sub(r"\s+", " ", name) for name in page.locator("article.saved h2").all_inner_texts()]
    assert {re.sub(r"\s+", " ", text) for _, text in kept} <= set(names)
    assert page.evaluate(MARKUP) == 0
    first = kept[0][0]
    page.locator(f".st-key-saved-{first.id}").get_by_role("button", name="Change or share").click()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value(kept[0][1])
    for (one, before), (two, after) in zip(kept[:12:3], kept[1:12:3], strict=True):
        page.goto(f"{place.address}/Scenarios?first={one.id}&second={two.id}")
        page.locator(".js-plotly-plot .annotation-text").first.wait_for()
        said = page.locator("p.sentence").inner_text()
        assert f"'{before}'" in said and f"'{after}'" in said
        assert page.evaluate(MARKUP) == 0
        assert page.locator(".js-plotly-plot a").count() == 0
    page.goto(f"{place.address}/Weigh?saved={first.id}")
    page.get_by_text("Read-only").wait_for()
    page.wait_for_timeout(1000)
    assert page.evaluate(MARKUP) == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_the_comparison_fits_and_says_what_it_shows(width: int, visit: Open) -> None:
    page = visit("/Scenarios?first=start&second=now&weights=60,20,10,10", width)
    chart = page.locator("[data-testid=stPlotlyChart]:visible")
    chart.locator(".annotation-text").first.wait_for()
    assert page.get_by_label(re.compile("The table below has every area")).count() >= 1
    assert fits(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_fairness_questions_open_on_weigh(scheme: str, place: Place, visit: Open) -> None:
    page = visit("/Weigh", 1280, scheme)
    page.locator(".weigh[data-state=ready]").wait_for()
    page.get_by_text("Whom does this shortlist reach").click()
    page.get_by_text("of income-deprived people").first.wait_for()
    for question, answer in (
        ("Is it fair across places?", "By locality"),
        ("What would five more areas add?", "The next 5 areas would add"),
        ("Whose need does it miss?", "of the rest"),
    ):
        page.get_by_role("tab", name=question).click()
        page.get_by_text(answer).first.wait_for()
        page.locator(".js-plotly-plot .annotation-text:visible").first.wait_for()
        assert serious(page, OURS) == []


def tab_to(page: Any, name: str) -> None:
    """Press Tab until the control of this name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focus = "() => { const at = document.activeElement; return at.getAttribute('aria-label') || at.innerText }"
        if str(page.evaluate(focus)).strip().startswith(name):
            return
    raise AssertionError(f"Tab never reaches {name!r}")


def test_the_tray_is_worked_by_keyboard_alone(place: Place, visit: Open) -> None:
    page = visit("/Weigh?weights=12,34,51,3")
    page.locator(".weigh[data-settled]").wait_for()
    tab_to(page, "Save this scenario")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Name", exact=True).wait_for()
    for box, typed in (("Name", "By keyboard"), ("Who is saving this", "Keyboard user")):
        tab_to(page, box)
        page.keyboard.type(typed)
    tab_to(page, "Save")
    page.keyboard.press("Enter")
    page.get_by_text("Saved as").wait_for()
    page = visit("/Scenarios")
    page.locator("article.saved", has_text="By keyboard").wait_for()
    (row,) = [each for each in listed(place.workspace) if each.name == "By keyboard"]
    tab_to(page, "Change or share")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Who is changing this").wait_for()
    tab_to(page, "Who is changing this")
    page.keyboard.type("Keyboard user")
    tab_to(page, "Lock")
    page.keyboard.press("Enter")
    page.get_by_text("is locked.").wait_for()
    assert next(each for each in listed(place.workspace) if each.id == row.id).locked
    assert serious(page, OURS) == []
