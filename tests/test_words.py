"""Numbers, states and HTML as people read them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from prioritisation.ui.markup import Markup, join, tag
from prioritisation.words import (
    NOT_APPLICABLE,
    age,
    day,
    listed,
    method_words,
    number,
    ordinal,
    percent,
    place_words,
    valued,
    weight_words,
)

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (12.34, "per cent", "12.3%"),
        (0, "per cent", "0.0%"),
        (0.01, "per cent", "under 0.1%"),
        (5.25, "minutes", "5.2 min"),
        (1395, "rank (1 = most deprived)", "1,395"),
        (0.2, "per 10,000 residents", "under 1"),
        (NAN, "per cent", "\N{EN DASH}"),
    ],
)
def test_numbers_by_unit(value: float, unit: str, words: str) -> None:
    assert number(value, unit) == words


def test_the_three_states_differ() -> None:
    said = [valued(0.0, "zero", "per cent"), valued(NAN, "suppressed", "per cent"), valued(NAN, "missing", "per cent")]
    assert said == ["0.0%", "suppressed", "no value"]


def test_ranks() -> None:
    assert [ordinal(rank) for rank in (1, 2, 3, 4, 11, 12, 13, 21, 112, 1002)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th", "1,002nd",
    ]  # fmt: skip
    assert place_words(12, 153) == "12th of 153"
    assert place_words(0, 153) == "\N{EN DASH}"


def test_shares_lists_and_days() -> None:
    assert [percent(0.25), percent(1 / 3, 1), percent(1)] == ["25%", "33.3%", "100%"]
    assert [listed(["a"]), listed(["a", "b"]), listed(list("abcde"))] == ["a", "a and b", "a, b, c and 2 more"]
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert [age(stamp, now) for stamp in ("2026-11-22", "2026-11-19", "2024-01-01", "soon")] == [
        "today", "3 days ago", "2 years ago", "",
    ]  # fmt: skip
    assert day("2026-11-02T10:00:00Z") == "2 November 2026"


def test_text_stays_text() -> None:
    nasty = '<img src=x onerror="alert(1)">'
    assert tag("p", nasty, title=nasty).count("<") == 2
    assert "onerror=&quot;" in tag("p", nasty)
    assert join(nasty, Markup("<b>ours</b>")).endswith("<b>ours</b>")


def test_equal_weights_read_equal_and_halves_go_up_as_in_the_browser() -> None:
    assert [weight_words(each) for each in (33.3334, 33.3333, 25, 12.5, 8.35, 12.25)] == [
        "33.3",
        "33.3",
        "25",
        "12.5",
        "8.4",
        "12.3",
    ]
    assert weight_words(float("nan")) == NOT_APPLICABLE


def test_the_method_is_said_in_the_words_of_its_choices() -> None:
    said = method_words("exponential", "geometric", "all", 0.5)
    assert said == (
        "Exponential: spreads out the areas in greatest need, with a rank offset of 0.5. Geometric mean: a low score "
        "on one priority is not bought back by another. Each area is compared with all areas of the country that are "
        "loaded."
    )
    assert method_words("of a newer version", "arithmetic", "council").startswith("of a newer version. Average: ")
