"""The closed lattice filled in: a row for every cell that could exist, with what its people are out of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prioritisation.disclosure.lattice import OF_THE_PERSON, Lattice, Node, cell_parts, cell_text, cells_of
from prioritisation.ingest.contacts.counting import node_counts, top_two
from prioritisation.ingest.contacts.steps import Steps

Floats = NDArray[np.float64]
Values = Mapping[str, Sequence[str]]


def closed_counts(
    steps: Steps, lattice: Lattice, values: Values, places: pd.DataFrame, areas: pd.DataFrame
) -> pd.DataFrame:
    """Return exact counts of every cell, for `protect` only: node, geography, area_code, cell, people, denominator,
    contacts, top_two (NaN where contacts are not counted).

    places: from `area_table`; areas: from `areas_of`.
    """
    bases = Bases(steps, values, places, areas)
    codes = {str(name): sorted(group.unique()) for name, group in places.groupby("geography")["area_code"]}
    made = [_node(steps, node, values, codes.get(node.geography, []), bases) for node in lattice.nodes]
    return pd.concat([each for each in made if len(each)], ignore_index=True)


def _node(steps: Steps, node: Node, values: Values, codes: Sequence[str], bases: Bases) -> pd.DataFrame:
    cells = cells_of(node, values)
    counted = node_counts(steps, node)
    contacts = top = np.full((len(codes), len(cells)), np.nan)
    if node.volume:
        contacts = _matrix(counted, "contacts", codes, cells)
        top = _matrix(top_two(steps, node), "top_two", codes, cells)
    return pd.DataFrame(
        {
            "node": node.id,
            "geography": node.geography,
            "area_code": np.repeat(np.array(codes, dtype=object), len(cells)),
            "cell": np.tile(np.array(cells, dtype=object), len(codes)),
            "people": _matrix(counted, "people", codes, cells).ravel().astype(int),
            "denominator": bases.of(node, codes, cells).ravel(),
            "contacts": contacts.ravel(),
            "top_two": top.ravel(),
        }
    )


def _matrix(rows: pd.DataFrame, column: str, codes: Sequence[str], cells: Sequence[str]) -> Floats:
    """Return areas x cells, 0 where nobody was counted; rows of other areas and cells are left out."""
    filled = np.zeros((len(codes), len(cells)))
    area, cell = (
        pd.Index(codes).get_indexer(pd.Index(rows["area_code"])),
        pd.Index(cells).get_indexer(pd.Index(rows["cell"])),
    )
    inside = (area >= 0) & (cell >= 0)
    filled[area[inside], cell[inside]] = rows.loc[inside, column].to_numpy(dtype=float, na_value=0)
    return filled


class Bases:
    """What the people of a cell are out of, each table read once."""

    def __init__(self, steps: Steps, values: Values, places: pd.DataFrame, areas: pd.DataFrame) -> None:
        self._steps, self._values = steps, values
        self._read: dict[Node, pd.DataFrame] = {}
        bands = [each for each in values["age"] if each in areas]
        residents = areas.set_index("area_code")[["population", *bands]].astype(float)
        zones = places[places["zone"].isin(residents.index)]
        joined = zones.merge(residents, left_on="zone", right_index=True)
        grouped = joined.groupby(["geography", "area_code"])[["population", *bands]]
        self._residents = grouped.sum(min_count=1).where(grouped.count() == grouped.size().to_numpy()[:, None])

    def of(self, node: Node, codes: Sequence[str], cells: Sequence[str]) -> Floats:
        """Return areas x cells: known people of the same area, age and sex; NaN where nobody knows.

        Of a cohort crossed with a service: the cohort's people. Of everybody known: the residents.
        """
        if not node.traits:
            return self._of_residents(node, codes, cells)
        crossed = "cohort" in node.traits and len(node.traits) > 1
        kept = [*OF_THE_PERSON, *(["cohort"] if crossed else [])]
        names = tuple(name for name in node.dimensions if name in kept)
        base = Node(f"base of {node.id}", node.geography, names, node.window, volume=False)
        outer = [cell_text({name: parts[name] for name in names}) for parts in map(cell_parts, cells)]
        distinct = list(dict.fromkeys(outer))
        matrix = _matrix(self._counted(base), "people", codes, distinct)
        return matrix[:, pd.Index(distinct).get_indexer(pd.Index(outer))]

    def _counted(self, base: Node) -> pd.DataFrame:
        key = Node("", base.geography, base.dimensions, base.window, volume=False)
        if key not in self._read:
            self._read[key] = node_counts(self._steps, base)
        return self._read[key]

    def _of_residents(self, node: Node, codes: Sequence[str], cells: Sequence[str]) -> Floats:
        columns = [self._column(cell_parts(cell)) for cell in cells]
        unknown = np.full(len(codes), np.nan)
        present = self._residents.index.get_level_values("geography")
        here = self._residents[present == node.geography].droplevel("geography").reindex(pd.Index(codes))
        return np.column_stack([here[name].to_numpy(dtype=float) if name else unknown for name in columns])

    def _column(self, parts: Mapping[str, str]) -> str | None:
        if "sex" in parts:
            return None
        name = parts.get("age", "population")
        return name if name in self._residents else None
