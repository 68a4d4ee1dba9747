"""Map classes: five of equal count, breaks that stay, the greatest need always darkest."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from prioritisation.classes import CLASSES, class_breaks, classify


def test_five_classes_of_equal_count() -> None:
    need = np.arange(100.0)
    found = classify(need, class_breaks(need))
    assert np.bincount(found, minlength=6).tolist() == [0, 20, 20, 20, 20, 20]


def test_no_value_has_no_class() -> None:
    need = np.array([np.nan, 1.0, 2.0])
    assert classify(need, class_breaks(need))[0] == 0
    assert class_breaks(np.array([np.nan])) == ()


def test_many_zeros_share_one_class_and_the_rest_are_darker() -> None:
    need = np.array([0.0] * 90 + list(range(1, 11)))
    found = classify(need, class_breaks(need))
    assert len(set(found[:90])) == 1
    assert found[-1] == CLASSES
    assert found[0] < found[-1]


def test_a_single_value_everywhere_is_one_class() -> None:
    assert set(classify(np.full(9, 3.0), class_breaks(np.full(9, 3.0)))) == {CLASSES}


@given(arrays(float, st.integers(1, 60), elements=st.floats(-1e6, 1e6)))
def test_classes_rise_with_need(need: np.ndarray) -> None:
    found = classify(np.sort(need), class_breaks(need))
    assert (np.diff(found) >= 0).all()
    assert found.min() >= 1
    assert found.max() == CLASSES
