"""Where the shortlist turns when one weight moves and the others give way in proportion, exactly.

With the share t of priority k, a unit's sum is a straight line, R + t (x - R): x is its term on k and R the weighted
mean of its others. The shortlist changes only where the line that holds the last place crosses another, at
t = (R_j - R_i) / ((x_i - x_j) - (R_i - R_j)). So we follow that line from crossing to crossing, outwards from the
present weight (the k-level of an arrangement of lines: H. Edelsbrunner and E. Welzl, SIAM J. Comput. 15, 1986).
Under the geometric mean the terms are logarithms, which order the units alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from prioritisation.scoring import TIES_PER_POINT, Floats, Ranks, rank_scores, terms, weighted_sum

ABOVE = "above"
BELOW = "below"
SAME_MOMENT = 1e-12  # crossings this close are one: their times carry rounding errors of this size
SAME_LINE = 1e-10  # lines this close at one point and in slope cannot be told apart

Flags = NDArray[np.bool_]
Some = Ranks | list[int]


@dataclass(frozen=True)
class Turn:
    """One change of the shortlist on the way outwards from the present weight of one priority.

    share: of 1, where it happens; direction: ABOVE or BELOW, which side of the present weight that is. leaves, enters:
    units; only where units tie at present may one of them be empty. rises, falls: of the units that meet here, the
    one that passes all others and the one that all others pass; in a plain swap enters[0] and leaves[0].
    """

    priority: int
    share: float
    direction: str
    leaves: tuple[int, ...]
    enters: tuple[int, ...]
    rises: int
    falls: int


@dataclass(frozen=True)
class FlipPoint:
    """The nearest weight of any one priority at which a unit enters or leaves the shortlist.

    Beyond share, in the direction, and as far as until (where it turns back, or the end of the scale), it is in
    or out. distance: from the present share. partner: the unit it changes places with.
    """

    priority: int
    share: float
    direction: str
    enters: bool
    partner: int
    distance: float
    until: float


@dataclass(frozen=True, eq=False)
class Flips:
    """All turns of the shortlist, and each unit's nearest. inside, scored: (n,) at the present weights.

    turns: per priority, by share from 0 to 1; none for a priority that is off or alone.
    nearest: per unit, None where no single weight moves it in or out.
    """

    weights: Floats
    inside: Flags
    scored: Flags
    turns: tuple[tuple[Turn, ...], ...]
    nearest: tuple[FlipPoint | None, ...]

    def first(self, priority: int, direction: str) -> Turn | None:
        """Return the first change of the shortlist above or below the present weight of a priority."""
        beyond = [turn for turn in self.turns[priority] if turn.direction == direction]
        return min(beyond, key=lambda turn: abs(turn.share - self.weights[priority]), default=None)

    def sentence(self, unit: int, priority_names: Sequence[str]) -> str:
        """Return what one weight can do to a unit, to follow its name: "leaves the shortlist if ..."."""
        point = self.nearest[unit]
        if not self.scored[unit]:
            return "is not scored"
        if point is None:
            return f"stays {'in' if self.inside[unit] else 'out'} whatever one weight does"
        verb = "enters" if point.enters else "leaves"
        return f"{verb} the shortlist if {priority_names[point.priority]} {_stretch(point)}"


def _stretch(point: FlipPoint) -> str:
    """Return the weights at which a unit is in (or out) instead: "goes above 43%", "is between 43% and 50%".

    Rounded inwards, so that it is so at all of them; finer than whole per cent only where nothing would be left.
    """
    low, high = sorted((100 * point.share, 100 * point.until))
    for decimals in range(9):
        unit = 10**decimals
        least, most = math.ceil(round(low * unit, 6)) / unit, math.floor(round(high * unit, 6)) / unit
        if least < most:
            break
    if point.until == 1:
        return f"goes above {least:.{decimals}f}%"
    if point.until == 0:
        return f"falls below {most:.{decimals}f}%"
    return f"is between {least:.{decimals}f}% and {most:.{decimals}f}%"


def flip_points(priority_scores: Floats, weights: Floats, cut: int, aggregate: str) -> Flips:
    """Find where the shortlist (rank <= cut) turns when one weight goes from 0 to 1, the others in proportion.

    priority_scores: (n, p), NaN = no score; weights: (p,) shares of 1. Priorities that are off stay off. The ends,
    0 and 1, are left out: there other priorities are off. At the turn itself the units tie, and both are in.
    """
    columns = terms(priority_scores, aggregate)
    total = weighted_sum(columns, weights)
    rank = rank_scores(total)
    inside = (rank > 0) & (rank <= cut)
    scored = np.flatnonzero(rank)
    on = np.flatnonzero(weights)
    turns: list[tuple[Turn, ...]] = [()] * len(weights)
    nearest: list[FlipPoint | None] = [None] * len(rank)
    if len(on) > 1 and 0 < cut < len(scored):
        for priority in on:
            share = float(weights[priority])
            ends = _ends(columns[scored], weights, int(priority))
            near = _ever_near(*ends, cut)
            units = scored[near]
            here = _Lines(units, ends[0][near], ends[1][near], total[units], inside[units])
            found = list(_turns(here, cut, int(priority), share))
            _note_nearest(nearest, found, share)
            turns[priority] = tuple(sorted(found, key=lambda turn: turn.share))
    return Flips(weights, inside, rank > 0, tuple(turns), tuple(nearest))


def _ends(columns: Floats, weights: Floats, priority: int) -> tuple[Floats, Floats]:
    """Return each unit's sum where the priority's share is 0, the others in proportion, and where it is 1."""
    others = weights.copy()
    others[priority] = 0
    return weighted_sum(columns, others / others.sum()), columns[:, priority]


@dataclass(frozen=True, eq=False)
class _Lines:
    """Units (n,) whose place one priority's weight may change: their sums without it, with it alone, and at present."""

    units: Ranks
    without: Floats
    alone: Floats
    total: Floats
    inside: Flags


