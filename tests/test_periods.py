"""Periods as publishers write them."""

from __future__ import annotations

import pytest

from prioritisation.periods import overlap, period_of


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2017", (2017, 1), (2017, 12)),
        ("2011 (census)", (2011, 1), (2011, 12)),
        ("2016/17", (2016, 4), (2017, 3)),
        ("2014/15 to 2017/18", (2014, 4), (2018, 3)),
        ("2014 to 2017", (2014, 1), (2017, 12)),
        ("mid-2021", (2021, 6), (2021, 6)),
        ("2025-07 to 2026-06", (2025, 7), (2026, 6)),
    ],
)
def test_first_and_last_month(text: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    found = period_of(text)
    assert found is not None
    assert (divmod(found.first, 12), divmod(found.last, 12)) == ((first[0], first[1] - 1), (last[0], last[1] - 1))


@pytest.mark.parametrize("text", ["mid-year estimate", "see the publisher's technical notes", "", "S01012417"])
def test_a_text_without_a_year_is_no_period(text: str) -> None:
    assert period_of(text) is None


@pytest.mark.parametrize(
    ("texts", "shared"),
    [
        (("2014 to 2017", "2015 to 2018"), True),
        (("2014/15", "2015/16", "2016/17"), False),
        (("2025-07 to 2026-06", "2024-07 to 2025-06"), False),
        (("2017", "2016/17"), True),
    ],
)
def test_periods_that_share_a_month_overlap(texts: tuple[str, ...], shared: bool) -> None:
    assert overlap([found for text in texts if (found := period_of(text))]) is shared
