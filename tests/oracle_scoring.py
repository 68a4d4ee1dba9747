"""A slow second implementation of scoring in plain Python, written from design/method.md and nothing else."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class OracleScore:
    """One unit: its score on each priority and overall (None: no score), coverage and the two extremes."""

    by_priority: list[float | None]
    priority_coverage: list[float]
    score: float | None
    coverage: float
    lowest: float
    highest: float


@dataclass(frozen=True)
class Hidden:
    """A suppressed count of people: a rate between 0 and at_most that nobody outside knows."""

    at_most: float


def revealed(column, way, by_rank):
    """Return one indicator's values with every suppressed one at "tied", "low" or "high".

    method.md: they tie with each other at their mean rank, below every published value; by distance they stand at
    the lowest published value; their lowest end is nothing at all, their highest what they could be at most.
    """
    published = [value for value in column if value is not None and not isinstance(value, Hidden)]
    lowest = min(published, default=0.0)
    below = math.nextafter(lowest, -math.inf) if by_rank else lowest
    ends = {"tied": lambda _: below, "low": lambda _: min(below, 0.0), "high": lambda each: max(each.at_most, below)}
    return [ends[way](value) if isinstance(value, Hidden) else value for value in column]


def oracle_with_hidden(rows, framework, polarity, weights):
    """Score rows that may hold Hidden; lowest and highest take each suppressed count at the end that is worse."""
    names, by_rank = list(rows[0]), framework.normalise.method in ("percentile", "exponential")
    made = {}
    for way in ("tied", "low", "high"):
        columns = {name: revealed([row[name] for row in rows], way, by_rank) for name in names}
        made[way] = [{name: columns[name][k] for name in names} for k in range(len(rows))]
    middle = oracle_scores(made["tied"], framework, polarity, weights)
    ends = [oracle_scores(made[way], framework, polarity, weights, reference=made["tied"]) for way in ("low", "high")]
    return middle, ends


def place(need, method, rank_offset, known):
    """Place one need among the known ones by comparing it with each of them."""
    n = len(known)
    if need is None or n == 0:
        return None
    least, greatest = min(known), max(known)
    greater = sum(1 for other in known if other > need)
    same = sum(1 for other in known if other == need)
    fewer = n - greater - same
    if method == "percentile":
        mean_rank_from_least = fewer + (same + 1) / 2
        return 100 * (mean_rank_from_least - 0.5) / n
    if method == "exponential":
        mean_rank_from_greatest = greater + (same + 1) / 2
        r = (n + rank_offset - mean_rank_from_greatest) / n
        return -23 * math.log(1 - min(max(r, 0), 1) * (1 - math.exp(-100 / 23)))
    if least == greatest:
        return 50.0
    if method == "min-max":
        return 100 * min(max((need - least) / (greatest - least), 0), 1)
    mean = math.fsum(known) / n
    return 50 + 10 * (need - mean) / math.sqrt(math.fsum((other - mean) ** 2 for other in known) / n)


def combine(scores, weights, aggregate):
    """Combine priority scores by weights; None when one that counts is None."""
    total = sum(weights)
    counted = [(score, weight / total) for score, weight in zip(scores, weights, strict=True) if weight > 0]
    if any(score is None for score, _ in counted):
        return None
    if aggregate == "geometric":
        return math.prod(max(score, 1) ** weight for score, weight in counted)
    return sum(score * weight for score, weight in counted)


def score_priority(placed, shares):
    """Return score, coverage, worst and best case from one unit's placed indicators."""
    whole = sum(shares)
    there = [(need, share) for need, share in zip(placed, shares, strict=True) if need is not None]
    coverage = sum(share for _, share in there) / whole
    score = sum(need * share for need, share in there) / sum(share for _, share in there) if there else None
    extremes = [
        sum((fill if need is None else need) * share for need, share in zip(placed, shares, strict=True)) / whole
        for fill in (0, 100)
    ]
    return (score if coverage >= 0.5 - 1e-9 else None), coverage, *extremes


def oracle_scores(rows, framework, polarity, weights, reference=None):
    """Score rows (a list of dicts, indicator id -> number or None) and return one OracleScore each."""
    reference = rows if reference is None else reference
    how = framework.normalise

    def oriented(row, part):
        better = (part.polarity or polarity[part.id]) == "higher_is_better"
        return None if row[part.id] is None else (-row[part.id] if better else row[part.id])

    def placed(row, part):
        known = [need for other in reference if (need := oriented(other, part)) is not None]
        return place(oriented(row, part), how.method, how.rank_offset, known)

    results = []
    for row in rows:
        of_priorities = [
            score_priority([placed(row, part) for part in parts], [part.share for part in parts])
            for parts in (priority.indicators for priority in framework.priorities)
        ]
        scores, covered, lows, highs = (list(column) for column in zip(*of_priorities, strict=True))
        results.append(
            OracleScore(
                by_priority=scores,
                priority_coverage=covered,
                score=combine(scores, weights, framework.aggregate),
                coverage=combine(covered, weights, "arithmetic"),
                lowest=combine(lows, weights, framework.aggregate),
                highest=combine(highs, weights, framework.aggregate),
            )
        )
    return results


def oracle_ranks(scores):
    return [rank_of(score, scores) for score in scores]


def rank_of(score, scores):
    """Return 1 + the number of units with a higher score, or 0."""
    if score is None:
        return 0
    return 1 + sum(1 for other in scores if other is not None and tie(other) > tie(score))


def tie(score):
    return math.floor(score * 1e9 + 0.5)
