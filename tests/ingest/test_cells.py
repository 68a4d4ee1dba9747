"""Cells to numbers and states, and fractions told from per cents."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prioritisation.ingest.cells import BAD, fraction_columns, read_cell, read_cells, without_sign


@pytest.mark.parametrize(
    ("cell", "value", "status", "percent"),
    [
        ("12", 12.0, "reported", False),
        (" 1,656 ", 1656.0, "reported", False),
        ("-1,234,567.5", -1234567.5, "reported", False),
        ("13%", 13.0, "reported", True),
        ("0%", 0.0, "zero", True),
        ("0", 0.0, "zero", False),
        ("-0.0", 0.0, "zero", False),
        (0, 0.0, "zero", False),
        (np.float64(0.08), 0.08, "reported", False),
        ("1e-3", 0.001, "reported", False),
        ("\u22125", -5.0, "reported", False),
        ("*", math.nan, "suppressed", False),
        ("[c]", math.nan, "suppressed", False),
        ("", math.nan, "missing", False),
        ("  ", math.nan, "missing", False),
        ("\u00a0", math.nan, "missing", False),
        (None, math.nan, "missing", False),
        (math.nan, math.nan, "missing", False),
        ("[x]", math.nan, "missing", False),
        ("n/a", math.nan, BAD, False),
        ("1,65", math.nan, BAD, False),
        ("12,3456", math.nan, BAD, False),
        ("twelve", math.nan, BAD, False),
        ("nan", math.nan, BAD, False),
        ("inf", math.nan, BAD, False),
        ("1e999", math.nan, BAD, False),
        (math.inf, math.nan, BAD, False),
        (True, math.nan, BAD, False),
        ("-", math.nan, BAD, False),
        ("%", math.nan, BAD, False),
    ],
)
def test_a_cell_is_a_number_or_a_state(cell: object, value: float, status: str, percent: bool) -> None:
    read = read_cell(cell)
    assert read[1:] == (status, percent)
    assert read[0] == pytest.approx(value, nan_ok=True)


@given(st.lists(st.one_of(st.none(), st.floats(), st.text(max_size=6), st.integers(-9999, 9999))))
def test_a_column_reads_as_its_cells_do(cells: list[object]) -> None:
    column = read_cells(pd.Series(cells, dtype=object))
    each = [read_cell(cell) for cell in cells]
    assert list(column.status) == [status for _, status, _ in each]
    np.testing.assert_array_equal(column.value, [value for value, _, _ in each])


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_survives_being_written(number: float) -> None:
    assert read_cell(repr(number))[0] == number


def _columns(*columns: list[object]) -> list:
    return [read_cells(pd.Series(cells, dtype=object)) for cells in columns]


@pytest.mark.parametrize(
    ("cells", "is_fraction"),
    [
        ([0.08, 0.05, 0.0, 0.59], True),
        (["8", "5", "0", "59"], False),
        (["13%", "0%", "1%"], False),
        ([1.0, 0.9, 0.85, 0.99], True),
        ([0.08] * 11 + [7.0], True),
        (["*", "", 0.3], True),
        ([1, 2, 1, 0.5, 3], False),
    ],
)
def test_fractions_are_told_from_per_cents(cells: list[object], is_fraction: bool) -> None:
    assert fraction_columns(_columns(cells)) == [is_fraction]


def test_a_column_of_zeros_and_ones_follows_its_table() -> None:
    assert fraction_columns(_columns([0, 1, 1], [0.2, 0.3, 0.1])) == [True, True]
    assert fraction_columns(_columns([0, 1, 1], [20, 30, 10])) == [False, False]
    assert fraction_columns(_columns([0, 1, 1])) == [False]


def test_numbers_that_lack_the_sign_of_their_column_are_seen() -> None:
    [cells] = _columns(["13%", "0.13", "0", "*", "12%"])
    assert without_sign(cells).tolist() == [False, True, False, False, False]
