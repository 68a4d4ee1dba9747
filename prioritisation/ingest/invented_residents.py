"""Invented residents of the demonstration council: who lives where, since when, until when, with which needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prioritisation.ingest.invented_people import AGES, SUPPRESSED
from prioritisation.ingest.invented_rates import AREA_INDICATORS, COMMON_NEED, MOVE_AWAY, MOVE_WITHIN, NEEDS

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
OLDEST_YEARS = 11
"""People of "90+" are spread over so many years of age."""
FAR = 24
"""How many ranks of need a move inside the council may lead up or down, roughly."""


@dataclass(frozen=True)
class Place:
    """The areas that residents live in: codes, population as (area, sex, age), postcodes, needs as (area, need)."""

    codes: NDArray[np.str_]
    population: Whole
    postcodes: list[NDArray[np.str_]]
    needs: Array


@dataclass(frozen=True)
class Residents:
    """One entry per resident; months count from the first one, `age` is in years at the last.

    `area` is the first home and `next_area` the one from month `moves` on (never: after the last month). A resident is
    there from month `arrives` until before month `leaves`. `needs`: (resident, need), about standard normal.
    """

    area: Whole
    next_area: Whole
    moves: Whole
    arrives: Whole
    leaves: Whole
    female: NDArray[np.bool_]
    age: Array
    needs: Array

    def __len__(self) -> int:
        return len(self.area)

    def area_in(self, person: Whole, month: Whole) -> Whole:
        """Return where these residents live in these months."""
        return np.where(month >= self.moves[person], self.next_area[person], self.area[person])

    def present(self, person: Whole, month: Whole) -> NDArray[np.bool_]:
        """Return which of these residents are there in these months."""
        return (month >= self.arrives[person]) & (month < self.leaves[person])


def read_place(folder: Path) -> Place:
    """Read population.csv, indicators.csv and postcodes.csv of `write_demonstration`."""
    counts = pd.read_csv(folder / "population.csv").query("sex != 'All'")
    postcodes = pd.read_csv(folder / "postcodes.csv")
    indicators = pd.read_csv(folder / "indicators.csv", dtype=str).set_index("Data_Zone")
    codes = counts["dz11_code"].unique()
    return Place(
        codes=codes.astype(str),
        population=counts[AGES].to_numpy(dtype=np.int64).reshape(len(codes), 2, len(AGES)),
        postcodes=[postcodes.loc[postcodes["dz11_code"] == code, "Postcode"].to_numpy(str) for code in codes],
        needs=_area_needs(indicators.loc[codes]),
    )


def thinned(place: Place, share: float, rng: np.random.Generator) -> Place:
    """Return the place with about a share of its residents: a small world for trials."""
    return replace(place, population=rng.binomial(place.population, share))


def invent_residents(place: Place, months: int, rng: np.random.Generator) -> Residents:
    """Return everybody who lives in the place within so many months; at any time about its population does.

    Each resident who leaves is followed by a newcomer of like age in the same area.
    """
    area, sex, age = (np.repeat(index, place.population.ravel()) for index in _cells(place.population))
    never, count = months + 1, len(area)
    departs = rng.random(count) < MOVE_AWAY * months / 12
    leaves = np.where(departs, rng.integers(1, months, count), never)
    follow = np.flatnonzero(departs)
    area, sex = np.concatenate([area, area[follow]]), np.concatenate([sex, sex[follow]])
    years = age + rng.random(count) + (age == len(AGES) - 1) * rng.exponential(OLDEST_YEARS / 4, count)
    years = np.concatenate([years, np.abs(years[follow] + rng.normal(0, 4, len(follow)))])
    years = np.minimum(years, len(AGES) - 1 + OLDEST_YEARS)
    everyone = len(area)
    since = np.concatenate([np.zeros(count, np.int64), leaves[follow]])
    moves = np.where(rng.random(everyone) < MOVE_WITHIN * months / 12, rng.integers(1, months, everyone), never)
    return Residents(
        area=area,
        next_area=_moved_to(area, place, rng),
        moves=moves,
        arrives=np.maximum(since, np.ceil(months - 12 * years).astype(np.int64)),  # not before birth
        leaves=np.concatenate([leaves, np.full(len(follow), never)]),
        female=sex == 0,
        age=years,
        needs=_person_needs(everyone, rng),
    )


def _area_needs(indicators: pd.DataFrame) -> Array:
    """Return the standardised logarithm of the indicators behind each need; a suppressed one counts as the lowest."""
    columns = []
    for need in NEEDS:
        parts = indicators[list(AREA_INDICATORS[need])].apply(
            lambda column: pd.to_numeric(column.replace(SUPPRESSED, None).str.rstrip("%"))
        )
        logarithm = np.log1p(parts.fillna(parts.min()))
        mean = ((logarithm - logarithm.mean()) / logarithm.std()).mean(axis=1).to_numpy()
        columns.append((mean - mean.mean()) / mean.std())
    return np.column_stack(columns)


def _person_needs(count: int, rng: np.random.Generator) -> Array:
    common, own = rng.normal(size=(count, 1)), rng.normal(size=(count, len(NEEDS)))
    return np.sqrt(COMMON_NEED) * common + np.sqrt(1 - COMMON_NEED) * own


def _cells(population: Whole) -> list[Whole]:
    return [index.ravel() for index in np.indices(population.shape)]


def _moved_to(area: Whole, place: Place, rng: np.random.Generator) -> Whole:
    """Return a second home for each, in an area with not too different needs."""
    by_need = np.argsort(place.needs.mean(axis=1), kind="stable")
    rank = np.empty(len(by_need), dtype=np.int64)
    rank[by_need] = np.arange(len(by_need))
    step = np.round(rng.normal(0, FAR, len(area))).astype(np.int64)
    return by_need[np.clip(rank[area] + np.where(step == 0, 1, step), 0, len(by_need) - 1)]
