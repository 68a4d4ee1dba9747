"""Area profiles: averages from counts where there are counts, ranks that say how many, states in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from prioritisation.catalogue import load_catalogue
from prioritisation.errors import UserError
from prioritisation.folder import TRACKED_DATA
from prioritisation.prioritise import Prioritisation, prioritise
from prioritisation.profiles import Comparison, area_profile, averages, compare
from prioritisation.scenario import Scenario
from prioritisation.store import Store


@pytest.fixture(scope="module")
def comparison(demonstration_store: Store) -> Comparison:
    return compare(demonstration_store)


@pytest.fixture(scope="module")
def ranking(demonstration_store: Store) -> Prioritisation:
    catalogue = load_catalogue(TRACKED_DATA / "catalogue")
    return prioritise(demonstration_store, Scenario.starting(next(iter(catalogue.frameworks.values()))))


def drawn(rows: str) -> pd.DataFrame:
    """Read a small table as drawn; - is no value."""
    lines = [line.split() for line in rows.strip().splitlines()]
    return pd.DataFrame(lines[1:], columns=lines[0]).replace("-", np.nan).infer_objects()


def test_averages_by_hand() -> None:
    observed = drawn("""
        area_code indicator_id value numerator denominator population group
        A         rate         10    10        100         100        north
        B         rate         30    90        300         300        north
        C         rate         -     -         -           500        north
        A         ratio        80    -         -           100        north
        B         ratio        120   -         -           300        north
        A         place        1     -         -           100        north
    """)
    numbers = ["value", "numerator", "denominator", "population"]
    observed[numbers] = observed[numbers].astype(float)
    indicators = pd.DataFrame(
        {"unit": ["per cent", "ratio", "rank (1 = most deprived)"], "multiplier": [100.0, 1.0, 1.0]},
        index=["rate", "ratio", "place"],
    )
    found = averages(observed.drop(columns="group"), indicators, observed["group"]).loc["north"]
    assert found["rate"] == pytest.approx(25.0)
    assert found["ratio"] == pytest.approx(110.0)
    assert np.isnan(found["place"])


def test_every_indicator_has_its_row(comparison: Comparison, ranking: Prioritisation) -> None:
    profile = area_profile(comparison, ranking, ranking.areas.index[0])
    assert len(profile.indicators) == len(comparison.indicators)
    assert profile.indicators["status"].isin(["reported", "zero", "suppressed", "missing"]).all()
    known = profile.indicators["value"].notna()
    assert (profile.indicators.loc[known, "rank"] >= 1).all()
    assert (profile.indicators.loc[~known, "rank"] == 0).all()
    assert profile.indicators["country"].isna().all()
    assert profile.priorities["points"].sum() == pytest.approx(profile.score)


def test_the_council_lies_between_its_areas(comparison: Comparison) -> None:
    values = comparison.observations["value"].unstack()
    council = comparison.council.dropna()
    assert len(council) > 25
    assert (values.min()[council.index] <= council + 1e-9).all()
    assert (values.max()[council.index] >= council - 1e-9).all()


def test_rank_one_is_the_greatest_need(comparison: Comparison) -> None:
    values = comparison.observations["value"].unstack()
    assert (
        comparison.ranks["income_rate"].idxmin() in values.index[values["income_rate"] == values["income_rate"].max()]
    )
    first = comparison.ranks["attendance"].where(comparison.ranks["attendance"] > 0).idxmin()
    assert values["attendance"][first] == values["attendance"].min()


def test_an_unknown_area_is_refused(comparison: Comparison, ranking: Prioritisation) -> None:
    with pytest.raises(UserError, match="no area 'X'"):
        area_profile(comparison, ranking, "X")
