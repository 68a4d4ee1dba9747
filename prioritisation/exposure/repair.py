"""Which further counts must be hidden so that nothing that is suppressed can be worked out from the rest.

The programmes that could not free a target say which published counts hold it: those are hidden, later breakdowns of
the lattice and smaller counts first, and the search goes on. A breakdown that still gives something away is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from prioritisation.disclosure.lattice import Lattice
from prioritisation.disclosure.protect import SHOWN
from prioritisation.exposure.base import base_counts, seen_base_counts, vary
from prioritisation.exposure.bounds import Bounds, ask, few_that_compete, search
from prioritisation.exposure.constraints import Constraints
from prioritisation.exposure.places import Places
from prioritisation.exposure.program import Extreme
from prioritisation.exposure.readings import VOLUME

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
FIRST_ROUNDS = 4
REPAIRS = 90
PATIENT = 6  # repairs after which every target that was asked for before all others and fails is freed
SPARING = 24  # repairs in which no simple count of a wide area, and no total, is hidden
MOST_STEPS = 6
WIDE = ("council", "locality")
HOLDS = 1e-4  # pressure from which a row counts as holding a target


@dataclass(frozen=True, eq=False)
class Repaired:
    """hidden: claims hidden to protect others, in order, with the target's claim that each was hidden for.

    open: targets that are still bounded too closely; inside: by partner, possible worlds for somebody there, if tried.
    """

    constraints: Constraints
    bounds: Bounds
    hidden: pd.DataFrame
    open: Flags
    inside: Mapping[str, tuple[Floats, ...]] = field(default_factory=dict)


def repair(
    constraints: Constraints,
    lattice: Lattice,
    *,
    places: Places | None = None,
    seed: int = 1,
    progress: Callable[[str], None] = lambda step: None,
) -> Repaired:
    """Hide published counts until every target passes, or until hiding no longer helps.

    places: then base counts must not be known either.
    """
    random = np.random.default_rng(seed)
    repairing = _Repairing(*order_of(constraints, lattice), random, progress, [])
    if places is not None:
        constraints = constraints.seeking(base_counts(constraints, places).needed)
    found = search(constraints, Bounds.unseen(constraints), random, FIRST_ROUNDS)
    constraints, found = repairing.loop(constraints, found)
    if places is not None:
        _, worlds = vary(constraints, seen_base_counts(constraints, places, found.points), random)
        for world in worlds:
            found = found.with_point(world, constraints)
    table = pd.DataFrame(repairing.hidden, columns=["claim", "target"], dtype=np.int64)
    return Repaired(constraints, found, table, found.open(constraints))


def order_of(constraints: Constraints, lattice: Lattice) -> tuple[Whole, Flags]:
    """Return by claim the place of its breakdown in the lattice, and which to hide only when nothing else helps."""
    order = {node.id: number for number, node in enumerate(lattice.nodes)}
    later = np.asarray(constraints.claims["node"].map(order), dtype=np.int64)
    wanted = {node.id for node in lattice.nodes if len(node.dimensions) <= (node.geography in WIDE)}
    return later, constraints.claims["node"].isin(wanted).to_numpy(dtype=bool)


@dataclass(frozen=True, eq=False)
class _Repairing:
    """One repair under way.

    later, spared: from `order_of`; hidden: as in `Repaired`.
    """

    later: Whole
    spared: Flags
    random: np.random.Generator
    progress: Callable[[str], None]
    hidden: list[tuple[int, int]]

    def loop(self, constraints: Constraints, found: Bounds) -> tuple[Constraints, Bounds]:
        """Ask, hide, and ask again, until all targets pass or there were REPAIRS of it."""
        for turn in range(1, REPAIRS + 1):
            if not found.open(constraints).any():
                break
            force = turn > PATIENT
            few = few_that_compete(constraints, found, self.random, turn)
            found, asked = ask(constraints, found, self.random, turn, few)
            still = found.open(constraints)
            chosen: dict[int, int] = {}
            for each in asked:
                holding = Holding(constraints, each.best, self.later, self.spared & (turn <= SPARING))
                for target in np.flatnonzero(each.wanted & still & (few | (not force))):
                    holding.free(int(target), chosen, force=force)
            self.hidden.extend(chosen.items())
            self.progress(_told(turn, int(still.sum()), len(chosen), len(self.hidden)))
            constraints = constraints.without(np.array(list(chosen), dtype=np.int64))
        return constraints, found


def _told(turn: int, left: int, more: int, hidden: int) -> str:
    """Say how far the search for what must be hidden has come; that no more is hidden in a turn is no fault."""
    if not left:
        return f"Protecting hidden counts, step {turn}: all are shown to be safe; others hidden for it: {hidden}"
    return (
        f"Protecting hidden counts, step {turn}: {left} of them not shown to be safe yet, the search goes on; "
        f"others hidden for it: {more} now, {hidden} so far"
    )


class Holding:
    """Which published claims hold the targets of one programme. later, spared: from `order_of`."""

    def __init__(self, constraints: Constraints, last: Extreme, later: Whole, spared: Flags) -> None:
        self.constraints, self.later = constraints, later
        claims = constraints.claims
        self.count = len(claims)
        self.measure = claims["measure"].astype("category").cat.codes.to_numpy()
        side = claims["side"].to_numpy(dtype=object)
        self.pressed = last.pressure > HOLDS
        bounded = np.isfinite(constraints.high[: self.count])
        self.shown = ((side == SHOWN) | (side == VOLUME)) & bounded & self.pressed[: self.count] & ~spared
        self.rows = constraints.matrix
        self.size = np.diff(self.rows.indptr)
        self.columns = sparse.csc_array(constraints.matrix)

    def free(self, target: int, chosen: dict[int, int], force: bool) -> None:
        """Add to `chosen` a claim that holds a target, unless one is there already."""
        own = int(self.constraints.targets["claim"].iloc[target])
        near = self._touching(_of(self.constraints.sought, target))
        near = near[np.argsort(self.size[near], kind="stable")]
        claims = near[near < self.count]
        if not force and (~self.shown[claims] & (claims != own)).any():
            return  # it competes with others for a suppressed whole: perhaps it passes when asked alone
        inside = [self._inside(int(row), own) for row in claims[claims != own]]
        candidates = np.unique(np.concatenate([claims[:0], *inside]))
        if not len(candidates):
            candidates = next((some for row in near if len(some := self._inside(int(row), own))), candidates)
        if not len(candidates) and force:
            candidates = self._nearest(near)
        if len(candidates) and not any(claim in chosen for claim in candidates):
            least = self.constraints.high[candidates]
            chosen[int(candidates[np.lexsort((least, -self.later[candidates]))[0]])] = own

    def _inside(self, row: int, own: int) -> Whole:
        """Return the published claims that hold a row: of the target's own measure if the row is one, within it."""
        touching = self._touching(_of(self.rows, row))
        touching = touching[touching < self.count]
        touching = touching[self.shown[touching]]
        if row < self.count:
            alike = (self.measure[touching] == self.measure[own]) & (self.size[touching] <= self.size[row])
            touching = touching[alike]
        return touching

    def _nearest(self, rows: Whole) -> Whole:
        """Return the published claims that are reached first from rows, through others under pressure."""
        for _ in range(MOST_STEPS):
            rows = self._touching(np.unique(np.concatenate([_of(self.rows, int(row)) for row in rows] or [rows])))
            claims = rows[rows < self.count]
            if self.shown[claims].any():
                return claims[self.shown[claims]]
        return rows[:0]

    def _touching(self, columns: Whole) -> Whole:
        """Return the rows under pressure that count one of these unknowns."""
        starts, ends = self.columns.indptr[columns], self.columns.indptr[columns + 1]
        parts = [self.columns.indices[start:end] for start, end in zip(starts, ends, strict=True)]
        rows = np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.int64)
        return rows[self.pressed[rows]].astype(np.int64)


def _of(matrix: sparse.csr_array, row: int) -> Whole:
    """Return the unknowns that a row counts."""
    return matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]].astype(np.int64)
