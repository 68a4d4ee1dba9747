"""Which published cells say what a rule asks: only cells that nobody is in twice are ever added up.

People have one age band, sex, number of partners, band of contacts, exact set of partners and exact set of needs, so
cells of these add up. Services, needs and partners overlap: adding those would count people twice.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from prioritisation.cohorts.cells import ADDS_UP, SavedRule
from prioritisation.cohorts.published import PublishedCube
from prioritisation.cohorts.rule import ORDER, Condition, implied_by
from prioritisation.disclosure.lattice import (
    EXACTLY,
    PARTNERS_BANDS,
    TOGETHER,
    Node,
    cell_text,
    pooled_name,
    together,
)

MOST_ALTERNATIVES = 60  # of a condition such as "2 of these 8", each a question of its own
_MOST_TOGETHER = 3
_TOP_BAND = int(PARTNERS_BANDS[-1].rstrip("+"))

Values = tuple[str, ...]
Conditions = tuple[Condition, ...]


@dataclass(frozen=True)
class Asked:
    """The values of one dimension that count; maybe: pooled values of which only some of the people count."""

    values: Values
    maybe: Values = ()


@dataclass(frozen=True)
class Expression:
    """Cells of one node whose people, added up, are those asked for; of `maybe` nobody knows how many are."""

    node: Node
    cells: tuple[str, ...]
    maybe: tuple[str, ...] = ()


def expressions(cube: PublishedCube, conditions: Conditions, geography: str, months: int) -> list[Expression]:
    """Return every way to say the conditions in cells of one geography, the fewest cells first."""
    key = ("expressions", conditions, geography, months)
    return cube.remembered(key, lambda: _expressions(cube, conditions, geography, months))


def _expressions(cube: PublishedCube, conditions: Conditions, geography: str, months: int) -> list[Expression]:
    ways = cube.remembered(("ways", conditions), lambda: list(_ways(cube, conditions)))
    found = {
        expression
        for asked in ways
        for node in _nodes_with(cube, frozenset(asked), geography, months)
        if (expression := _in_node(cube, node, asked)) is not None
    }
    order = {node.id: place for place, node in enumerate(cube.nodes.get((geography, months), ()))}
    return sorted(found, key=lambda each: (len(each.cells) + len(each.maybe), order[each.node.id]))


def _nodes_with(cube: PublishedCube, asked: frozenset[str], geography: str, months: int) -> list[Node]:
    """Return the nodes of a geography that have all that is asked, and beside it only what can be added up."""

    def fitting() -> list[Node]:
        nodes = cube.nodes.get((geography, months), ())
        beside = {node: set(node.dimensions) - asked for node in nodes if asked <= set(node.dimensions)}
        return [node for node, names in beside.items() if names <= set(ADDS_UP)]

    return cube.remembered(("nodes", asked, geography, months), fitting)


def without_implied(cube: PublishedCube, conditions: Conditions) -> Conditions:
    """Return the conditions that are left when those that a service already brings with it are taken out.

    Whoever is in contact with a service is in contact with its partner, and has the need that it stands for.
    """
    services = [cube.contract.services[each.values[0]] for each in conditions if _single(each, "services")]
    brought: dict[str, set[str | None]] = {"partners": {each.partner for each in services}}
    brought["flags"] = {each.need for each in services}
    left = []
    for on, at_least, values in conditions:
        had = brought.get(on, set()) & set(values)
        if not had:
            left.append(Condition(on, at_least, values))
        elif at_least > len(had) and len(had) < len(values) and not _counts_partners(cube, (on, at_least, values)):
            left.append(Condition(on, at_least - len(had), tuple(value for value in values if value not in had)))
        elif at_least > len(had):
            left.append(Condition(on, at_least, values))
    return tuple(left)


def open_choices(conditions: Conditions) -> list[Condition]:
    """Return the conditions that several overlapping values can meet, such as "any of these services"."""
    return [each for each in conditions if each.on in ("services", "flags", "partners") and _is_choice(each)]


def alternatives(choice: Condition) -> list[Conditions]:
    """Return what meets a choice, each as values that must all be had; [] when there are too many."""
    sets = list(itertools.islice(itertools.combinations(choice.values, choice.at_least), MOST_ALTERNATIVES + 1))
    if len(sets) > MOST_ALTERNATIVES:
        return []
    return [tuple(Condition(choice.on, 1, (value,)) for value in chosen) for chosen in sets]


def _single(condition: Condition, on: str) -> bool:
    return condition.on == on and len(condition.values) == 1


def _is_choice(condition: Condition) -> bool:
    return condition.at_least < len(condition.values)


def _counts_partners(cube: PublishedCube, condition: tuple[str, int, Values]) -> bool:
    on, _, values = condition
    return on == "partners" and len(values) == len(cube.contract.partners)


def _ways(cube: PublishedCube, conditions: Conditions) -> Iterator[dict[str, Asked]]:
    """Yield every reading of the conditions as dimensions with values, through saved cohorts too."""
    for asked in dict.fromkeys([conditions, without_implied(cube, conditions)]):
        yield from _readings(cube, asked, {})
        for saved in cube.cohorts.values():
            rest = _beyond(saved, asked)
            if rest is not None:
                yield from _readings(cube, rest, {"cohort": Asked((saved.id,))})


def _beyond(saved: SavedRule, conditions: Conditions) -> Conditions | None:
    """Return what is asked beyond being in a saved cohort; None when not all who are asked for are in it."""
    if not all(any(implied_by(needed, given) for given in conditions) for needed in saved.conditions):
        return None
    return tuple(each for each in conditions if each not in saved.conditions)


def _readings(cube: PublishedCube, conditions: Conditions, start: Mapping[str, Asked]) -> Iterator[dict[str, Asked]]:
    groups = [[each for each in conditions if each.on == on] for on in ORDER]
    choices = [_group(cube, on, tuple(group)) for on, group in zip(ORDER, groups, strict=True) if group]
    for chosen in itertools.product(*choices):
        asked = dict(start)
        for part in chosen:
            asked.update(part)
        yield asked


def _group(cube: PublishedCube, on: str, group: Conditions) -> list[dict[str, Asked]]:
    """Return the readings of all conditions on one thing."""
    return cube.remembered(("group", group), lambda: list(_readings_of_one(cube, on, group)))


def _readings_of_one(cube: PublishedCube, on: str, group: Conditions) -> Iterator[dict[str, Asked]]:
    if on in ("age", "sex", "contacts_band"):
        values = [value for value in group[0].values if all(value in each.values for each in group)]
        yield {on: Asked(tuple(values))}
        return
    counted = [each for each in group if _counts_partners(cube, each) and _is_choice(each)]
    plain = [each for each in group if each not in counted]
    if all(len(each.values) == 1 for each in plain):
        names = sorted({each.values[0] for each in plain})
        reading = _all_of(on, names)
        banded = _banded(counted)
        if reading is not None and banded is not None:
            yield reading | banded
    exactly = f"{on}_exactly"
    if exactly in EXACTLY:
        sets = _exact(cube, exactly, group)
        if sets is not None:
            yield {exactly: sets}


def _all_of(on: str, names: Sequence[str]) -> dict[str, Asked] | None:
    if len(names) > _MOST_TOGETHER:
        return None
    if len(names) < 2:
        return {TOGETHER[on]: Asked((names[0],))} if names else {}
    return {on: Asked((together(names),))}


def _banded(counted: Sequence[Condition]) -> dict[str, Asked] | None:
    """Return "so many partners or more" as bands; None when it lies inside the last band."""
    least = max((each.at_least for each in counted), default=1)
    if least > _TOP_BAND:
        return None
    return {"partners_band": Asked(PARTNERS_BANDS[least - 1 :])} if least > 1 else {}


def _exact(cube: PublishedCube, dimension: str, group: Sequence[Condition]) -> Asked | None:
    """Return the exact sets that meet all conditions; None when they are about names that the sets leave out."""
    sets = cube.exact_sets.get(dimension, {})
    among = set().union(*sets.values())
    present = set(cube.present.get(EXACTLY[dimension], ()))
    if not sets or any(set(each.values) & present - among for each in group):
        return None
    certain = [name for name, held in sets.items() if _met(held, group)]
    maybe: list[str] = []
    pooled = pooled_name(dimension)
    if pooled in cube.present[dimension]:
        least = int(pooled.split(" ", 1)[0])
        surely = all(least - len(among - set(each.values)) >= each.at_least for each in group)
        (certain if surely else maybe).append(pooled)
    return Asked(tuple(certain), tuple(maybe)) if certain or maybe else None


def _met(held: frozenset[str], group: Sequence[Condition]) -> bool:
    return all(len(held & set(each.values)) >= each.at_least for each in group)


def _in_node(cube: PublishedCube, node: Node, asked: Mapping[str, Asked]) -> Expression | None:
    """Return the cells of a node of `_nodes_with`, added up over what is not asked; None when it has others."""
    several = [name for name in asked if name in TOGETHER]
    size = len(asked[several[0]].values[0].split("+")) if several else 1
    if size != node.together:
        return None
    choices = []
    for name in node.dimensions:
        present = cube.values.get((node.id, name), ())
        if name not in asked:
            choices.append([(value, True) for value in present])
            continue
        wanted = asked[name]
        if any(value not in present for value in wanted.values):
            return None
        sure = [(value, True) for value in wanted.values]
        choices.append(sure + [(value, False) for value in wanted.maybe if value in present])
    cells: dict[bool, list[str]] = {True: [], False: []}
    for chosen in itertools.product(*choices):
        named = {name: value for name, (value, _) in zip(node.dimensions, chosen, strict=True)}
        cells[all(sure for _, sure in chosen)].append(cell_text(named))
    return Expression(node, tuple(cells[True]), tuple(cells[False]))
