"""The server's answer to a move: its parts agree with one another and with the rooms they come from."""

from __future__ import annotations

import numpy as np
import pytest

from prioritisation.answer import MOVES_EXPLAINED, Setting, answer
from prioritisation.changes import compare_weightings
from prioritisation.scoring import rank_units


@pytest.fixture(scope="module", params=["arithmetic", "geometric"])
def setting(request: pytest.FixtureRequest) -> Setting:
    random = np.random.default_rng(5)
    scores = np.round(random.random((153, 4)) * 100, 1)
    scores[3, 1] = np.nan
    return Setting(
        codes=tuple(f"A{k:03d}" for k in range(153)),
        names=tuple(f"Area {k}" for k in range(153)),
        people=np.full(153, 700.0),
        priority_scores=scores,
        priority_names=("Money", "Homes", "Minds", "Age"),
        aggregate=request.param,
    )


START, MOVED = np.full(4, 0.25), np.array([0.55, 0.15, 0.15, 0.15])


def test_every_area_has_its_row(setting: Setting) -> None:
    found = answer(setting, START, 15)
    assert len(found.stability) == len(found.flips) == len(found.ranks) == 153
    assert found.stability[3] == {"word": "Not scored", "probability": 0.0}
    assert found.flips[3] == "is not scored"
    assert found.change is None
    assert answer(setting, START, 15, START).change is None


def test_the_words_fit_the_shortlist(setting: Setting) -> None:
    found = answer(setting, START, 15)
    first = int(np.flatnonzero(found.ranks == 1)[0])
    assert found.stability[first]["word"] == "Almost always"
    assert not found.flips[first].startswith("enters")
    last = int(found.ranks.argmax())
    assert found.stability[last]["word"] == "Almost never"
    assert not found.flips[last].startswith("leaves")


def test_the_change_is_told_for_those_that_crossed_first(setting: Setting) -> None:
    found = answer(setting, MOVED, 15, START)
    assert found.change is not None
    change = compare_weightings(setting.priority_scores, START, MOVED, 15, setting.aggregate, setting.people)
    crossed = {setting.codes[unit] for unit in (*change.entered, *change.left)}
    assert crossed
    assert crossed <= set(found.change["areas"])
    assert len(found.change["areas"]) <= MOVES_EXPLAINED
    assert "Money" in found.change["paragraph"]
    np.testing.assert_array_equal(found.ranks, rank_units(setting.priority_scores, MOVED, setting.aggregate))
