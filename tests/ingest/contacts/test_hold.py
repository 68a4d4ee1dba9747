"""Hold across releases: a cell keeps its output while fewer than ten people have joined or left it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from people_world import (
    CONTRACT,
    FEW_NODES,
    UNTIL,
    ZONES,
    Somebody,
    by_cell,
    people,
    release,
    slow_counts,
    somebody,
    store_of,
)  # fmt: skip

from prioritisation.disclosure.policy import Policy
from prioritisation.disclosure.protect import PUBLISHED, hide
from prioritisation.ingest.contacts.snapshots import read_sides

Output = tuple[object, object, object]


def outputs(counts) -> dict[tuple[str, str, str], Output]:
    columns = [by_cell(counts.cube, name) for name in ("people", "contacts", "status")]
    return {key: tuple(column[key] for column in columns) for key in columns[0]}


def changed(person: Somebody, rng: np.random.Generator) -> Somebody:
    """Draw one change: another house, an older age band, more contacts, or another service of the same partner."""
    kind = rng.integers(0, 4)
    if kind == 0:
        return replace(person, area=str(rng.choice(ZONES)))
    if kind == 1:
        place = CONTRACT.age_bands.index(person.age)
        return replace(person, age=CONTRACT.age_bands[min(place + 1, len(CONTRACT.age_bands) - 1)])
    if kind == 2:
        return replace(person, contacts=[*person.contacts, *somebody(rng, "").contacts])
    service, *rest = person.contacts[0]
    partner = CONTRACT.services[service].partner
    others = [each.id for each in CONTRACT.services.values() if each.partner == partner]
    return replace(person, contacts=[(str(rng.choice(others)), *rest), *person.contacts[1:]])


def moved_on(everybody: list[Somebody], rng: np.random.Generator, share: float, step: int) -> list[Somebody]:
    """A quarter later: some have left, some have changed, and some are new."""
    kept = [each for each in everybody if rng.random() > share]
    moved = [changed(each, rng) if rng.random() < 2 * share else each for each in kept]
    return [*moved, *(somebody(rng, f"new {step} {number}") for number in range(int(share * len(everybody))))]


@pytest.mark.parametrize("seed", [11, 12])
def test_a_cell_keeps_its_output_while_few_have_changed(seed: int, full: bool) -> None:
    rng = np.random.default_rng(seed)
    everybody, store = people(seed, 600), None
    members: dict[tuple[str, str, str], set[str]] = {}
    before: dict[tuple[str, str, str], Output] = {}
    kept = refreshed = 0
    for step in range(8 if full else 4):
        store = store_of(everybody, before=store)
        counts = release(store, f"r{step}", lattice=FEW_NODES)
        now = {key: set(each) for key, each in slow_counts(everybody, lattice=FEW_NODES).items()}
        shown = outputs(counts)
        for key, output in shown.items():
            if "cost_band" in key[0] or "cohort" in key[0]:
                continue
            there = now.get(key, set())
            changed = len(there ^ members.get(key, there))
            if key in before and 0 < changed < 10:
                assert output == before[key], key
                kept += 1
            else:
                refreshed += changed >= 10
                members[key] = there
        before = shown
        everybody = moved_on(everybody, rng, float(rng.choice([0.01, 0.05, 0.3])), step)
    assert kept > 500
    assert refreshed > 50


def crowd(size: int, service: str = "food", contacts: int = 1) -> list[Somebody]:
    return [
        Somebody(f"{service} {n}", "Z0", "25-44", "female", [(service, UNTIL, contacts, (), None)]) for n in range(size)
    ]


def test_nine_arrivals_are_held_and_the_tenth_is_shown() -> None:
    key = ("data_zone.service", "Z0", "service=food")
    others = crowd(60, "advice")
    store = store_of(crowd(22) + others)
    assert by_cell(release(store, "r1", lattice=FEW_NODES).cube, "people")[key] == 20
    shown = []
    for step, size in enumerate((24, 31, 32)):
        store = store_of(crowd(size) + others, before=store)
        shown.append(by_cell(release(store, f"r{step + 2}", lattice=FEW_NODES).cube, "people")[key])
    assert shown == [20, 20, 30]


def test_a_suppressed_cell_stays_so_while_held() -> None:
    key = ("data_zone.service", "Z0", "service=food")
    others = crowd(60, "advice")
    store = store_of(crowd(9) + others)
    assert by_cell(release(store, "r1", lattice=FEW_NODES).cube, "status")[key] == "suppressed"
    for step, (size, status) in enumerate([(15, "suppressed"), (19, PUBLISHED)]):
        store = store_of(crowd(size) + others, before=store)
        counts = release(store, f"r{step + 2}", lattice=FEW_NODES)
        assert by_cell(counts.cube, "status")[key] == status


def test_more_contacts_of_the_same_people_are_not_told() -> None:
    key = ("data_zone.service", "Z0", "service=food")
    store = store_of(crowd(30, contacts=10) + crowd(60, "advice"))
    assert by_cell(release(store, "r1", lattice=FEW_NODES).cube, "contacts")[key] == 300
    store = store_of(crowd(30, contacts=20) + crowd(60, "advice"), before=store)
    assert by_cell(release(store, "r2", lattice=FEW_NODES).cube, "contacts")[key] == 300


def test_after_a_new_key_every_cell_is_held_once() -> None:
    everybody = crowd(40) + crowd(60, "advice")
    keyed_anew = [replace(each, key=f"other {each.key}") for each in crowd(80) + crowd(60, "advice")]
    store = store_of(everybody)
    first = outputs(release(store, "r1", lattice=FEW_NODES))
    store = store_of(keyed_anew, key_id="k2", before=store)
    second = release(store, "r2", lattice=FEW_NODES)
    assert outputs(second) == first
    told = second.refreshed.set_index(["node", "area_code", "cell"])
    assert told["held"].all()
    assert told.loc[("data_zone.service", "Z0", "service=food"), "overtaken"]
    assert not told.loc[("data_zone.service", "Z0", "service=advice"), "overtaken"]
    kept = read_sides(store, "r2").set_index(["node", "area_code", "cell"])
    assert kept["held"].all() and kept["overtaken"].sum() == told["overtaken"].sum() > 0
    more = [replace(each, key=f"other {each.key}") for each in crowd(95) + crowd(60, "advice")]
    store = store_of(more, key_id="k2", before=store)
    third = outputs(release(store, "r3", lattice=FEW_NODES))
    assert third["data_zone.service", "Z0", "service=food"][0] == 95


def test_snapshots_that_no_cell_needs_are_removed() -> None:
    store = store_of(crowd(40))
    release(store, "r1", lattice=FEW_NODES)
    store = store_of(crowd(80), before=store)
    release(store, "r2", lattice=FEW_NODES)
    assert {row[0] for row in store.execute("SELECT DISTINCT release_id FROM snapshot").fetchall()} == {"r2"}
    store = store_of(crowd(83), before=store)
    release(store, "r3", lattice=FEW_NODES)
    assert {row[0] for row in store.execute("SELECT DISTINCT release_id FROM snapshot").fetchall()} == {"r2", "r3"}


def test_a_tightened_policy_holds_more() -> None:
    key = ("data_zone.service", "Z0", "service=food")
    tight = replace(Policy(), hold_changes_under=30)
    store = store_of(crowd(20) + crowd(60, "advice"))
    release(store, "r1", lattice=FEW_NODES, policy=tight)
    store = store_of(crowd(45) + crowd(60, "advice"), before=store)
    assert by_cell(release(store, "r2", lattice=FEW_NODES, policy=tight).cube, "people")[key] == 20


def test_what_the_repair_hid_stays_hidden_while_held() -> None:
    key = ("data_zone.service", "Z0", "service=food")

    def hides(cube):
        assert set(cube.columns) >= {"side", "held"}
        here = (cube["node"] == key[0]) & (cube["area_code"] == key[1]) & (cube["cell"] == key[2])
        assert cube.loc[here, "side"].to_list() == ["shown"]
        return hide(cube, here.to_numpy())

    store = store_of(crowd(40) + crowd(60, "advice"))
    first = release(store, "r1", lattice=FEW_NODES, repair=hides)
    assert by_cell(first.cube, "status")[key] == "suppressed"
    assert list(first.cube.columns) == ["node", "geography", "area_code", "cell", "people", "contacts", "status"]
    assert store.execute("SELECT DISTINCT side FROM held WHERE cell = 'service=food' AND area_code = 'Z0'").fetchall()
    store = store_of(crowd(45) + crowd(60, "advice"), before=store)
    second = release(store, "r2", lattice=FEW_NODES)
    assert by_cell(second.cube, "status")[key] == "suppressed"
    store = store_of(crowd(50) + crowd(60, "advice"), before=store)
    assert by_cell(release(store, "r3", lattice=FEW_NODES).cube, "people")[key] == 50


def test_a_breakdown_that_was_left_out_is_still_held_when_it_returns() -> None:
    key = ("data_zone.service", "Z0", "service=food")
    store = store_of(crowd(40) + crowd(60, "advice"))
    assert by_cell(release(store, "r1", lattice=FEW_NODES).cube, "people")[key] == 40
    store = store_of(crowd(43) + crowd(60, "advice"), before=store)
    left_out = release(store, "r2", lattice=FEW_NODES, repair=lambda cube: cube[cube["node"] != key[0]])
    assert key not in by_cell(left_out.cube, "people")
    store = store_of(crowd(46) + crowd(60, "advice"), before=store)
    assert by_cell(release(store, "r3", lattice=FEW_NODES).cube, "people")[key] == 40
