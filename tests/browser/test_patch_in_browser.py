"""The Patch page in a real browser: it fits, axe finds nothing serious, the proof ends, a click moves an area."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Serve

from prioritisation.folder import DataFolder

pytestmark = pytest.mark.browser

expect = pytest.importorskip("playwright.sync_api").expect
Open = Callable[..., Any]
SIDEWAYS = """() => [document.documentElement, document.querySelector(".stMain")]
    .map((element) => element.scrollWidth - element.clientWidth)"""
PATIENCE = 120_000


@pytest.fixture(scope="module")
def address(serve: Serve, demonstration: DataFolder, tmp_path_factory: pytest.TempPathFactory) -> str:
    workspace = tmp_path_factory.mktemp("patch") / "workspace.sqlite"
    given = {"PRIORITISATION_DATA": str(demonstration.root), "PRIORITISATION_WORKSPACE": f"sqlite:///{workspace}"}
    return serve(Path(ROOT) / "app.py", given)


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Open]:
    """Open the page; at the end nothing failed and no outside host was asked."""
    complaints: list[str] = []
    contexts = []

    def start(query: str = "", width: int = 1280, scheme: str = "light") -> Any:
        size = {"width": width, "height": 844 if width < 500 else 720}
        context = browser.new_context(viewport=size, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: _outside(request.url) and complaints.append(request.url))
        page.goto(f"{address}/Patch?{query}", timeout=PATIENCE)
        page.locator(".map-frame[data-ready=true]").first.wait_for()
        return page

    yield start
    for context in contexts:
        context.close()
    assert complaints == []


def _outside(url: str) -> bool:
    return not re.match(r"(https?|ws)://127\.0\.0\.1:|data:|blob:", url)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("query", ["people=1500-2500", "patches=all&into=8"])
def test_it_fits_and_axe_finds_nothing_serious(query: str, width: int, scheme: str, visit: Open) -> None:
    page = visit(query, width, scheme)
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    faults = [
        f"{rule['id']}: {node['target']} {node['html'][:120]}"
        for rule in axe.run(page).response["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
    assert faults == []
    assert page.evaluate(SIDEWAYS) == [0, 0]


def test_the_proof_ends_by_itself_and_the_map_outlines_the_patch(visit: Open) -> None:
    page = visit("people=1500-2500")
    expect(page.locator(".patch-proof")).to_contain_text("Proven best", timeout=PATIENCE)
    areas = int(page.locator("p.sentence").first.inner_text().split(" ")[0])
    outline = page.locator(".map-frame .surround.line").get_attribute("d")
    assert outline is not None and areas >= 2
    members = page.evaluate(
        """(outline) => { const host = document.querySelector('.map-frame') ?? [...document.querySelectorAll('*')]
            .find((each) => each.shadowRoot?.querySelector('.map-frame')).shadowRoot;
          const paths = [...host.querySelectorAll('path[data-area]')];
          return paths.filter((path) => outline.includes(path.getAttribute('d'))).length }""",
        outline,
    )
    assert members == areas


def test_a_click_moves_an_area_by_hand_and_the_address_keeps_it(visit: Open) -> None:
    page = visit("people=1500-2500&shape=Hexagons&question=hand")
    expect(page.locator(".patch-proof")).to_contain_text("Proven best", timeout=PATIENCE)
    page.locator(".map-frame path[data-area]").first.click(force=True)
    page.wait_for_url(re.compile("hand="))
    expect(page.locator("p.sentence").first).to_contain_text("Changed by hand", timeout=PATIENCE)
    told = page.locator("p.sentence").first.inner_text()
    again = visit(page.url.partition("?")[2])
    expect(again.locator("p.sentence").first).to_have_text(told, timeout=PATIENCE)


def test_wishes_are_made_by_keyboard(visit: Open) -> None:
    page = visit("people=1500-2500")
    box = page.get_by_role("spinbutton", name="At most (people)")
    box.fill("3000")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("people=1500-3000"))
    page.get_by_role("radio", name="Whole council").press("Enter")
    page.wait_for_url(re.compile("patches=all"))
    expect(page.get_by_role("heading", name="In which order to begin")).to_be_visible(timeout=PATIENCE)
