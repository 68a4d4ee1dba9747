"""The Weigh page around the view: nothing lies over a control, on a phone drawers open in sight, ranks have heads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Serve
from weigh_screen import root

from benchmarks.streamlit_client import Session
from prioritisation.folder import DataFolder

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
COVERED = """root => [...root.querySelectorAll('button, input, select')].filter(one => one.checkVisibility())
  .filter(one => { one.scrollIntoView({ block: 'center' });
    const box = one.getBoundingClientRect();
    let top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    while (top?.shadowRoot) {
      const inner = top.shadowRoot.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      if (!inner || inner === top) break;
      top = inner;
    }
    return !(one === top || one.contains(top)); })
  .map(one => one.getAttribute('aria-label') || one.textContent)"""


@pytest.fixture(scope="module")
def app(serve: Serve, demonstration: DataFolder, tmp_path_factory: pytest.TempPathFactory) -> str:
    workspace = tmp_path_factory.mktemp("workspace") / "workspace.sqlite"
    environment = {"PRIORITISATION_DATA": str(demonstration.root), "PRIORITISATION_WORKSPACE": f"sqlite:///{workspace}"}
    return serve(Path(ROOT) / "app.py", environment)


@pytest.fixture
def visit(browser: Any, app: str) -> Iterator[Open]:
    contexts = []

    def start(width: int, height: int) -> Any:
        contexts.append(browser.new_context(viewport={"width": width, "height": height}))
        page = contexts[-1].new_page()
        page.goto(f"{app}/Weigh")
        page.wait_for_selector('.weigh[data-state="ready"][data-settled]', timeout=60_000)
        return page

    yield start
    for context in contexts:
        context.close()


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_nothing_lies_over_a_control(visit: Open, size: tuple[int, int]) -> None:
    assert root(visit(*size)).evaluate(COVERED) == []


def test_the_columns_of_the_list_have_heads(visit: Open) -> None:
    page = visit(1280, 720)
    heads = page.locator(".weigh .columns > span:visible").all_inner_texts()
    assert [head for head in heads if head] == ["Area", "Score", "Shortlisted"]
    score, first = (page.locator(each).first.bounding_box() for each in (".columns .score", ".rows .score"))
    assert abs(score["x"] + score["width"] - first["x"] - first["width"]) < 2


def moved(page: Any) -> Any:
    """The page after one weight moved so far that areas enter and leave."""
    page.locator("#box-1").fill("50")
    page.keyboard.press("Enter")
    page.locator(".rows .tag", has_text="new").first.wait_for()
    return page


@pytest.mark.parametrize("presenting", [False, True])
def test_names_are_whole_at_1280_even_beside_a_tag(visit: Open, presenting: bool) -> None:
    page = moved(visit(1280, 720))
    if presenting:
        page.get_by_role("button", name="Presenter view").click()
    cut = root(page).evaluate(
        "root => [...root.querySelectorAll('.rows .row')].filter(row => { const name = row.querySelector('.name');"
        " return name.scrollHeight > name.clientHeight + 4 && row.hasAttribute('data-long')"
        " || [...name.querySelectorAll('.stem')].some(part => part.scrollWidth > part.clientWidth + 1) })"
        ".map(row => row.title)"
    )
    assert cut == []


def test_what_is_said_of_any_area_ends_above_the_edge_of_1280_by_720(visit: Open) -> None:
    page = moved(visit(1280, 720))
    page.locator(".weigh:not([data-stale])").wait_for()
    lengths, bottoms = [], []
    for row in page.locator(".rows .row").all():
        row.hover()
        words = page.locator(".detail .why")
        lengths.append(len(words.inner_text()))
        bottoms.append(max(page.locator(each).bounding_box()["height"] + page.locator(each).bounding_box()["y"]
                           for each in (".detail .why", ".detail .who")))  # fmt: skip
    assert max(lengths) > 300 and max(bottoms) <= 720


def test_on_a_phone_a_drawer_opens_in_sight(visit: Open) -> None:
    page = visit(390, 844)
    page.get_by_role("button", name="What changed").click()
    drawer, bar = (page.locator(each).bounding_box() for each in (".drawer.changed", ".bar-of-buttons"))
    assert 0 < drawer["y"] - bar["y"] - bar["height"] < 40
    assert 0 <= drawer["y"] < 844


def test_on_a_phone_presenter_view_puts_nothing_on_top_of_each_other(visit: Open) -> None:
    page = visit(390, 844)
    page.get_by_role("button", name="Presenter view").click()
    boxes = [page.locator(f".panel.{name}").bounding_box() for name in ("left", "middle", "right")]
    assert all(above["y"] + above["height"] <= below["y"] + 1 for above, below in pairwise(boxes))


def test_a_session_without_a_browser_gets_the_ranks_of_its_weights(app: str) -> None:
    """The client that benchmarks and tests with many people use sees what a browser sees."""
    with Session(app, "Weigh") as first, Session(app, "Weigh") as second:
        for session in (first, second):
            session.open()
        first.put("weighing", weights=[70.0, 10.0, 10.0, 10.0])
        second.put("weighing", weights=[10.0, 10.0, 10.0, 70.0])
        ranks = []
        for session in (first, second):
            session.wait()
            ranks.append(session.component("weighing")[1]["ranks"])
        assert first.component("weighing")[1]["weights"] == [70.0, 10.0, 10.0, 10.0]
        assert sorted(ranks[0])[:3] == [1, 2, 3] and ranks[0] != ranks[1]
