"""The Weigh page around the view: nothing lies over a control, on a phone drawers open in sight, ranks have heads."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from servers import Open
from weigh_screen import root

from benchmarks.streamlit_client import Session

pytestmark = pytest.mark.browser

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


@pytest.fixture
def open_weigh(visit: Open) -> Open:
    def start(width: int = 1280) -> Any:
        return visit("/Weigh", width, sign='.weigh[data-state="ready"][data-settled]')

    return start


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_lies_over_a_control(open_weigh: Open, width: int) -> None:
    assert root(open_weigh(width)).evaluate(COVERED) == []


def test_the_columns_of_the_list_have_heads(open_weigh: Open) -> None:
    page = open_weigh()
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
def test_names_are_whole_at_1280_even_beside_a_tag(open_weigh: Open, presenting: bool) -> None:
    page = moved(open_weigh())
    if presenting:
        page.get_by_role("button", name="Presenter view").click()
    cut = root(page).evaluate(
        "root => [...root.querySelectorAll('.rows .row')].filter(row => { const name = row.querySelector('.name');"
        " return name.scrollHeight > name.clientHeight + 4 && row.hasAttribute('data-long')"
        " || [...name.querySelectorAll('.stem')].some(part => part.scrollWidth > part.clientWidth + 1) })"
        ".map(row => row.title)"
    )
    assert cut == []


def test_what_is_said_of_any_area_ends_above_the_edge_of_1280_by_720(open_weigh: Open) -> None:
    page = moved(open_weigh())
    page.locator(".weigh:not([data-stale])").wait_for()
    lengths, bottoms = [], []
    for row in page.locator(".rows .row").all():
        row.hover()
        words = page.locator(".detail .why")
        lengths.append(len(words.inner_text()))
        bottoms.append(max(page.locator(each).bounding_box()["height"] + page.locator(each).bounding_box()["y"]
                           for each in (".detail .why", ".detail .who")))  # fmt: skip
    assert max(lengths) > 300 and max(bottoms) <= 720


def test_on_a_phone_a_drawer_opens_in_sight(open_weigh: Open) -> None:
    page = open_weigh(390)
    page.get_by_role("button", name="What changed").click()
    drawer, bar = (page.locator(each).bounding_box() for each in (".drawer.changed", ".bar-of-buttons"))
    assert 0 < drawer["y"] - bar["y"] - bar["height"] < 40
    assert 0 <= drawer["y"] < 844


def test_on_a_phone_presenter_view_puts_nothing_on_top_of_each_other(open_weigh: Open) -> None:
    page = open_weigh(390)
    page.get_by_role("button", name="Presenter view").click()
    boxes = [page.locator(f".panel.{name}").bounding_box() for name in ("left", "middle", "right")]
    assert all(above["y"] + above["height"] <= below["y"] + 1 for above, below in pairwise(boxes))


def test_a_session_without_a_browser_gets_the_ranks_of_its_weights(address: str) -> None:
    """The client that benchmarks and tests with many people use sees what a browser sees."""
    with Session(address, "Weigh") as first, Session(address, "Weigh") as second:
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
