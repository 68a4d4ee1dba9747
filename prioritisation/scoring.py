"""From indicator values to scores and ranks for any units: orient, normalise, weight, aggregate, rank.

A unit is whatever a row stands for, an area or a cohort. Everything here is a pure function of its arguments.

The browser ranks while a slider moves and must agree with Python to the last bit. So every weighted sum over
priorities runs in the order of the priorities, one multiplication and one addition at a time, skipping
weights of zero, and two units tie when floor(sum * 1e9 + 0.5) is equal (`weighted_sum`, `rank_scores`).
Under the geometric mean the sum, and so the tie, is taken on logarithms, which Python hands to the browser as
columns (`terms`): exp and log differ in the last bit from machine to machine, multiplying and adding do not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prioritisation.errors import Fault, UserError
from prioritisation.framework import HIGHER_IS_BETTER, POLARITIES, Framework, IndicatorShare, Normalisation
from prioritisation.weights import shares

SCORE_NEEDS_COVERAGE_OF_AT_LEAST = 0.5
GEOMETRIC_FLOORS_SCORES_AT = 1.0
TIES_PER_POINT = 1e9  # two sums are the same when floor(sum * this + 0.5) is equal
EXPONENTIAL_DECAY = 23.0  # the deprivation indices' constant: the worst tenth spreads over half of the scale
SHARE_ROUNDING = 1e-9  # shares such as three sixths may add up to a hair under one half

Floats = NDArray[np.float64]
Ranks = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Scores:
    """What scoring found; rows are units, columns priorities, in the order given. Arrays are read-only.

    Scores and priority scores are needs from 0 to 100 (z-scores may leave that range), NaN where there is no
    score. coverage: share of the weight that rests on values, 0 to 1. lowest, highest: the score if every gap
    were filled with 0 or with 100, and every suppressed count stood at either end, also for units without a
    score. rank: 1 is the greatest need, tied units share the smallest rank, 0 means not scored. weights: shares
    of 1 as used.
    """

    unit_ids: tuple[str, ...]
    priority_ids: tuple[str, ...]
    priority_scores: Floats
    priority_coverage: Floats
    weights: Floats
    score: Floats
    rank: Ranks
    coverage: Floats
    lowest: Floats
    highest: Floats

    def __post_init__(self) -> None:
        for field in fields(self):
            column = getattr(self, field.name)
            if isinstance(column, np.ndarray):
                column.setflags(write=False)


def score_units(
    values: pd.DataFrame,
    framework: Framework,
    polarity: Mapping[str, str],
    weights: Sequence[float] | Mapping[str, float] | None = None,
    reference: pd.DataFrame | None = None,
    ends: tuple[pd.DataFrame, pd.DataFrame] | None = None,
) -> Scores:
    """Score and rank units by a framework.

    values: unit id x indicator id, numbers, NaN where there is no value; other columns are ignored.
    polarity: of each indicator, unless the framework gives its own.
    weights: as for `shares`; by default the framework's.
    reference: values of the units that make up the distribution in which these are placed, by default
    themselves. A unit that is in the reference scores exactly as if all of the reference were scored. An
    indicator without any value in the reference counts as missing.
    ends: values as low and as high as each could be, such as of suppressed counts; they bound the scores only.
    Inside a priority the indicators are always combined by their weighted arithmetic mean, so that the share of
    a missing value can go to the rest; the framework's `aggregate` acts between priorities.
    UserError: wrong weights, columns or polarity absent or not numbers, a geometric mean of z-scores.
    """
    priority_ids = framework.priority_ids
    weight = shares(framework.weights if weights is None else weights, priority_ids)
    faults = [*_setting_faults(framework, polarity), *_column_faults(values, framework, "")]
    _refuse(faults + ([] if reference is None else _column_faults(reference, framework, "reference ")))
    known = values if reference is None else reference
    normalised = _normalised(values, framework, polarity, known)
    by_priority = [_priority(priority.indicators, normalised) for priority in framework.priorities]
    score, coverage, lowest, highest = map(np.column_stack, zip(*by_priority, strict=True))
    if ends is not None:
        lowest, highest = _between([_normalised(each, framework, polarity, known) for each in ends], framework)
    return Scores(
        unit_ids=tuple(map(str, values.index)),
        priority_ids=priority_ids,
        priority_scores=score,
        priority_coverage=coverage,
        weights=weight,
        score=overall(score, weight, framework.aggregate),
        rank=rank_units(score, weight, framework.aggregate),
        coverage=weighted_sum(coverage, weight),
        lowest=overall(lowest, weight, framework.aggregate),
        highest=overall(highest, weight, framework.aggregate),
    )


def terms(priority_scores: Floats, aggregate: str) -> Floats:
    """Return the columns (n, p) whose weighted sum orders the units: scores, or their floored logarithms."""
    if aggregate == "geometric":
        return np.log(np.maximum(priority_scores, GEOMETRIC_FLOORS_SCORES_AT))
    return priority_scores


def weighted_sum(columns: Floats, weights: Floats) -> Floats:
    """Return sum_k weights[k] * columns[:, k], bit for bit as the browser does; NaN where a term is NaN.

    columns: (n, p); weights: (p,) shares of 1. A column of weight zero is not looked at.
    """
    total = np.zeros(len(columns))
    for column, weight in zip(columns.T, weights, strict=True):
        if weight != 0:
            total += weight * column  # rounds the product, then the sum: no fused multiply-add, no BLAS
    return total


def overall(priority_scores: Floats, weights: Floats, aggregate: str) -> Floats:
    """Return one score per unit, NaN where a priority with a weight above zero has no score.

    priority_scores: (n, p); weights: (p,) from `shares`; aggregate: "arithmetic" or "geometric".
    """
    total = weighted_sum(terms(priority_scores, aggregate), weights)
    return np.exp(total) if aggregate == "geometric" else total


def rank_units(priority_scores: Floats, weights: Floats, aggregate: str) -> Ranks:
    """Return ranks (n,) as the browser finds them: of the score, or of its logarithm if the mean is geometric.

    So arithmetic scores tie within a billionth of a point, geometric ones within a billionth of themselves.
    """
    return rank_scores(weighted_sum(terms(priority_scores, aggregate), weights))


def rank_scores(score: Floats) -> Ranks:
    """Return ranks (n,): 1 for the highest, ties share the smallest rank, 0 where the score is NaN.

    Scores are the same when floor(score * 1e9 + 0.5) is equal, so that rounding in the last bit parts no tie.
    """
    tie = np.floor(score * TIES_PER_POINT + 0.5)
    order = _from_highest(tie)
    ordered = tie[order]
    place = np.arange(1, len(tie) + 1)
    place[1:][ordered[1:] == ordered[:-1]] = 0
    rank = np.empty(len(tie), dtype=np.int64)
    rank[order] = np.maximum.accumulate(place)
    rank[np.isnan(tie)] = 0
    return rank


def contributions(priority_scores: Floats, weights: Floats, aggregate: str = "arithmetic") -> Floats:
    """Return weight x score (n, p), the parts of a stacked bar; 0 for a priority that is off.

    Under the arithmetic mean a row adds up to the score, under the geometric mean to its natural logarithm.
    """
    return np.where(weights != 0, weights * terms(priority_scores, aggregate), 0.0)


def normalise_need(need: Floats, how: Normalisation, reference: Floats | None = None) -> Floats:
    """Place needs (n,) in the distribution of the reference (m,), by default their own; NaN stays NaN.

    Result: 0 to 100, 100 the greatest need; ties take their mean rank. A constant reference gives 50 by min-max
    and z-score. A need beyond the reference ranks just outside it, and by min-max gets the end of the scale; a
    z-score may leave 0 to 100.
    """
    placed, has_value = np.full(len(need), np.nan), ~np.isnan(need)
    known = need if reference is None else reference
    known = np.sort(known[~np.isnan(known)])
    if len(known):
        place = _by_rank if how.method in ("percentile", "exponential") else _by_distance
        placed[has_value] = place(need[has_value], how, known)
    return placed


def exponential_transform(share: Floats) -> Floats:
    """Return X = -23 ln(1 - R (1 - exp(-100 / 23))) for R from 0 to 1, the deprivation indices' transform.

    It spreads out the deprived end, so that high need in one domain is hard to cancel by low need elsewhere.
    Source: Noble et al., The English Indices of Deprivation 2004; Scottish Government, SIMD technical notes.
    """
    return -EXPONENTIAL_DECAY * np.log1p(share * np.expm1(-100 / EXPONENTIAL_DECAY))


def _from_highest(tie: Floats) -> Ranks:
    """Return the positions of whole numbers from the highest to the lowest, NaN last.

    Number and position are packed into one integer: sorting those takes half the time of sorting positions.
    """
    position_bits = len(tie).bit_length()
    last = 1 << (61 - position_bits)
    if (np.abs(tie) >= last).any():  # cannot be packed; no score of 0 to 100 comes near
        return np.argsort(-tie, kind="stable")
    packed = np.where(np.isnan(tie), last, -tie).astype(np.int64) << position_bits
    packed += np.arange(len(tie))
    packed.sort()
    return packed & ((1 << position_bits) - 1)


def _by_rank(need: Floats, how: Normalisation, known: Floats) -> Floats:
    """Return percentile or exponential scores from mean ranks among the sorted, known needs."""
    n = len(known)
    order = np.argsort(need)  # looking needs up in their order takes half the time, sorting included
    below, not_above = np.empty_like(order), np.empty_like(order)
    below[order] = np.searchsorted(known, need[order], side="left")
    not_above[order] = np.searchsorted(known, need[order], side="right")
    equal = not_above - below
    if how.method == "percentile":
        return 100 * (below + equal / 2) / n  # mean rank from the least need is below + (equal + 1) / 2
    rank = n - not_above + (equal + 1) / 2
    return exponential_transform(np.clip((n + how.rank_offset - rank) / n, 0, 1))


def _by_distance(need: Floats, how: Normalisation, known: Floats) -> Floats:
    """Return min-max or z-scores from distances within the sorted, known needs."""
    least, greatest = known[0], known[-1]
    if least == greatest:
        return np.full(len(need), 50.0)
    if how.method == "min-max":
        return 100 * np.clip((need - least) / (greatest - least), 0, 1)
    scale = greatest - least  # first to a range of 1, so that no unit of measurement is too small to square
    unit_range = (known - least) / scale
    mean = math.fsum(unit_range) / len(known)
    deviation = math.sqrt(math.fsum((unit_range - mean) ** 2) / len(known))
    return 50 + 10 * ((need - least) / scale - mean) / deviation


def _normalised(
    values: pd.DataFrame, framework: Framework, polarity: Mapping[str, str], reference: pd.DataFrame
) -> dict[tuple[str, str | None], Floats]:
    """Return each indicator's needs (n,) as 0-100, keyed by indicator and the framework's polarity."""
    placed: dict[tuple[str, str | None], Floats] = {}
    for priority in framework.priorities:
        for part in priority.indicators:
            if (part.id, part.polarity) not in placed:
                sign = -1.0 if (part.polarity or polarity[part.id]) == HIGHER_IS_BETTER else 1.0
                need, known = (sign * _numbers(table[part.id]) for table in (values, reference))
                placed[part.id, part.polarity] = normalise_need(need, framework.normalise, known)
    return placed


def _priority(
    parts: Sequence[IndicatorShare], normalised: Mapping[tuple[str, str | None], Floats]
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return one priority's score, coverage, and score with gaps filled by 0 and by 100, each (n,)."""
    total = np.zeros(len(normalised[parts[0].id, parts[0].polarity]))
    present = np.zeros_like(total)
    whole = 0.0
    for part in parts:
        column = normalised[part.id, part.polarity]
        total += part.share * np.nan_to_num(column, nan=0.0)
        present += part.share * ~np.isnan(column)
        whole += part.share
    coverage = present / whole
    enough = coverage >= SCORE_NEEDS_COVERAGE_OF_AT_LEAST - SHARE_ROUNDING
    score = np.divide(total, present, out=np.full(len(total), np.nan), where=enough)
    return score, coverage, total / whole, (total + 100 * (whole - present)) / whole


