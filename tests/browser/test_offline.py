"""The file for a meeting: opened from disk, no network, weights still movable, ranks as Python finds them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from weigh_screen import root, seen, state, type_share

from prioritisation.drawing.outlines import screen_outlines
from prioritisation.scoring import rank_units
from prioritisation.ui.weigh.arguments import WeighResult, WeighTable
from prioritisation.ui.weigh.offline import Stamp, in_script, offline_page
from prioritisation.weights import canonical_percentages, shares

HOSTILE = '</script><img src="http://example.invalid/x" onerror="alert(1)"> & \u2028 co'
STAMP = Stamp(
    place=HOSTILE,
    framework="Four priorities",
    scenario="s-1234",
    release="r-5678",
    made="22 November 2026",
    sources=("Scottish Government, SIMD 2020v2 <OGL>",),
    demonstration=True,
    placeholder=True,
)
SCORES = np.round(np.random.default_rng(5).random((60, 4)) * 100, 1)


def page_text() -> str:
    cells = np.array([shapely.box(x, y, x + 1, y + 1) for y in range(6) for x in range(10)])
    codes = [f"A{i:02d}" for i in range(60)]
    places = [HOSTILE if i < 30 else "South" for i in range(60)]
    outlines = screen_outlines(cells, codes, places)
    hexes = {**outlines, "areas": [{**area, "x": 50, "y": 50} for area in outlines["areas"]]}
    weights = canonical_percentages([1, 1, 1, 1])
    areas = [
        {"id": code, "name": f"{HOSTILE} {code}", "locality": place, "population": 700}
        for code, place in zip(codes, places, strict=True)
    ]
    return offline_page(
        outlines,
        hexes,
        WeighTable(
            priorities=[{"id": f"p{k}", "name": f"Priority {k}", "question": HOSTILE, "default": 25} for k in range(4)],
            aggregate="arithmetic",
            areas=areas,
            scores=SCORES.tolist(),
        ),
        WeighResult(
            weights=weights,
            ranks=rank_units(SCORES, shares(weights, "abcd"), "arithmetic").tolist(),
            cut=15,
            breaks=[30.0, 45.0, 55.0, 70.0],
            stability=[{"word": "Usually", "probability": 0.9}] * 60,
        ),
        STAMP,
    )


@pytest.fixture
def from_disk(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """The file open with the network off; at the end it asked for nothing and complained of nothing."""
    file = tmp_path / "meeting.html"
    file.write_text(page_text(), encoding="utf-8")
    context = browser.new_context(offline=True, viewport={"width": 1600, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(file.as_uri())
    page.wait_for_selector('.weigh[data-state="ready"]')
    yield page
    context.close()
    assert asked == [file.as_uri()] and not complaints


def fnv(ranks: list[int]) -> str:
    found = 0x811C9DC5
    for character in ",".join(map(str, ranks)):
        found = (found ^ ord(character)) * 0x01000193 % 2**32
    return f"{found:08x}"


@pytest.mark.browser
def test_weights_move_without_a_network_and_ranks_are_pythons(from_disk: Any) -> None:
    before = seen(from_disk)
    assert state(from_disk, "agrees") == "true"
    from_disk.locator("#slider-0").focus()
    for _ in range(30):
        from_disk.keyboard.press("ArrowRight")
    after = seen(from_disk)
    assert after["percents"] == [55, 15, 15, 15]
    assert after["names"] != before["names"] and after["fills"] != before["fills"]
    expected = rank_units(SCORES, shares(canonical_percentages([55, 15, 15, 15]), "abcd"), "arithmetic").tolist()
    assert state(from_disk, "ranks-checksum") == fnv(expected)
    assert root(from_disk).get_attribute("data-stale") is not None
    type_share(from_disk, 0, "25")
    assert seen(from_disk) == {**before, "sentence": seen(from_disk)["sentence"]}
    assert root(from_disk).get_attribute("data-stale") is None


@pytest.mark.browser
def test_the_file_says_what_it_is_and_names_are_only_text(from_disk: Any) -> None:
    shown = from_disk.locator("body").inner_text()
    for words in ("s-1234", "r-5678", "Demonstration data", "Placeholder priorities", "Four priorities",
                  "SIMD 2020v2 <OGL>", "22 November 2026"):  # fmt: skip
        assert words in shown
    assert from_disk.locator("img, main script").count() == 0
    assert from_disk.locator(".map:visible").count() == 2
    assert from_disk.locator("h1").text_content() == HOSTILE


def test_what_stands_in_the_script_cannot_end_it() -> None:
    spelled = in_script({"name": HOSTILE})
    assert not set("<>&\u2028\u2029") & set(spelled)
    assert json.loads(spelled) == {"name": HOSTILE}
    assert page_text().count("</script>") == 2
    assert "http" not in page_text().replace("http://www.w3.org/2000/svg", "").replace(
        "http://example.invalid", ""
    ).replace("http-equiv", "")
