"""Slow second implementations: ranks one weighting at a time, a linear programme for each pair, every filling tried."""

from __future__ import annotations

import itertools

import numpy as np
from scipy.optimize import linprog

from prioritisation.scoring import rank_scores, rank_units, terms


def ranks_one_by_one(scores, weightings, aggregate):
    """Return ranks (d, n) by the product's own ranking, weighting by weighting."""
    return np.array([rank_units(scores, weights, aggregate) for weights in weightings])


def percentile_of_ranks(ranks, share):
    """Return the smallest rank that a unit reaches or beats in at least this share of weightings, by counting."""
    for rank in range(1, max(ranks) + 1):
        if sum(each <= rank for each in ranks) >= share * len(ranks) - 1e-9:
            return rank
    raise AssertionError("there is always one")


def least_change_by_programme(scores, weights, cut, aggregate):
    """Return the least weight to move until some unit outside reaches one inside, by linear programmes; None: never.

    Variables: what each priority gives and gets; minimise what is given, so that the gap closes.
    """
    on = np.flatnonzero(weights)
    columns, shares = terms(scores, aggregate)[:, on], weights[on]
    rank = rank_units(scores, weights, aggregate)
    best = None
    for upper, lower in itertools.product(np.flatnonzero((rank > 0) & (rank <= cut)), np.flatnonzero(rank > cut)):
        gain = columns[lower] - columns[upper]
        p = len(on)
        found = linprog(
            np.r_[np.ones(p), np.zeros(p)],
            A_ub=[np.r_[gain, -gain]],  # given minus got, times gain <= gain at present
            b_ub=[float(shares @ gain)],
            A_eq=[np.r_[np.ones(p), -np.ones(p)]],
            b_eq=[0.0],
            bounds=[(0, share) for share in shares] + [(0, 1)] * p,
        )
        if found.status == 0 and (best is None or found.fun < best):
            best = found.fun
    return best


def rank_ends_by_filling(lowest, highest):
    """Return best and worst rank of each unit over every way of putting each unit at one of its ends."""
    best = np.full(len(lowest), len(lowest) + 1)
    worst = np.zeros(len(lowest), dtype=int)
    for chosen in itertools.product((0, 1), repeat=len(lowest)):
        rank = rank_scores(np.where(chosen, highest, lowest))
        best, worst = np.minimum(best, rank), np.maximum(worst, rank)
    return best, worst
