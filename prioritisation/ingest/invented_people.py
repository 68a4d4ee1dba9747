"""Invented people and conditions for an invented geography: age structure, deprivation and access.

One hidden field of deprivation and one of age give rise to everything else, each with its own noise, so that
indicators agree and disagree with one another about as much as real ones. Levels are round numbers of our own.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import shortest_path
from scipy.stats import rankdata

from prioritisation.ingest.invented_places import COUNCIL, neighbours

AGES = [*(str(age) for age in range(90)), "90+"]
SUPPRESSED = "*"
SUPPRESSED_CRIME, SUPPRESSED_ATTENDANCE, MISSING = 0.13, 0.033, 0.013
"""Shares of areas."""
# Residents per thousand at these ages, roughly as in an ageing coastal council.
AGE_CURVE = {0: 8, 10: 10.5, 20: 10, 35: 10, 45: 12, 52: 15, 58: 16.5, 66: 14.5, 73: 14, 80: 8, 85: 5, 89: 3.4}
OLDEST = 10.0
DOMAIN_WEIGHTS = {
    "Income": 0.28, "Employment": 0.28, "Health": 0.14, "Education": 0.14, "Access": 0.09, "Crime": 0.05,
    "Housing": 0.02,
}  # fmt: skip

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Conditions:
    """What lies behind the numbers, per area: deprivation and age (standardised), distances by road (km)."""

    deprivation: Array
    older: Array
    centre_km: Array
    local_km: Array
    town_km: Array
    in_town: NDArray[np.bool_]


def invent_conditions(areas: gpd.GeoDataFrame, rng: np.random.Generator) -> Conditions:
    """Draw the hidden fields for the areas of `invent_geography`: estates, suburbs, retirement coast, far country."""
    shapes = areas.geometry.to_numpy()
    pairs = neighbours(shapes)
    count = len(areas)
    graph = coo_array((np.ones(len(pairs)), pairs.T), shape=(count, count)).tocsr()
    hops = shortest_path(graph, directed=False, unweighted=True)
    places = areas["settlement_areas"].to_numpy()
    in_town, rural, by_sea = places > 3, places == 0, areas["coast_km"].to_numpy() > 0.15
    xy = np.column_stack([areas.geometry.centroid.x, areas.geometry.centroid.y]) / 1000
    town_km = _road(xy, xy[_centres(areas, xy, smallest=10)])
    estates, suburbs = _quarters(areas, hops, rng)
    deprivation = (
        0.42 * _smooth(hops, rng) * np.where(rural, 0.7, 1) + 0.15 * in_town - 0.45 * rural - 0.2 * (places == 1)
        + 2.3 * _near(hops, estates, 1.5) * np.where(in_town, 1, 0.2) - 1.2 * _near(hops, suburbs, 2.2)
        + rng.normal(0, 0.22, count)
    )  # fmt: skip
    older = (
        0.5 * _smooth(hops, rng) + 1.1 * by_sea + 0.5 * rural * (town_km > np.median(town_km[rural]))
        - 0.5 * _near(hops, estates, 1.5) + 0.3 * _near(hops, suburbs, 1.0) + rng.normal(0, 0.55, count)
    )  # fmt: skip
    local = np.flatnonzero((places > 1) & (rng.random(count) < np.where(in_town, 0.16, 0.55)))
    return Conditions(
        deprivation=_standard(deprivation - 0.12 * by_sea),
        older=_standard(older),
        centre_km=_road(xy, xy[_centres(areas, xy, smallest=1)]),
        local_km=_road(xy, xy[np.union1d(local, _centres(areas, xy, smallest=4))]),
        town_km=town_km,
        in_town=in_town,
    )


def _standard(field: Array) -> Array:
    return (field - field.mean()) / field.std()


def _smooth(hops: Array, rng: np.random.Generator) -> Array:
    """Return standardised noise that is alike among neighbours."""
    return _standard(np.exp(-((hops / 1.8) ** 2)) @ rng.normal(size=len(hops)))


def _near(hops: Array, centres: list[int], reach: float) -> Array:
    """Return 1 at the centres, falling away over `reach` borders."""
    return np.exp(-((hops[:, centres].min(axis=1) / reach) ** 2)) if centres else np.zeros(len(hops))


def _road(xy: Array, targets: Array) -> Array:
    """Return the distance by road (km) to the nearest target; 0.35 km within the same area."""
    straight = np.hypot(*(xy[:, None] - targets[None]).transpose(2, 0, 1)).min(axis=1)
    return 0.35 + 1.3 * straight


def _centres(areas: gpd.GeoDataFrame, xy: Array, smallest: int) -> NDArray[np.intp]:
    """Return the middle area of each settlement with at least `smallest` areas, or of the largest settlement."""
    sizes = areas["settlement_areas"].to_numpy()
    names = areas["settlement"].to_numpy()
    found = []
    for name in dict.fromkeys(names[sizes >= min(smallest, sizes.max())]):
        members = np.flatnonzero((names == name) & (sizes > 0))
        if len(members):
            found.append(members[np.hypot(*(xy[members] - xy[members].mean(axis=0)).T).argmin()])
    return np.array(found)


def _quarters(areas: gpd.GeoDataFrame, hops: Array, rng: np.random.Generator) -> tuple[list[int], list[int]]:
    """Choose the middles of deprived estates in each town, and of suburbs as far from them as the town allows."""
    estates: list[int] = []
    suburbs: list[int] = []
    names, in_town = areas["settlement"].to_numpy(), areas["settlement_areas"].to_numpy() > 3
    for name in dict.fromkeys(names[in_town]):
        town = np.flatnonzero(in_town & (names == name))
        for _ in range(max(1, round(len(town) / 15))):
            # Two borders from the last estate: side by side, as such estates often were built.
            side_by_side = np.abs(hops[town, estates[-1]] - 2) if estates else np.zeros(len(town))
            estates.append(int(town[np.argmin(side_by_side + rng.random(len(town)))]))
        for _ in range(max(1, round(len(town) / 20))):
            away = hops[town][:, estates + suburbs].min(axis=1)
            suburbs.append(int(town[np.argmax(away + rng.random(len(town)))]))
    return estates, suburbs


def invent_population(conditions: Conditions, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return residents as (area, sex, age): female then male, ages 0..89 and 90+; 500 to 1,100 in an area."""
    count = len(conditions.older)
    total = np.clip(743 * np.exp(rng.normal(-0.01, 0.15, count)), 500, 1100).round().astype(int)
    curve = np.append(np.interp(np.arange(90), list(AGE_CURVE), list(AGE_CURVE.values())), OLDEST)
    age = np.arange(91)
    ageing = np.clip(conditions.older, -2.2, 2.4)[:, None] * 0.36 * (age - 45) / 25
    families = 0.16 * conditions.deprivation[:, None] * np.exp(-(((age - 8) / 9) ** 2))
    young = (0.25 * conditions.in_town * rng.normal(0.3, 1, count))[:, None] * np.exp(-(((age - 26) / 7) ** 2))
    share = curve * np.exp(ageing + families + young + rng.normal(0, 0.12, (count, 91)))
    share /= share.sum(axis=1, keepdims=True)
    residents = rng.multinomial(total, share)
    female = rng.binomial(residents, np.interp(age, [0, 20, 60, 75, 90], [0.49, 0.49, 0.52, 0.545, 0.66]))
    return np.stack([female, residents - female], axis=1)


