"""The Cohorts page in a real browser: choose and build by keyboard, no outside request, nothing serious for axe."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Serve

from prioritisation.folder import DataFolder
from prioritisation.ui.cohorts_page import QUESTIONS

pytestmark = pytest.mark.browser

expect = pytest.importorskip("playwright.sync_api").expect
Open = Callable[..., Any]
SIDEWAYS = """() => [document.documentElement, document.querySelector(".stMain")]
    .map((element) => element.scrollWidth - element.clientWidth)"""


@pytest.fixture(scope="module")
def address(serve: Serve, demonstration_with_people: DataFolder, tmp_path_factory: pytest.TempPathFactory) -> str:
    workspace = tmp_path_factory.mktemp("cohorts") / "workspace.sqlite"
    given = {
        "PRIORITISATION_DATA": str(demonstration_with_people.root),
        "PRIORITISATION_WORKSPACE": f"sqlite:///{workspace}",
    }
    return serve(Path(ROOT) / "app.py", given)


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Open]:
    """Open the page; at the end nothing failed and no outside host was asked."""
    complaints: list[str] = []
    contexts = []

    def start(query: str = "", width: int = 1280, scheme: str = "light") -> Any:
        height = 844 if width < 500 else 720
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: _outside(request.url) and complaints.append(request.url))
        page.goto(f"{address}/Cohorts?{query}")
        page.locator(".stHtml h1").first.wait_for()
        page.get_by_text("Counts are rounded to 5").wait_for()
        return page

    yield start
    for context in contexts:
        context.close()
    assert complaints == []


def _outside(url: str) -> bool:
    return not re.match(r"(https?|ws)://127\.0\.0\.1:|data:|blob:", url)


def sentence(page: Any) -> Any:
    return page.locator("p.sentence").first


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("question", list(QUESTIONS))
def test_every_question_fits_and_axe_finds_nothing_serious(question: str, width: int, scheme: str, visit: Open) -> None:
    page = visit(f"question={question}", width, scheme)
    page.locator(
        ".map-frame[data-ready=true]" if question == "where" else ".js-plotly-plot .main-svg:visible"
    ).first.wait_for()
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    faults = [
        f"{rule['id']}: {node['target']} {node['html'][:120]}"
        for rule in axe.run(page).response["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
    assert faults == []
    assert page.evaluate(SIDEWAYS) == [0, 0]


def test_a_cohort_is_chosen_by_keyboard(visit: Open) -> None:
    page = visit()
    expect(sentence(page)).to_contain_text("in contact with 3 or more partners")
    page.get_by_role("combobox", name="Cohort").focus()
    page.keyboard.type("Two or more")
    page.keyboard.press("Enter")
    expect(sentence(page)).to_contain_text("whose needs include at least 2 of")
    page.wait_for_url("**cohort=several-needs*")


def test_a_cohort_is_built_by_keyboard_and_its_link_reopens_it(visit: Open) -> None:
    page = visit("cohort=own")
    expect(sentence(page)).to_contain_text("Everyone known to any partner")
    for name, typed in (("Services in contact", "Home care"), ("Age", "85")):
        box = page.get_by_role("combobox", name=name, exact=True)
        box.focus()
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        page.wait_for_url(re.compile("home_care"))
    expect(sentence(page)).to_contain_text("People aged 85 or over, with home care, in the last 12 months: about")
    told = sentence(page).inner_text()
    again = visit(page.url.partition("?")[2])
    expect(sentence(again)).to_have_text(told)


def test_the_tabs_take_arrow_keys_and_the_address_follows(visit: Open) -> None:
    page = visit()
    page.get_by_role("tab", name="Who are they?").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**question=where*")
    page.locator(".map-frame[data-ready=true]").wait_for()
    page.get_by_text("Wards", exact=True).click()
    page.wait_for_url("**by=ward*")
    expect(page.locator("table thead th").first).to_have_text("Ward")


def test_pointing_at_an_area_says_its_state(visit: Open) -> None:
    page = visit("question=where&by=data+zone&cohort=homelessness-mental-health")
    area = page.locator(".map-frame path[data-area][data-state=suppressed]").first
    area.wait_for()
    area.hover(force=True)
    expect(page.locator(".map-frame .tip").first).to_contain_text(re.compile(r"People: hidden \(0 to \d+\)"))


def test_the_partner_files_are_offered_on_the_data_page(visit: Open, address: str) -> None:
    page = visit()
    page.goto(f"{address}/Data")
    page.get_by_role("tab", name="How to import?").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="What a partner needs (ZIP)").click()
    assert Path(waiting.value.path()).read_bytes()[:2] == b"PK"
