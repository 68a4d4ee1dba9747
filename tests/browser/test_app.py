"""The whole app in a real browser: no outside host, a first map, a click that opens a profile, no sideways scroll."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from screens import AT_REST, fits, is_outside
from servers import ROOT, Serve

from prioritisation.folder import DataFolder

pytestmark = pytest.mark.browser

PAGES = ("Start", "Explore", "Weigh", "Robustness", "Decisions", "Scenarios", "Data", "Method")
POSTCODE = "ZZ3 1AA"  # the demonstration's first
AREA = "svg path[data-area]"
PROBES = re.compile(r"/[A-Z][a-z]+/_stcore/")  # Streamlit looks for its server below a page's address


class Visit:
    """One tab, with everything it asked for and complained about."""

    def __init__(self, tab: Any) -> None:
        self.tab = tab
        self.requests: list[str] = []
        self.complaints: list[str] = []
        tab.on("request", lambda request: self.requests.append(request.url))
        tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        tab.on("response", self._response)
        tab.on("console", self._console)

    def _response(self, response: Any) -> None:
        if response.status >= 400 and not PROBES.search(response.url):
            self.complaints.append(f"{response.status} {response.url}")

    def _console(self, message: Any) -> None:
        if message.type == "error" and "404" not in message.text:
            self.complaints.append(message.text)

    def outside(self) -> list[str]:
        return [url for url in self.requests if is_outside(url)]


@pytest.fixture
def visit(browser: Any, request: pytest.FixtureRequest) -> Iterator[Visit]:
    width = getattr(request, "param", 1280)
    context = browser.new_context(viewport={"width": width, "height": 844 if width < 500 else 720})
    yield Visit(context.new_page())
    context.close()


def test_a_bookmark_works_right_after_a_restart(serve: Serve, demonstration: DataFolder, visit: Visit) -> None:
    address = serve(ROOT / "app.py", {"PRIORITISATION_DATA": str(demonstration.root)})
    visit.tab.goto(f"{address}/Method?weights=40,30,20,10")
    visit.tab.get_by_role("heading", name="How is the score worked out?").wait_for()
    assert "weights=40" in visit.tab.url
    visit.tab.get_by_role("link", name="Weigh").click()
    visit.tab.locator(".weigh[data-state=ready]").wait_for()
    visit.tab.wait_for_url("**/Weigh?weights=*")
    assert not visit.complaints


def test_the_first_map_comes_soon(serve: Serve, demonstration: DataFolder, visit: Visit) -> None:
    began = time.monotonic()
    address = serve(ROOT / "app.py", {"PRIORITISATION_DATA": str(demonstration.root)})
    visit.tab.goto(address, wait_until="commit")
    visit.tab.wait_for_selector(AREA)
    assert time.monotonic() - began < 20  # the figure itself is measured by `python -m benchmarks`, on a quiet machine


def test_no_page_asks_an_outside_host(address: str, visit: Visit) -> None:
    for name in PAGES:
        visit.tab.goto(f"{address}/{name}")
        visit.tab.locator(".stHtml h1").wait_for()
        visit.tab.wait_for_timeout(1500)
    visit.tab.goto(f"{address}/Explore?map=free")
    visit.tab.locator("[data-testid=stDeckGlJsonChart] canvas").first.wait_for(timeout=60_000)
    visit.tab.wait_for_timeout(1500)
    assert len(visit.requests) > 20
    assert visit.outside() == []
    assert visit.complaints == []


def test_a_click_on_an_area_opens_its_profile(address: str, visit: Visit) -> None:
    tab = visit.tab
    tab.goto(f"{address}/Explore?show=crime_rate")
    tab.locator(AREA).nth(9).click()
    tab.locator("table.indicators").wait_for()
    name = tab.locator(".profile-head h2").inner_text()
    assert f"How does {name} compare?" in tab.locator("body").inner_text()
    link = tab.url
    assert "area=" in link and "show=crime_rate" in link
    tab.goto("about:blank")
    tab.goto(link)
    tab.locator(".profile-head h2").wait_for()
    assert tab.locator(".profile-head h2").inner_text() == name
    tab.get_by_role("button", name="Back to the list").click()
    tab.locator("table.indicators").wait_for(state="detached")
    tab.wait_for_url(lambda url: "area=" not in url)
    assert visit.complaints == []


def test_the_three_states_look_different_on_the_map(address: str, visit: Visit) -> None:
    visit.tab.goto(f"{address}/Explore?show=crime_rate")
    visit.tab.locator(AREA).first.wait_for()
    held = visit.tab.locator('path[data-state="suppressed"]')
    assert held.count() == 20
    assert held.first.get_attribute("fill") == "url(#suppressed)"
    visit.tab.goto(f"{address}/Explore?show=nocentralheat_rate")
    visit.tab.locator('path[data-state="zero"]').first.wait_for()
    assert visit.tab.locator('path[data-state="suppressed"]').count() == 0


def test_a_postcode_leads_to_its_area(address: str, visit: Visit, demonstration_store: Any) -> None:
    area = demonstration_store.area_of_postcode(POSTCODE)
    box = visit.tab.get_by_role("combobox", name="Find an area")
    visit.tab.goto(f"{address}/Explore")
    box.click()
    box.fill("ZZ99 9ZZ")
    box.press("Enter")
    visit.tab.get_by_text("The postcode ZZ99 9ZZ is not in the lookup that is loaded.").wait_for()
    box.click()
    box.fill(POSTCODE.lower())
    box.press("Enter")
    visit.tab.locator("table.indicators").wait_for()
    assert f"area={area}" in visit.tab.url


@pytest.mark.parametrize("visit", [390], indirect=True)
def test_nothing_scrolls_sideways_on_a_phone(address: str, visit: Visit, demonstration_store: Any) -> None:
    area = demonstration_store.areas().index[0]
    for name in (*PAGES, f"Explore?area={area}"):
        visit.tab.goto(f"{address}/{name}")
        visit.tab.locator(".stHtml h1").wait_for()
        visit.tab.wait_for_timeout(1500)
        assert fits(visit.tab), name


def test_weights_go_into_the_link_and_the_file(address: str, visit: Visit) -> None:
    tab = visit.tab
    tab.goto(f"{address}/Weigh")
    tab.locator(".weigh[data-state=ready]").wait_for()
    before = _scenario(tab)
    box = tab.locator("input.share").first
    box.fill("40")
    box.press("Enter")
    tab.wait_for_url("**weights=40*")
    tab.locator("p.ids", has_not_text=before).wait_for()
    scenario = _scenario(tab)
    tab.locator(AT_REST).wait_for()
    tab.get_by_role("button", name="Take it along").click()
    tab.get_by_role("button", name="This view for a meeting (HTML)").wait_for(timeout=60_000)
    tab.locator(AT_REST).wait_for()
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Ranked list (CSV)").click()
    raw = Path(download.value.path()).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert len(rows) == 153 and {row["scenario"] for row in rows} == {scenario}
    assert scenario in download.value.suggested_filename
    with tab.expect_download() as download:
        tab.get_by_role("button", name="This view for a meeting (HTML)").click()
    page = Path(download.value.path()).read_text(encoding="utf-8")
    assert "Demonstration data" in page and scenario in page and "http://" not in page.split("<script")[0]
    link = tab.url
    tab.goto("about:blank")
    tab.goto(link)
    tab.locator(".weigh[data-state=ready]").wait_for()
    tab.locator("p.ids", has_text=scenario).wait_for()
    assert tab.locator("input.share").first.input_value() in ("40", "40.0")
    assert _scenario(tab) == scenario
    assert visit.complaints == []


def _scenario(tab: Any) -> str:
    tab.locator("p.ids").wait_for()
    return re.search(r"scenario (\w+)", tab.locator("p.ids").inner_text())[1]
