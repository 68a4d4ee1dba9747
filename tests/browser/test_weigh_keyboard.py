"""Every control of the weighing view by keyboard alone: Tab reaches it, keys work it, and none is left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from weigh_screen import percents, root, seen, state, wait_settled

pytestmark = pytest.mark.browser

expect = pytest.importorskip("playwright.sync_api").expect
Open = Callable[..., Any]
PRIORITIES = (
    "Financial hardship",
    "Housing and homelessness",
    "Mental health, alcohol and drugs",
    "Older people living well",
)
STOPS = 140  # more than there are between any two controls, Streamlit's own included
FOCUSED = """() => { let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at; }"""
NAME = f"""() => {{ const at = ({FOCUSED})();
  return at?.getAttribute('aria-label') || at?.id || at?.textContent.trim() || at?.className || ''; }}"""
CONTROLS = """root => [...root.querySelectorAll('button, input, select, [role=slider], .map')]
  .filter(e => e.checkVisibility()).map(e => e.getAttribute('aria-label') || e.id || e.textContent.trim())"""


def kind(name: str) -> str:
    """What a control is, whichever priority, area or count stands in its name."""
    for priority in PRIORITIES:
        name = name.replace(priority, "priority")
    name = re.sub(r"^Take .* out", "Take area out", name)
    name = re.sub(r"^Compare \d of \d|^Compare areas", "Compared", name)
    name = re.sub(r"^Map of equal hexagons.*|^Map: darker.*", "map", name)
    name = re.sub(r"^[A-Z][\w ]+ - \d+$", "area", name)
    return re.sub(r"[-\s:]*\d+( in, \d+ out)?$", "", name)


class Keyboard:
    """A person with a keyboard and no pointer; remembers which controls were worked and which were ever shown."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.worked: set[str] = set()
        self.shown: set[str] = set()

    def look(self) -> None:
        self.shown |= {kind(name) for name in root(self.page).evaluate(CONTROLS)}

    def to(self, name: str, key: str = "Tab") -> Keyboard:
        self.look()
        for _ in range(STOPS):
            self.page.keyboard.press(key)
            if str(self.page.evaluate(NAME)).startswith(name):
                self.worked.add(kind(str(self.page.evaluate(NAME))))
                return self
        raise AssertionError(f"{key} never reaches {name!r}")

    def back_to(self, name: str) -> Keyboard:
        return self.to(name, "Shift+Tab")

    def press(self, *keys: str) -> Keyboard:
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def type(self, text: str) -> Keyboard:
        self.page.keyboard.type(text)
        return self


@pytest.fixture
def keyboard(open_view: Open) -> Iterator[Keyboard]:
    page = open_view("areas=60&sure=1&seed=2")
    root(page).focus()
    yield Keyboard(page)


def test_tab_reaches_every_control(open_view: Open) -> None:
    page = open_view("areas=60&sure=1")
    names = root(page).evaluate(CONTROLS)
    root(page).focus()
    reached = set()
    for _ in range(len(names) + 12):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(NAME))
    assert len(names) > 25 and [name for name in names if name not in reached] == []


def test_every_control_is_worked_by_keyboard_alone(keyboard: Keyboard) -> None:
    weights(keyboard)
    maps(keyboard)
    ranked_list(keyboard)
    cut_line(keyboard)
    drawers(keyboard)
    presenter(keyboard)
    assert keyboard.shown - keyboard.worked == set()


def weights(keys: Keyboard) -> None:
    page = keys.page
    keys.to("slider-0").press(*["ArrowRight"] * 5)
    assert percents(page)[0] == 30
    keys.back_to("Financial hardship, percent").press("Control+a").type("40").press("Enter")
    assert percents(page)[0] == 40
    keys.to("Lock Financial hardship").press("Space")
    keys.to("Housing and homelessness counts").press("Space")
    assert percents(page)[:2] == [40, 0]
    keys.back_to("Undo").press("Enter")
    assert percents(page)[1] > 0
    keys.to("Redo").press("Enter")
    assert percents(page)[1] == 0
    page.keyboard.press("Control+z")
    assert percents(page)[1] > 0
    page.keyboard.press("Control+y")
    assert percents(page)[1] == 0
    keys.to("Lock Financial hardship").press("Space")
    keys.to("Reset to the framework").press("Enter")
    assert percents(page) == [25, 25, 25, 25]


