"""Areas like one, in the demonstration: who is named, on what, and who cannot be compared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from prioritisation.catalogue import load_catalogue
from prioritisation.errors import UserError
from prioritisation.folder import TRACKED_DATA
from prioritisation.similar_areas import (
    ALIKE,
    FAIRLY_ALIKE,
    NOT_ALIKE,
    VERY_ALIKE,
    Likeness,
    left_out_sentence,
    likeness,
    likeness_words,
    similar_to,
)
from prioritisation.store import Store


@pytest.fixture(scope="module")
def alike(demonstration_store: Store) -> Likeness:
    return likeness(demonstration_store, load_catalogue(TRACKED_DATA / "catalogue").framework("south-ayrshire-int"))


def test_every_priority_counts_alike_and_its_indicators_by_their_shares(alike: Likeness) -> None:
    assert alike.shares.sum() == pytest.approx(4)
    assert dict(zip(alike.names, alike.shares, strict=True))["Overcrowding"] == pytest.approx(0.6)


def test_the_nearest_come_first_and_the_area_itself_not_at_all(alike: Likeness) -> None:
    found = similar_to(alike, "DEMO00012", most=20)
    assert len(found.table) == 20
    assert "DEMO00012" not in set(found.table["id"])
    assert found.table["apart"].is_monotonic_increasing
    first = found.table.iloc[0]
    assert str(first["area"]) in found.sentence
    assert f"{first['apart']:.0f} positions in 100 apart, where two areas usually are" in found.sentence
    assert found.left_out == 0
    assert left_out_sentence(found) == ""


def test_alike_and_different_are_told_by_position(alike: Likeness) -> None:
    place = alike.place.copy()
    place[1] = place[0]
    place[1, 0] = place[0, 0] + (20 if place[0, 0] < 70 else -20)
    row = similar_to(replace(alike, place=place), str(alike.areas.index[0])).table.iloc[0]
    assert row["id"] == alike.areas.index[1]
    way = "greater" if place[1, 0] > place[0, 0] else "less"
    assert row["differs_on"] == f"{alike.names[0]} ({way} need there)"
    assert alike.names[0] not in row["alike_on"]


def test_missing_values_are_left_out_and_too_few_are_refused(alike: Likeness) -> None:
    place = alike.place.copy()
    place[3, :8] = np.nan
    place[4, 0] = np.nan
    gaps = replace(alike, place=place)
    found = similar_to(gaps, str(alike.areas.index[0]), most=200)
    assert found.left_out == 1
    assert left_out_sentence(found).startswith("1 area could not be compared")
    assert alike.areas.index[3] not in set(found.table["id"])
    shared = found.table.set_index("id")["shared"]
    assert shared[alike.areas.index[4]] == pytest.approx(1 - alike.shares[0] / 4)
    with pytest.raises(UserError, match="too little to compare"):
        similar_to(gaps, str(alike.areas.index[3]))
    with pytest.raises(UserError, match="no area 'S99'"):
        similar_to(alike, "S99")


def test_outside_means_other_councils_only(alike: Likeness) -> None:
    members = np.arange(len(alike.areas)) < 100
    split = replace(alike, members=members)
    outside = similar_to(split, str(alike.areas.index[0]), outside=True, most=200).table
    assert set(outside["id"]) == set(alike.areas.index[100:])
    assert set(similar_to(split, str(alike.areas.index[0]), most=200).table["id"]) == set(alike.areas.index[1:100])


def test_words_go_by_how_far_areas_usually_are_apart() -> None:
    words = [likeness_words(apart, 30) for apart in (0, 10, 10.1, 15, 20, 20.1)]
    assert words == [VERY_ALIKE, VERY_ALIKE, ALIKE, ALIKE, FAIRLY_ALIKE, NOT_ALIKE]
