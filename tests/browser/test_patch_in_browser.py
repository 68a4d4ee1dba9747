"""The Patch page in a real browser: it fits, axe finds nothing serious, the proof ends, a click moves an area."""

from __future__ import annotations

import re
from typing import Any

import pytest
from screens import LOOKS, fits, serious
from servers import Open

pytestmark = pytest.mark.browser

expect = pytest.importorskip("playwright.sync_api").expect
PATIENCE = 120_000


@pytest.fixture
def open_patch(visit: Open) -> Open:
    def start(query: str = "", width: int = 1280, scheme: str = "light") -> Any:
        return visit(f"/Patch?{query}", width, scheme, sign=".map-frame[data-ready=true]")

    return start


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
@pytest.mark.parametrize("query", ["people=1500-2500", "patches=all&into=8"])
def test_it_fits_and_axe_finds_nothing_serious(query: str, width: int, scheme: str, open_patch: Open) -> None:
    page = open_patch(query, width, scheme)
    assert serious(page) == []
    assert fits(page)


def test_the_proof_ends_by_itself_and_the_map_outlines_the_patch(open_patch: Open) -> None:
    page = open_patch("people=1500-2500")
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


def test_a_click_moves_an_area_by_hand_and_the_address_keeps_it(open_patch: Open) -> None:
    page = open_patch("people=1500-2500&shape=Hexagons&question=hand")
    expect(page.locator(".patch-proof")).to_contain_text("Proven best", timeout=PATIENCE)
    area = page.locator(".map-frame path[data-area]").first
    area.hover(force=True)
    expect(page.locator(".map-frame .tip")).to_contain_text("A click adds it: then ")
    area.click(force=True)
    page.wait_for_url(re.compile("hand="))
    expect(page.locator("p.sentence").first).to_contain_text("Changed by hand", timeout=PATIENCE)
    expect(page.locator(".map-frame .tip")).to_contain_text("A click drops it: then ")
    told = page.locator("p.sentence").first.inner_text()
    again = open_patch(page.url.partition("?")[2])
    expect(again.locator("p.sentence").first).to_have_text(told, timeout=PATIENCE)


def test_wishes_are_made_by_keyboard(open_patch: Open) -> None:
    page = open_patch("people=1500-2500")
    box = page.get_by_role("spinbutton", name="At most (people)")
    box.fill("3000")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("people=1500-3000"))
    page.get_by_role("radio", name="Whole council").press("Enter")
    page.wait_for_url(re.compile("patches=all"))
    expect(page.get_by_role("heading", name="In which order to begin")).to_be_visible(timeout=PATIENCE)
