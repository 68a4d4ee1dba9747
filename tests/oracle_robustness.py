"""Slow second implementations for robustness and flips: try everything, one by one, in plain Python."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
from oracle_scoring import combine, oracle_ranks

from prioritisation.scoring import rank_units


def shortlisted(scores, weights, cut, aggregate):
    """Return, by the product's own ranking, which units have rank <= cut under one weighting."""
    rank = rank_units(scores, weights, aggregate)
    return (rank > 0) & (rank <= cut)


def times_in_shortlist(scores, weightings, cut, aggregate):
    """Count, weighting by weighting, how often each unit is in."""
    return sum(shortlisted(scores, weights, cut, aggregate).astype(int) for weights in weightings)


def times_in_shortlist_without_numpy(scores, weightings, cut, aggregate):
    """The same from oracle_scoring alone, which shares nothing with the product."""
    count = [0] * len(scores)
    rows = [[None if math.isnan(score) else score for score in row] for row in scores.tolist()]
    for weights in weightings.tolist():
        totals = [combine(row, weights, aggregate) for row in rows]
        if aggregate == "geometric":
            totals = [None if total is None else math.log(total) for total in totals]
        for unit, rank in enumerate(oracle_ranks(totals)):
            count[unit] += 0 < rank <= cut
    return count


def exact_members(lines, cut, t):
    """Return the units with fewer than `cut` others above them at t; lines are (at 0, at 1) fractions."""
    values = [(unit, low + t * (high - low)) for unit, (low, high) in lines.items()]
    return {unit for unit, value in values if sum(1 for _, other in values if other > value) < cut}


def turns_by_search(scores, weights, cut, priority):
    """Return (present share, members now, [(share, members just beyond)] upwards, and the same downwards).

    All crossings of all pairs, in fractions; members are counted anew between any two crossings.
    """
    weights = [Fraction(weight) for weight in weights]
    others = sum(weights) - weights[priority]
    share = weights[priority] / sum(weights)
    lines = {}
    for unit, row in enumerate(scores):
        counted = [k for k, weight in enumerate(weights) if weight > 0]
        if any(math.isnan(row[k]) for k in counted):
            continue
        rest = sum(weights[k] * Fraction(row[k]) for k in counted if k != priority) / others
        lines[unit] = (rest, Fraction(row[priority]))
    moments = crossings(list(lines.values()))
    now = exact_members(lines, cut, share)
    up = outwards(lines, cut, now, [share, *sorted(t for t in moments if t > share), Fraction(1)])
    down = outwards(lines, cut, now, [share, *sorted((t for t in moments if t < share), reverse=True), Fraction(0)])
    return share, now, up, down


def crossings(lines):
    found = set()
    for i, (low, high) in enumerate(lines):
        for other_low, other_high in lines[:i]:
            closing = (high - low) - (other_high - other_low)
            if closing != 0:
                found.add((other_low - low) / closing)
    return {t for t in found if 0 < t < 1}


def outwards(lines, cut, now, moments):
    """Return (share, members) wherever the members between two moments differ from those before."""
    found, before = [], now
    for here, beyond in pairwise(moments):
        members = exact_members(lines, cut, (here + beyond) / 2)
        if members != before:
            found.append((here, members))
            before = members
    return found


def nearest_by_search(scores, weights, cut):
    """Return per unit the smallest change of one priority's share at which it enters or leaves, None if there is none.

    Also the set of (priority, direction) that reach it, since two may be equally near.
    """
    nearest = [None] * len(scores)
    for priority in np.flatnonzero(weights):
        share, now, up, down = turns_by_search(scores, weights, cut, priority)
        for direction, turns in (("above", up), ("below", down)):
            for unit in range(len(scores)):
                first = next((t for t, members in turns if (unit in members) != (unit in now)), None)
                if first is None:
                    continue
                distance = abs(first - share)
                if nearest[unit] is None or distance < nearest[unit][0]:
                    nearest[unit] = (distance, {(int(priority), direction)})
                elif distance == nearest[unit][0]:
                    nearest[unit][1].add((int(priority), direction))
    return nearest
