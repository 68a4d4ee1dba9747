"""The areas of a council as they lie: who borders whom, how many people live there, and how long the borders are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from prioritisation.hexes.cartogram import neighbour_pairs, sea_links
from prioritisation.patch.graph import Flags, Neighbours, Whole, neighbours_of

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Ground:
    """Areas in one order. people: (n,), NaN where not known; localities: None where an area has none.

    neighbours: areas with a common border, and across water the nearest; links: (k, 2) of those across water.
    placed: (n,), whether the area has a boundary. shared: metres of border by rising pair of neighbours on land;
    perimeter, extent: (n,), metres and square metres, 0 without a boundary.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    localities: tuple[str | None, ...]
    people: Floats
    neighbours: Neighbours
    links: Whole
    placed: Flags
    shared: dict[tuple[int, int], float]
    perimeter: Floats
    extent: Floats

    @property
    def n(self) -> int:
        return len(self.codes)

    @cached_property
    def place(self) -> dict[str, int]:
        """Area code -> its position."""
        return {code: number for number, code in enumerate(self.codes)}

    @property
    def usable(self) -> Flags:
        """Areas that a patch can hold: with a boundary, and people known."""
        return self.placed & ~np.isnan(self.people)

    @property
    def counted(self) -> Whole:
        """People of each area as whole numbers, 0 where not known."""
        return np.rint(np.nan_to_num(self.people)).astype(np.int64)

    def named(self, members: Collection[int]) -> list[str]:
        return [self.names[each] for each in sorted(members)]

    def crossings(self, members: Collection[int]) -> list[tuple[int, int]]:
        """Return the links across water that lie inside a set of areas."""
        inside = set(members)
        return [(int(a), int(b)) for a, b in self.links if int(a) in inside and int(b) in inside]

    def compactness(self, members: Collection[int]) -> float:
        """Return 4 pi area / perimeter squared: 1 for a circle, less the more ragged; NaN without boundaries.

        Source: D. Polsby and R. Popper, The third criterion, Yale Law & Policy Review 9 (1991).
        """
        inside = set(members)
        within = sum(metres for (a, b), metres in self.shared.items() if a in inside and b in inside)
        around = float(self.perimeter[sorted(inside)].sum()) - 2 * within
        extent = float(self.extent[sorted(inside)].sum())
        return 4 * np.pi * extent / around**2 if around > 0 else float("nan")


def ground_of(
    shapes: Sequence[Any],
    codes: Sequence[str],
    names: Sequence[str],
    localities: Sequence[str | None],
    people: Sequence[float],
) -> Ground:
    """Return areas as a ground. shapes: (n,) polygons in a metric projected CRS, None where an area has none."""
    drawn = np.array([None, *shapes], dtype=object)[1:]
    placed = np.array([shape is not None and not shape.is_empty for shape in drawn], dtype=bool)
    number = np.flatnonzero(placed)
    known = drawn[number]
    pairs = neighbour_pairs(known) if len(known) else np.empty((0, 2), dtype=np.int64)
    links = sea_links(shapely.get_coordinates(shapely.centroid(known)), pairs) if len(known) else pairs
    lengths = shapely.length(shapely.intersection(known[pairs[:, 0]], known[pairs[:, 1]])) if len(pairs) else []
    on_land, across = number[pairs], number[links]
    return Ground(
        codes=tuple(codes),
        names=tuple(names),
        localities=tuple(name if isinstance(name, str) and name else None for name in localities),
        people=np.asarray(people, dtype=np.float64),
        neighbours=neighbours_of(len(codes), np.concatenate([on_land, across]).tolist()),
        links=across,
        placed=placed,
        shared={(int(a), int(b)): float(metres) for (a, b), metres in zip(on_land, lengths, strict=True)},
        perimeter=np.nan_to_num(shapely.length(drawn)),
        extent=np.nan_to_num(shapely.area(drawn)),
    )
