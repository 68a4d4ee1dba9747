"""Scenarios as text: read back to the last bit, and anything altered is refused with every fault."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prioritisation.catalogue import load_catalogue
from prioritisation.errors import UserError
from prioritisation.folder import TRACKED_DATA
from prioritisation.scenario import Scenario, from_link

CATALOGUE = load_catalogue(TRACKED_DATA / "catalogue")
STARTING = Scenario.starting(next(iter(CATALOGUE.frameworks.values())))


@pytest.mark.parametrize("name", list(CATALOGUE.frameworks))
def test_every_framework_survives_being_text(name: str) -> None:
    scenario = Scenario.starting(CATALOGUE.frameworks[name])
    again = Scenario.from_json(scenario.to_json())
    assert again == scenario
    assert again.id == scenario.id
    assert again.weights == scenario.weights


@given(
    weights=st.lists(st.floats(0, 100), min_size=4, max_size=4).filter(lambda given: sum(given) > 0.01),
    name=st.text(st.characters(exclude_categories=["Cs"])),
    cut=st.integers(1, 100_000),
)
def test_the_same_choices_come_back_from_the_same_text(weights: list[float], name: str, cut: int) -> None:
    scenario = STARTING.with_weights(weights).with_cut(cut)
    scenario = replace(scenario, framework=replace(scenario.framework, name=name))
    text = scenario.to_json()
    assert text.isascii()
    assert Scenario.from_json(text) == scenario
    assert Scenario.from_json(text).to_json() == text


@pytest.mark.parametrize("link", [{"aggregate": "geometric"}, {"normalise": "z-score"}, {"framework": "simd2020"}])
def test_the_method_is_part_of_the_text(link: dict[str, str]) -> None:
    scenario, _ = from_link(link, CATALOGUE)
    assert Scenario.from_json(scenario.to_json()) == scenario


def put(*path: str | int, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(record: dict[str, Any]) -> None:
        place: Any = record
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return change


FIRST = ("framework", "priorities", 0)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (put("framework", value=None), "framework"),
        (put("framework", "cut", value=0), "cut"),
        (put("framework", "cut", value=True), "cut"),
        (put("framework", "aggregate", value=["arithmetic"]), "aggregate"),
        (put("framework", "normalise", value="percentile"), "normalise"),
        (put("framework", "normalise", "rank_offset", value=2), "rank_offset"),
        (put("framework", "patch_population", value=[9, 3]), "patch_population"),
        (put("framework", "patch_population", value=7), "patch_population"),
        (put("framework", "priorities", value=[]), "priorities"),
        (put("framework", "id", value="A framework"), "framework id"),
        (put("framework", "name", value="lone \ud800 half"), "framework name"),
        (put(*FIRST, "weight", value=0.9), "weights"),
        (put(*FIRST, "weight", value=-0.1), "weight"),
        (put(*FIRST, "weight", value=10**400), "weight"),
        (put(*FIRST, "question", value=None), "priority question"),
        (put(*FIRST, "indicators", 0, "share", value="1"), "share"),
        (put(*FIRST, "indicators", 0, "polarity", value="up"), "polarity"),
        (put(*FIRST, "id", value=STARTING.framework.priorities[1].id), "priorities"),
        (put("percentages", value=[25, 25, 50]), "weights"),
        (put("percentages", value=[0, 0, 0, 0]), "weights"),
        (put("percentages", value=["25", "25", "25", "25"]), "weights"),
        (put("percentages", value={"housing": 100}), "weights"),
        (put("percentages", 0, value=-1), STARTING.framework.priorities[0].id),
        (put("format", value="1"), "format"),
    ],
)
def test_an_altered_scenario_is_refused_and_says_where(change: Callable[[dict[str, Any]], None], where: str) -> None:
    record = json.loads(STARTING.to_json())
    change(record)
    with pytest.raises(UserError, match="is damaged or was altered") as refused:
        Scenario.from_json(json.dumps(record))
    assert where in [fault.where for fault in refused.value.faults]


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "{", '{"a":' * 5_000, '{"format": NaN}', '{"format": 1, "x": Infinity}', " " * 2_000_000],
)
def test_what_is_no_scenario_at_all_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="is damaged or was altered"):
        Scenario.from_json(text)


def test_a_newer_format_says_so() -> None:
    newer = STARTING.to_json().replace('"format": 1', '"format": 2')
    with pytest.raises(UserError, match="newer version"):
        Scenario.from_json(newer)
