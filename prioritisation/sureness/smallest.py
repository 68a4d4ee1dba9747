"""The smallest change of the weights that alters the shortlist, exactly.

A unit outside reaches one inside when the weights moved, times the difference of their terms, make up the gap between
their sums. Weight that leaves priority k for priority l gains the difference of k and l, up to all the weight that k
has; so the least weight is moved when it all goes to the priority on which the outsider is furthest ahead, from those
on which it is furthest behind first (a continuous knapsack: G. B. Dantzig, Operations Research 5, 1957).
The shortlist changes first where the nearest such pair meets: until then nobody inside is reached by anybody outside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from prioritisation.scoring import TIES_PER_POINT, Floats, Ranks, rank_scores, terms, weighted_sum

SAME_TERM = 1e-12  # terms this close cannot be told apart by any weight
PAIRS_AT_ONCE = 2**18


@dataclass(frozen=True, eq=False)
class SmallestChange:
    """The nearest weights at which the shortlist turns.

    moved: share of all weight that goes from some priorities to another (the sum of all changes is twice that).
    weights: (p,) at the turn, where the unit that enters and the one that leaves tie; to: the priority that gains.
    Where units tie for the last place already, the slightest change parts them: moved is 0, enters and to are -1.
    """

    moved: float
    weights: Floats
    leaves: int
    enters: int
    to: int


def smallest_change(priority_scores: Floats, weights: Floats, cut: int, aggregate: str) -> SmallestChange | None:
    """Return the smallest change of the weights that alters the shortlist (rank <= cut); None when none does.

    priority_scores: (n, p), NaN = no score; weights: (p,) shares of 1. Priorities that are off stay off.
    """
    columns = terms(priority_scores, aggregate)
    total = weighted_sum(columns, weights)
    rank = rank_scores(total)
    on = np.flatnonzero(weights)
    inside, outside = np.flatnonzero((rank > 0) & (rank <= cut)), np.flatnonzero(rank > cut)
    tied = _tied_for_last(total, inside, cut)
    parted = _parted(columns[:, on], tied, len(inside) - cut)
    if parted is not None:
        return SmallestChange(0.0, weights.copy(), leaves=parted, enters=-1, to=-1)
    pairs = [(inside, outside)] + ([(np.setdiff1d(inside, tied), tied)] if len(tied) else [])
    found = [_nearest(columns[:, on], total, weights[on], *each) for each in pairs]
    near = min((each for each in found if each is not None), default=None)
    if near is None:
        return None
    moved, upper, lower = near
    gained = columns[lower, on] - columns[upper, on]
    best = int(np.argmax(gained))
    changed = weights.copy()
    changed[on] = _after_move(weights[on], gained, moved, best)
    return SmallestChange(moved, changed, leaves=upper, enters=lower, to=int(on[best]))


def _tied_for_last(total: Floats, inside: Ranks, cut: int) -> Ranks:
    """Return the units that share the last place, where they are more than there is room for."""
    if len(inside) <= cut:
        return np.empty(0, dtype=np.int64)
    tie = np.floor(total[inside] * TIES_PER_POINT + 0.5)
    return inside[tie == tie.min()]


def _parted(columns: Floats, tied: Ranks, excess: int) -> int | None:
    """Return one of the tied units that the slightest change puts out, None where they all go together.

    Units with the same terms go together, so those that leave must be no more than are over the cut.
    """
    if not len(tied):
        return None
    same = np.round(columns[tied] / SAME_TERM)
    _, first, size = np.unique(same, axis=0, return_index=True, return_counts=True)
    least = int(size.argmin())
    return int(tied[first[least]]) if len(size) > 1 and size[least] <= excess else None


def _nearest(
    columns: Floats, total: Floats, weights: Floats, inside: Ranks, outside: Ranks
) -> tuple[float, int, int] | None:
    """Return (weight moved, unit inside, unit outside) of the pair that meets first, None when no pair can."""
    best: tuple[float, int, int] | None = None
    step = max(1, PAIRS_AT_ONCE // max(len(outside), 1))
    for first in range(0, len(inside), step):
        some = inside[first : first + step]
        gap = total[some][:, None] - total[outside]
        gained = columns[outside] - columns[some][:, None]
        moved = least_moved(np.maximum(gap, 0.0).ravel(), gained.reshape(-1, columns.shape[1]), weights)
        if moved.size and np.isfinite(moved.min()):
            at = int(moved.argmin())
            pair = (float(moved[at]), int(some[at // len(outside)]), int(outside[at % len(outside)]))
            best = pair if best is None else min(best, pair)
    return best


def least_moved(gap: Floats, gained: Floats, weights: Floats) -> Floats:
    """Return the least share of weight that has to move for each pair to meet, infinity where none is enough.

    gap: (m,) sum of the one ahead minus that of the other, 0 or more; gained: (m, p) the other's terms minus the
    first one's; weights: (p,) above zero, adding up to 1.
    """
    order = np.argsort(gained, axis=1)
    gain = gained.max(axis=1, keepdims=True) - np.take_along_axis(gained, order, axis=1)
    limit = weights[order]
    before = np.cumsum(gain * limit, axis=1) - gain * limit
    part = np.clip((gap[:, None] - before) / np.where(gain > 0, gain, 1.0), 0.0, limit)
    part[gain <= 0] = 0.0
    enough = (gain * limit).sum(axis=1) >= gap
    return np.where(enough, part.sum(axis=1), np.inf)


def _after_move(weights: Floats, gained: Floats, moved: float, to: int) -> Floats:
    """Return the weights once `moved` has gone to one priority, taken from those with the least gain first."""
    changed, left = weights.copy(), moved
    for k in np.argsort(gained):
        if k != to:
            taken = min(left, float(changed[k]))
            changed[k] -= taken
            left -= taken
    changed[to] += moved
    return changed
