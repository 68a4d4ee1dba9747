"""Every page as a whole, Streamlit's parts included: axe-core finds nothing serious, in both sizes and themes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Serve
from weigh_screen import wait_until_still

from prioritisation.folder import DataFolder

pytestmark = pytest.mark.browser

VIEWPORTS = {"screen": {"width": 1280, "height": 720}, "phone": {"width": 390, "height": 844}}
CHART = ".js-plotly-plot .annotation-text:visible"


def shown(page: Any) -> None:
    """Nothing to open first."""


def presented(page: Any) -> None:
    page.get_by_role("button", name="Presenter view").click()


def reached(page: Any) -> None:
    page.get_by_text("Whom does this shortlist reach").click()
    page.locator(CHART).first.wait_for()


def tabbed(page: Any) -> None:
    """Open every tab, so that what it holds is drawn and checked."""
    for tab in page.get_by_role("tab").all():
        tab.click()
        page.wait_for_timeout(300)


VIEWS: dict[str, tuple[str, str, Callable[[Any], None]]] = {
    "start": ("/Start", ".map-frame[data-ready=true]", shown),
    "explore": ("/Explore", ".map-frame[data-ready=true]", shown),
    "profile": ("/Explore?area=DEMO00012", ".profile-head", shown),
    "weigh": ("/Weigh", ".weigh[data-settled]", shown),
    "presenter": ("/Weigh", ".weigh[data-settled]", presented),
    "fairness": ("/Weigh", ".weigh[data-settled]", reached),
    "robustness": ("/Robustness", "table.plain", tabbed),
    "decisions": ("/Decisions", ".stHtml h1", shown),
    "scenarios": ("/Scenarios", ".stHtml h1", shown),
    "comparison": ("/Scenarios?first=start&second=now&weights=60,20,10,10", CHART, shown),
    "cohorts": ("/Cohorts", CHART, shown),
    "data": ("/Data", ".stHtml h1", tabbed),
    "method": ("/Method", ".katex", tabbed),
}


@pytest.fixture(scope="module")
def address(serve: Serve, demonstration_with_people: DataFolder, tmp_path_factory: pytest.TempPathFactory) -> str:
    workspace = tmp_path_factory.mktemp("pages") / "workspace.sqlite"
    given = {
        "PRIORITISATION_DATA": str(demonstration_with_people.root),
        "PRIORITISATION_WORKSPACE": f"sqlite:///{workspace}",
    }
    return serve(Path(ROOT) / "app.py", given)


def faults(page: Any) -> list[str]:
    """Serious and critical violations anywhere on the page."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    wait_until_still(page)
    return [
        f"{rule['id']}: {node['target']} {node['html'][:120]}"
        for rule in axe.run(page).response["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("view", list(VIEWS))
@pytest.mark.parametrize(("size", "scheme"), [("screen", "light"), ("phone", "dark"), ("screen", "dark")])
def test_axe_finds_nothing_serious(browser: Any, address: str, size: str, scheme: str, view: str) -> None:
    path, sign, opened = VIEWS[view]
    context = browser.new_context(viewport=VIEWPORTS[size], color_scheme=scheme)
    page = context.new_page()
    page.goto(address + path)
    page.locator(sign).first.wait_for(timeout=60_000)
    opened(page)
    page.wait_for_timeout(500)
    found = faults(page)
    context.close()
    assert found == []


def test_axe_sees_a_fault_on_a_page(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/Method")
    page.locator(".katex").first.wait_for(timeout=60_000)
    page.evaluate("() => document.querySelector('.lead').style.setProperty('color', '#ddd')")
    assert any(fault.startswith("color-contrast") for fault in faults(page))
    page.close()
