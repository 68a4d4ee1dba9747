"""What is written on pictures of maps and charts, and that legends on pages and on pictures are the same."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from prioritisation.ui.browser import image_script, image_style
from prioritisation.ui.cohorts.legend import keys_of, legend_of
from prioritisation.ui.colours import on_paper, palette
from prioritisation.ui.image import About, Key
from prioritisation.ui.maps.legend import legend_keys, legend_markup
from prioritisation.ui.maps.showing import Showing


def showing(values: list[float], status: list[str], classes: list[int]) -> Showing:
    codes = [f"A{place}" for place in range(len(values))]
    columns = [pd.Series(each, index=codes) for each in (values, status, classes, classes)]
    return Showing("x", "Homes", "per cent", "A note", False, *columns, breaks=(10.0, 20.0, 30.0, 40.0))


def test_an_empty_legend_and_no_choices_are_said_as_such() -> None:
    assert About("map").argument == {
        "file": "map", "title": "", "spoken": "", "chosen": [], "foot": [],
        "legend": {"least": "least need", "greatest": "greatest need", "entries": []},
    }  # fmt: skip


def test_the_day_stands_last_at_the_foot_and_the_rest_is_kept() -> None:
    about = About("map", title="T", chosen=("C",), keys=(Key("line", "w", "#000000"),), foot=("Source: X",))
    about = about.dated(["ids"])
    assert about.foot[:2] == ("Source: X", "ids") and about.foot[2].startswith("Image made ")
    assert (about.title, about.chosen, about.keys[0].words) == ("T", ("C",), "w")


@pytest.mark.parametrize("state", ["zero", "suppressed", "missing"])
def test_a_picture_has_the_legend_of_its_map(state: str) -> None:
    shown = showing([5, 15, 25, 35, 45, np.nan], ["reported"] * 5 + [state], [1, 2, 3, 4, 5, 0])
    keys = legend_keys(shown, palette())
    markup = str(legend_markup(shown, palette()))
    assert [key.kind for key in keys] == ["class"] * 5 + [state]
    assert [key.fill for key in keys[:5]] == list(palette().ramp)
    assert all(key.words in markup for key in keys)
    assert (keys[5].fill, keys[5].mark, keys[5].border) == palette().states[state]


def test_a_picture_of_counts_has_the_legend_of_its_map() -> None:
    looks: dict[str, int | str] = {"a": 5, "b": 4, "c": "suppressed", "d": "missing", "e": "suppressed"}
    values = pd.Series([30.0, 10.0, np.nan, np.nan, np.nan], index=list(looks))
    keys = keys_of(looks, values, on_paper())
    markup = str(legend_of(looks, values, on_paper()))
    assert [(key.kind, key.words) for key in keys] == [
        ("class", "10"),
        ("class", "30"),
        ("suppressed", "hidden, or partly hidden (2)"),
        ("missing", "not available (1)"),
    ]
    assert all(key.words in markup for key in keys)


def test_pictures_are_made_without_any_address_but_svgs_own_name() -> None:
    text = image_script() + image_style()
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