def _between(ends: Sequence[Mapping[tuple[str, str | None], Floats]], framework: Framework) -> tuple[Floats, Floats]:
    """Return each priority's lowest and highest score (n, p): every need at its worse end, gaps filled as well."""
    least = {part: np.fmin(ends[0][part], ends[1][part]) for part in ends[0]}
    most = {part: np.fmax(ends[0][part], ends[1][part]) for part in ends[0]}
    lowest = [_priority(priority.indicators, least)[2] for priority in framework.priorities]
    highest = [_priority(priority.indicators, most)[3] for priority in framework.priorities]
    return np.column_stack(lowest), np.column_stack(highest)


def _numbers(column: pd.Series) -> Floats:
    return column.to_numpy(dtype=float, na_value=np.nan)


def _setting_faults(framework: Framework, polarity: Mapping[str, str]) -> Iterator[Fault]:
    if framework.aggregate == "geometric" and framework.normalise.method == "z-score":
        remedy = 'Write aggregate = "arithmetic", or another way to normalise.'
        yield Fault(framework.name, "a geometric mean of z-scores means nothing: they have no zero.", remedy)
    for part in {part.id: part for priority in framework.priorities for part in priority.indicators}.values():
        if (part.polarity or polarity.get(part.id)) not in POLARITIES:
            remedy = f"Give the indicator a polarity: {' or '.join(POLARITIES)}."
            yield Fault(part.id, "we do not know whether a higher value means greater need.", remedy)


def _column_faults(table: pd.DataFrame, framework: Framework, which: str) -> list[Fault]:
    """Return what keeps the columns of a table from being scored; never quotes a value."""
    faults = []
    for column in framework.indicator_ids:
        copies = int((table.columns == column).sum())
        if copies != 1:
            found = "there is no such column." if copies == 0 else f"there are {copies} columns of this name."
            faults.append(Fault(f"{which}{column}", found, "Give one, or take it out of the framework."))
            continue
        try:
            endless = int(np.isinf(_numbers(table[column])).sum())
        except (TypeError, ValueError):
            faults.append(Fault(f"{which}{column}", "not all of it is numbers.", "Give numbers only."))
        else:
            if endless:
                faults.append(Fault(f"{which}{column}", f"{endless} values are infinite.", "Leave them empty."))
    return faults


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise UserError(
            "These values cannot be scored by this framework.",
            not_done="Nothing was scored or ranked.",
            remedy="Put these right in the framework or the table, and try again.",
            faults=faults,
        )
