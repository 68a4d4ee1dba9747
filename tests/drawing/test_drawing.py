"""Maps drawn on the server: classes, states and outlines; legible in grey; the same bytes each time."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from prioritisation.drawing.labels import Label, drawn_labels, locality_labels
from prioritisation.drawing.looks import DIGITS, RAMP, STATES, Entry, legend, patterns
from prioritisation.drawing.maps import Outlines, area_map, hex_outlines, true_outlines
from prioritisation.drawing.part import HEIGHT, whole_and_part
from prioritisation.drawing.strips import bar, strip
from prioritisation.drawing.svg import INK, Drawing, as_high_as, beside, padded, picture, plain, stacked, text, wrapped
from prioritisation.store import Store

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def true_map(demonstration_store: Store) -> Outlines:
    assert demonstration_store.boundaries is not None
    return true_outlines(demonstration_store.boundaries, demonstration_store.areas())


@pytest.fixture(scope="module")
def hex_map(demonstration_store: Store) -> Outlines:
    assert demonstration_store.boundaries is not None
    found = hex_outlines(demonstration_store.boundaries, demonstration_store.areas())
    assert found is not None
    return found


def looks_of(areas: pd.DataFrame) -> dict[str, int | str]:
    """Return every class and state in turn."""
    every: list[int | str] = [1, 2, 3, 4, 5, *STATES]
    return {str(code): every[place % len(every)] for place, code in enumerate(areas.index)}


def luminance(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_classes_can_be_told_apart_in_grey_and_darker_is_greater() -> None:
    greys = [luminance(colour) for colour in RAMP]
    assert all(before - after > 25 for before, after in pairwise(greys))
    assert all(abs(luminance(digit) - grey) > 80 for digit, grey in zip(DIGITS, greys, strict=True))


@pytest.mark.parametrize("kind", ["true_map", "hex_map"])
def test_every_area_is_drawn_as_it_looks(kind: str, demonstration_store: Store, request: pytest.FixtureRequest) -> None:
    outlines: Outlines = request.getfixturevalue(kind)
    looks = looks_of(demonstration_store.areas())
    marked = list(looks)[:7]
    drawn = area_map(outlines, looks, "p", outlined=marked, ringed=marked[:1])
    tree = ElementTree.fromstring(picture(padded(drawn, 5), "A map", definitions=patterns("p")))
    fills = [each.get("fill") for each in tree.iter(f"{SVG}path") if each.get("fill") not in (None, "none")]
    assert {f"url(#p-{state})" for state in STATES} <= set(fills)
    assert sum(each in RAMP for each in fills) == sum(isinstance(look, int) for look in looks.values())
    heavy = [group for group in tree.iter(f"{SVG}g") if group.get("stroke") == "#1a2530"]
    assert len(heavy[0].findall(f"{SVG}path")) == len(marked)
    defined = {each.get("id") for each in tree.iter(f"{SVG}pattern")}
    assert defined == {f"p-{state}" for state in STATES}


def test_hexagons_hold_their_class_number(hex_map: Outlines, demonstration_store: Store) -> None:
    looks = looks_of(demonstration_store.areas())
    body = ElementTree.fromstring(picture(area_map(hex_map, looks, "p")))
    digits = sorted(each.text or "" for each in body.iter(f"{SVG}text"))
    assert digits == sorted(str(look) for look in looks.values() if isinstance(look, int))


def test_a_drawing_is_the_same_each_time(demonstration_store: Store, true_map: Outlines) -> None:
    assert demonstration_store.boundaries is not None
    looks = looks_of(demonstration_store.areas())
    again = true_outlines(demonstration_store.boundaries, demonstration_store.areas())
    assert area_map(again, looks, "p") == area_map(true_map, looks, "p")


def test_names_never_lie_over_each_other(true_map: Outlines) -> None:
    names = re.findall(r"<text[^>]*>([^<]+)", true_map.names)
    assert " ".join(names).count("Aberfaskan") == 3
    lines = [(float(x), float(y)) for x, y in re.findall(r'<text x="([\d.]+)" y="([\d.]+)"', true_map.names)]
    assert len(set(lines)) == len(lines)


def test_a_name_without_room_is_left_out() -> None:
    crowd = [Label(f"Place {k}", 50, 20) for k in range(30)]
    drawn = drawn_labels(crowd, 100, 40, 10)
    assert 1 <= drawn.count("<text") < 30


def test_names_stand_inside_their_place() -> None:
    import shapely

    shapes = np.array([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 30, 10)], dtype=object)
    one, two = locality_labels(shapes, ["West", "East"], 300)
    assert one.name == "East"
    assert 100 < one.x < 300
    assert 0 < two.x < 100


def test_a_legend_says_both_ends_and_every_state() -> None:
    entries = [*(Entry(k, f"{k}0") for k in range(1, 6)), Entry("missing", "not scored (2)")]
    drawn = legend(entries, "p", 2000, 30, outlined="on the list")
    words = re.findall(r">([^<]+)</text>", drawn.body)
    assert words[0] == "least need"
    assert {"greatest need", "not scored (2)", "on the list", "10", "50"} <= set(words)


def test_text_in_a_picture_is_escaped_and_legal() -> None:
    made = picture(Drawing(10, 10, text(0, 0, "<b>&\x00\u202e\ud800", 5)), "a<\x1b")
    tree = ElementTree.fromstring(made)
    assert next(tree.iter(f"{SVG}text")).text == "<b>&"


def test_drawings_are_put_together() -> None:
    one, two = Drawing(10, 20, "<g/>"), Drawing(30, 5, "<g/>")
    across, down = beside([one, two], 4), stacked([one, two], 4)
    assert (across.width, across.height) == (44, 20)
    assert (down.width, down.height) == (30, 29)
    assert (as_high_as(one, 40).width, padded(one, 5).width) == (20, 20)


def test_a_strip_puts_the_greatest_need_to_the_right() -> None:
    dot = re.compile(r'cx="([\d.]+)"')
    need = np.array([1.0, 2.0, 9.0, np.nan])
    right, left = (dot.search(strip(need, own).body) for own in (9.0, 1.0))
    assert right is not None
    assert left is not None
    assert float(right[1]) > float(left[1])
    assert dot.search(strip(need, np.nan).body) is None
    assert strip(np.array([np.nan]), np.nan).body == ""


def test_a_bar_is_filled_to_its_share() -> None:
    widths = [float(each) for each in re.findall(r'width="([\d.]+)"(?= fill="#123456")', bar(0.5, "#123456", 0.5).body)]
    assert widths == [50]
    assert 'width="0" fill="#123456"' in bar(float("nan"), "#123456").body


@pytest.mark.parametrize(("value", "spelled"), [(1.0, "1"), (1.5, "1.5"), (0.001, "0"), (-2.25, "-2.25"), (100, "100")])
def test_numbers_are_short(value: float, spelled: str) -> None:
    assert plain(value) == spelled


def test_words_are_wrapped_at_blanks() -> None:
    assert wrapped("Ayr North and Former Coalfield", 16) == ["Ayr North and", "Former Coalfield"]


def test_a_part_is_outlined_once_and_its_areas_are_numbered_close_up(demonstration_store: Store) -> None:
    areas = demonstration_store.areas()
    looks, part = looks_of(areas), [str(code) for code in areas.index[11:14]]
    assert demonstration_store.boundaries is not None
    whole, near = whole_and_part(demonstration_store.boundaries, areas, looks, "p", part, 40)
    trees = [ElementTree.fromstring(picture(each, "A map", definitions=patterns("p"))) for each in (whole, near)]
    lines = [[group for group in tree.iter(f"{SVG}g") if group.get("stroke") == INK] for tree in trees]
    assert [len(groups) for groups in lines] == [1, 1] and all(len(list(groups[0])) == 1 for groups in lines)
    numbers = [each.text for each in trees[1].iter(f"{SVG}text") if each.get("font-weight") == "600"]
    assert numbers == ["1", "2", "3"]
    drawn = [len([each for each in tree.iter(f"{SVG}path") if each.get("fill")]) for tree in trees]
    assert drawn[0] > len(areas) > drawn[1] >= len(part), "the close-up leaves out what lies elsewhere"
    for disc in trees[1].iter(f"{SVG}circle"):
        assert 0 < float(disc.get("cx", "nan")) < near.width and 0 < float(disc.get("cy", "nan")) < HEIGHT
