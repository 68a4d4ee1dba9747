"""Small drawn people and the cube that an honest, slow count makes of them: the truth that answers are held against."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from prioritisation.cohorts.library import Cohort, load_cohorts
from prioritisation.cohorts.published import PublishedCube
from prioritisation.cohorts.reading import read_cube
from prioritisation.cohorts.rule import CohortRule
from prioritisation.contract import Contract, load_contract
from prioritisation.disclosure.lattice import (
    TOGETHER,
    Lattice,
    Node,
    cell_parts,
    cell_text,
    cells_of,
    load_lattice,
    values_of,
)
from prioritisation.disclosure.policy import load_policy
from prioritisation.disclosure.protect import protect

CATALOGUE = Path(__file__).resolve().parent.parent.parent / "data" / "catalogue"
CONTRACT: Contract = load_contract(CATALOGUE)
LATTICE: Lattice = load_lattice(CATALOGUE)
POLICY = load_policy(CATALOGUE)
LIBRARY = load_cohorts(CATALOGUE, CONTRACT)
COUNCIL = "S12000028"
BANDS = ((1, "1-4"), (5, "5-11"), (12, "12-23"), (24, "24+"))


@dataclass(frozen=True)
class Person:
    area: str | None
    age: str
    sex: str
    services: frozenset[str]
    stated: frozenset[str]
    contacts: int

    @property
    def flags(self) -> frozenset[str]:
        return self.stated | {need for each in self.services if (need := CONTRACT.services[each].need)}

    @property
    def partners(self) -> frozenset[str]:
        return frozenset(CONTRACT.services[each].partner for each in self.services)

    @property
    def held(self) -> dict[str, frozenset[str]]:
        """What a person has, by what a condition can be on."""
        sets = {"services": self.services, "flags": self.flags, "partners": self.partners}
        return sets | {on: frozenset({getattr(self, on)}) for on in ("age", "sex", "contacts_band")}

    @property
    def contacts_band(self) -> str:
        return next(band for least, band in reversed(BANDS) if self.contacts >= least)


def drawn_areas(zones: int) -> pd.DataFrame:
    number = np.arange(zones)
    return pd.DataFrame(
        {
            "name": [f"Zone {place}" for place in number],
            "intermediate_zone_code": [f"IZ{place // 2}" for place in number],
            "ward": [f"Ward {place // 3}" for place in number],
            "locality": [f"Locality {place // 4}" for place in number],
        },
        index=pd.Index([f"DZ{place:03d}" for place in number], name="area_code"),
    )


def drawn_people(count: int, zones: int, seed: int) -> list[Person]:
    random = np.random.default_rng(seed)
    services = list(CONTRACT.services)
    weight = random.dirichlet(np.full(len(services), 0.4))
    people = []
    for _ in range(count):
        few = min(len(services), 1 + random.geometric(0.45))
        chosen = frozenset(random.choice(services, few, p=weight).tolist())
        zone = int(random.integers(-1, zones))
        stated = frozenset(flag for flag in CONTRACT.flags if random.random() < 0.08)
        people.append(
            Person(
                area=None if zone < 0 else f"DZ{zone:03d}",
                age=str(random.choice(CONTRACT.age_bands)),
                sex=str(random.choice(CONTRACT.sexes, p=[0.5, 0.47, 0.03])),
                services=chosen,
                stated=stated,
                contacts=len(chosen) + int(random.geometric(0.1)),
            )
        )
    return people


def meets(person: Person, rule: CohortRule) -> bool:
    """Whether a person meets a rule, field by field: the slow second reading of a rule."""
    return (
        (not rule.age or person.age in rule.age)
        and (not rule.sex or person.sex in rule.sex)
        and (not rule.services_any or bool(person.services & set(rule.services_any)))
        and set(rule.services_all) <= person.services
        and (not rule.flags_any or bool(person.flags & set(rule.flags_any)))
        and set(rule.flags_all) <= person.flags
        and len(person.flags & set(rule.flags_of)) >= rule.flags_at_least
        and (not rule.partners_any or bool(person.partners & set(rule.partners_any)))
        and set(rule.partners_all) <= person.partners
        and len(person.partners) >= rule.partners_at_least
        and (not rule.contacts_band or person.contacts_band in rule.contacts_band)
    )


def person_values(person: Person, name: str, several: int, cohorts: Mapping[str, Cohort]) -> list[str]:
    """Every value of a dimension that a person has."""
    own = {"service": person.services, "flag": person.flags, "partner": person.partners}
    if name in own:
        return sorted(own[name])
    if name in TOGETHER:
        return ["+".join(names) for names in itertools.combinations(sorted(own[TOGETHER[name]]), several)]
    if name == "cohort":
        return [each.id for each in cohorts.values() if meets(person, each.rule)]
    if name == "partners_band":
        return [str(len(person.partners)) if len(person.partners) < 4 else "4+"]
    if name == "partners_exactly":
        return ["+".join(sorted(person.partners))]
    if name == "flags_exactly":
        held = sorted(person.flags)
        return ["4 or more" if len(held) >= 4 else "+".join(held) or "none"]
    return [str(getattr(person, name))]


def cube_of(
    people: Sequence[Person],
    areas: pd.DataFrame,
    cohorts: Mapping[str, Cohort] = LIBRARY,
    residents: int | None = None,
) -> PublishedCube:
    """Count every node of the lattice, protect and index. residents: of each age band in each area, if known."""
    values = values_of(CONTRACT, partners={each for one in people for each in one.partners}, cohorts=list(cohorts))
    rows = [
        row
        for node in LATTICE.nodes
        if "cost_band" not in node.dimensions
        for row in _node_rows(node, people, areas, cohorts, values, residents)
    ]
    counts = pd.DataFrame(rows, columns=["node", "geography", "area_code", "cell", "people", "denominator"])
    nothing = dict.fromkeys(("contacts", "top_two", "changed", "held_people", "held_contacts"), np.nan)
    cube = protect(counts.assign(**nothing, held_status=None), POLICY)
    return published(cube, areas, cohorts, residents)


def published(
    cube: pd.DataFrame, areas: pd.DataFrame, cohorts: Mapping[str, Cohort], residents: int | None = None
) -> PublishedCube:
    """Index a cube's rows; residents: of each age band in each area."""
    table = pd.DataFrame(
        [(each.id, each.name, json.dumps(each.rule.to_record()), each.sentence(CONTRACT)) for each in cohorts.values()],
        columns=["cohort_id", "name", "rule", "sentence"],
    ).set_index("cohort_id")
    first_years = [ages[0] for band in CONTRACT.age_bands if (ages := CONTRACT.ages_of(band)) is not None]
    rows = [] if residents is None else [(code, age, residents) for code in areas.index for age in first_years]
    population = pd.DataFrame(rows, columns=["area_code", "age", "people"])
    names = {"lattice": LATTICE, "policy": POLICY, "contract": CONTRACT}
    return read_cube(cube, table, areas, council=COUNCIL, population=population, **names)  # type: ignore[arg-type]


