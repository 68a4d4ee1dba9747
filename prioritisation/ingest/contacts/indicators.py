"""Area indicators from contacts: published counts per 1,000 residents, from the protected cube and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from prioritisation.catalogue import OF_WIDER_AREAS, ContactIndicator, Indicator
from prioritisation.contract import Contract
from prioritisation.disclosure.lattice import node_id
from prioritisation.disclosure.policy import Policy
from prioritisation.disclosure.protect import PUBLISHED
from prioritisation.ingest.contacts.areas import age_limits
from prioritisation.ingest.contacts.protected import ProtectedCounts
from prioritisation.ingest.observations import Observations

SUPPRESSED_AREAS_AT_MOST = 1 / 3  # of a year's counts by small area; beyond, three years or larger areas are used
_ZONE = "data zone"
_WIDER = "intermediate zone"
_OVER_THREE_YEARS = "Counted over 36 months: in 12 months more than a third of areas have too few people to publish."


_HIDDEN_FOR_OTHERS = "A few suppressed counts are larger than {most}: hidden so that others cannot be worked out."


@dataclass(frozen=True, eq=False)
class ContactValues:
    """Indicators with their values, as releases hold them.

    suppressed_at_most: of the indicators that count people, how many a suppressed count may stand for.
    """

    indicators: tuple[Indicator, ...]
    observations: tuple[Observations, ...]
    suppressed_at_most: dict[str, int]


@dataclass(frozen=True)
class _Choice:
    """Where the values of an indicator may be taken from."""

    geography: str
    months: int
    caveat: str


_CHOICES = (_Choice(_ZONE, 12, ""), _Choice(_ZONE, 36, _OVER_THREE_YEARS), _Choice(_WIDER, 12, OF_WIDER_AREAS))


def contact_values(
    counts: ProtectedCounts,
    areas: pd.DataFrame,
    catalogue: Mapping[str, ContactIndicator],
    contract: Contract,
    policy: Policy,
) -> ContactValues:
    """Return the indicators that a cube and its residents allow.

    areas: from `areas_of`. An indicator whose service is not in the cube, or whose residents are not known by age,
    is left out. A suppressed count is suppressed, never zero: zero is hidden too.
    """
    cells = _cells(counts.cube, {each.cell for each in catalogue.values()})
    withheld = counts.facts.get("withheld_nodes", "").split(";")
    indicators, observations, ceilings = [], [], {}
    for each in catalogue.values():
        residents = _residents(areas, each, contract)
        chosen = _choose(each, cells, areas)
        if chosen is None or residents is None:
            continue
        choice, count = chosen
        window = _window(counts.facts["window_to"], choice.months)
        told = _HIDDEN_FOR_OTHERS.format(most=policy.suppressed[1]) if _node(each, choice) in withheld else ""
        caveat = " ".join(filter(None, [_sentence(each.caveat), choice.caveat, told]))
        indicators.append(replace(each.indicator, period=window, caveat=caveat))
        observations.append(_observed(each.id, window, count, _summed(residents, choice, areas), areas))
        if each.measure == "people":
            ceilings[each.id] = policy.suppressed[1]
    return ContactValues(tuple(indicators), tuple(observations), ceilings)


def _cells(cube: pd.DataFrame, wanted: Collection[str]) -> dict[tuple[str, str], pd.DataFrame]:
    """Return (node, cell) -> rows, of the wanted cells."""
    rows = cube[cube["cell"].isin(list(wanted))].astype({"node": "str", "cell": "str", "area_code": "str"})
    return {(str(node), str(cell)): some for (node, cell), some in rows.groupby(["node", "cell"])}


def _choose(
    each: ContactIndicator, cells: Mapping[tuple[str, str], pd.DataFrame], areas: pd.DataFrame
) -> tuple[_Choice, pd.Series] | None:
    """Return where to take an indicator from, and its published counts by area code (NaN: suppressed)."""
    found = None
    for choice in _CHOICES:
        count = _counts(each, choice, cells, areas)
        if count is None:
            continue
        found = choice, count
        if count.isna().mean() <= SUPPRESSED_AREAS_AT_MOST:
            break
    return found


def _node(each: ContactIndicator, choice: _Choice) -> str:
    return node_id(choice.geography, [each.cell.partition("=")[0]], choice.months)


def _sentence(text: str) -> str:
    return f"{text}." if text and not text.endswith(".") else text


def _counts(
    each: ContactIndicator, choice: _Choice, cells: Mapping[tuple[str, str], pd.DataFrame], areas: pd.DataFrame
) -> pd.Series | None:
    rows = cells.get((_node(each, choice), each.cell))
    if rows is None or (each.measure == "contacts" and choice.months > 12):
        return None
    numbers = rows[each.measure].to_numpy(dtype=float, na_value=np.nan)
    shown = pd.Series(np.where(rows["status"] == PUBLISHED, numbers, np.nan), index=rows["area_code"])
    codes = areas["area_code"] if choice.geography == _ZONE else areas["intermediate_zone_code"]
    return shown.reindex(codes).set_axis(areas["area_code"])


def _residents(areas: pd.DataFrame, each: ContactIndicator, contract: Contract) -> pd.Series | None:
    """Return residents of the indicator's age group in each row of areas; None when nobody knows them."""
    if each.age_from == 0 and each.age_to is None:
        people = areas["population"].astype(float)
    else:
        bands = list(_bands_between(contract, each.age_from, each.age_to))
        if not bands or not set(bands) <= set(areas.columns):
            return None
        people = areas[bands].astype(float).sum(axis=1, min_count=len(bands))
    return people if people.gt(0).any() else None


def _bands_between(contract: Contract, first: int, last: int | None) -> Iterator[str]:
    for band in contract.age_bands:
        limits = age_limits(band)
        if limits is not None and limits[0] >= first and (last is None or limits[1] <= last):
            yield band


def _summed(residents: pd.Series, choice: _Choice, areas: pd.DataFrame) -> pd.Series:
    """Return the residents of the areas that the counts are of."""
    if choice.geography == _ZONE:
        return residents
    return residents.groupby(areas["intermediate_zone_code"]).transform("sum")


def _observed(name: str, window: str, count: pd.Series, residents: pd.Series, areas: pd.DataFrame) -> Observations:
    numerator, denominator = count.to_numpy(dtype=float), residents.to_numpy(dtype=float)
    no_rate = ~(denominator > 0)
    value = np.where(no_rate, np.nan, 1000 * numerator / np.where(no_rate, 1, denominator))
    status = np.where(no_rate, "missing", np.where(np.isnan(numerator), "suppressed", "reported")).astype(object)
    codes = pd.Index(areas["area_code"].astype(str), name="area_code")
    return Observations(name, window, codes, value, np.where(no_rate, np.nan, numerator), denominator, status)


def _window(last: str, months: int) -> str:
    """Return the months counted in words: "2025-07 to 2026-06"."""
    end = pd.Period(last, "M")
    return f"{end - (months - 1)} to {end}"
