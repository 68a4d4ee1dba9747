"""The cells of a published cube and the lists that give them meaning, before anything is worked out from them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from prioritisation.cohorts.rule import CohortRule, Condition
from prioritisation.contract import Contract
from prioritisation.disclosure.lattice import (
    EXACTLY,
    NONE_OF_THEM,
    OF_THE_PERSON,
    Lattice,
    Node,
    cell_parts,
    pooled_name,
)
from prioritisation.disclosure.policy import Policy

COUNCIL = "council"
DATA_ZONE = "data zone"
ADDS_UP = (*OF_THE_PERSON, "partners_band", "contacts_band", *EXACTLY)  # everybody has exactly one of each
EVERY_AGE = ""
MOST_REMEMBERED = 20_000
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
class CubeCells:
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

    def interval(self, people: int) -> Interval:
        """Return between how many people a published count lies."""
        low, high = self.policy.interval(people)
        return Interval(max(low, self.policy.suppress_counts_under), high, people)
