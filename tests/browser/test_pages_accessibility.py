"""Every page as a whole, Streamlit's parts included: axe-core finds nothing serious, in both sizes and themes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from screens import LOOKS, serious
from servers import Open
from weigh_screen import wait_until_still

pytestmark = pytest.mark.browser

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
    "like": ("/Explore?area=DEMO00012&with=like", "table.similar", shown),
    "years": ("/Explore?area=DEMO00012&with=years", CHART, shown),
    "change": ("/Explore?show=change.income_rate", ".map-frame[data-ready=true]", shown),
    "weigh": ("/Weigh", ".weigh[data-settled]", shown),
    "presenter": ("/Weigh", ".weigh[data-settled]", presented),
    "fairness": ("/Weigh", ".weigh[data-settled]", reached),
    "robustness": ("/Robustness", "table.plain", tabbed),
    "community": ("/Community", ".stHtml h1", tabbed),
    "decisions": ("/Decisions", ".stHtml h1", shown),
    "scenarios": ("/Scenarios", ".stHtml h1", shown),
    "comparison": ("/Scenarios?first=start&second=now&weights=60,20,10,10", CHART, shown),
    "data": ("/Data", ".stHtml h1", tabbed),
    "method": ("/Method", ".katex", tabbed),
}


def faults(page: Any) -> list[str]:
    wait_until_still(page)
    return serious(page)


@pytest.mark.parametrize("view", list(VIEWS))
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_serious(visit: Open, width: int, scheme: str, view: str) -> None:
    path, sign, opened = VIEWS[view]
    page = visit(path, width, scheme, sign)
    opened(page)
    page.wait_for_timeout(500)
    assert faults(page) == []


def test_axe_sees_a_fault_on_a_page(visit: Open) -> None:
    page = visit("/Method", sign=".katex")
    wait_until_still(page)
    page.locator(".lead").evaluate("lead => lead.style.setProperty('color', '#ddd')")
    assert any(fault.startswith("color-contrast") for fault in faults(page))
