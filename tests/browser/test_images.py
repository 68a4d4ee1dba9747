"""Pictures of maps and charts: saved from the page, they stand alone, and are light whatever the page is."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from servers import Open

pytestmark = pytest.mark.browser

CHART = ".js-plotly-plot .annotation-text:visible"
MAP, MAP_READY, SLOPE = ".map-frame", ".map-frame[data-ready=true]", ".st-key-chart-slope"
STEPS = "[class*=st-key-image-of-cohort-steps]"


def saved(page: Any, where: str, kind: str) -> bytes:
    """Press Image and then the kind; return the file."""
    control = page.locator(where).locator(".image-control").first
    control.get_by_role("button", name="Image", exact=True).click()
    with page.expect_download() as waiting:
        control.get_by_role("button", name=kind, exact=True).click()
    name = waiting.value.suggested_filename
    assert re.fullmatch(rf"[a-z0-9.-]+\.{kind.lower()}", name)
    return Path(waiting.value.path()).read_bytes()


def text_of(svg: bytes) -> str:
    """All words of a picture; on the way, that it is whole in itself and looks the same without any style sheet."""
    root = ElementTree.fromstring(svg)
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not names & {"style", "script", "image", "foreignObject", "a"}
    assert not {name for name in attributes if name.startswith(("on", "data-")) or name in ("style", "class", "href")}
    assert b"http" not in svg.replace(b"http://www.w3.org/", b"")
    assert not re.search(rb"(color|color-mix|var)\(", svg)
    assert {element.get("vector-effect") for element in root.iter()} == {None}
    return " ".join("".join(element.itertext()) for element in root.iter() if element.tag.endswith("}text"))


def pixels(png: bytes) -> Any:
    image = pytest.importorskip("PIL.Image")
    return image.open(io.BytesIO(png)).convert("RGB")


def shown_ids(page: Any) -> str:
    return re.search(r"scenario \w+ · release [\w-]+", page.locator(".ids").first.inner_text()).group()  # type: ignore[union-attr]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_map_says_what_it_shows(visit: Open, scheme: str) -> None:
    page = visit("/Explore?weights=40,30,20,10", scheme=scheme, sign=MAP_READY)
    svg = saved(page, MAP, "SVG")
    words = text_of(svg)
    title = page.locator("p.sentence").inner_text()
    for part in (title, "least need", "greatest need", "Financial hardship 40%", "score from 0 to 100",
                 "Demonstration data", shown_ids(page), "Image made "):  # fmt: skip
        assert part in re.sub(r"\s+", " ", words), part
    for legend in page.locator(".legend .ramp span").all_inner_texts():
        assert legend in words
    picture = pixels(saved(page, MAP, "PNG"))
    wide, high = re.search(rb'width="(\d+)" height="(\d+)"', svg).groups()  # type: ignore[union-attr]
    assert picture.size == (2 * int(wide), 2 * int(high))
    seen = {colour for _, colour in picture.getcolors(1 << 24)}
    assert {(0x0B, 0x3A, 0x66), (0xE3, 0xED, 0xF5), (255, 255, 255)} <= seen
    assert picture.getpixel((2, 2)) == (255, 255, 255)
    assert page.locator(".map-frame").evaluate("frame => frame.style.getPropertyValue('--class-5')") == (
        "#0b3a66" if scheme == "light" else "#2f6aa3"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_weigh_saves_both_maps_with_the_weights_on_screen(visit: Open, scheme: str) -> None:
    page = visit("/Weigh", scheme=scheme, sign=".weigh[data-settled]")
    page.locator("#box-1").fill("55")
    page.keyboard.press("Enter")
    page.locator(".weigh:not([data-stale])").wait_for()
    page.wait_for_timeout(500)
    svg = saved(page, ".maps", "SVG")
    words = text_of(svg)
    ids = page.locator("p.ids").inner_text().partition(" · ")[2]
    for part in ("Financial hardship 15%", "Housing and homelessness 55%", "Shortlist: 15 areas", "shortlist",
                 "greatest need", "Demonstration data", ids):  # fmt: skip
        assert part in words, part
    assert page.locator(".sentence").inner_text().split(";")[0] in words
    assert page.locator(".weigh").get_attribute("data-theme") == scheme
    picture = pixels(saved(page, ".maps", "PNG"))
    assert len(picture.getcolors(1 << 24)) > 50 and picture.getpixel((2, 2)) == (255, 255, 255)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_chart_keeps_its_words_and_gets_its_legend_and_choices(visit: Open, scheme: str) -> None:
    page = visit("/Scenarios?first=start&second=now&weights=60,20,10,10", scheme=scheme, sign=CHART)
    svg = saved(page, SLOPE, "SVG")
    words = text_of(svg)
    for part in ("leave the shortlist", "enters the shortlist", "cut line", "On Weigh now: Financial hardship 60%",
                 "Demonstration data", "scenarios ", "release ", "Image made "):  # fmt: skip
        assert part in words, part
    legend = page.locator("ul.keys li").all_inner_texts()
    assert len(legend) > 3 and all(entry in words for entry in legend)
    assert (b"#e8edf2" in svg, b"#1a2530" in svg) == (False, True)
    picture = pixels(saved(page, SLOPE, "PNG"))
    seen = {colour for _, colour in picture.getcolors(1 << 24)}
    assert {(0x2B, 0x9C, 0x93), (0xE5, 0x68, 0x2A)} <= seen and picture.getpixel((2, 2)) == (255, 255, 255)


def test_counts_of_people_say_how_they_are_protected(visit: Open) -> None:
    page = visit("/Cohorts", sign=CHART)
    words = text_of(saved(page, STEPS, "SVG"))
    for part in ("People in contact with 3 or more partners", "Counts are rounded to 5", "Strathmarra", "release "):
        assert part in words, part
    page.goto(page.url.partition("?")[0] + "?question=where")
    page.locator(MAP_READY).wait_for()
    words = text_of(saved(page, MAP, "SVG"))
    for part in ("fewest", "most", "Counts are rounded to 5", "People in contact with 3 or more partners"):
        assert part in words, part


def test_the_control_opens_and_closes_without_a_pointer(visit: Open) -> None:
    page = visit("/Explore", sign=MAP_READY)
    opener = page.locator(".image-control").get_by_role("button", name="Image", exact=True)
    opener.focus()
    page.keyboard.press("Enter")
    assert opener.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert opener.get_attribute("aria-expanded") == "false"
    assert page.locator(".image-control button:visible").count() == 1