def invent_indicators(
    areas: gpd.GeoDataFrame, conditions: Conditions, population: NDArray[np.int64], rng: np.random.Generator
) -> pd.DataFrame:
    """Return the indicators under the names of the published file, unrounded numbers in its units.

    Rates in its columns with a % sign are percentages here too. Nothing is suppressed yet.
    """
    d, count = conditions.deprivation, len(areas)
    ages = population.sum(axis=1)
    # The index is some years older than the population estimate.
    people = np.clip((ages.sum(axis=1) * rng.normal(1, 0.02, count)).round(), 500, 1100)
    working = (people * ages[:, 16:65].sum(axis=1) / ages.sum(axis=1)).round()
    old = (ages[:, 75:].sum(axis=1) / ages.sum(axis=1) - 0.12) / 0.05

    def ratio(slope: float, expected: float, noise: float, level: float = 100) -> Array:
        mean = expected * np.exp(slope * d + rng.normal(0, noise, count) - slope**2 / 2)
        return level * rng.poisson(mean) / (expected * rng.uniform(0.85, 1.15, count))

    births = np.maximum(6, people * 0.025).round()
    table = {
        "Data_Zone": areas["dz11_code"].to_numpy(),
        "Intermediate_Zone": areas["intermediate_zone"].to_numpy(),
        "Council_area": COUNCIL,
        "Total_population": people, "Working_age_population": working,
        **_income_and_work(d, people, working, rng),
        "CIF": 5 * np.round(20 * np.exp(0.44 * d + 0.06 * old + rng.normal(0, 0.08, count))),
        "ALCOHOL": ratio(0.62, 9, 0.5), "DRUG": ratio(0.9, 4.5, 0.6), "SMR": ratio(0.27, 24, 0.1),
        "DEPRESS": np.clip(20.5 + 3.9 * d + rng.normal(0, 2.2, count) + 0.4 * old, 5, 45),
        "LBWT": 100 * _some(births, 0.055 * np.exp(0.2 * d), rng) / births,
        "EMERG": ratio(0.22, 90, 0.12, 105),
        **_education(d, old, people, rng),
        **_travel(conditions, rng),
        "Broadband": np.clip(2.3 * (conditions.centre_km + 0.2 * conditions.town_km)
                             + rng.normal(-6, 7, count), 0, 85),
        **_crime_and_housing(conditions, people, rng),
    }  # fmt: skip
    return pd.DataFrame(table)


