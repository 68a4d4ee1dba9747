"""The published cube as a look-up: what each cell says, and between which numbers its people lie."""

from __future__ import annotations

from functools import cached_property

from prioritisation.cohorts.cells import CubeCells, Interval
from prioritisation.cohorts.upper_ends import UpperEnds
from prioritisation.disclosure.lattice import cell_parts

SUPPRESSED_MEANS = (
    "Suppressed means 0 to 9 people, not simply nobody. Where nearly everyone in a small group is counted, it may also "
    "mean nearly all of them, and a count may be hidden because another could be worked out from it."
)


class PublishedCube(CubeCells):
    """All cells of one release, with the lists that give them meaning, and what suppressed ones stand for."""

    def people(self, node: str, area: str, cell: str) -> Interval | None:
        """Return between which numbers a cell lies; None when it was not counted."""
        cells = self.cells.get((node, area))
        if cells is None or cell not in cells:
            return None
        count = cells[cell]
        if count is not None:
            return self.interval(count)
        return Interval(0, self._upper_ends.of(node, area, cell_parts(cell)), None)

    @cached_property
    def _upper_ends(self) -> UpperEnds:
        return UpperEnds(self)
