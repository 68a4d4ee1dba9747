"""How the geographies of a cube cut the council area: partitions of its small areas, refined and joined.

Units are the small areas, then one more for everyone without a mapped area, who is counted for the council only.
A partition is an array with one label (0, 1, ...) per unit; `NOWHERE` for the last unit where it belongs to no area.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

Labels = NDArray[np.int64]
SMALL_AREA = "data zone"
COUNCIL = "council"
COLUMNS = {
    SMALL_AREA: "area_code",
    "intermediate zone": "intermediate_zone_code",
    "ward": "ward",
    "locality": "locality",
}
NOWHERE = ""


@dataclass(frozen=True, eq=False)
class Places:
    """The small areas of one council and the larger areas they lie in.

    names: for each geography, the area code of each unit (NOWHERE for the unit without a mapped area);
    council: the code of the council, which alone counts that unit.
    """

    names: Mapping[str, NDArray[np.object_]]
    council: str

    @classmethod
    def of(cls, areas: pd.DataFrame, council: str) -> Places:
        """Read areas(area_code, intermediate_zone_code, ward, locality); a larger area that is absent is not used."""
        names: dict[str, NDArray[np.object_]] = {}
        for geography, column in COLUMNS.items():
            if column in areas.columns:
                inside = areas[column].astype(object).where(areas[column].notna(), NOWHERE).to_numpy(dtype=object)
                names[geography] = np.append(inside, NOWHERE)
        names[COUNCIL] = np.full(len(areas) + 1, council, dtype=object)
        return cls(names, council)

    @property
    def units(self) -> int:
        return len(self.names[SMALL_AREA])

    @cached_property
    def partitions(self) -> dict[str, Labels]:
        return {name: np.unique(codes.astype(str), return_inverse=True)[1] for name, codes in self.names.items()}

    @cached_property
    def _refined(self) -> dict[tuple[str, ...], Labels]:
        return {}

    def members(self, geography: str) -> dict[str, Labels]:
        """Return the units of each area of a geography, by area code."""
        names = self.names[geography].astype(str)
        return {code: np.flatnonzero(names == code) for code in np.unique(names) if code != NOWHERE}

    def refinement(self, geographies: Iterable[str]) -> Labels:
        """Return the coarsest partition in which every area of these geographies is a union of pieces."""
        named = tuple(sorted(set(geographies)))
        if named not in self._refined:
            self._refined[named] = refine([self.partitions[geography] for geography in named])
        return self._refined[named]


def refine(partitions: list[Labels]) -> Labels:
    """Return the coarsest partition finer than all of these."""
    return np.unique(np.column_stack(partitions), axis=0, return_inverse=True)[1].reshape(-1)


def join(partitions: list[Labels]) -> Labels:
    """Return the finest partition coarser than all of these."""
    partitions = list({id(partition): partition for partition in partitions}.values())
    if len(partitions) == 1:
        return partitions[0]
    units = len(partitions[0])
    offsets = np.cumsum([units, *(pieces(partition) for partition in partitions)])
    rows = np.tile(np.arange(units), len(partitions))
    columns = np.concatenate([start + partition for start, partition in zip(offsets, partitions, strict=False)])
    graph = sparse.coo_array((np.ones(len(rows)), (rows, columns)), shape=(offsets[-1], offsets[-1]))
    found = connected_components(graph, directed=False)[1][:units]
    return np.unique(found, return_inverse=True)[1]


def pieces(partition: Labels) -> int:
    return int(partition.max()) + 1
