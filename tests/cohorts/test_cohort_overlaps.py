"""Overlaps and bands: rows hold the truth, and what has no row is pooled or counted as hidden."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from drawn_people import members, person_values
from test_cohort_counts import AREAS, WORLDS, world

from prioritisation.cohorts.bands import bands
from prioritisation.cohorts.overlaps import AT_LEAST, EXACT, HOW, KINDS, known_sets, overlaps, ways, why_not


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
    if found.hidden and found.pooled is None:
        said = re.search(r"(\d+) more combinations have no row: (.*?)\.", found.text)
        assert said and int(said[1]) == found.hidden
        counts = {word: int(count) for count, word in re.findall(r"(\d+) (suppressed|published)", said[2])}
        assert sum(counts.values()) == found.hidden
        assert ("which does not mean nobody" in said[2]) == ("suppressed" in counts)


@pytest.mark.parametrize("seed", range(WORLDS))
def test_the_sets_compared_can_be_chosen(seed: int) -> None:
    _, cube = world(seed)
    known = known_sets(cube, "services")
    wanted = known[-3:]
    found = overlaps(cube, "services", AT_LEAST, compared=wanted)
    assert set(found.sets["id"]) == set(wanted)
    assert {member for members in found.rows["members"] for member in members} <= set(wanted)
    assert (f"Compared are 3 of {len(known)} services" in found.text) == (len(known) > 3)
    usual = overlaps(cube, "services", AT_LEAST)
    assert len(usual.sets) == min(8, len(known))
    assert ("the 8 largest of" in usual.text) == (len(known) > 8)
    assert why_not(cube, "services", AT_LEAST) == "" and f"there are {len(known)}" in why_not(cube, "services", EXACT)
    for kind in KINDS:
        exact = overlaps(cube, kind, EXACT, compared=wanted[:1])
        assert exact.how == EXACT and {each for row in exact.rows["members"] for each in row} <= set(exact.sets["id"])


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