def _logistic(value: Array) -> Array:
    return 1 / (1 + np.exp(-value))


def _some(of: Array, share: Array, rng: np.random.Generator) -> Array:
    """Draw how many of so many people a share applies to."""
    return rng.binomial(of.astype(int), np.clip(share, 0, 0.95)).astype(float)


def _income_and_work(d: Array, people: Array, working: Array, rng: np.random.Generator) -> dict[str, Array]:
    income = _some(people, _logistic(-2.35 + 0.80 * d + rng.normal(0, 0.10, len(d))), rng)
    employment = _some(working, _logistic(-2.55 + 0.74 * d + rng.normal(0, 0.10, len(d))), rng)
    return {
        "Income_rate": 100 * income / people, "Income_count": income,
        "Employment_rate": 100 * employment / working, "Employment_count": employment,
    }  # fmt: skip


def _education(d: Array, old: Array, people: Array, rng: np.random.Generator) -> dict[str, Array]:
    """Return schooling and qualifications; where many are old, more have none."""
    leavers, count = np.maximum(8, people * 0.045).round(), len(d)
    return {
        "Attendance": np.clip(80 - 6.2 * d + rng.normal(0, 4.5, count), 35, 98),
        "Attainment": np.clip(5.6 - 0.34 * d + rng.normal(0, 0.26, count), 3.5, 7),
        "no_qualifications": 95 * np.exp(0.42 * d + 0.10 * old + rng.normal(0, 0.18, count)),
        "not_participating": 100 * _some(leavers, 0.024 * np.exp(0.75 * d), rng) / leavers,
        "University": 100 * _some(leavers, _logistic(-2.25 - 0.55 * d), rng) / leavers,
    }


def _travel(conditions: Conditions, rng: np.random.Generator) -> dict[str, Array]:
    """Return minutes by car and by public transport: about 35 km/h in a car, much longer on and for the bus."""

    def minutes(km: Array) -> Array:
        return 1.1 + km / 0.6 * np.exp(rng.normal(0, 0.14, len(km)))

    local, town, centre = conditions.local_km, conditions.town_km, conditions.centre_km
    drive = {
        "drive_petrol": minutes(0.9 * local), "drive_GP": minutes(local),
        "drive_post": minutes(np.minimum(local, 1.3 * centre)), "drive_primary": minutes(np.minimum(local, centre)),
        "drive_retail": minutes(0.8 * town), "drive_secondary": minutes(town),
    }  # fmt: skip
    bus = {
        f"PT_{target}": 2.2 + 1.9 * drive[f"drive_{target}"] * np.exp(rng.normal(0, 0.18, len(local)))
        for target in ("GP", "post", "retail")
    }
    return drive | bus


