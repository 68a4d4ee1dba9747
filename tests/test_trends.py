"""The test for trend: a published example, a slow second implementation, and what chance alone may not do."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from prioritisation.trends import FALLING, NO_CLEAR_CHANGE, RISING, trends

# Agresti, Categorical Data Analysis, 2nd ed., 2002, section 5.3.4: malformations by alcohol; the trend's chi-square is
# 6.57 with 1 degree of freedom, and that of the whole table 12.1 with 4.
MALFORMED = np.array([[48.0, 38, 5, 1, 1]])
BORN = np.array([[17114.0, 14502, 793, 127, 38]])
DRINKS = np.array([0, 0.5, 1.5, 4, 7])


def test_a_published_example() -> None:
    found = trends(MALFORMED, BORN, DRINKS, events=False)
    spread = (12.082 - 6.570) / 3
    assert found.spread == pytest.approx(spread, rel=1e-3)
    assert found.chance[0] == pytest.approx(2 * norm.sf(math.sqrt(6.570 / spread)), rel=2e-3)


def slow(counts: list[float], bases: list[float], when: list[float], events: bool) -> tuple[float, float]:
    """Return the standardised slope and the unexplained chi-square of one area, written as the books have it."""
    rows = [(c, b, t) for c, b, t in zip(counts, bases, when, strict=True) if not math.isnan(c)]
    whole, of = sum(c for c, _, _ in rows), sum(b for _, b, _ in rows)
    rate = whole / of
    middle = sum(b * t for _, b, t in rows) / of
    slope = sum(c * (t - middle) for c, _, t in rows)
    varies = rate if events else rate * (1 - rate)
    variance = varies * sum(b * (t - middle) ** 2 for _, b, t in rows)
    total = sum((c - b * rate) ** 2 / (b * varies) for c, b, _ in rows)
    return slope / math.sqrt(variance), total - slope**2 / variance


@pytest.mark.parametrize("events", [True, False])
def test_equal_to_a_slow_second_implementation(events: bool) -> None:
    rng = np.random.default_rng(7)
    when = np.array([2012.5, 2013.5, 2014.5, 2016.5, 2017.5])
    bases = rng.integers(300, 900, (60, 5)).astype(float)
    counts = rng.binomial(bases.astype(int), 0.2 * np.exp(rng.normal(0, 0.2, (60, 1)) * (when - 2015))).astype(float)
    counts[rng.random((60, 5)) < 0.15] = np.nan
    found = trends(counts, bases, when, events=events)
    known = (~np.isnan(counts)).sum(axis=1)
    assert list(found.periods) == list(known)
    assert list(found.tested) == list(known >= 3)
    by_hand = [slow(list(c), list(b), list(when), events) for c, b in zip(counts, bases, strict=True)]
    freedom = sum(count - 2 for count in known if count >= 3)
    spread = max(1.0, sum(left for (_, left), count in zip(by_hand, known, strict=True) if count >= 3) / freedom)
    assert found.spread == pytest.approx(spread)
    for (score, _), chance, tested in zip(by_hand, found.chance, found.tested, strict=True):
        assert chance == pytest.approx(2 * norm.sf(abs(score) / math.sqrt(spread))) if tested else np.isnan(chance)
    for (score, _), change in zip(by_hand, found.change, strict=True):
        assert change in (NO_CLEAR_CHANGE, RISING if score > 0 else FALLING)
    assert {RISING, FALLING, NO_CLEAR_CHANGE} == set(found.change.tolist())


@pytest.mark.parametrize("extra", [0.0, 0.15])
def test_chance_alone_makes_no_trends(full: bool, extra: float) -> None:
    """Without any change hardly an area is named, even where counts move more than chance allows (extra)."""
    rng = np.random.default_rng(3)
    repeats, named = 200 if full else 20, 0
    for _ in range(repeats):
        bases = np.full((153, 5), 700.0)
        mean = 0.15 * np.exp(rng.normal(-(extra**2) / 2, extra, bases.shape))
        counts = rng.binomial(700, np.minimum(mean, 0.9)).astype(float)
        named += bool((trends(counts, bases, np.arange(5.0), events=False).change != NO_CLEAR_CHANGE).any())
    # Without any true trend, the chance that even one area is named is what the false discovery rate limits.
    assert named / repeats <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / repeats)


def test_true_trends_are_found_and_few_others() -> None:
    rng = np.random.default_rng(5)
    truly = np.arange(153) < 30
    rate = 0.15 * np.exp(np.where(truly, 0.12, 0.0)[:, None] * np.arange(6))
    counts = rng.binomial(700, rate).astype(float)
    found = trends(counts, np.full(counts.shape, 700.0), np.arange(6.0), events=False).change
    assert (found[truly] == RISING).mean() > 0.9
    assert (found[~truly] != NO_CLEAR_CHANGE).sum() <= 4


def test_two_periods_and_no_events_claim_nothing() -> None:
    two = trends(np.array([[1.0, 400.0]]), np.full((1, 2), 500.0), np.array([2001.0, 2011.0]), events=False)
    assert not two.tested[0]
    assert two.change[0] == NO_CLEAR_CHANGE
    none = trends(np.zeros((2, 4)), np.full((2, 4), 500.0), np.arange(4.0), events=True)
    assert none.tested.all()
    assert list(none.chance) == [1.0, 1.0]
