"""Small invented worlds straight in the tables of a restricted store, and a slow recount of their people."""

from __future__ import annotations

import hashlib
import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import duckdb
import numpy as np
import pandas as pd

from prioritisation.cohorts.library import load_cohorts
from prioritisation.contract import load_contract
from prioritisation.disclosure.lattice import Lattice, cell_text, exact_sets, lattice_of, load_lattice
from prioritisation.disclosure.policy import Policy
from prioritisation.folder import TRACKED_DATA
from prioritisation.ingest.contacts.cube import build_cube
from prioritisation.ingest.contacts.named_sql import statement
from prioritisation.ingest.contacts.protected import ProtectedCounts
from prioritisation.ingest.contacts.snapshots import ensure_tables, record

CATALOGUE = TRACKED_DATA / "catalogue"
CONTRACT = load_contract(CATALOGUE)
LATTICE = load_lattice(CATALOGUE)
COHORTS = load_cohorts(CATALOGUE, CONTRACT)
FEW_NODES = lattice_of(
    [
        {"question": "?", "geographies": geographies, "breakdown": breakdown, **more}
        for geographies, breakdown, more in (
            (["council", "data zone"], [], {"volume": True}),
            (["council", "data zone"], ["service"], {"volume": True}),
            (["ward"], ["flag"], {}),
            (["council"], ["cohort"], {}),
            (["council"], ["flags"], {"together": 2}),
            (["council"], ["partners_exactly"], {}),
            (["locality"], ["age", "sex"], {}),
            (["council"], ["cost_band"], {}),
            (["council"], ["partners_band", "service"], {}),
            (["council"], ["age", "service", "sex"], {}),
            (["data zone"], ["service"], {"months": 36}),
        )
    ]
)
COUNCIL = "S12000099"
UNTIL = date(2026, 6, 1)
ZONES = [f"Z{number}" for number in range(8)]
AREAS = pd.DataFrame(
    {
        "area_code": ZONES,
        "intermediate_zone_code": [f"I{number // 2}" for number in range(8)],
        "ward": [f"Ward {number // 3}" for number in range(8)],
        "locality": [f"Locality {number // 4}" for number in range(8)],
        "population": [400.0] * 8,
    }
)


@dataclass
class Somebody:
    """One person: area code or place, age band, sex, and contacts (service, month, number, flags, cost)."""

    key: str
    area: str
    age: str
    sex: str
    contacts: list[tuple[str, date, int, tuple[str, ...], float | None]] = field(default_factory=list)


