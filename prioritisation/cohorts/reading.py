"""From a release's tables to the published cube."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pandas as pd

from prioritisation.cohorts.cells import DATA_ZONE, EVERY_AGE, SavedRule
from prioritisation.cohorts.published import PublishedCube
from prioritisation.cohorts.rule import read_rule
from prioritisation.contract import Contract
from prioritisation.disclosure.lattice import Lattice
from prioritisation.disclosure.policy import Policy
from prioritisation.errors import UserError

_LARGER_AREAS = {"intermediate zone": "intermediate_zone_code", "ward": "ward", "locality": "locality"}
Inside = Mapping[str, Mapping[str, tuple[str, ...]]]


def read_cube(
    cube: pd.DataFrame,
    cohorts: pd.DataFrame,
    areas: pd.DataFrame,
    *,
    lattice: Lattice,
    policy: Policy,
    contract: Contract,
    council: str,
    facts: Mapping[str, str] | None = None,
    population: pd.DataFrame | None = None,
) -> PublishedCube:
    """Return the cube of a release. Cells of breakdowns that the lattice does not list are left out.

    cube, cohorts, areas, facts and population: as `Store.cube`, `cohorts`, `areas`, `cube_facts` and `population`;
    council: its code. UserError: no partner extract was imported.
    """
    if cube.empty:
        raise UserError(
            "This release has no counts of people.",
            not_done="No cohort was counted.",
            remedy="Import partner extracts with `prioritisation import contacts`.",
        )
    known = cube[cube["node"].isin(list(lattice.by_id))]
    inside = _inside(areas)
    return PublishedCube(
        cells=_cells(known),
        contacts=_contacts(known),
        lattice=lattice,
        policy=policy,
        contract=contract,
        cohorts=_saved(cohorts, contract),
        inside=inside,
        names={str(code): str(name) for code, name in areas["name"].items()},
        council=council,
        facts=dict(facts or {}),
        residents=_in_all(areas, inside, council)
        | ({} if population is None or population.empty else _residents(population, contract, inside, council)),
    )


def _cells(cube: pd.DataFrame) -> dict[tuple[str, str], dict[str, int | None]]:
    people = cube["people"].astype(object).where(cube["people"].notna(), None)
    cells: dict[tuple[str, str], dict[str, int | None]] = {}
    for node, area, cell, count in zip(cube["node"], cube["area_code"], cube["cell"], people, strict=True):
        cells.setdefault((node, area), {})[cell] = None if count is None else int(count)
    return cells


def _contacts(cube: pd.DataFrame) -> dict[tuple[str, str, str], int]:
    shown = cube[cube["contacts"].notna()]
    keys = zip(shown["node"], shown["area_code"], shown["cell"], strict=True)
    return dict(zip(keys, shown["contacts"].astype(int), strict=True))


def _inside(areas: pd.DataFrame) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return geography -> area code -> its data zones."""
    inside = {
        geography: {str(code): tuple(map(str, group)) for code, group in areas.groupby(column).groups.items()}
        for geography, column in _LARGER_AREAS.items()
        if column in areas.columns
    }
    return inside | {DATA_ZONE: {str(code): (str(code),) for code in areas.index}}


def _saved(cohorts: pd.DataFrame, contract: Contract) -> dict[str, SavedRule]:
    """Return the cohorts that a release counted; a rule that this contract cannot read is left out."""
    found: dict[str, SavedRule] = {}
    columns = (cohorts.index, cohorts["name"], cohorts["rule"], cohorts["sentence"])
    for identifier, name, text, sentence in zip(*columns, strict=True):
        rule, faults = read_rule(json.loads(text), contract)
        if not faults:
            found[identifier] = SavedRule(identifier, name, sentence, rule, rule.structure(contract))
    return found


def _in_all(areas: pd.DataFrame, inside: Inside, council: str) -> dict[tuple[str, str], int]:
    """Return the residents of every area of which all data zones have a number."""
    if "population" not in areas.columns:
        return {}
    zones = {str(code): float(people) for code, people in areas["population"].dropna().items()}
    listed = {code: members for larger in inside.values() for code, members in larger.items()}
    listed[council] = tuple(inside[DATA_ZONE])
    return {
        (code, EVERY_AGE): round(sum(zones[zone] for zone in members))
        for code, members in listed.items()
        if all(zone in zones for zone in members)
    }


def _residents(
    population: pd.DataFrame, contract: Contract, inside: Inside, council: str
) -> dict[tuple[str, str], int]:
    """Return the residents of every area by age band and in all, from those of the data zones by year of age."""
    limits = {band: contract.ages_of(band) for band in contract.age_bands}
    band_of = {
        age: band
        for age in population["age"].unique()
        for band, ages in limits.items()
        if ages is not None and ages[0] <= age and (ages[1] is None or age <= ages[1])
    }
    named = population.assign(band=population["age"].map(band_of)).groupby(["area_code", "band"], as_index=False)
    table = named["people"].sum()
    zones = dict(zip(zip(table["area_code"], table["band"], strict=True), table["people"], strict=True))
    found: dict[tuple[str, str], int] = {}
    for areas in (*inside.values(), {council: tuple(inside[DATA_ZONE])}):
        for code, members in areas.items():
            by_band = {band: sum(zones.get((zone, band), 0.0) for zone in members) for band in limits}
            found |= {(code, band): round(people) for band, people in by_band.items() if limits[band] is not None}
            found[code, EVERY_AGE] = round(sum(by_band.values()))
    return found
