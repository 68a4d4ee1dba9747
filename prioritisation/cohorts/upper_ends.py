"""The most people that a suppressed cell may stand for: a function of what is published, so it tells nobody more."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from prioritisation.cohorts.cells import ADDS_UP, COUNCIL, DATA_ZONE, EVERY_AGE, CubeCells
from prioritisation.disclosure.lattice import EXACTLY, OF_THE_PERSON, TOGETHER, WINDOWS, Node, cell_text, node_id

WITHHELD_NODES = "withheld_nodes"  # fact: ids, joined by ";", of breakdowns in which cells are hidden for others' sake
SINGLY = {**TOGETHER, **EXACTLY}
MOVING = {"partners_band", "contacts_band", "cost_band", "cohort", *EXACTLY}  # another over 12 months than over 36

Cell = tuple[str, str, str]


class UpperEnds:
    """What suppressed cells of one cube stand for at most; each is worked out once.

    A cell cannot exceed any that counts all of its people: one with fewer or weaker conditions, of a larger area or of
    more months, published or itself suppressed; less whoever is published beside it. Nor can it exceed its parts, by
    age, sex, bands or small areas. Parts are bounded from above only, so that no bound rests on itself.
    """

    def __init__(self, cube: CubeCells) -> None:
        self._cube = cube
        self._found: dict[Cell, int] = {}

    def of(self, node: str, area: str, parts: Mapping[str, str]) -> int:
        """Return the most people that a suppressed cell may stand for.

        That is 9, unless it may be hidden because it holds nearly all of those it is out of, or to protect another
        cell, and what is published of people that include these, and of others beside them, does not rule that out.
        """
        least, here = self._cube.policy.suppressed[1], self._cube.lattice.by_id[node]
        cap = self._from_above(here, area, parts)
        for sums in self._sums(here, area, parts) if cap > least else ():
            cap = min(cap, sums)
        return max(cap, least)

    def _from_above(self, here: Node, area: str, parts: Mapping[str, str]) -> int:
        """Return the most people of a suppressed cell as cells that count all of its people tell it."""
        key = here.id, area, cell_text(parts)
        if key not in self._found:
            self._found[key] = self._worked_out(here, area, parts)
        return self._found[key]

    def _worked_out(self, here: Node, area: str, parts: Mapping[str, str]) -> int:
        most = self._cube.policy.suppressed[1]
        base = self._out_of(here, area, parts)
        withheld = here.id in self._withheld
        if base is None and not withheld:
            return most
        nearly_all_from = 0 if withheld or base is None else base[0] - most
        everyone = self._high(node_id(COUNCIL, []), self._cube.council, {}) if here.geography != COUNCIL else None
        cap = base[1] if base else everyone
        for bound in self._bounds(here, area, parts):
            cap = max(bound if cap is None else min(cap, bound), 0)
            if cap < nearly_all_from or cap <= most:
                return most
        return most if cap is None else max(cap, most)

    @cached_property
    def _withheld(self) -> frozenset[str]:
        return frozenset(self._cube.facts.get(WITHHELD_NODES, "").split(";"))

    def _high(self, node: str, area: str, parts: Mapping[str, str]) -> int | None:
        """Return the most people of a cell, published or not; None when it was not counted."""
        found = self._between(node, area, parts)
        return None if found is None else found[1]

    def _between(self, node: str, area: str, parts: Mapping[str, str]) -> tuple[int, int] | None:
        cells, cell = self._cube.cells.get((node, area)), cell_text(parts)
        if cells is None or cell not in cells:
            return None
        people = cells[cell]
        if people is None:
            return 0, self._from_above(self._cube.lattice.by_id[node], area, parts)
        low, high, _ = self._cube.interval(people)
        return low, high

    def _sums(self, here: Node, area: str, parts: Mapping[str, str]) -> Iterator[int]:
        """Yield how many people the parts of a cell have at most together."""
        for name in [name for name in ADDS_UP if name not in parts]:
            finer = _beside(here, {**parts, name: ""})
            values = self._cube.values.get((finer, name), ())
            yield from self._sum([(finer, area, {**parts, name: value}) for value in values])
        if here.geography not in (COUNCIL, DATA_ZONE):
            zones = self._cube.inside.get(here.geography, {}).get(area, ())
            finer = node_id(DATA_ZONE, parts, here.window, here.together)
            yield from self._sum([(finer, zone, parts) for zone in zones])

    def _sum(self, cells: Sequence[tuple[str, str, Mapping[str, str]]]) -> Iterator[int]:
        highs = [each for cell in cells if (each := self._high(*cell)) is not None]
        if cells and len(highs) == len(cells):
            yield sum(highs)

    def _out_of(self, here: Node, area: str, parts: Mapping[str, str]) -> tuple[int, int] | None:
        """Return between how many people a cell is out of: residents, everyone known of its age and sex, its cohort."""
        whole = _wholes(parts)
        if len(whole) == len(parts):
            residents = None if "sex" in parts else self._cube.residents.get((area, parts.get("age", EVERY_AGE)))
            return None if residents is None else (residents, residents)
        return self._between(node_id(here.geography, whole, here.window), area, whole)

    def _bounds(self, here: Node, area: str, parts: Mapping[str, str]) -> Iterator[int]:
        """Yield what a cell cannot exceed."""
        for wider in (*_wider(parts), *self._weaker(parts)):
            most = self._high(_beside(here, wider), area, wider)
            if most is not None:
                yield most
        for name in [name for name in parts if name in ADDS_UP]:
            wider = {key: value for key, value in parts.items() if key != name}
            most = self._high(_beside(here, wider), area, wider)
            if most is not None:
                yield most - self._at_least_of_all(here.id, area, wider, name)
        for geography, larger in self._around.get((here.geography, area), ()):
            most = self._high(node_id(geography, parts, here.window, here.together), larger, parts)
            if most is not None:
                yield most - self._at_least_inside(here, geography, larger, cell_text(parts))
        for window in [each for each in WINDOWS if each > here.window and not parts.keys() & MOVING]:
            most = self._high(node_id(here.geography, parts, window, here.together), area, parts)
            if most is not None:
                yield most
        yield from self._bounds_of_rule(here, area, parts)

    def _weaker(self, parts: Mapping[str, str]) -> Iterator[dict[str, str]]:
        """Yield what being in contact with a service means: with its partner, and having the need it stands for."""
        service = self._cube.contract.services.get(parts.get("service", ""))
        if service is not None:
            rest = {key: value for key, value in parts.items() if key != "service"}
            yield rest | {"partner": service.partner}
            if service.need is not None:
                yield rest | {"flag": service.need}

    def _bounds_of_rule(self, here: Node, area: str, parts: Mapping[str, str]) -> Iterator[int]:
        """Yield what a cohort cannot exceed: people with n values or more are at most an n-th of all who have one."""
        saved = self._cube.cohorts.get(parts.get("cohort", ""))
        for on, at_least, values in saved.conditions if saved else ():
            name = TOGETHER.get(on, on)
            node = node_id(here.geography, [name], here.window)
            counted = [value for value in values if value in self._cube.values.get((node, name), ())]
            found = [self._high(node, area, {name: value}) for value in counted]
            highs = [each for each in found if each is not None]
            if counted and len(highs) == len(found):
                yield sum(highs) // at_least

    def _at_least_of_all(self, node: str, area: str, wider: Mapping[str, str], name: str) -> int:
        """Return how many people at least are in the published cells that differ from each other in one dimension."""

        def added() -> int:
            texts = (cell_text({**wider, name: value}) for value in self._cube.values[node, name])
            return sum(self._at_least(node, area, text) for text in texts)

        return self._cube.remembered(("all", node, area, cell_text(wider), name), added)

    def _at_least_inside(self, here: Node, geography: str, larger: str, cell: str) -> int:
        """Return how many people at least are in a cell of the published areas inside a larger one."""

        def added() -> int:
            codes = self._within(here.geography, geography, larger)
            return sum(self._at_least(here.id, code, cell) for code in codes)

        return self._cube.remembered(("inside", here.id, geography, larger, cell), added)

    def _at_least(self, node: str, area: str, cell: str) -> int:
        people = self._cube.cells.get((node, area), {}).get(cell)
        return 0 if people is None else self._cube.interval(people).low

    @cached_property
    def _around(self) -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
        """(geography, area) -> the larger areas that wholly hold it, with their geographies."""
        inside = self._cube.inside
        found: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
            (geography, code): ((COUNCIL, self._cube.council),) for geography, areas in inside.items() for code in areas
        }
        for geography, areas in inside.items():
            if geography != DATA_ZONE:
                for code, zones in areas.items():
                    for zone in zones:
                        found[DATA_ZONE, zone] = (*found[DATA_ZONE, zone], (geography, code))
        return found

    def _within(self, geography: str, larger_geography: str, larger: str) -> Sequence[str]:
        inside = self._cube.inside
        return self._cube.areas(geography) if larger_geography == COUNCIL else inside[larger_geography][larger]


def _beside(near: Node, parts: Mapping[str, str]) -> str:
    """Return the breakdown of a cell in the same geography and months."""
    several = [value.count("+") + 1 for name, value in parts.items() if name in TOGETHER]
    return node_id(near.geography, parts, near.window, max(several, default=1))


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
