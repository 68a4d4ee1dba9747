"""Overlaps and bands: rows hold the truth, and what has no row is pooled or counted as hidden."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drawn_people import members, person_values
from test_cohort_counts import AREAS, WORLDS, world

from prioritisation.cohorts.bands import bands
from prioritisation.cohorts.overlaps import AT_LEAST, EXACT, HOW, KINDS, overlaps, ways


@pytest.mark.parametrize("seed", range(WORLDS))
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how", HOW)
def test_overlaps_hold_the_truth(seed: int, kind: str, how: str) -> None:
    people, cube = world(seed)
    found = overlaps(cube, kind, how)
    assert (how in ways(cube, kind)) == (kind != "services" or how == AT_LEAST)
    if how not in ways(cube, kind):
        assert found.rows.empty
        assert "not counted" in found.text
        return
    own = [{"partners": one.partners, "flags": one.flags, "services": one.services}[kind] for one in people]
    told = 0
    for row in found.rows.itertuples():
        same = [held for held in own if (held == set(row.members) if how == EXACT else held >= set(row.members))]
        assert row.low <= len(same) <= row.high
        told += len(same)
    assert len(found.sets) <= 8
    assert len(found.rows) <= 20
    assert found.rows["people"].is_monotonic_decreasing
    if how == EXACT and found.pooled is not None:
        nobody = sum(not held for held in own)
        assert found.pooled.low <= len(people) - told - nobody <= found.pooled.high
    if found.hidden:
        assert "which does not mean nobody" in found.text


def test_overlaps_say_how_far_people_can_be_matched() -> None:
    _, cube = world(3)
    facts = {"key_kinds": '{"nhs": {"chi": 95, "partner_reference": 5}, "police": {"partner_reference": 100}}'}
    told = overlaps(replace(cube, facts=facts), "partners").text
    assert "NHS 95%, Police Scotland 0%" in told
    assert "overlaps look smaller than they are" in told


@pytest.mark.parametrize("seed", range(WORLDS))
def test_bands_hold_the_truth(seed: int) -> None:
    people, cube = world(seed)
    for row in bands(cube, "contacts_band").itertuples():
        assert row.low <= sum(one.contacts_band == row.band for one in people) <= row.high
    inside = members(people, AREAS, "locality")["Locality 0"]
    for row in bands(cube, "partners_band", "locality", "Locality 0").itertuples():
        truth = sum(person_values(one, "partners_band", 1, {}) == [row.band] for one in inside)
        assert row.low <= truth <= row.high
    assert bands(cube, "cost_band").empty
