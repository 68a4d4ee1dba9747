"""The cube: a closed list of cells, counts that agree with a slow recount, small and distinctive numbers hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from people_world import (
    AREAS,
    COHORTS,
    CONTRACT,
    COUNCIL,
    FEW_NODES,
    LATTICE,
    UNTIL,
    ZONES,
    Somebody,
    by_cell,
    facts_of,
    people,
    release,
    slow_counts,
    store_of,
)  # fmt: skip

from prioritisation.cohorts.library import Cohort
from prioritisation.disclosure.lattice import cell_parts, cells_of, values_of
from prioritisation.disclosure.policy import Policy
from prioritisation.disclosure.protect import protect
from prioritisation.ingest.contacts import cube as cube_room


@pytest.fixture
def exact(monkeypatch: pytest.MonkeyPatch) -> list[pd.DataFrame]:
    """The exact counts that reach the protection, of each cube built."""
    seen: list[pd.DataFrame] = []

    def watched(counts: pd.DataFrame, policy: Policy) -> pd.DataFrame:
        seen.append(counts)
        return protect(counts, policy)

    monkeypatch.setattr(cube_room, "protect", watched)
    return seen


@pytest.mark.parametrize("seed", [1, 2])
def test_counts_agree_with_a_slow_recount(seed: int, exact: list[pd.DataFrame]) -> None:
    everybody = people(seed, 700)
    cohorts = set(release(store_of(everybody), "r1").cohorts["cohort_id"])
    counts, slow = exact[0], slow_counts(everybody)
    slow = {key: each for key, each in slow.items() if cell_parts(key[2]).get("cohort", "") in cohorts | {""}}
    counted = by_cell(counts[counts["people"] > 0], "people")
    without_cost = {key: value for key, value in counted.items() if "cost_band" not in key[0]}
    assert without_cost == {key: len(value) for key, value in slow.items()}
    volumes = counts[counts["contacts"] > 0]
    assert by_cell(volumes, "contacts") == {
        key: sum(value.values()) for key, value in slow.items() if LATTICE.by_id[key[0]].volume
    }
    assert by_cell(volumes, "top_two") == {
        key: sum(sorted(value.values())[-2:]) for key, value in slow.items() if LATTICE.by_id[key[0]].volume
    }


def test_what_people_are_out_of(exact: list[pd.DataFrame]) -> None:
    everybody = people(3, 500)
    areas = AREAS.assign(**{"16-24": 50.0})
    release(store_of(everybody), "r1", areas=areas)
    slow = slow_counts(everybody, areas)
    sizes = {key: len(value) for key, value in slow.items()}
    there = [(person, {window for window in (12, 36) if facts_of(person, window)}) for person in everybody]
    columns = {"data zone": "area_code", "intermediate zone": "intermediate_zone_code", "ward": "ward"}
    columns |= {"locality": "locality"}
    zones_in = {
        (geography, code): set(some["area_code"])
        for geography, column in columns.items()
        for code, some in areas.groupby(column)
    } | {("council", COUNCIL): None}
    for row in exact[0].sample(1000, random_state=1).itertuples():
        parts = cell_parts(row.cell)
        others = set(parts) - {"age", "sex"}
        if not others:
            zones = {"council": 8, "locality": 4, "intermediate zone": 2, "data zone": 1}.get(row.geography)
            zones = zones or len(areas[areas["ward"] == row.area_code])
            known = {"": 400.0 * zones, "16-24": 50.0 * zones}.get(parts.get("age", ""), np.nan)
            expected = np.nan if "sex" in parts else known
        elif "cohort" in others and len(others) > 1:
            expected = sizes.get(("council.cohort", row.area_code, f"cohort={parts['cohort']}"), 0)
        else:
            here = zones_in[row.geography, row.area_code]
            wanted = [parts.get(name) for name in ("age", "sex")]
            window = LATTICE.by_id[row.node].window
            expected = sum(
                1
                for person, windows in there
                if (here is None or person.area in here)
                and window in windows
                and all(value in (None, has) for value, has in zip(wanted, (person.age, person.sex), strict=True))
            )
        np.testing.assert_equal(row.denominator, float(expected))


def test_every_cell_that_could_exist_is_a_row_once() -> None:
    counts = release(store_of(people(4, 300)), "r1")
    values = values_of(
        CONTRACT, partners=counts.facts["partners"].split(";"), cohorts=counts.cohorts["cohort_id"], with_cost=True
    )
    codes = {"data zone": ZONES, "council": [COUNCIL]}
    codes |= {"intermediate zone": list(AREAS["intermediate_zone_code"].unique())}
    codes |= {name: list(AREAS[name].unique()) for name in ("ward", "locality")}
    expected = {
        (node.id, code, cell)
        for node in LATTICE.nodes
        for code in codes[node.geography]
        for cell in cells_of(node, values)
    }
    keys = list(zip(counts.cube["node"], counts.cube["area_code"], counts.cube["cell"], strict=True))
    assert set(keys) == expected
    assert len(keys) == len(expected)
    assert set(counts.cube["status"]) <= {"published", "suppressed"}


def test_nothing_published_is_small_or_exact() -> None:
    cube = release(store_of(people(5, 2000)), "r1").cube
    shown = cube[cube["status"] == "published"]
    assert len(shown) > 500
    assert (shown["people"] >= 10).all()
    assert (shown["people"] % 5 == 0).all()
    assert (shown["contacts"].dropna() % 50 == 0).all()
    hidden = cube[cube["status"] == "suppressed"]
    assert hidden["people"].isna().all()
    assert hidden["contacts"].isna().all()


def test_fifty_planted_small_cells_and_distinctive_volumes_never_show(exact: list[pd.DataFrame]) -> None:
    everybody = people(6, 1500)
    planted, volumes = [], []
    for number in range(50):
        area, service = ZONES[number % 8], list(CONTRACT.services)[number % 29]
        age, sex = CONTRACT.age_bands[number % 7], CONTRACT.sexes[number % 2]
        volume = 7919 + number
        volumes.append(volume)
        everybody.append(Somebody(f"canary {number}", area, age, sex, [(service, UNTIL, volume, (), None)]))
        planted.append((area, service, age, sex))
    cube = release(store_of(everybody), "r1").cube
    counts = exact[0].set_index(["node", "area_code", "cell"])
    small = counts.index[(counts["people"] < 10)]
    status = cube.set_index(["node", "area_code", "cell"])["status"]
    assert (status[small] == "suppressed").all()
    shown = 0
    for _, service, age, sex in planted:
        key = ("council.age.service.sex", COUNCIL, f"age={age};service={service};sex={sex}")
        if counts.loc[key, "people"] < 10:
            shown += 1
            assert status[key] == "suppressed"
    assert shown >= 40
    numbers = set(cube["people"].dropna()) | set(cube["contacts"].dropna())
    assert not numbers & set(volumes)
    dominated = counts["top_two"] > counts["contacts"] / 2
    assert cube.set_index(["node", "area_code", "cell"]).loc[dominated.to_numpy(), "contacts"].isna().all()


def test_months_outside_the_window_do_not_count() -> None:
    inside = [(date(2025, 7, 1), 12), (date(2026, 6, 1), 12), (date(2025, 6, 1), 36), (date(2023, 7, 1), 36)]
    outside = [date(2023, 6, 1), date(2026, 7, 1)]
    for month, window in [*inside, *((month, 0) for month in outside)]:
        crowd = [Somebody(str(n), "Z0", "25-44", "female", [("food", month, 1, (), None)]) for n in range(40)]
        rest = [Somebody(f"x{n}", "Z0", "25-44", "male", [("advice", UNTIL, 1, (), None)]) for n in range(40)]
        shown = by_cell(release(store_of(crowd + rest), "r1", lattice=FEW_NODES, cohorts={}).cube, "people")
        assert (shown["data_zone.service", "Z0", "service=food"] == 40) == (window == 12)
        assert (shown["data_zone.service.36m", "Z0", "service=food"] == 40) == (window > 0)


def test_people_without_an_area_count_for_the_council_only() -> None:
    hidden = [Somebody(f"h{n}", "withheld", "25-44", "female", [("food", UNTIL, 1, (), None)]) for n in range(30)]
    rest = [Somebody(f"x{n}", "Z0", "25-44", "male", [("advice", UNTIL, 1, (), None)]) for n in range(40)]
    elsewhere = [Somebody(f"e{n}", "Z99", "25-44", "male", [("food", UNTIL, 1, (), None)]) for n in range(50)]
    shown = by_cell(release(store_of(hidden + rest + elsewhere), "r1", lattice=FEW_NODES).cube, "people")
    assert shown["council.service", COUNCIL, "service=food"] == 30
    assert {area for (node, area, cell), people in shown.items() if cell == "service=food" and people} == {COUNCIL}


def cohort_of(name: str, **rule: object) -> Cohort:
    one = next(iter(COHORTS.values()))
    return replace(one, id=name, rule=type(one.rule)(**rule))


def test_of_two_cohorts_that_differ_by_few_or_nobody_the_older_is_counted() -> None:
    services = [("food", UNTIL, 1, (), None)], [("food", UNTIL, 1, (), None), ("advice", UNTIL, 1, (), None)]
    food, both = cohort_of("food", services_any=("food",)), cohort_of("both", services_all=("advice", "food"))
    listed = {"food": food, "both": both}
    for few, counted in ((0, ["food"]), (9, ["food"]), (10, ["food", "both"])):
        crowd = [Somebody(f"n{n}", "Z0", "25-44", "female", list(services[n >= few])) for n in range(45)]
        counts = release(store_of(crowd), "r1", lattice=FEW_NODES, cohorts=listed)
        assert list(counts.cohorts["cohort_id"]) == counted
        assert ('"cohort": "both"' in counts.facts["cohorts_left_out"]) == (few < 10)
        assert counts.cube["cell"].str.contains("both").any() == (few == 10)


def test_a_cohort_too_small_to_show_is_suppressed_and_not_left_out() -> None:
    services = [("food", UNTIL, 1, (), None)], [("food", UNTIL, 1, (), None), ("advice", UNTIL, 1, (), None)]
    food, both = cohort_of("food", services_any=("food",)), cohort_of("both", services_all=("advice", "food"))
    for size in (0, 5, 9):
        crowd = [Somebody(f"n{n}", "Z0", "25-44", "female", list(services[n < size])) for n in range(12)]
        rest = [Somebody(f"x{n}", "Z0", "25-44", "male", [("home_care", UNTIL, 1, (), None)]) for n in range(40)]
        counts = release(store_of(crowd + rest), "r1", lattice=FEW_NODES, cohorts={"food": food, "both": both})
        assert list(counts.cohorts["cohort_id"]) == ["food", "both"]
        assert by_cell(counts.cube, "status")["council.cohort", COUNCIL, "cohort=both"] == "suppressed"


def test_a_cohort_published_before_is_the_older() -> None:
    crowd = [Somebody(f"n{n}", "Z0", "25-44", "female", [("food", UNTIL, 1, (), None)]) for n in range(45)]
    food, women = cohort_of("food", services_any=("food",)), cohort_of("women", sex=("female",))
    store = store_of(crowd)
    release(store, "r1", lattice=FEW_NODES, cohorts={"women": women})
    counts = release(store_of(crowd, before=store), "r2", lattice=FEW_NODES, cohorts={"food": food, "women": women})
    assert list(counts.cohorts["cohort_id"]) == ["women"]


def test_facts_tell_of_nobody() -> None:
    counts = release(store_of([Somebody("one", "Z0", "25-44", "female", [("food", UNTIL, 1, (), 5.0)])]), "r1")
    assert counts.facts["partners"] == ";".join(sorted(CONTRACT.partners))
    assert counts.facts["known_people"] == "0"
    assert counts.facts["key_kinds"] == "{}"
    assert not counts.cube["node"].eq("council.cost_band").any()
    crowd = [Somebody(f"n{n}", "Z0", "25-44", "female", [("food", UNTIL, 1, (), 5.0)]) for n in range(33)]
    counts = release(store_of(crowd), "r1")
    assert counts.facts["known_people"] == "35"
    assert counts.facts["key_kinds"] == '{"third_sector": {"chi": 100}}'
    assert counts.cube["node"].eq("council.cost_band").any()


def test_contacts_with_a_service_or_partner_that_the_contract_lost_are_not_counted_and_it_says_so() -> None:
    crowd = [Somebody(f"n{n}", "Z0", "25-44", "female", [("fire_incident", UNTIL, 1, (), None)]) for n in range(40)]
    crowd += [Somebody(f"m{n}", "Z0", "25-44", "female", [("food", UNTIL, 1, (), None)]) for n in range(30)]
    known = release(store_of(crowd), "r1", lattice=FEW_NODES)
    assert (known.facts["known_people"], known.facts["services_left_out"]) == ("70", "")
    kept = {name: each for name, each in CONTRACT.partners.items() if name != "fire"}
    services = {name: each for name, each in CONTRACT.services.items() if each.partner != "fire"}
    fewer = replace(CONTRACT, partners=kept, services=services)
    counts = release(store_of(crowd), "r1", lattice=FEW_NODES, contract=fewer)
    assert counts.facts["services_left_out"] == "fire_incident"
    assert counts.facts["known_people"] == "30"
    assert "fire" not in counts.facts["partners"] + counts.facts["partner_months"]
    assert not counts.cube["cell"].str.contains("fire").any()
