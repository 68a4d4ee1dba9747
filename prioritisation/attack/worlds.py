"""Invented council areas, small enough to attack in seconds: residents, their contacts, and counts on the lattice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prioritisation.contract import Contract
from prioritisation.disclosure.lattice import (
    CONTACTS_BANDS,
    EXACTLY,
    EXACTLY_AMONG,
    EXACTLY_POOLED_FROM,
    NONE_OF_THEM,
    PARTNERS_BANDS,
    TOGETHER,
    Lattice,
    Node,
    cells_of,
    pooled_name,
    together,
    values_of,
)
from prioritisation.exposure.measures import ALL, ANY, listed, number, split_cell
from prioritisation.exposure.places import COLUMNS, COUNCIL

Flags = NDArray[np.bool_]
COUNCIL_CODE = "S12999999"
AGE_SHARES = (0.12, 0.09, 0.22, 0.26, 0.13, 0.1, 0.06, 0.02)
SEX_SHARES = (0.53, 0.45, 0.02)
BAND_EDGES = (5, 12, 24)


@dataclass(frozen=True, eq=False)
class World:
    """Known residents of an invented council area; arrays by person.

    areas: one row per small area; place: row of the area, -1 without one; age, sex: positions in the contract's
    lists; contacts: (person, service) in 12 months; before: (person, service) in the 24 months before that;
    flags: (person, flag), those that services imply included.
    """

    areas: pd.DataFrame
    place: NDArray[np.int64]
    age: NDArray[np.int64]
    sex: NDArray[np.int64]
    contacts: NDArray[np.int64]
    before: NDArray[np.int64]
    flags: Flags

    def keep(self, chosen: Flags) -> World:
        """Return the world with only these people."""
        rows = {name: getattr(self, name)[chosen] for name in ("place", "age", "sex", "contacts", "before", "flags")}
        return replace(self, **rows)

    @property
    def people(self) -> int:
        return len(self.place)


def make_world(seed: int, contract: Contract, *, areas: int = 20, people: int = 1500) -> World:
    """Return a random world: need differs by area, contacts by person, and needs come together.

    Known people per small area vary about people / areas; a few percent have no mapped area.
    """
    random = np.random.default_rng(seed)
    pull = random.lognormal(0.0, 0.35, areas)
    place = np.where(random.random(people) < 0.015, -1, random.choice(areas, people, p=pull / pull.sum()))
    age = random.choice(len(contract.age_bands), people, p=_shares(AGE_SHARES, len(contract.age_bands)))
    sex = random.choice(len(contract.sexes), people, p=_shares(SEX_SHARES, len(contract.sexes)))
    need = random.gamma(0.8, 1.0, people) + 0.3
    flags = random.random((people, len(contract.flags))) < _rates(random, need, len(contract.flags), 0.05)
    likely = _rates(random, need, len(contract.services), 0.045)
    contacts, before = (_contacts(random, likely) for _ in range(2))
    first = random.integers(len(contract.services), size=people)
    contacts[np.arange(people), first] += contacts.sum(axis=1) == 0
    for column, service in enumerate(contract.services.values()):
        if service.need is not None:
            flags[:, list(contract.flags).index(service.need)] |= contacts[:, column] > 0
    return World(_places(random, areas), place, age, sex, contacts, before, flags)


def _shares(usual: tuple[float, ...], count: int) -> NDArray[np.float64]:
    shares = np.array([*usual, *([0.05] * count)][:count])
    return shares / shares.sum()


def _rates(random: np.random.Generator, need: NDArray[np.float64], count: int, mean: float) -> NDArray[np.float64]:
    commonness = random.lognormal(0.0, 0.7, count)
    return np.clip(need[:, None] * commonness * mean, 0, 0.9)


def _contacts(random: np.random.Generator, likely: NDArray[np.float64]) -> NDArray[np.int64]:
    met = random.random(likely.shape) < likely
    return np.where(met, 1 + random.geometric(0.35, likely.shape) * (1 + 8 * (random.random(likely.shape) < 0.06)), 0)


def _places(random: np.random.Generator, areas: int) -> pd.DataFrame:
    """Return areas in intermediate zones of about five, wards and localities that cut some of these."""
    order = np.arange(areas)
    wards = max(2, areas // 18 + 1)
    shifted = np.minimum(order + random.integers(0, 3, areas), areas - 1)
    ward = shifted * wards // areas
    return pd.DataFrame(
        {
            "area_code": [f"S01{number:06d}" for number in order],
            "intermediate_zone_code": [f"S02{number // 5:06d}" for number in order],
            "ward": [f"Ward {number + 1}" for number in ward],
            "locality": [f"Locality {number * max(2, wards - 1) // wards + 1}" for number in ward],
        }
    )


def count_world(
    world: World, contract: Contract, lattice: Lattice, cohorts: Mapping[str, Mapping[str, object]]
) -> pd.DataFrame:
    """Return the count of every cell of the lattice, nobody's included.

    Result: node, geography, area_code, cell, people, denominator, contacts, top_two, as `protect` takes them.
    A plain and slow second implementation of the counting that publishes.
    """
    values = values_of(contract, partners=contract.partners, cohorts=cohorts)
    counter = Counter(world, contract, cohorts)
    found = [counter.node(node, cells_of(node, values)) for node in lattice.nodes if "cost_band" not in node.dimensions]
    return pd.concat(found, ignore_index=True)


class Counter:
    def __init__(self, world: World, contract: Contract, cohorts: Mapping[str, Mapping[str, object]]) -> None:
        self.world, self.contract, self.cohorts = world, contract, cohorts
        self.known: dict[tuple[str, int], Flags] = {}
        names = [value for column in COLUMNS.values() for value in [world.areas[column].to_numpy(dtype=object)]]
        self.codes = dict(zip(COLUMNS, names, strict=True)) | {COUNCIL: np.array([COUNCIL_CODE], dtype=object)}
        self.services = {each: number for number, each in enumerate(contract.services)}

    def node(self, node: Node, cells: list[str]) -> pd.DataFrame:
        codes = self.codes[node.geography]
        unique, inverse = np.unique(codes.astype(str), return_inverse=True)
        place = self.world.place
        area = np.zeros(len(place), int) if node.geography == COUNCIL else np.where(place < 0, -1, inverse[place])
        rows = [self._cell(cell, node, area, len(unique)) for cell in cells]
        found = pd.DataFrame(np.concatenate(rows), columns=["people", "denominator", "contacts", "top_two"])
        found.insert(0, "cell", np.repeat(np.array(cells, dtype=object), len(unique)))
        found.insert(0, "area_code", np.tile(unique.astype(object), len(cells)))
        found.insert(0, "geography", node.geography)
        found.insert(0, "node", node.id)
        return found

    def _cell(self, cell: str, node: Node, area: NDArray[np.int64], count: int) -> NDArray[np.float64]:
        text, age, sex = split_cell(cell)
        position = np.ones(self.world.people, dtype=bool)
        if age is not None:
            position &= self.world.age == self.contract.age_bands.index(age)
        if sex is not None:
            position &= self.world.sex == self.contract.sexes.index(sex)
        everyone = position & self.members("", node.window)
        inside = position & self.members(text, node.window)
        parts = dict(part.split("=", 1) for part in text.split(";") if part)
        if "cohort" in parts and len(parts) > 1:
            everyone = position & self.members(f"cohort={parts['cohort']}", node.window)
        table = np.full((count, 4), np.nan)
        mapped = area >= 0
        table[:, 0] = np.bincount(area[inside & mapped], minlength=count)
        if text:
            table[:, 1] = np.bincount(area[everyone & mapped], minlength=count)
        if node.volume:
            volume = self.volume(parts, node.window)
            table[:, 2] = np.bincount(area[inside & mapped], weights=volume[inside & mapped], minlength=count)
            table[:, 3] = [np.sort(volume[inside & (area == each)])[-2:].sum() for each in range(count)]
        return table

    def volume(self, parts: Mapping[str, str], window: int) -> NDArray[np.int64]:
        contacts = self._contacts(window)
        if "service" in parts:
            return contacts[:, self.services[parts["service"]]]
        if "partner" in parts:
            return contacts[:, [self.services[each] for each in self.contract.services_of(parts["partner"])]].sum(
                axis=1
            )
        return contacts.sum(axis=1)

    def _contacts(self, window: int) -> NDArray[np.int64]:
        return self.world.contacts if window == 12 else self.world.contacts + self.world.before

    def members(self, text: str, window: int) -> Flags:
        """Return who meets the conditions of a cell's text."""
        if (text, window) not in self.known:
            found = self._contacts(window).sum(axis=1) > 0
            for part in filter(None, text.split(";")):
                name, value = part.split("=", 1)
                found = found & self._meets(name, value, window)
            self.known[text, window] = found
        return self.known[text, window]

    def _has(self, dimension: str, window: int) -> Flags:
        contacts = self._contacts(window) > 0
        if dimension == "service":
            return contacts
        if dimension == "partner":
            columns = [[self.services[s] for s in self.contract.services_of(each)] for each in self.contract.partners]
            return np.column_stack([contacts[:, some].any(axis=1) for some in columns])
        flags = self.world.flags.copy()
        for name, service in self.contract.services.items():
            if service.need is not None:
                flags[:, list(self.contract.flags).index(service.need)] |= contacts[:, self.services[name]]
        return flags

    def _one(self, dimension: str, value: str, window: int) -> Flags:
        names = {"service": self.contract.services, "flag": self.contract.flags, "partner": self.contract.partners}
        return self._has(dimension, window)[:, list(names[dimension]).index(value)]

    def _meets(self, name: str, value: str, window: int) -> Flags:
        if name in TOGETHER:
            return np.logical_and.reduce([self._one(TOGETHER[name], each, window) for each in value.split("+")])
        if name in EXACTLY:
            return self._exactly(name, window) == value
        if name == "partners_band":
            partners = np.minimum(self._has("partner", window).sum(axis=1), len(PARTNERS_BANDS))
            return partners == PARTNERS_BANDS.index(value) + 1
        if name == "contacts_band":
            return np.digitize(self._contacts(window).sum(axis=1), BAND_EDGES) == CONTACTS_BANDS.index(value)
        if name == "cohort":
            return self._cohort(self.cohorts[value], window)
        return self._one(name, value, window)

    def _exactly(self, name: str, window: int) -> NDArray[np.object_]:
        kinds = {"flag": tuple(self.contract.flags), "partner": tuple(self.contract.partners)}
        names = np.array(kinds[EXACTLY[name]][: EXACTLY_AMONG[name]])
        rows = self._has(EXACTLY[name], window)[:, : len(names)]
        label = {}
        for row in np.unique(rows, axis=0):
            many = row.sum() >= EXACTLY_POOLED_FROM[name]
            label[row.tobytes()] = pooled_name(name) if many else together(names[row]) or NONE_OF_THEM
        return np.array([label[row.tobytes()] for row in rows], dtype=object)

    def _cohort(self, rule: Mapping[str, object], window: int) -> Flags:
        found = np.ones(self.world.people, dtype=bool)
        ages, sexes = listed(rule, "age"), listed(rule, "sex")
        if ages:
            found &= np.isin(self.world.age, [self.contract.age_bands.index(each) for each in ages])
        if sexes:
            found &= np.isin(self.world.sex, [self.contract.sexes.index(each) for each in sexes])
        for key, name in ALL.items():
            for each in listed(rule, key):
                found &= self._one(name, each, window)
        for key, name in ANY.items():
            if values := listed(rule, key):
                found &= np.logical_or.reduce([self._meets(name, each, window) for each in values])
        of_these = [self._one("flag", each, window) for each in listed(rule, "flags_of")]
        if of_these:
            found &= np.sum(of_these, axis=0) >= number(rule, "flags_at_least")
        return found & (self._has("partner", window).sum(axis=1) >= number(rule, "partners_at_least"))
