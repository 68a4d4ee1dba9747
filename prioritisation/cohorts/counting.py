"""Counts of people from published cells only, always as an interval.

A published count stands for the numbers that round to it, a suppressed one for 0 to 9; sums add both ends. Where
values overlap ("any of these services") people cannot be added up: then at least as many as have the most frequent
one, at most as many as all together, and no single number. A held count is that of the cell's last refresh, so the
truth may since have moved by up to nine people; nothing says which counts are held.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from prioritisation.cohorts.cells import COUNCIL, DATA_ZONE
from prioritisation.cohorts.expressions import Conditions, Expression, alternatives, expressions, open_choices
from prioritisation.cohorts.published import PublishedCube
from prioritisation.cohorts.rule import Condition

PUBLISHED, PARTLY, SUPPRESSED, NOT_AVAILABLE = "published", "partly suppressed", "suppressed", "not available"


@dataclass(frozen=True)
class Count:
    """Between `low` and `high` people; best: the published number, None where there is no single one.

    published, suppressed: how many cells it was made from. Where it is not available, low and high bound nothing.
    """

    low: int
    best: int | None
    high: int
    published: int
    suppressed: int
    status: str

    @property
    def is_available(self) -> bool:
        return self.status != NOT_AVAILABLE


MOST_WAYS = 6  # of saying the same in other cells; those with the fewest cells are tried
ABSENT = Count(0, None, 0, 0, 0, NOT_AVAILABLE)


def made_count(low: int, best: int | None, high: int, published: int, suppressed: int) -> Count:
    """Return a count with the status that its cells give it; held cells may cross its ends, which are then one."""
    status = PUBLISHED if not suppressed else SUPPRESSED if low == 0 else PARTLY
    return Count(low, best if status == PUBLISHED else None, max(low, high), published, suppressed, status)


def added(parts: Sequence[Count]) -> Count:
    """Return counts of different people as one; not available when one of them is not."""
    if not parts or not all(part.is_available for part in parts):
        return ABSENT
    numbers = [part.best for part in parts if part.best is not None]
    return made_count(
        sum(part.low for part in parts),
        sum(numbers) if len(numbers) == len(parts) else None,
        sum(part.high for part in parts),
        sum(part.published for part in parts),
        sum(part.suppressed for part in parts),
    )


def within(part: Count, whole: Count | None) -> Count:
    """Return a count cut to that of the people whom it is part of."""
    if whole is None or not whole.is_available or not part.is_available:
        return part
    high = max(part.low, min(part.high, whole.high))
    best = part.best
    if best is not None and whole.best is not None:
        best = max(part.low, min(best, whole.best))
    return Count(part.low, best, high, part.published, part.suppressed, part.status)


def counted(
    cube: PublishedCube, conditions: Conditions, geography: str, areas: Sequence[str], months: int
) -> list[Count]:
    """Count who meets all conditions, in each area."""
    return counted_steps(cube, conditions, geography, areas, months)[-1]


def counted_steps(
    cube: PublishedCube, conditions: Conditions, geography: str, areas: Sequence[str], months: int
) -> list[list[Count]]:
    """Count in each area who meets the first none, one, two, ... of the conditions: a list of areas for each step.

    Whoever is in a step is in those before it, so its interval ends where theirs do.
    """
    steps: list[list[Count]] = []
    above: list[Count | None] = [None] * len(areas)
    for kept in range(len(conditions) + 1):
        found = _here_or_inside(cube, conditions[:kept], geography, areas, months)
        step = [within(count, whole) for count, whole in zip(found, above, strict=True)]
        above = [count if count.is_available else whole for count, whole in zip(step, above, strict=True)]
        steps.append(step)
    return steps


def can_be_counted(cube: PublishedCube, conditions: Conditions, geography: str, months: int) -> bool:
    """Return whether published cells can answer at all; looks at no count."""
    geographies = dict.fromkeys([geography, geography if geography == COUNCIL else DATA_ZONE])
    return any(
        expressions(cube, conditions, each, months) or _choice_to_bound(cube, conditions, each, months)
        for each in geographies
    )


def _choice_to_bound(cube: PublishedCube, conditions: Conditions, geography: str, months: int) -> Condition | None:
    """Return the first choice among overlapping values of which every alternative has cells of its own."""
    for choice in open_choices(conditions):
        rest = tuple(each for each in conditions if each != choice)
        ways = alternatives(choice)
        if ways and all(expressions(cube, (*rest, *way), geography, months) for way in ways):
            return choice
    return None


def _here_or_inside(
    cube: PublishedCube, conditions: Conditions, geography: str, areas: Sequence[str], months: int
) -> list[Count]:
    """Count in each area in its own cells, else in those of the data zones inside it."""
    found = _said(cube, conditions, geography, areas, months)
    if geography in (COUNCIL, DATA_ZONE) or any(count.is_available for count in found):
        return found
    zones = [cube.inside.get(geography, {}).get(area, ()) for area in areas]
    pieces = [zone for inside in zones for zone in inside]
    said = dict(zip(pieces, _said(cube, conditions, DATA_ZONE, pieces, months), strict=True))
    return [added([said[zone] for zone in inside]) for inside in zones]


def _said(
    cube: PublishedCube, conditions: Conditions, geography: str, areas: Sequence[str], months: int
) -> list[Count]:
    """Return the narrowest count that the cells of one geography give, or bounds where values overlap."""
    found = _summed(cube, conditions, geography, areas, months)
    if all(count.best is not None for count in found):
        return found
    choice = _choice_to_bound(cube, conditions, geography, months)
    if choice is None:
        return found
    bounds = _bounds(cube, conditions, choice, geography, areas, months)
    return [_narrowest(each) for each in zip(found, bounds, strict=True)]


def _summed(
    cube: PublishedCube, conditions: Conditions, geography: str, areas: Sequence[str], months: int
) -> list[Count]:
    ways = expressions(cube, conditions, geography, months)[:MOST_WAYS]
    return [_first_or_narrowest(_sum(cube, way, area) for way in ways) for area in areas]


def _first_or_narrowest(counts: Iterable[Count]) -> Count:
    """Return the first that is all published (those after it add up more cells, so they are wider), else the best."""
    seen = []
    for count in counts:
        if count.best is not None:
            return count
        seen.append(count)
    return _narrowest(seen)


def _narrowest(counts: Iterable[Count]) -> Count:
    available = [count for count in counts if count.is_available]
    return min(available, key=lambda count: count.high - count.low, default=ABSENT)


def cell_count(cube: PublishedCube, node: str, area: str, cell: str) -> Count:
    """Return the count of one cell."""
    interval = cube.people(node, area, cell)
    if interval is None:
        return ABSENT
    hidden = interval.people is None
    return made_count(interval.low, interval.people, interval.high, 1 - hidden, int(hidden))


def _sum(cube: PublishedCube, expression: Expression, area: str) -> Count:
    """Add up the cells of an expression in an area."""
    sure = [cube.people(expression.node.id, area, cell) for cell in expression.cells]
    perhaps = [cube.people(expression.node.id, area, cell) for cell in expression.maybe]
    known = [interval for interval in (*sure, *perhaps) if interval is not None]
    if len(known) < len(sure) + len(perhaps) or not known:
        return ABSENT
    hidden = sum(interval.people is None for interval in known)
    return made_count(
        sum(interval.low for interval in sure if interval is not None),
        None if perhaps else sum(interval.people or 0 for interval in known),
        sum(interval.high for interval in known),
        len(known) - hidden,
        hidden,
    )


def _bounds(
    cube: PublishedCube, conditions: Conditions, choice: Condition, geography: str, areas: Sequence[str], months: int
) -> list[Count]:
    """Return the bounds of one choice among overlapping values, in each area."""
    rest = tuple(each for each in conditions if each != choice)

    def said(more: Conditions) -> list[Count]:
        return _summed(cube, (*rest, *more), geography, areas, months)

    ways = alternatives(choice)
    parts = [said(way) for way in ways]
    wholes = said(())
    each = [said((Condition(choice.on, 1, (value,)),)) for value in choice.values]
    both = said(tuple(condition for way in ways for condition in way)) if len(ways) == 2 else None
    return [
        _bounded(
            [part[place] for part in parts],
            [one[place] for one in each],
            choice.at_least,
            wholes[place],
            both[place] if both else ABSENT,
        )
        for place in range(len(areas))
    ]


def _bounded(parts: Sequence[Count], each: Sequence[Count], at_least: int, whole: Count, both: Count) -> Count:
    """Return the bounds of a union. parts: its members; each: every value alone; both: of two members, who is in both.

    People with n values or more are at most an n-th of all that have one (each is in n of those). Not available where
    a member is not: then nothing is the most.
    """
    if not all(part.is_available for part in parts):
        return ABSENT
    low, high = max(part.low for part in parts), sum(part.high for part in parts)
    if all(one.is_available for one in each):
        high = min(high, sum(one.high for one in each) // at_least)
    if both.is_available:
        low, high = max(low, sum(part.low for part in parts) - both.high), high - both.low
    if whole.is_available:
        high = min(high, whole.high)
    return made_count(low, None, high, sum(part.published for part in parts), sum(part.suppressed for part in parts))
