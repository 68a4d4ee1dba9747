"""What a cube remembers changes no answer, whatever was asked before and however little it may keep."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drawn_people import LIBRARY, cube_of, drawn_areas, drawn_people

from prioritisation.cohorts import cells
from prioritisation.cohorts.counts import Question, answer, by_area, waterfall
from prioritisation.cohorts.published import PublishedCube


def answers(cube: PublishedCube, backwards: bool = False) -> dict[str, list[object]]:
    rules = {name: each.rule for name, each in LIBRARY.items()}
    asked = {}
    for name in sorted(rules, reverse=backwards):
        tables = [by_area(cube, rules[name], each) for each in ("data zone", "ward", "locality")]
        frames = [*tables, waterfall(cube, rules[name])]
        asked[name] = [answer(cube, Question(rules[name])), *(each.to_csv() for each in frames)]
    return asked


def test_answers_do_not_depend_on_what_was_asked_before_or_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    cube = cube_of(drawn_people(900, 6, 11), drawn_areas(6), {each.id: each for each in LIBRARY.values()})
    first = answers(cube)
    assert len(cube._memory) > 50
    assert answers(cube) == first
    assert answers(replace(cube), backwards=True) == first
    monkeypatch.setattr(cells, "MOST_REMEMBERED", 3)
    short = replace(cube)
    assert answers(short) == first
    assert len(short._memory) <= 3