def somebody(rng: np.random.Generator, key: str) -> Somebody:
    """Draw a person; services differ in how common they are, and a few people have many contacts."""
    services = list(CONTRACT.services)
    area = "withheld" if rng.random() < 0.03 else "no fixed abode" if rng.random() < 0.03 else str(rng.choice(ZONES))
    person = Somebody(key, area, str(rng.choice(CONTRACT.age_bands)), str(rng.choice(CONTRACT.sexes)))
    common = 1 / np.arange(1, len(services) + 1)
    for _ in range(1 + rng.poisson(2.0)):
        month = UNTIL.year * 12 + UNTIL.month - 1 - int(rng.integers(0, 40))
        flags = (str(rng.choice(list(CONTRACT.flags))),) if rng.random() < 0.3 else ()
        cost = float(rng.integers(1, 500)) if rng.random() < 0.3 else None
        service = str(rng.choice(services, p=common / common.sum()))
        when = date(month // 12, month % 12 + 1, 1)
        person.contacts.append((service, when, 1 + int(rng.pareto(1.2)), flags, cost))
    return person


def people(seed: int, size: int) -> list[Somebody]:
    rng = np.random.default_rng(seed)
    return [somebody(rng, f"{seed}-{number}") for number in range(size)]


def store_of(everybody: list[Somebody], key_id: str = "k1", before: duckdb.DuckDBPyConnection | None = None):
    """Return a connection to a new restricted store of these people, with the memory of the one before."""
    store = duckdb.connect()
    store.execute(statement("restricted"))
    ensure_tables(store)
    order = sorted(everybody, key=lambda each: hashlib.sha256(each.key.encode()).digest())
    rows, contacts = [], []
    for number, each in enumerate(order):
        place = "area" if each.area not in ("withheld", "no fixed abode") else each.area
        code = each.area if place == "area" else None
        rows.append((number, hashlib.sha256(each.key.encode()).digest(), "chi", code, place, each.age, each.sex))
        contacts += [
            (1, number, code, place, each.age, each.sex, service, month, count, list(flags), cost)
            for service, month, count, flags, cost in each.contacts
        ]
    store.register("drawn", pd.DataFrame(rows, columns=["id", "person", "kind", "area", "place", "age", "sex"]))
    store.execute("INSERT INTO person SELECT id, person, kind FROM drawn")
    store.execute("INSERT INTO resident SELECT id, area, place, age, sex FROM drawn")
    store.register("drawn", pd.DataFrame(contacts))
    store.execute("INSERT INTO contact SELECT * FROM drawn")
    store.unregister("drawn")
    for number, partner in enumerate(CONTRACT.partners, 1):
        store.execute(
            "INSERT INTO extract VALUES (?, ?, '', ?, 'chi', 'v', '2023-01-01', ?, 1, '', now()::timestamp, ?, NULL)",
            [number, partner, key_id, UNTIL, date(2030, 1, 1)],
        )
    if before is not None:
        for name in ("snapshot", "snapshot_key", "held", "published_cohort"):
            store.register("drawn", before.table(name).to_arrow_table())
            store.execute(f"INSERT INTO {name} SELECT * FROM drawn")
            store.unregister("drawn")
    return store


def release(store, release_id: str, areas: pd.DataFrame = AREAS, **changes) -> ProtectedCounts:
    """Count a store and remember it as a release."""
    settings = {
        "lattice": LATTICE, "policy": Policy(), "contract": CONTRACT, "cohorts": COHORTS, "areas": areas,
        "council": COUNCIL, "until": UNTIL, **changes,
    }  # fmt: skip
    counts = build_cube(store, **settings)
    record(store, counts.refreshed, release_id)
    return counts


def by_cell(cube: pd.DataFrame, column: str) -> dict[tuple[str, str, str], object]:
    keys = zip(cube["node"], cube["area_code"], cube["cell"], strict=True)
    return dict(zip(keys, cube[column].astype(object).where(cube[column].notna(), None), strict=True))


# --- the slow recount ---------------------------------------------------------------------------------------------


def facts_of(person: Somebody, window: int) -> dict[str, dict[str, int]]:
    """Return dimension -> value -> contacts of one person over a window, for the dimensions that need no others."""
    first = date(UNTIL.year - window // 12 + (UNTIL.month == 12), UNTIL.month % 12 + 1, 1)
    inside = [each for each in person.contacts if first <= each[1] <= UNTIL]
    found: dict[str, dict[str, int]] = {name: defaultdict(int) for name in ("service", "partner", "flag")}
    for service, _, count, flags, _ in inside:
        found["service"][service] += count
        found["partner"][CONTRACT.services[service].partner] += count
        for flag in (*flags, CONTRACT.services[service].need):
            if flag:
                found["flag"][flag] += count
    total = sum(found["service"].values())
    if not total:
        return {}
    number = len(found["partner"])
    found["partners_band"] = {str(number) if number < 4 else "4+": 0}
    bands = [("1-4", 4), ("5-11", 11), ("12-23", 23), ("24+", 10**9)]
    found["contacts_band"] = {next(name for name, most in bands if total <= most): 0}
    for dimension, single in (("flags_exactly", "flag"), ("partners_exactly", "partner")):
        names = "+".join(sorted(found[single]))
        allowed = exact_sets(dimension, list(CONTRACT.flags if single == "flag" else CONTRACT.partners))
        found[dimension] = {names if names in allowed else "none" if not names else "4 or more": 0}
    found["total"] = {"": total}
    return found


def in_cohort(person: Somebody, facts: dict, cohort) -> bool:
    has = {
        "age": {person.age}, "sex": {person.sex}, "services": set(facts["service"]), "flags": set(facts["flag"]),
        "partners": set(facts["partner"]), "contacts_band": set(facts["contacts_band"]),
    }  # fmt: skip
    return all(len(has[part.on] & set(part.values)) >= part.at_least for part in cohort.rule.structure(CONTRACT))


def slow_counts(
    everybody: list[Somebody], areas: pd.DataFrame = AREAS, lattice: Lattice = LATTICE
) -> dict[tuple[str, str, str], dict[str, int]]:
    """Return (node, area code, cell) -> person -> contacts, by going through everybody one by one."""
    inside: dict[tuple[str, str, str], dict[str, int]] = defaultdict(dict)
    zones = areas.set_index("area_code")
    for person in everybody:
        places = {"council": COUNCIL}
        if person.area in zones.index:
            row = zones.loc[person.area]
            places |= {"data zone": person.area, "intermediate zone": row["intermediate_zone_code"]}
            places |= {"ward": row["ward"], "locality": row["locality"]}
        for window in (12, 36):
            facts = facts_of(person, window)
            if not facts:
                continue
            facts["cohort"] = {
                name: 0 for name, each in COHORTS.items() if window == 12 and in_cohort(person, facts, each)
            }
            for node in lattice.nodes:
                if node.window == window and node.geography in places:
                    for cell, contacts in cells_of_person(node, person, facts):
                        inside[node.id, places[node.geography], cell][person.key] = contacts
    return inside


def cells_of_person(node, person: Somebody, facts: dict) -> Iterator[tuple[str, int]]:
    choices = []
    for name in node.dimensions:
        if name in ("age", "sex"):
            choices.append([(getattr(person, name), 0)])
        elif name in ("flags", "partners", "services"):
            single = sorted(facts[name.removesuffix("s")])
            choices.append([("+".join(some), 0) for some in itertools.combinations(single, node.together)])
        elif name == "cost_band":
            choices.append([])
        else:
            choices.append(list(facts[name].items()))
    for chosen in itertools.product(*choices):
        cell = cell_text(dict(zip(node.dimensions, [value for value, _ in chosen], strict=True)))
        yield cell, sum(contacts for _, contacts in chosen) if node.dimensions else facts["total"][""]