def _crime_and_housing(conditions: Conditions, people: Array, rng: np.random.Generator) -> dict[str, Array]:
    """Return recorded crimes (count and per 10,000) and households' overcrowding and lack of central heating."""
    d, count = conditions.deprivation, len(people)
    middle = np.exp(-conditions.centre_km / 1.5) * conditions.in_town
    crimes = 1 + rng.poisson(people * 0.016 * np.exp(0.5 * d + 0.8 * middle + rng.normal(0, 0.6, count)))
    residents = (people * 0.97).round().astype(int)
    crowded = rng.binomial(residents, _logistic(-2.7 + 0.5 * d + 0.3 * conditions.in_town + rng.normal(0, 0.28, count)))
    unheated = 0.006 * np.exp(rng.normal(0, 0.7, count)) + 0.004 * ~conditions.in_town
    cold = rng.binomial(residents, np.minimum(unheated, 1))
    return {
        "crime_count": crimes.astype(float), "crime_rate": 10_000 * crimes / people,
        "overcrowded_count": crowded.astype(float), "nocentralheat_count": cold.astype(float),
        "overcrowded_rate": 100 * crowded / residents, "nocentralheat_rate": 100 * cold / residents,
    }  # fmt: skip


def rank_domains(indicators: pd.DataFrame) -> pd.DataFrame:
    """Return overall and domain ranks under the published file's names; 1 is the most deprived, no ties.

    A domain is the mean of its indicators' ranks; the overall rank combines the domains with the weights and the
    exponential transform of the deprivation indices (design/method.md).
    """
    count = len(indicators)

    def need(*columns: str) -> Array:
        signed = [-indicators[name[1:]] if name.startswith("-") else indicators[name] for name in columns]
        return np.mean([rankdata(column) for column in signed], axis=0)

    travel = [name for name in map(str, indicators) if name.startswith(("drive_", "PT_"))]
    needs = {
        "Income": need("Income_rate"),
        "Employment": need("Employment_rate"),
        "Health": need("CIF", "ALCOHOL", "DRUG", "SMR", "DEPRESS", "LBWT", "EMERG"),
        "Education": need("-Attendance", "-Attainment", "no_qualifications", "not_participating", "-University"),
        "Access": need(*travel, "Broadband"),
        "Crime": need("crime_rate"),
        "Housing": need("overcrowded_rate", "nocentralheat_rate"),
    }
    ranks = {domain: rankdata(-value, method="ordinal") for domain, value in needs.items()}
    score = np.zeros(count)
    for domain, rank in ranks.items():
        share = (count - rank) / count
        score += DOMAIN_WEIGHTS[domain] * -23 * np.log(1 - share * (1 - np.exp(-100 / 23)))
    columns = {"SIMD2020v2_Rank": rankdata(-score, method="ordinal")}
    for domain, rank in ranks.items():
        version = "SIMD2020v2" if domain == "Income" else "SIMD2020"
        columns[f"{version}_{domain}_Domain_Rank"] = rank
    return pd.concat([indicators.iloc[:, :5], pd.DataFrame(columns).astype(int)], axis=1)


def hide_some(indicators: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the indicators as text with suppressed and missing values, written as the published file writes them.

    Suppressed (`*`): the fewest crimes and the smallest school rolls. Missing (empty): a few attainment and
    participation figures. Zeros stay zeros.
    """
    percent = ["DEPRESS", "LBWT", "Attendance", "not_participating", "University", "Broadband"]
    percent += ["overcrowded_rate", "nocentralheat_rate"]
    text = pd.DataFrame({name: _written(column, "%" if name in percent else "") for name, column in indicators.items()})
    few = indicators["crime_count"].rank(method="first").to_numpy() <= np.ceil(SUPPRESSED_CRIME * len(text))
    text.loc[few, ["crime_count", "crime_rate"]] = SUPPRESSED
    small = indicators["Total_population"].rank(method="first").to_numpy()
    text.loc[small <= np.ceil(SUPPRESSED_ATTENDANCE * len(text)), "Attendance"] = SUPPRESSED
    for name in ("Attainment", "not_participating"):
        lost = rng.choice(len(text), int(np.ceil(MISSING * len(text))), replace=False)
        text.loc[lost, name] = ""
    return text


def _written(column: pd.Series, sign: str) -> list[str]:
    """Write numbers with up to six decimals, whole numbers without a point."""
    if not pd.api.types.is_numeric_dtype(column):
        return [str(value) for value in column]
    return [f"{value:.6f}".rstrip("0").rstrip(".") + sign for value in column]
