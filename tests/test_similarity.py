"""How alike areas are: a slow second implementation, and what must hold for any areas."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from prioritisation.similarity import SHARED_AT_LEAST, distances, positions, typical

SHARES = np.array([0.5, 0.5, 0.6, 0.4])
cells = st.one_of(st.integers(0, 5).map(float), st.just(math.nan))


def slow(values: np.ndarray, signs: np.ndarray, a: int, b: int) -> float:
    """Return how far two areas are apart, one cell at a time."""
    total = weight = 0.0
    for column, sign, share in zip(values.T, signs, SHARES, strict=True):
        if math.isnan(column[a]) or math.isnan(column[b]):
            continue
        known = [sign * each for each in column if not math.isnan(each)]

        def place(value: float, known: list[float] = known, sign: float = sign) -> float:
            own = sign * value
            return 100 * (sum(each < own for each in known) + sum(each == own for each in known) / 2) / len(known)

        total += share * (place(column[a]) - place(column[b])) ** 2
        weight += share
    return math.sqrt(total / weight) if weight / SHARES.sum() >= SHARED_AT_LEAST - 1e-9 else math.nan


@given(arrays(float, (7, 4), elements=cells), st.integers(0, 6), st.integers(0, 6))
def test_equal_to_a_slow_second_implementation(values: np.ndarray, a: int, b: int) -> None:
    signs = np.array([1.0, -1.0, 1.0, 1.0])
    place = positions(values, signs)
    found = distances(place, SHARES, a)
    assert found.apart[b] == pytest.approx(slow(values, signs, a, b), nan_ok=True)
    assert distances(place, SHARES, b).apart[a] == pytest.approx(found.apart[b], nan_ok=True)
    assert found.apart[a] == 0 or np.isnan(found.apart[a])


def test_what_both_lack_is_left_out_and_too_little_is_not_compared() -> None:
    place = np.array([[10.0, 50, 50, np.nan], [20.0, 50, 50, 90], [10.0, np.nan, np.nan, 40]])
    found = distances(place, SHARES, 0)
    assert found.apart[1] == pytest.approx(math.sqrt(0.5 * 100 / 1.6))
    assert found.shared[1] == pytest.approx(0.8)
    assert np.isnan(found.apart[2])
    assert found.shared[2] == pytest.approx(0.25)


def test_the_usual_distance_is_the_median_of_all_pairs() -> None:
    place = np.array([[0.0], [10.0], [40.0]])
    assert typical(place, np.array([1.0])) == 30
    assert math.isnan(typical(place[:1], np.array([1.0])))
