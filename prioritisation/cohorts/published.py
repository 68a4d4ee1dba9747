"""The published cube as a look-up: what each cell says, and between which numbers its people lie."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from prioritisation.cohorts.rule import CohortRule, Condition
from prioritisation.contract import Contract
from prioritisation.disclosure.lattice import (
    EXACTLY,
    NONE_OF_THEM,
    OF_THE_PERSON,
    TOGETHER,
    Lattice,
    Node,
    cell_parts,
    cell_text,
    node_id,
    pooled_name,
)
from prioritisation.disclosure.policy import Policy

COUNCIL = "council"
DATA_ZONE = "data zone"
ADDS_UP = (*OF_THE_PERSON, "partners_band", "contacts_band", *EXACTLY)  # everybody has exactly one of each
EVERY_AGE = ""
MOST_REMEMBERED = 20_000
WITHHELD_NODES = "withheld_nodes"  # fact: ids, joined by ";", of breakdowns in which cells are hidden for others' sake
SINGLY = {**TOGETHER, **EXACTLY}
SUPPRESSED_MEANS = (
    "Suppressed means 0 to 9 people, not simply nobody. Where nearly everyone in a small group is counted, it may also "
    "mean nearly all of them, and a count may be hidden because another could be worked out from it."
)


T = TypeVar("T")


class Interval(NamedTuple):
    """Between how many people a cell lies, and what was published (None: suppressed)."""

    low: int
    high: int
    people: int | None


@dataclass(frozen=True)
class SavedRule:
    """A cohort that this release counted."""

    id: str
    name: str
    sentence: str
    rule: CohortRule
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, eq=False)
class PublishedCube:
    """All cells of one release, with the lists that give them meaning.

    cells: (node id, area code) -> cell -> people or None where suppressed; contacts: the same for volumes that are
    published; cohorts: those counted, by id; inside: geography -> area code -> its data zones; names: area code ->
    name; facts: what the release says about its cube; residents: (area code, age band or "") -> people.
    """

    cells: Mapping[tuple[str, str], Mapping[str, int | None]]
    contacts: Mapping[tuple[str, str, str], int]
    lattice: Lattice
    policy: Policy
    contract: Contract
    cohorts: Mapping[str, SavedRule]
    inside: Mapping[str, Mapping[str, tuple[str, ...]]]
    names: Mapping[str, str]
    council: str
    facts: Mapping[str, str] = field(default_factory=dict)
    residents: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @cached_property
    def nodes(self) -> dict[tuple[str, int], tuple[Node, ...]]:
        """Breakdowns that have cells, by geography and months."""
        present = {name for name, _ in self.cells}
        found: dict[tuple[str, int], tuple[Node, ...]] = {}
        for node in self.lattice.nodes:
            if node.id in present:
                key = node.geography, node.window
                found[key] = (*found.get(key, ()), node)
        return found

    @cached_property
    def values(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """(node id, dimension) -> every value with a cell, in order of appearance."""
        texts: dict[str, dict[str, None]] = {}
        for (name, _), cells in self.cells.items():
            texts.setdefault(name, {}).update(dict.fromkeys(cells))
        found: dict[tuple[str, str], dict[str, None]] = {}
        for name, some in texts.items():
            for text in some:
                for dimension, value in cell_parts(text).items():
                    found.setdefault((name, dimension), {})[value] = None
        return {key: tuple(values) for key, values in found.items()}

    @cached_property
    def present(self) -> dict[str, tuple[str, ...]]:
        """Dimension -> every value that was counted; partners are those that sent an extract."""
        found: dict[str, dict[str, None]] = {}
        for (_, dimension), values in self.values.items():
            found.setdefault(dimension, {}).update(dict.fromkeys(values))
        return {dimension: tuple(values) for dimension, values in found.items()}

    @cached_property
    def exact_sets(self) -> dict[str, dict[str, frozenset[str]]]:
        """Dimension of exact sets -> value that was counted -> its members; pooled values are left out."""
        return {
            dimension: {
                value: frozenset(value.split("+")) - {NONE_OF_THEM}
                for value in self.present.get(dimension, ())
                if value != pooled_name(dimension)
            }
            for dimension in EXACTLY
        }

    def areas(self, geography: str) -> tuple[str, ...]:
        """Return the area codes of a geography."""
        return (self.council,) if geography == COUNCIL else tuple(self.inside.get(geography, {}))

    def name(self, area: str) -> str:
        return self.names.get(area, area)

    def people(self, node: str, area: str, cell: str) -> Interval | None:
        """Return between which numbers a cell lies; None when it was not counted."""
        cells = self.cells.get((node, area))
        if cells is None or cell not in cells:
            return None
        count = cells[cell]
        if count is not None:
            return self._interval(count)
        key = (node, area, cell)
        if key not in self._hidden:
            self._hidden[key] = self._hidden_up_to(*key)
        return Interval(0, self._hidden[key], None)

    def remembered(self, key: Hashable, found: Callable[[], T]) -> T:
        """Return what was found under a key before; the cube never changes, so it is worked out once."""
        try:
            return self._memory[key]
        except KeyError:
            made = found()
        if len(self._memory) >= MOST_REMEMBERED:
            self._memory.clear()
        self._memory[key] = made
        return made

    @cached_property
    def _memory(self) -> dict[Hashable, Any]:
        return {}

    @cached_property
    def _hidden(self) -> dict[tuple[str, str, str], int]:
        """What was found of suppressed cells so far."""
        return {}

    def _hidden_up_to(self, node: str, area: str, cell: str) -> int:
        """Return the most people that a suppressed cell may stand for.

        That is 9, unless it may be hidden because it holds nearly all of those it is out of, or to protect another
        cell, and what is published of people that include these, and of others beside them, does not rule that out.
        """
        most = self.policy.suppressed[1]
        parts, here = cell_parts(cell), self.lattice.by_id[node]
        base = self._out_of(here, area, parts)
        withheld = node in self.facts.get(WITHHELD_NODES, "").split(";")
        if base is None and not withheld:
            return most
        total = (node_id(COUNCIL, []), self.council, "")
        everyone = self.people(*total) if (node, area, cell) != total else None
        cap = base[1] if base else everyone.high if everyone else most
        nearly_all_from = 0 if withheld or base is None else base[0] - most
        for bound in self._bounds_above(here, area, parts):
            cap = min(cap, max(bound, 0))
            if cap < nearly_all_from:
                return most
        return max(cap, most)

    def _out_of(self, here: Node, area: str, parts: Mapping[str, str]) -> tuple[int, int] | None:
        """Return between how many people a cell is out of: residents, everyone known of its age and sex, its cohort."""
        whole = _wholes(parts)
        if len(whole) == len(parts):
            residents = None if "sex" in parts else self.residents.get((area, parts.get("age", EVERY_AGE)))
            return None if residents is None else (residents, residents)
        found = self.people(node_id(here.geography, whole, here.window), area, cell_text(whole))
        return None if found is None else (found.low, found.high)

    def _bounds_above(self, here: Node, area: str, parts: Mapping[str, str]) -> Iterator[int]:
        """Yield what a cell cannot exceed: wider cells, less the published ones beside it that they also hold."""
        spread = self.policy.round_to_nearest // 2
        for wider in _wider(parts):
            people = self._published(here, area, wider)
            if people is not None:
                yield people + spread
        for name in [name for name in parts if name in ADDS_UP]:
            wider = {key: value for key, value in parts.items() if key != name}
            people = self._published(here, area, wider)
            if people is not None:
                yield people + spread - self._at_least_of_all(here.id, area, wider, name)
        for geography, larger in self._around.get((here.geography, area), ()):
            name = node_id(geography, parts, here.window, here.together)
            people = self.cells.get((name, larger), {}).get(cell_text(parts))
            if people is not None:
                yield people + spread - self._at_least_inside(here, geography, larger, cell_text(parts))
        yield from self._bounds_of_rule(here, area, parts)

    def _bounds_of_rule(self, here: Node, area: str, parts: Mapping[str, str]) -> Iterator[int]:
        """Yield what a cohort cannot exceed: people with n values or more are at most an n-th of all who have one."""
        saved = self.cohorts.get(parts.get("cohort", ""))
        for on, at_least, values in saved.conditions if saved else ():
            name = TOGETHER.get(on, on)
            node = node_id(here.geography, [name], here.window)
            counted = [value for value in values if value in self.values.get((node, name), ())]
            found = [self.people(node, area, cell_text({name: value})) for value in counted]
            highs = [each.high for each in found if each is not None]
            if counted and len(highs) == len(found):
                yield sum(highs) // at_least

    def _at_least_of_all(self, node: str, area: str, wider: Mapping[str, str], name: str) -> int:
        """Return how many people at least are in the published cells that differ from each other in one dimension."""

        def added() -> int:
            texts = (cell_text({**wider, name: value}) for value in self.values[node, name])
            return sum(self._at_least(node, area, text) for text in texts)

        return self.remembered(("all", node, area, cell_text(wider), name), added)

    def _at_least_inside(self, here: Node, geography: str, larger: str, cell: str) -> int:
        """Return how many people at least are in a cell of the published areas inside a larger one."""

        def added() -> int:
            codes = self._within(here.geography, geography, larger)
            return sum(self._at_least(here.id, code, cell) for code in codes)

        return self.remembered(("inside", here.id, geography, larger, cell), added)

    def _at_least(self, node: str, area: str, cell: str) -> int:
        people = self.cells.get((node, area), {}).get(cell)
        return 0 if people is None else self._interval(people).low

    def _interval(self, people: int) -> Interval:
        low, high = self.policy.interval(people)
        return Interval(max(low, self.policy.suppress_counts_under), high, people)

    @cached_property
    def _around(self) -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
        """(geography, area) -> the larger areas that wholly hold it, with their geographies."""
        found: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
            (geography, code): ((COUNCIL, self.council),) for geography, areas in self.inside.items() for code in areas
        }
        for geography, areas in self.inside.items():
            if geography != DATA_ZONE:
                for code, zones in areas.items():
                    for zone in zones:
                        found[DATA_ZONE, zone] = (*found[DATA_ZONE, zone], (geography, code))
        return found

    def _within(self, geography: str, larger_geography: str, larger: str) -> Sequence[str]:
        return self.areas(geography) if larger_geography == COUNCIL else self.inside[larger_geography][larger]

    def _published(self, near: Node, area: str, parts: Mapping[str, str]) -> int | None:
        """Return the published count of a cell in the same area and months; None where there is none."""
        several = [value.count("+") + 1 for name, value in parts.items() if name in TOGETHER]
        name = node_id(near.geography, parts, near.window, max(several, default=1))
        return self.cells.get((name, area), {}).get(cell_text(parts))


def _wholes(parts: Mapping[str, str]) -> dict[str, str]:
    """Return the cell that a cell's people are out of: its cohort, or everyone known of the same age and sex."""
    of_a_cohort = "cohort" in parts and not set(parts) <= {"cohort", *OF_THE_PERSON}
    kept = ("cohort",) if of_a_cohort else OF_THE_PERSON
    return {name: value for name, value in parts.items() if name in kept}


def _wider(parts: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yield cells whose people include a cell's: with fewer conditions, or with one of several names alone."""
    for size in range(len(parts)):
        for names in itertools.combinations(parts, size):
            yield {name: parts[name] for name in names}
    for name in [name for name in parts if name in SINGLY]:
        rest = {key: value for key, value in parts.items() if key != name}
        for value in parts[name].split("+"):
            yield rest | {SINGLY[name]: value}
