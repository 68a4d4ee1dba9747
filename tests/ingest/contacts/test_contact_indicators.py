"""Area indicators from contacts: published counts per 1,000 residents, suppressed never zero, wider where too few."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from drawn_cube import drawn_counts
from people_world import CONTRACT

from prioritisation.catalogue import load_catalogue
from prioritisation.disclosure.policy import Policy
from prioritisation.folder import TRACKED_DATA
from prioritisation.ingest.contacts.areas import areas_of
from prioritisation.ingest.contacts.indicators import ContactValues, contact_values

CATALOGUE = load_catalogue(TRACKED_DATA / "catalogue")
ZONES = [f"Z{number:02d}" for number in range(24)]
AREAS = pd.DataFrame(
    {
        "area_code": ZONES,
        "intermediate_zone_code": [f"I{number // 4}" for number in range(24)],
        "ward": "Ward",
        "locality": "Locality",
        "population": 800.0,
        **{band: 100.0 + number for number, band in enumerate(CONTRACT.age_bands) if band != "not known"},
    }
)


def values(mean: float, areas: pd.DataFrame = AREAS) -> ContactValues:
    counts = drawn_counts(AREAS, "C", mean)
    return contact_values(counts, areas, CATALOGUE.contact_indicators, CONTRACT, Policy())


def one(made: ContactValues, name: str):
    observed = next(each for each in made.observations if each.indicator_id == name)
    return observed, next(each for each in made.indicators if each.id == name)


def test_every_indicator_is_of_the_contract_and_its_ages() -> None:
    for each in CATALOGUE.contact_indicators.values():
        kind, name = each.cell.split("=")
        lists = {"service": CONTRACT.services, "flag": CONTRACT.flags, "partner": CONTRACT.partners}
        assert name in lists[kind]
        if kind == "service":
            service = CONTRACT.services[name]
            assert (each.age_from, each.age_to) == (service.age_from, service.age_to), each.id


def test_a_rate_is_the_published_count_per_1000_residents() -> None:
    counts = drawn_counts(AREAS, "C", 60.0)
    observed, indicator = one(values(60.0), "crisis_grant_people")
    rows = counts.cube[(counts.cube["node"] == "data_zone.service") & (counts.cube["cell"] == "service=crisis_grant")]
    published = rows.set_index("area_code")["people"].reindex(ZONES).astype(float).to_numpy()
    adults = sum(100.0 + number for number, band in enumerate(CONTRACT.age_bands) if band not in ("0-15", "not known"))
    np.testing.assert_allclose(observed.value, 1000 * published / adults)
    np.testing.assert_allclose(observed.numerator, published)
    assert set(observed.denominator) == {adults}
    assert observed.period == "2025-07 to 2026-06"
    assert indicator.unit == "per 1,000 residents aged 16 and over"
    assert set(observed.status) == {"reported"}


def test_suppressed_is_never_zero() -> None:
    made = values(13.0)
    observed, _ = one(made, "housing_application_people")
    hidden = observed.status == "suppressed"
    assert 0 < hidden.sum() <= 8
    assert np.isnan(observed.value[hidden]).all()
    assert not np.isnan(observed.denominator[hidden]).any()
    assert not any((each.status == "zero").any() for each in made.observations)


def test_too_few_in_a_year_are_counted_over_three() -> None:
    observed, indicator = one(values(9.0), "housing_application_people")
    assert observed.period == indicator.period == "2023-07 to 2026-06"
    assert "36 months" in indicator.caveat
    assert (observed.status == "suppressed").mean() <= 1 / 3


def test_too_few_even_so_show_the_wider_area() -> None:
    observed, indicator = one(values(4.0), "housing_application_people")
    assert "intermediate zone" in indicator.caveat
    assert observed.period == "2025-07 to 2026-06"
    by_zone = pd.Series(observed.value).groupby(list(AREAS["intermediate_zone_code"]))
    assert all(len(values.unique()) == 1 for _, values in by_zone)
    bands = [band for band in CONTRACT.age_bands if band not in ("0-15", "not known")]
    assert observed.denominator[0] == pytest.approx(4 * AREAS.loc[0, bands].sum())


def test_contacts_have_no_three_years_and_may_mean_anything() -> None:
    made = values(9.0)
    _, indicator = one(made, "ae_contacts")
    assert "36 months" not in indicator.caveat
    assert "ae_contacts" not in made.suppressed_at_most
    assert made.suppressed_at_most["home_care_people"] == 9


def test_what_cannot_be_told_is_left_out() -> None:
    counts = drawn_counts(AREAS, "C")
    without_fire = replace(counts, cube=counts.cube[counts.cube["cell"] != "service=home_fire_visit"])
    made = contact_values(without_fire, AREAS, CATALOGUE.contact_indicators, CONTRACT, Policy())
    assert "fire_visit_people" not in {each.id for each in made.indicators}
    totals_only = AREAS[["area_code", "intermediate_zone_code", "ward", "locality", "population"]]
    ids = {each.id for each in values(30.0, totals_only).indicators}
    assert "food_people" in ids
    assert "crisis_grant_people" not in ids


def test_areas_without_residents_of_the_age_are_missing() -> None:
    areas = AREAS.copy()
    areas.loc[0, list(CONTRACT.age_bands[:-1])] = 0.0
    observed, _ = one(values(60.0, areas), "crisis_grant_people")
    assert observed.status[0] == "missing"
    assert np.isnan(observed.value[0])


def test_residents_by_band_come_from_single_years() -> None:
    areas = pd.DataFrame(
        {name: ["x"] for name in ("council_code", "intermediate_zone_code", "ward", "locality")}
        | {"population": [455]},
        index=["A"],
    )
    residents = pd.DataFrame({"area_code": "A", "age": range(91), "people": 5.0})
    table = areas_of(areas, residents, CONTRACT)
    assert table[["0-15", "16-24", "75-84", "85+"]].iloc[0].tolist() == [80, 45, 50, 30]
    assert "not known" not in table
