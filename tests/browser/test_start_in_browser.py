"""Start, Decisions and Robustness in a real browser: first steps lead where they say, and links open cold."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from decided import NURSE, agree, ranked, sign
from servers import ROOT, Open, Serve

from prioritisation.folder import DataFolder
from prioritisation.workspace import open_workspace

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder(demonstration: DataFolder, tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    copy = DataFolder(tmp_path_factory.mktemp("start") / "copy")
    shutil.copytree(demonstration.root, copy.root)
    return copy


@pytest.fixture(scope="module")
def decision(folder: DataFolder) -> str:
    workspace = open_workspace(folder, url=f"sqlite:///{folder.root / 'workspace.sqlite'}")
    made = agree(workspace, ranked(folder))
    sign(workspace, NURSE, made)
    workspace.close()
    return made.id


@pytest.fixture(scope="module")
def address(serve: Serve, folder: DataFolder, decision: str) -> str:
    return serve(Path(ROOT) / "app.py", {"PRIORITISATION_DATA": str(folder.root), "PRIORITISATION_WORKSPACE": ""})


def test_the_root_shows_the_steps_and_a_map_that_opens_profiles(visit: Open) -> None:
    page = visit("/")
    page.get_by_role("heading", name="Where do we stand?").wait_for()
    page.get_by_text("15 areas, agreed on").wait_for()
    page.locator("path[data-area]").nth(9).click()
    page.wait_for_url("**/Explore?area=*")
    page.locator("table.indicators").wait_for()


def test_a_step_keeps_the_scenario(visit: Open) -> None:
    page = visit("/Start?weights=40,30,20,10")
    page.get_by_role("link", name="See the priorities").click()
    page.get_by_role("heading", name="How is the score worked out?").wait_for()
    assert "weights=40" in page.url


def test_the_link_of_a_decision_opens_cold(visit: Open, decision: str) -> None:
    page = visit(f"/Decisions?decision={decision}")
    page.get_by_text("The 15 areas, with every change since").wait_for()
    page.get_by_role("button", name="All decisions").click()
    page.get_by_text("2 records, the newest first.").wait_for()
    page.get_by_role("link", name="Open this alone").first.click()
    page.wait_for_url("**/Decisions?decision=*")
    page.get_by_text("NHS signed off the shortlist of 15 areas.").wait_for()
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")


def test_every_name_of_the_intervals_is_readable(visit: Open) -> None:
    """At 1280 x 720: 153 names, none over another, none cut off at the left, and all within one screen's height."""
    page = visit("/Robustness")
    page.get_by_role("tab", name="Under other weights?").click()
    texts = page.locator(".st-key-chart-intervals .textpoint text")
    texts.first.wait_for()
    boxes = [each.bounding_box() for each in texts.all()]
    assert len(boxes) == 153
    frame = page.locator(".st-key-chart-intervals .js-plotly-plot").bounding_box()
    columns: dict[int, list[Any]] = {}
    for box in boxes:
        assert box["x"] >= frame["x"] and box["height"] >= 10
        columns.setdefault(round((box["x"] + box["width"]) / 40), []).append(box)
    for column in columns.values():
        tops = sorted(box["y"] for box in column)
        assert all(lower - upper >= 12 for upper, lower in pairwise(tops))
    assert max(box["y"] for box in boxes) - min(box["y"] for box in boxes) < 600
