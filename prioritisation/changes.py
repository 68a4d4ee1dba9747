"""Why the ranking moved: what two weightings of the same priority scores make different, in numbers and in words.

A unit's score changes by the sum over priorities of (new weight - old weight) x score. Under the geometric mean that
sum holds for the logarithm; its parts are then turned into points in proportion (the logarithmic mean, B. W. Ang,
Energy Policy 32, 2004), so that they add up to the change of the score itself. Every number that a sentence
states adds up as stated: parts are rounded together, to tenths of a point.

Names go in as they are and come out as plain text: whoever shows a sentence must escape it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from prioritisation.scoring import Floats, Ranks, overall, rank_units, terms

NAMES_READ_OUT = 6
GAINS_NAMED = 2
MOVE_SEEN_FROM = 5e-4  # a twentieth of a per cent of weight

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Change:
    """What became different between two weightings; arrays by unit, read-only.

    weights: (2, p), before and after; scores, ranks: (2, n), NaN and 0 where not scored; inside: (2, n), rank <= cut.
    parts: (n, p), points by which each priority's new weight changes the score, 0 where it did not move, NaN where
    the unit lacks a score that counts, before or after. people: (n,), NaN = not known.
    """

    cut: int
    aggregate: str
    weights: Floats
    scores: Floats
    ranks: Ranks
    inside: Flags
    parts: Floats
    people: Floats

    def __post_init__(self) -> None:
        for field in fields(self):
            column = getattr(self, field.name)
            if isinstance(column, np.ndarray):
                column.setflags(write=False)

    @property
    def entered(self) -> tuple[int, ...]:
        """Units new on the shortlist, by their new rank."""
        return self._by_rank(self.inside[1] & ~self.inside[0], self.ranks[1])

    @property
    def left(self) -> tuple[int, ...]:
        """Units no longer on it, by their old rank."""
        return self._by_rank(self.inside[0] & ~self.inside[1], self.ranks[0])

    @property
    def moved(self) -> tuple[int, ...]:
        """Units whose rank changed: those that crossed the cut first, then the longest moves."""
        before, after = self.ranks
        crossed = self.inside[0] != self.inside[1]
        order = np.lexsort((after, -np.abs(after - before), ~crossed))
        return tuple(int(unit) for unit in order if before[unit] != after[unit])

    def _by_rank(self, which: Flags, rank: Ranks) -> tuple[int, ...]:
        units = np.flatnonzero(which)
        return tuple(units[np.argsort(rank[units], kind="stable")].tolist())


def compare_weightings(
    priority_scores: Floats, before: Floats, after: Floats, cut: int, aggregate: str, people: Floats | None = None
) -> Change:
    """Compare two weightings of the same priority scores.

    priority_scores: (n, p), NaN = no score; before, after: (p,) shares of 1; cut: length of the shortlist;
    people: (n,) residents, NaN where not known.
    """
    weights = np.array([before, after])
    scores = np.array([overall(priority_scores, chosen, aggregate) for chosen in weights])
    ranks = np.array([rank_units(priority_scores, chosen, aggregate) for chosen in weights])
    inside = (ranks > 0) & (ranks <= cut)
    parts = _parts(priority_scores, weights, scores, aggregate)
    known = np.full(len(priority_scores), np.nan) if people is None else np.asarray(people, dtype=float).copy()
    return Change(cut, aggregate, weights, scores, ranks, inside, parts, known)


def _parts(priority_scores: Floats, weights: Floats, scores: Floats, aggregate: str) -> Floats:
    """Return (n, p) points; a row adds up to the change of its score."""
    columns = terms(priority_scores, aggregate)
    parts = np.where(weights.any(axis=0), (weights[1] - weights[0]) * columns, 0.0)
    if aggregate == "geometric":
        parts *= np.where(np.isnan(scores).any(axis=0), 1.0, _logarithmic_mean(*scores))[:, None]
    return parts


def _logarithmic_mean(before: Floats, after: Floats) -> Floats:
    """Return (after - before) / ln(after / before), which is the score itself where it did not change."""
    growth = np.log(after / before)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.abs(growth) < 1e-9, (before + after) / 2, (after - before) / growth)


def unit_sentence(change: Change, unit: int, unit_name: str, priority_names: Sequence[str]) -> str:
    """Return why one unit moved: its places, its score, the two largest gains, the largest loss and the rest.

    "A rises from 18th to 12th. Its score goes from 61.2 to 63.9 (+2.7 points): Housing counts for more (+3.1); ..."
    """
    before, after = (int(rank) for rank in change.ranks[:, unit])
    if 0 in (before, after):
        return _scored_sentence(change, unit, unit_name, priority_names)
    places = f"from {_place(change, 0, unit)} to {_place(change, 1, unit)}"
    if before == after:
        moves = f"{unit_name} stays {_place(change, 1, unit)}."
    else:
        moves = f"{unit_name} {'rises' if after < before else 'falls'} {places}."
    was, now = (round(10 * float(score)) for score in change.scores[:, unit])
    reasons = _reasons(change, unit, now - was, priority_names)
    if now == was:
        score = f"Its score stays {now / 10:.1f}"
    else:
        score = f"Its score goes from {was / 10:.1f} to {now / 10:.1f} ({_points(now - was)} points)"
    others = ""
    same_units = np.array_equal(change.ranks[0] > 0, change.ranks[1] > 0)  # else one may have come or gone above it
    if same_units and after < before and now <= was:
        others = "Those it passes lose more."
    elif same_units and after > before and now >= was:
        others = "Those that pass it gain more."
    return " ".join(part for part in (moves, f"{score}{reasons}.", others) if part)


def _reasons(change: Change, unit: int, total: int, priority_names: Sequence[str]) -> str:
    """Return the named parts, and the rest where there is any, as tenths that add up to `total`."""
    tenths = _rounded_together(change.parts[unit], total)
    gained, lost = (np.argsort(way * change.parts[unit], kind="stable").tolist() for way in (-1, 1))
    gains = [k for k in gained if tenths[k] > 0][:GAINS_NAMED]
    losses = [k for k in lost if tenths[k] < 0][:1]
    difference = change.weights[1] - change.weights[0]
    told = [
        f"{priority_names[k]} counts for {'more' if difference[k] > 0 else 'less'} ({_points(tenths[k])})"
        for k in gains + losses
    ]
    rest = total - sum(tenths[k] for k in gains + losses)
    others = [k for k in range(len(tenths)) if tenths[k] and k not in gains + losses]
    if others:
        told.append(f"{priority_names[others[0]] if len(others) == 1 else 'the others'} ({_points(rest)})")
    return ": " + "; ".join(told) if told else ""


def _rounded_together(parts: Floats, total: int) -> list[int]:
    """Return points as whole tenths that add up to `total`; what rounding leaves over goes where it shows least."""
    tenths = np.floor(10 * parts + 0.5).astype(int)
    over = total - int(tenths.sum())
    step = 1 if over > 0 else -1
    order = np.argsort(step * (tenths - 10 * parts), kind="stable").tolist()
    fitting = [k for k in order if step * parts[k] > 0 or tenths[k] != 0] or order  # no part changes its sign
    for turn in range(abs(over)):
        tenths[fitting[turn % len(fitting)]] += step
    return tenths.tolist()


def _scored_sentence(change: Change, unit: int, unit_name: str, priority_names: Sequence[str]) -> str:
    """Return what there is to say of a unit that is not scored before, not after, or neither."""
    on_before, on_after = change.weights > 0
    lacking = np.isnan(change.parts[unit])
    if change.ranks[1, unit]:
        off = _listed([priority_names[k] for k in np.flatnonzero(lacking & on_before).tolist()])
        return f"{unit_name} is scored now that {off} does not count, and is {_place(change, 1, unit)}."
    missing = _listed([priority_names[k] for k in np.flatnonzero(lacking & on_after).tolist()])
    return f"{unit_name} is {'no longer' if change.ranks[0, unit] else 'not'} scored: it has no score on {missing}."


def summary(
    change: Change, unit_names: Sequence[str], priority_names: Sequence[str], noun: tuple[str, str] = ("area", "areas")
) -> str:
    """Return the whole change as one paragraph to read aloud: what was moved, who entered, who left, how many people.

    noun: what a unit is called, one and many.
    """
    before, after = (int(count) for count in np.count_nonzero(change.inside, axis=1))
    entered, left = change.entered, change.left
    told = [_moves(change, priority_names)]
    if not entered and not left:
        same = "stays the same"
        places = np.count_nonzero((change.ranks[0] != change.ranks[1]) & change.inside[1])
        if places:
            same = f"keeps the same {noun[1]}, though {places} of them {'change' if places > 1 else 'changes'} place"
        told.append(f"The shortlist of {after} {same}.")
        return " ".join(told)
    if entered:
        count = f"{_number(len(entered)).capitalize()} {noun[len(entered) > 1]}"
        enter = "enter" if len(entered) > 1 else "enters"
        told.append(f"{count} {enter} the shortlist{_who(change, entered, unit_names, noun)}.")
    if left:
        leave = "leave it" if len(left) > 1 else "leaves it"
        if not entered:
            leave = f"{noun[len(left) > 1]} {leave.removesuffix('it')}the shortlist"
        told.append(f"{_number(len(left)).capitalize()} {leave}{_who(change, left, unit_names, noun)}.")
    if before != after:
        told.append(f"It now has {after} {noun[after != 1]}, not {before}.")
    told.append(_covered(change))
    return " ".join(part for part in told if part)


def _who(change: Change, units: Sequence[int], unit_names: Sequence[str], noun: tuple[str, str]) -> str:
    """Return names and people: ": A, B and C, where 2,345 people live"."""
    names = [unit_names[unit] for unit in units[:NAMES_READ_OUT]]
    if len(units) > len(names):
        names.append(f"{_number(len(units) - len(names))} more")
    people = change.people[list(units)]
    known = people[~np.isnan(people)]
    if not len(known):
        return f": {_listed(names)}"
    without = len(people) - len(known)
    uncounted = f", not counting {_number(without)} {noun[without > 1]} without a figure" if without else ""
    return f": {_listed(names)}, where {known.sum():,.0f} people live{uncounted}"


def _covered(change: Change) -> str:
    """Return how many people the shortlist covers and how many more or fewer that is; nothing where not known."""
    people = [change.people[inside] for inside in change.inside]
    if np.isnan(np.concatenate(people)).any():
        return ""
    before, after = (round(float(known.sum())) for known in people)
    if before == after:
        return f"The shortlist still covers {after:,} people."
    difference = f"{abs(after - before):,} {'more' if after > before else 'fewer'}"
    return f"The shortlist now covers {after:,} people, {difference} than before."


def _moves(change: Change, priority_names: Sequence[str]) -> str:
    """Return which weights were moved, and by name only the one that moved when the others kept their proportions."""
    before, after = change.weights
    moved = np.flatnonzero(np.abs(after - before) > MOVE_SEEN_FROM).tolist()
    if not moved:
        return "The weights are as before."
    told = {k: _move(priority_names[k], before[k], after[k]) for k in moved}
    alone = [k for k in moved if _others_in_proportion(before, after, k)]
    if len(alone) != 1:
        return f"{'; '.join(told.values())}."
    rest = "give way" if after[alone[0]] > before[alone[0]] else "make up for it"
    return f"{told[alone[0]]}, and the others {rest} in proportion."


def _others_in_proportion(before: Floats, after: Floats, moved: int) -> bool:
    others_before, others_after = np.delete(before, moved), np.delete(after, moved)
    if not others_before.any() or not others_after.any():
        return False
    return bool(
        np.allclose(others_before / others_before.sum(), others_after / others_after.sum(), atol=MOVE_SEEN_FROM)
    )


def _move(name: str, before: float, after: float) -> str:
    if after == 0:
        return f"{name} no longer counts (it was {_per_cent(before)})"
    if before == 0:
        return f"{name} now counts, for {_per_cent(after)}"
    return f"{name} counts for {_per_cent(after)} instead of {_per_cent(before)}"


def _per_cent(share: float) -> str:
    return f"{100 * share:.1f}".removesuffix(".0") + "%"


def _points(tenths: int) -> str:
    return f"{tenths / 10:+.1f}"


def _place(change: Change, which: int, unit: int) -> str:
    """Return a rank in words: "12th", "joint 3rd"."""
    rank = int(change.ranks[which, unit])
    ties = np.count_nonzero(change.ranks[which] == rank) > 1
    ending = "th" if rank % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{'joint ' if ties else ''}{rank}{ending}"


def _number(count: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[count] if count < len(words) else str(count)


def _listed(names: Sequence[str]) -> str:
    comma = "; " if any("," in name for name in names) else ", "
    return " and ".join([comma.join(names[:-1]), names[-1]] if len(names) > 1 else names)