def maps(keys: Keyboard) -> None:
    page = keys.page
    keys.to("True map").press("Enter")
    keys.to("Hexagons").press("Enter")
    keys.to("Zoom to").press("ArrowDown")
    page.wait_for_timeout(100)
    assert page.locator(".places").input_value() != ""
    keys.press("ArrowUp")
    assert page.locator(".places").input_value() == ""
    keys.to("Map of equal hexagons").press("ArrowRight")
    pointed = page.locator(".tip[data-shown] strong").text_content()
    keys.press("Enter")
    expect(page.locator(".who strong")).to_have_text(str(pointed))
    keys.to("Image").press("Enter")
    for kind in ("PNG", "SVG"):
        keys.to(kind)
        with page.expect_download() as waiting:
            keys.press("Enter")
        assert waiting.value.suggested_filename == f"demo.{kind.lower()}"
        keys.back_to("Image").press("Enter")
    keys.press("Escape")


def ranked_list(keys: Keyboard) -> None:
    page = keys.page
    keys.to("Find an area").type(str(page.locator(".who strong").text_content())[:9])
    found = page.locator(".rows .row").count()
    assert 0 < found < 20
    keys.press("Escape")
    assert page.locator(".rows .row").count() == 20
    keys.to("Side by side").press("Enter")
    assert page.locator(".panel[data-side]").count() == 1
    keys.press("Enter")
    keys.to("Show all").press("Enter")
    assert page.locator(".rows .row").count() == 60
    keys.press("Enter")
    keys.worked.add(kind("Show fewer"))
    keys.to("Pin").press("Enter")
    assert page.locator(".pinned .row").count() == 1
    keys.to("Compare").press("Enter")
    keys.press("Escape")
    assert page.locator(".compare:visible").count() == 0


def cut_line(keys: Keyboard) -> None:
    page = keys.page
    keys.back_to("Cut line").press("ArrowDown")
    assert page.locator(".cut-areas").input_value() == "16"
    keys.to("Shortlist, number of areas").press("Control+a").type("12").press("Enter")
    assert page.locator(".cut-areas").input_value() == "12"
    keys.to("Shortlist, enough areas").press("Control+a").type("12000").press("Enter")
    assert page.locator(".cut-areas").input_value() == "16"
    keys.back_to("Cut line")
    keys.press("Shift+Tab", "Home", "ArrowDown", "p", "c")
    assert page.locator(".pinned .row").count() == 2
    assert page.locator(".compare thead th").count() == 2


def drawers(keys: Keyboard) -> None:
    page = keys.page
    keys.to("Take ").press("Enter")
    assert page.locator(".compare thead th").count() == 1
    keys.back_to("Close: Compare areas").press("Enter")
    assert page.locator(".compare:visible").count() == 0
    keys.back_to("Housing and homelessness, percent").press("Control+a").type("80").press("Enter")
    wait_settled(page)
    keys.to("What changed").press("Enter")
    first = page.locator(".changed .chip-button").first.text_content()
    keys.to(str(first)).press("Enter")
    expect(page.locator(".who strong")).to_have_text(str(first))
    keys.back_to("Close: What changed").press("Enter")
    assert page.locator(".changed:visible").count() == 0
    keys.to("Compare 1 of 4").press("Enter")
    assert page.locator(".compare thead th").count() == 1
    keys.press("Escape")


def presenter(keys: Keyboard) -> None:
    page = keys.page
    keys.to("Presenter view").press("Enter")
    assert state(page, "presenting") == "" and len(seen(page)["names"]) >= 20
    for _ in range(40):
        keys.press("Tab")
    assert root(page).evaluate("root => Boolean(root.getRootNode().activeElement)")
    keys.to("Leave presenter view").press("Enter")
    assert state(page, "presenting") is None
    keys.to("Presenter view").press("Enter").press("Escape")
    assert state(page, "presenting") is None
