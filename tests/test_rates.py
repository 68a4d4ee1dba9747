"""Confidence limits against published examples and exact ones."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from prioritisation.rates import byar, rate_limits, wilson


def test_wilson_against_newcombe() -> None:
    # Newcombe, Statistics in Medicine 1998;17:857-72, table I, method 3
    for people, out_of, low, high in [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ]:
        found = wilson(people, out_of)
        assert (float(found[0]), float(found[1])) == pytest.approx((low, high), abs=5e-5)


def test_byar_is_near_the_exact_limits() -> None:
    events = np.array([10, 20, 65, 100, 500])
    low, high = byar(events)
    np.testing.assert_allclose(low, chi2.ppf(0.025, 2 * events) / 2, rtol=0.01)
    np.testing.assert_allclose(high, chi2.ppf(0.975, 2 * events + 2) / 2, rtol=0.01)


def test_few_events_have_exact_limits() -> None:
    low, high = byar([0, 1, 9])
    assert low[0] == 0
    assert high[0] == pytest.approx(-math.log(0.025))
    assert (low[1], high[1]) == pytest.approx((0.0253, 5.5716), abs=1e-4)


def test_nothing_gives_nothing() -> None:
    for low, high in (wilson(5, 0), wilson(np.nan, 10), byar(np.nan), rate_limits(5, 0, 1000)):
        assert np.isnan(low)
        assert np.isnan(high)


@given(st.integers(0, 2000), st.integers(1, 2000), st.booleans())
def test_a_rate_lies_between_its_limits(count: int, residents: int, events: bool) -> None:
    low, high = rate_limits(count, residents, 1000, events)
    assert low - 1e-9 <= 1000 * count / residents <= high + 1e-9
    assert high - low > 0
