"""The weighing view for everybody: axe-core finds nothing serious, and presenter view covers the window."""

from __future__ import annotations

from typing import Any

import pytest
from screens import serious
from servers import Open
from weigh_screen import root, seen, wait_settled, wait_until_still

pytestmark = pytest.mark.browser


def faults(page: Any) -> list[str]:
    """Serious and critical violations inside our own view: what lies in a shadow root, and that is ours alone."""
    wait_until_still(page)
    return serious(page, in_shadow=True)


def everything_open(page: Any) -> None:
    page.get_by_role("button", name="Lock Housing").click()
    page.locator(".rows .row").nth(2).click()
    page.get_by_role("button", name="Pin", exact=True).click()
    page.get_by_role("button", name="Compare", exact=True).click()
    page.locator("#box-1").fill("70")
    page.keyboard.press("Enter")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_axe_finds_nothing_serious(open_view: Open, scheme: str, size: tuple[int, int]) -> None:
    page = open_view("areas=60&gaps=3&sure=1&locality=Braehead", width=size[0], height=size[1])
    page.emulate_media(color_scheme=scheme)
    page.reload()
    page.wait_for_selector(f'.weigh[data-theme="{scheme}"][data-state="ready"]')
    assert faults(page) == []
    everything_open(page)
    assert faults(page) == []
    page.get_by_role("button", name="What changed").click()
    page.get_by_role("button", name="Side by side").click()
    page.locator("#box-0").fill("60")
    page.keyboard.press("Enter")
    wait_settled(page)
    assert faults(page) == []


def test_axe_finds_nothing_serious_in_presenter_view(open_view: Open) -> None:
    page = open_view("areas=60&sure=1")
    page.get_by_role("button", name="Presenter view").click()
    assert faults(page) == []


def test_axe_would_see_a_fault(open_view: Open) -> None:
    page = open_view("areas=60")
    root(page).evaluate(
        "root => ['aria-label', 'title'].forEach(name => root.querySelector('.power').removeAttribute(name))"
    )
    assert any(fault.startswith("button-name") for fault in faults(page))


def test_presenter_view_covers_the_window_and_never_scrolls(open_view: Open) -> None:
    page = open_view("sure=1")
    page.get_by_role("button", name="Presenter view").click()
    room = root(page).evaluate(
        "root => [root.getBoundingClientRect().toJSON(), root.scrollHeight - root.clientHeight,"
        " root.querySelector('.rows').scrollHeight - root.querySelector('.rows').clientHeight,"
        " parseFloat(getComputedStyle(root.querySelector('.rows .row')).fontSize),"
        " root.getRootNode().elementFromPoint(640, 4) !== null]"
    )
    assert (room[0]["x"], room[0]["y"], room[0]["width"], room[0]["height"]) == (0, 0, 1280, 720)
    assert room[1] <= 0 and room[2] <= 0 and room[3] >= 16 and room[4]
    assert len(seen(page)["names"]) == 20
