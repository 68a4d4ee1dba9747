"""Which further counts must be hidden so that nobody at a partner can work out other partners' suppressed counts.

Comes after the repair against everybody outside. Hiding only loosens what is known, so that one stays true, and so
does what was found for the partners before. Only a count that fails when it is asked for alone is freed: what holds
it then is proved to give it away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prioritisation.disclosure.lattice import Lattice
from prioritisation.exposure.bounds import Bounds
from prioritisation.exposure.constraints import Constraints
from prioritisation.exposure.enough import search_enough
from prioritisation.exposure.insiders import inside, partners_of, seen_in_truth
from prioritisation.exposure.measures import Meanings
from prioritisation.exposure.program import Extreme, extremes
from prioritisation.exposure.repair import Holding, Repaired, order_of

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
ROUNDS = 5
MOST_HIDDEN = 12  # published counts hidden for one suppressed count; where that is not enough, its breakdown goes


def repair_inside(
    outside: Repaired,
    lattice: Lattice,
    meanings: Meanings,
    exact: Floats,
    *,
    seed: int = 1,
    progress: Callable[[str], None] = lambda step: None,
) -> Repaired:
    """Hide published counts until no partner knows another's suppressed count exactly, or that it is somebody.

    outside: after the repair against everybody outside; exact: from `exact_values`.
    """
    random = np.random.default_rng(seed)
    freeing = _Freeing(*order_of(outside.constraints, lattice), [])
    still: list[int] = []
    points: dict[str, tuple[Floats, ...]] = {}
    for partner in partners_of(outside.constraints, meanings):
        before = len(freeing.hidden)
        within = inside(outside.constraints.without(freeing.claims), meanings, partner, exact)
        found = search_enough(within, seen_in_truth(within, exact), random, ROUNDS)
        for target in np.flatnonzero(found.open(within)):
            within, found = freeing.alone(within, found, int(target))
        still += within.targets["claim"][found.open(within)].tolist()
        points[partner] = found.points
        progress(f"What somebody at {partner} knows of others: hiding {len(freeing.hidden) - before} published counts")
    hidden = pd.DataFrame(freeing.hidden, columns=["claim", "target"], dtype=np.int64)
    return replace(
        outside,
        constraints=outside.constraints.without(freeing.claims),
        hidden=pd.concat([outside.hidden, hidden], ignore_index=True),
        open=outside.open | outside.constraints.targets["claim"].isin(still).to_numpy(dtype=bool),
        inside=points,
    )


@dataclass(frozen=True, eq=False)
class _Freeing:
    """later, spared: from `order_of`; hidden: as in `Repaired`."""

    later: Whole
    spared: Flags
    hidden: list[tuple[int, int]]

    @property
    def claims(self) -> Whole:
        return np.array([claim for claim, _ in self.hidden], dtype=np.int64)

    def alone(self, within: Constraints, found: Bounds, target: int) -> tuple[Constraints, Bounds]:
        """Ask for one target alone, and hide what holds it, until it passes or nothing more holds it."""
        cost = within.sought[[target]].toarray()[0]
        hidden = 0
        while found.open(within)[target] and hidden <= MOST_HIDDEN:
            low = bool(found.too_high(within)[target])
            best = extremes(within.matrix, within.low, within.high, [cost if low else -cost])[0]
            found = found.with_point(best.point, within)
            if (found.too_high(within) if low else found.too_narrow(within))[target]:
                claim = self._holder(within, best, target)
                if claim is None:
                    break
                within = within.without(np.array([claim]))
                hidden += 1
        return within, found

    def _holder(self, within: Constraints, best: Extreme, target: int) -> int | None:
        """Choose one of the published claims that hold a target, and remember it; None if none does."""
        for spared in (self.spared, np.zeros_like(self.spared)):
            chosen: dict[int, int] = {}
            Holding(within, best, self.later, spared).free(target, chosen, force=True)
            if chosen:
                self.hidden.extend(chosen.items())
                return next(iter(chosen))
        return None
