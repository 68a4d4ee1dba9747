"""The votes' arithmetic once more, slowly and from the definitions, without the package."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

Vote = Sequence[float]


def ranks(vote: Vote) -> list[Fraction]:
    """1 for the heaviest; ties take the mean of the places that they fill."""
    ordered = sorted(vote, reverse=True)
    places = {weight: [place + 1 for place, other in enumerate(ordered) if other == weight] for weight in vote}
    return [Fraction(sum(places[weight]), len(places[weight])) for weight in vote]


def kendalls_w(votes: Sequence[Vote]) -> Fraction | None:
    """12 S / (m^2 (n^3 - n) - m sum(t^3 - t)), as Kendall wrote it in 1948."""
    m, n = len(votes), len(votes[0])
    totals = [sum(column) for column in zip(*(ranks(vote) for vote in votes), strict=True)]
    spread = sum((total - Fraction(sum(totals), n)) ** 2 for total in totals)
    ties = sum(t**3 - t for vote in votes for t in Counter(vote).values())
    below = m * m * (n**3 - n) - m * ties
    return Fraction(12 * spread, below) if below and m > 1 else None


def differ_by(column: Vote) -> float:
    pairs = list(combinations(column, 2))
    return sum(abs(one - other) for one, other in pairs) / len(pairs) if pairs else 0.0
