"""Numbers on the close-up of a part: one for each area, none over another, however small the areas are."""

from __future__ import annotations

import re
from itertools import combinations
from math import dist

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from prioritisation.drawing.numbered import RADIUS, number_marks, placed
from prioritisation.drawing.part import HEIGHT, whole_and_part
from prioritisation.store import Store

SIZE, FRAME = 40.0, 1000.0
DISC = RADIUS * SIZE


def touching(points: list[tuple[float, float]], radius: float) -> list[tuple[float, float]]:
    return [one for one, other in combinations(points, 2) if dist(one, other) < 2 * radius]


@given(
    st.lists(
        st.tuples(st.floats(60, 900), st.floats(60, 900), st.floats(2, 90), st.floats(2, 90)), min_size=1, max_size=20
    )
)
def test_no_number_touches_another_or_the_edge(boxes: list[tuple[float, float, float, float]]) -> None:
    shapes = [shapely.box(x, y, x + wide, y + high) for x, y, wide, high in boxes]
    found = placed(shapes, DISC, FRAME, FRAME)
    assert not touching([each.at for each in found], DISC)
    assert all(DISC <= each <= FRAME - DISC for place in found for each in place.at)
    assert all(shape.covers(shapely.Point(each.home)) for shape, each in zip(shapes, found, strict=True))
    assert all(shape.covers(shapely.Point(each.at)) for shape, each in zip(shapes, found, strict=True) if each.inside)


def test_a_number_without_room_stands_beside_its_area_with_a_line_to_it() -> None:
    small = [shapely.box(500 + 10 * place, 500, 510 + 10 * place, 510) for place in range(3)]
    found = placed([shapely.box(100, 100, 900, 900), *small], DISC, FRAME, FRAME)
    assert [each.inside for each in found] == [True, True, False, False]
    drawn = number_marks(found, SIZE)
    assert drawn.count("<line") == 2 * 2 and re.findall(r">(\d+)</text>", drawn) == ["1", "2", "3", "4"]
    assert drawn.rindex("<line") < drawn.index("<circle"), "no line runs over a number"


@pytest.mark.parametrize("first", range(0, 150, 15))
def test_the_numbers_of_a_patch_can_all_be_read(first: int, demonstration_store: Store) -> None:
    areas = demonstration_store.areas()
    part = [str(code) for code in areas.index[first : first + 18]]
    assert demonstration_store.boundaries is not None
    _, near = whole_and_part(
        demonstration_store.boundaries, areas, dict.fromkeys(map(str, areas.index), 3), "p", part, SIZE
    )
    discs = [(float(x), float(y)) for x, y in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', near.body)]
    assert len(discs) == len(part) and not touching(discs, DISC)
    assert all(0 < x < near.width and 0 < y < HEIGHT for x, y in discs)