def _turns(near: _Lines, cut: int, priority: int, share: float) -> Iterator[Turn]:
    """Yield the turns of one priority's weight, upwards and then downwards, each outwards from the present share."""
    line = _same_lines(near.total, near.alone - near.without)
    size = np.bincount(line)
    by_line = np.split(near.units[np.argsort(line, kind="stable")], np.cumsum(size)[:-1])
    members = [units.tolist() for units in by_line]
    first = np.unique(line, return_index=True)[1]
    without, alone, inside = near.without[first], near.alone[first], near.inside[first]
    tie = np.floor(near.total[first] * TIES_PER_POINT + 0.5)
    for direction, start, end, present in ((ABOVE, without, alone, share), (BELOW, alone, without, 1 - share)):
        for moment, *lines in _walk(start, end - start, size, cut, tie, inside, present):
            at = share if moment == present else moment if direction == ABOVE else 1 - moment
            left, entered, met = (tuple(unit for line in some for unit in members[line]) for some in lines)
            yield Turn(priority, at, direction, left, entered, rises=met[0], falls=met[-1])


def _ever_near(without: Floats, alone: Floats, cut: int) -> Ranks:
    """Return the positions of lines that are not below the same `cut` lines at both ends, and so all the way."""
    lowest = np.minimum(without, alone)
    bar = np.partition(lowest, len(lowest) - cut)[len(lowest) - cut]
    return np.flatnonzero(np.maximum(without, alone) >= bar - 2 / TIES_PER_POINT)


def _same_lines(total: Floats, slope: Floats) -> Ranks:
    """Return for each unit the number of its line: units that no share of this priority tells apart share one."""
    level = _groups(total)
    by_slope = _groups(slope)
    return np.unique(level * (by_slope.max() + 1) + by_slope, return_inverse=True)[1]


def _groups(values: Floats) -> Ranks:
    """Return a group number for each value; values within SAME_LINE of a neighbour are in one group."""
    order = np.argsort(values, kind="stable")
    group = np.empty(len(values), dtype=np.int64)
    group[order] = np.cumsum(np.diff(values[order], prepend=values[order[0]]) > SAME_LINE)
    return group


def _walk(
    start: Floats, slope: Floats, size: Ranks, cut: int, tie: Floats, inside: Flags, present: float
) -> Iterator[tuple[float, Some, Some, Some]]:
    """Yield (moment, leaving lines, entering lines, all that meet) as the moment goes from `present` to below 1.

    Lines start + moment * slope; size: units on each; tie, inside: their place at the present moment.
    The state is which line holds the last place and which lines are above it. Where lines meet there, the
    steepest come out on top. Those that meet are listed in that order.
    """
    above, meeting = _around_last_place(tie, size, cut)
    side = np.where(above, -1.0, 1.0)  # of the last place: a line closes in on it by side * difference in slope
    places = cut - int(size[above].sum())
    inside, when, moment = inside.copy(), np.empty(len(slope)), present
    while True:
        order = meeting[np.argsort(-slope[meeting], kind="stable")]
        ahead = np.cumsum(size[order]) - size[order]
        after, was = ahead < places, inside[order]
        if (after != was).any():
            yield moment, order[was & ~after][::-1], order[after & ~was], order
            inside[order] = after
        last = int(np.count_nonzero(after)) - 1
        places -= int(ahead[last])
        side[order[:last]] = -1.0
        level = int(order[last])
        while True:
            closing = (slope - slope[level]) * side
            when.fill(np.inf)
            np.divide((start[level] - start) * side, closing, out=when, where=closing > 0)
            moment = max(float(when.min()), moment)
            if moment > 1 - SAME_MOMENT:
                return
            when[level] = moment
            meeting = (when <= moment + SAME_MOMENT).nonzero()[0]
            if len(meeting) > 2 or size[meeting].sum() > 2:
                break
            other = int(meeting.sum()) - level  # two units swap, the common case: the other one has the last place now
            if side[other] > 0:
                yield moment, [level], [other], [other, level]
                inside[level], inside[other] = False, True
            else:
                side[level], side[other] = -1.0, 1.0
            level = other
        places += int(size[meeting[side[meeting] < 0]].sum())
        side[meeting] = 1.0


def _around_last_place(tie: Floats, size: Ranks, cut: int) -> tuple[Flags, Ranks]:
    """Return which lines are above the last place now, and the lines that tie for it."""
    order = np.argsort(-tie, kind="stable")
    last = tie[order[np.searchsorted(np.cumsum(size[order]), cut)]]
    return tie > last, np.flatnonzero(tie == last)


def _note_nearest(nearest: list[FlipPoint | None], turns: Sequence[Turn], present: float) -> None:
    """Put each unit's first turn above and below into `nearest`, where it is nearer than what is there."""
    first: dict[tuple[str, int], FlipPoint] = {}
    for turn in turns:
        end = 1.0 if turn.direction == ABOVE else 0.0
        for enters, partner, units in ((False, turn.rises, turn.leaves), (True, turn.falls, turn.enters)):
            for unit in units:
                key = (turn.direction, unit)
                if key not in first:
                    distance = abs(turn.share - present)
                    first[key] = FlipPoint(
                        turn.priority, turn.share, turn.direction, enters, partner, distance, until=end
                    )
                elif first[key].until == end:
                    first[key] = replace(first[key], until=turn.share)
    for (_, unit), point in first.items():
        known = nearest[unit]
        if known is None or point.distance < known.distance:
            nearest[unit] = point