def members(people: Sequence[Person], areas: pd.DataFrame, geography: str) -> dict[str, list[Person]]:
    """Return area code -> its people; those without an area are in the council only."""
    if geography == "council":
        return {COUNCIL: list(people)}
    columns = {"intermediate zone": "intermediate_zone_code", "ward": "ward", "locality": "locality"}
    own = pd.Series(areas.index, index=areas.index) if geography == "data zone" else areas[columns[geography]]
    found: dict[str, list[Person]] = {code: [] for code in dict.fromkeys(own)}
    for person in people:
        if person.area is not None:
            found[own[person.area]].append(person)
    return found


def counted_exactly(people: Sequence[Person], areas: pd.DataFrame) -> dict[tuple[str, str, str], int]:
    """Return (node, area, cell) -> how many there truly are; of a cell that is not in it, nobody."""
    found: Counter[tuple[str, str, str]] = Counter()
    for node in LATTICE.nodes:
        for code, inside in members(people, areas, node.geography).items():
            cells = {} if "cost_band" in node.dimensions else _counted(inside, node.dimensions, node.together, LIBRARY)
            found.update({(node.id, code, cell): count for cell, count in cells.items()})
    return found


def _node_rows(
    node: Node,
    people: Sequence[Person],
    areas: pd.DataFrame,
    cohorts: Mapping[str, Cohort],
    values: dict[str, tuple[str, ...]],
    residents: int | None,
) -> list[tuple[str, str, str, str, int, float]]:
    rows = []
    for code, inside in members(people, areas, node.geography).items():
        counted = _counted(inside, node.dimensions, node.together, cohorts)
        kept = {text: _base(parts) for text in cells_of(node, values) for parts in [cell_parts(text)]}
        bases = {
            names: _counted(inside, names, 1, cohorts) for names in {tuple(sorted(base)) for base in kept.values()}
        }
        everywhere = _zones_of(areas, node.geography, code)
        for text, base in kept.items():
            out_of: float = bases[tuple(sorted(base))][cell_text(base)]
            if base == cell_parts(text):
                age_count = 1 if "age" in base else len(CONTRACT.age_bands) - 1
                known = residents is not None and "sex" not in base and base.get("age") != "not known"
                out_of = float(residents or 0) * everywhere * age_count if known else np.nan
            rows.append((node.id, node.geography, code, text, counted[text], out_of))
    return rows


def _zones_of(areas: pd.DataFrame, geography: str, code: str) -> int:
    columns = {"intermediate zone": "intermediate_zone_code", "ward": "ward", "locality": "locality"}
    if geography == "council":
        return len(areas)
    return 1 if geography == "data zone" else int((areas[columns[geography]] == code).sum())


def _counted(
    people: Sequence[Person], names: Sequence[str], several: int, cohorts: Mapping[str, Cohort]
) -> Counter[str]:
    found: Counter[str] = Counter()
    for person in people:
        for chosen in itertools.product(*(person_values(person, name, several, cohorts) for name in names)):
            found[cell_text(dict(zip(names, chosen, strict=True)))] += 1
    return found


def _base(parts: Mapping[str, str]) -> dict[str, str]:
    if "cohort" in parts and set(parts) & {"service", "flag"}:
        return {"cohort": parts["cohort"]}
    return {name: value for name, value in parts.items() if name in ("age", "sex")}
