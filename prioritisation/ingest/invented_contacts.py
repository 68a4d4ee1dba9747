"""Invented contacts of invented residents with the partners' services, month by month.

A resident's rate of meeting a service grows with age, with the need of the area and with the person's own hidden need;
episodes come at that rate, last a while and hold contacts month by month. `invented_rates.py` has every number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prioritisation.contract import NO_FIXED_ABODE, WITHHELD, Contract, Service
from prioritisation.ingest import invented_rates as rates
from prioritisation.ingest.invented_rates import AGE_CURVES, NEEDS, RATES, STATED, Rate
from prioritisation.ingest.invented_residents import Array, Place, Residents, Whole

LEAD, TAIL = 30, rates.HARD_MONTHS
"""Months drawn before the first and after the last, so that what reaches in from there is there."""
LONGEST_SPELL = 12
"""Months of a spell of no fixed abode, at most; no shorter than one."""


@dataclass(frozen=True)
class _World:
    """What all services share: busy = factor on a resident's contacts, hard = month of the hard time."""

    residents: Residents
    place: Place
    months: int
    busy: Array
    hard: Array


def invent_contacts(
    residents: Residents, place: Place, months: int, contract: Contract, rng: np.random.Generator
) -> pd.DataFrame:
    """Return what the partners' systems hold: one row per resident, service and month of an episode.

    Columns: resident (position), partner, service, month (0 = the first), contacts, flags (stated ones, joined by ;),
    cost (pounds, NaN where the service has none), place ("" = at home, or no fixed abode, or withheld). Services that
    the contract does not have are left out. Ordered by partner, service, month and resident.
    """
    busy = np.exp(rates.CONTACTS_SPREAD * rng.normal(size=len(residents)) - rates.CONTACTS_SPREAD**2 / 2)
    hard = rng.uniform(-LEAD, months + TAIL, len(residents))
    world = _World(residents, place, months, busy, hard)
    known = [(rate, contract.services[rate.service]) for rate in RATES if rate.service in contract.services]
    rows = pd.concat([_rows_of(rate, service, world, rng) for rate, service in known], ignore_index=True)
    rows["partner"] = rows["service"].map({each.id: each.partner for each in contract.services.values()})
    rows["flags"] = _stated_flags(rows, residents, contract.flags, rng)
    rows["place"] = _special_places(rows, months, rng)
    order = ["partner", "service", "month", "resident"]
    return rows.sort_values(order, kind="stable", ignore_index=True)


def yearly_rates(rate: Rate, service: Service, residents: Residents, place: Place) -> Array:
    """Return each resident's episodes a year with a service, of the level that the table asks for."""
    curve = AGE_CURVES[rate.ages]
    age = np.interp(residents.age, list(curve), list(curve.values())) * _of_age(service, residents.age)
    sex = np.where(residents.female, rate.women, 1.0)
    need = NEEDS.index(rate.need)
    relative = (
        age * sex * np.exp(rate.area * place.needs[residents.area, need] + rate.spread * residents.needs[:, need])
    )
    # Long episodes reach into the year from before it.
    exposure = 1 + (rate.months - 1) / 12
    return relative * _scale(relative * exposure, rate.per_thousand / 1000)


def _of_age(service: Service, age: Array) -> NDArray[np.bool_]:
    return (age >= service.age_from) & (age < np.inf if service.age_to is None else age < service.age_to + 1)


def _scale(relative: Array, share: float) -> float:
    """Return the factor at which the expected share of people with at least one event is `share` (Newton's method)."""
    factor = share / relative.mean()
    for _ in range(12):
        none = np.exp(-factor * relative)
        factor += (share - (1 - none.mean())) / (relative * none).mean()
    return float(factor)


def _rows_of(rate: Rate, service: Service, world: _World, rng: np.random.Generator) -> pd.DataFrame:
    """Return resident, service, month, contacts and cost of one service."""
    residents, months = world.residents, world.months
    episodes = rng.poisson(yearly_rates(rate, service, residents, world.place) * (LEAD + months + TAIL) / 12)
    who = np.repeat(np.arange(len(residents)), episodes)
    lasts = rng.geometric(1 / rate.months, len(who))
    person, month = np.repeat(who, lasts), np.repeat(_starts(world.hard[who], months, rng), lasts) + _count_up(lasts)
    here = (month >= 0) & (month < months) & residents.present(person, month)
    here &= _of_age(service, residents.age[person] - (months - month) / 12)
    table = pd.DataFrame({"resident": person[here], "month": month[here]}).drop_duplicates(ignore_index=True)
    contacts = 1 + rng.poisson((rate.contacts - 1) * world.busy[table["resident"]])
    cost = np.round(contacts * rate.cost * np.exp(rng.normal(0, 0.3, len(table))), 2) if rate.cost else np.nan
    return table.assign(service=service.id, contacts=contacts, cost=cost)


def _starts(hard: Array, months: int, rng: np.random.Generator) -> Whole:
    """Return the first month of each episode: some around its person's hard time, the others at any time."""
    anywhere = rng.uniform(-LEAD, months + TAIL, len(hard))
    near = hard + rates.HARD_MONTHS * rng.triangular(-1, 0, 1, len(hard))
    return np.floor(np.where(rng.random(len(hard)) < rates.HARD_TIMES, near, anywhere)).astype(np.int64)


def _count_up(lengths: Whole) -> Whole:
    """Return 0, 1, 2 ... anew for each length."""
    return np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def _stated_flags(
    rows: pd.DataFrame, residents: Residents, flags: Iterable[str], rng: np.random.Generator
) -> NDArray[np.object_]:
    """Return the flags that partners state, joined by ; in alphabetical order, one text per row."""
    stated = np.full(len(rows), "", dtype=object)
    known = set(flags)
    for each in sorted(STATED, key=lambda one: one.flag):
        at = np.flatnonzero(rows["service"] == each.service)
        if each.flag not in known or not len(at):
            continue
        people, first = np.unique(rows["resident"].to_numpy()[at], return_inverse=True)
        strength = residents.needs[people, NEEDS.index(each.need)] + rng.normal(0, 1, len(people))
        chosen = at[(strength >= np.quantile(strength, 1 - each.share))[first]]
        stated[chosen] = [f"{before};{each.flag}" if before else each.flag for before in stated[chosen]]
    return stated


def _special_places(rows: pd.DataFrame, months: int, rng: np.random.Generator) -> NDArray[np.object_]:
    """Return who is of no fixed abode, or has a protected address, in which rows; protection wins."""
    resident, month = rows["resident"].to_numpy(), rows["month"].to_numpy()
    place = np.full(len(rows), "", dtype=object)
    begins, ends = _spells(rows, "homelessness_application", rates.NO_FIXED_ABODE, rng)
    there = (month >= begins[resident]) & (month < ends[resident])
    place[there] = NO_FIXED_ABODE
    begins, _ = _spells(rows, "domestic_abuse_incident", rates.WITHHELD, rng)
    place[month >= begins[resident]] = WITHHELD
    return place


def _spells(rows: pd.DataFrame, service: str, share: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return first month and first month after, per resident, of a spell after contact with a service (else never)."""
    begins = np.full(int(rows["resident"].max()) + 1, np.inf)
    first = rows[rows["service"] == service].groupby("resident")["month"].min()
    chosen = first[rng.random(len(first)) < share]
    begins[chosen.index] = chosen
    return begins, begins + rng.integers(1, LONGEST_SPELL + 1, len(begins))
