"""The one system of linear constraints that the people behind a cube must satisfy, whoever they are.

Everything published says between which numbers some sum of unknowns lies; the meaning of the measures ties unknowns.
What must stay unknown are targets: sums that nobody may bound.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from prioritisation.disclosure.policy import Policy
from prioritisation.disclosure.protect import NEARLY_ALL, SMALL, WITHHELD
from prioritisation.exposure.links import make_links
from prioritisation.exposure.measures import Meanings, Measure
from prioritisation.exposure.places import Labels, Places
from prioritisation.exposure.program import within
from prioritisation.exposure.readings import NOT_TOLD, VOLUME, base_text
from prioritisation.exposure.relations import Known, relations
from prioritisation.exposure.tables import Table, incidence, make_tables

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
GROUPS = (("area_code", "age", "sex"), ("age", "sex"), ("area_code",), ("area_code", "measure"))
LEAST_WIDTH = 5  # people: a suppressed count must be uncertain by as much
LARGE = 10.0  # people: a count that is not known to be smaller
LEAST_OF_BASE = 2.0  # people: then the world between this one and another has somebody or nobody


@dataclass(frozen=True, eq=False)
class Constraints:
    """low <= matrix @ unknowns <= high, unknowns >= 0.

    claims: what was read from the cube, one per row of the matrix, in order; further rows tie unknowns.
    targets: claim (its row), width (how uncertain it must be), zero (whether it must be possible that it is nothing),
    base (whether it is an unknown that base counts need, near that claim, and not the claim itself), large (from how
    many people it is no small count: one that may be so much is not given away);
    sought: (targets, unknowns) what each target adds up; tables: the unknowns by measure.
    """

    claims: pd.DataFrame
    tables: dict[Measure, Table]
    matrix: sparse.csr_array
    low: Floats
    high: Floats
    targets: pd.DataFrame
    sought: sparse.csr_array

    @property
    def unknowns(self) -> int:
        return self.matrix.shape[1]

    def allows(self, world: Floats) -> bool:
        """Return whether a world satisfies everything."""
        return within(self.matrix, self.low, self.high, world)

    @cached_property
    def alike(self) -> tuple[Whole, ...]:
        """For each of GROUPS, a number for each target: those with the same number share whom they are out of."""
        claims = self.claims.iloc[self.targets["claim"].to_numpy()]
        return tuple(
            np.asarray(claims.groupby(list(names), sort=False, dropna=False).ngroup(), dtype=np.int64)
            for names in GROUPS
        )

    def seeking(self, columns: Whole, *, alone: bool = False) -> Constraints:
        """Return the constraints with these unknowns as further targets: each must be able to be two people.

        alone: as the only targets.
        """
        most = 0 if alone else len(self.targets)
        count = len(self.claims)
        touching = sparse.csc_array(self.matrix[:count])[:, columns]
        sizes = np.diff(self.matrix.indptr)[:count]
        own = [
            int(rows[np.argmin(sizes[rows])]) if len(rows) else 0
            for start, end in zip(touching.indptr, touching.indptr[1:], strict=False)
            for rows in [touching.indices[start:end]]
        ]
        further = pd.DataFrame({"claim": own, "width": LEAST_OF_BASE, "zero": False, "base": True, "large": np.inf})
        sought = incidence([np.array([column]) for column in columns], self.unknowns)
        return replace(
            self,
            targets=pd.concat([self.targets.iloc[:most], further], ignore_index=True),
            sought=sparse.csr_array(sparse.vstack([self.sought[:most], sought])),
        )

    def without(self, claims: Whole) -> Constraints:
        """Return the constraints when these claims are no longer published: hidden to protect others.

        What is published does not tell them from other suppressed counts, so nothing is known about them.
        """
        low, high = self.low.copy(), self.high.copy()
        volume = self.claims["side"].to_numpy()[claims] == VOLUME
        low[claims] = 0.0
        high[claims] = np.inf
        side = self.claims["side"].to_numpy(dtype=object, copy=True)
        side[claims[~volume]] = WITHHELD
        changed = self.claims.assign(side=side, low=low[: len(side)], high=high[: len(side)])
        return replace(self, claims=changed, low=low, high=high)


def constraints(claims: pd.DataFrame, places: Places, meanings: Meanings, policy: Policy) -> Constraints:
    """Return the constraints that claims (from `read_claims`) imply, with the targets among them."""
    tables = make_tables(claims, places, meanings)
    unknowns = max(table.span[1] for table in tables.values())
    members = {geography: places.members(geography) for geography in places.names}
    selected = [
        tables[measure].select(members[geography][area], age, sex)
        for measure, geography, area, age, sex in zip(
            claims["measure"], claims["geography"], claims["area_code"], claims["age"], claims["sex"], strict=True
        )
    ]
    cells = incidence(selected, unknowns)
    known = Known(set(tables), meanings)
    ties, tie_low, tie_high = make_links(tables, relations(known), unknowns)
    rest = _complements(claims, cells, tables, members, meanings)
    targets, sought = _targets(claims, cells, rest)
    most = float(policy.suppress_counts_under - 1)
    matrix = sparse.csr_array(sparse.vstack([cells, rest.matrix, ties]))
    low = np.concatenate([claims["low"].to_numpy(), np.zeros(len(rest.claims)), tie_low])
    high = np.concatenate([claims["high"].to_numpy(), np.full(len(rest.claims), most), tie_high])
    return Constraints(claims, tables, matrix, low, high, targets, sought)


@dataclass(frozen=True, eq=False)
class _Complements:
    """Of the claims that are nearly all of their base: how many are not in them. matrix: (claims, unknowns)."""

    claims: Whole
    matrix: sparse.csr_array


def _complements(
    claims: pd.DataFrame,
    cells: sparse.csr_array,
    tables: dict[Measure, Table],
    members: dict[str, dict[str, Labels]],
    meanings: Meanings,
) -> _Complements:
    """Find those of whom the base is known; what follows from being in the base is no secret and is left out."""
    found, bases = [], []
    held = claims["held"].to_numpy(dtype=bool)
    for number in np.flatnonzero((claims["side"] == NEARLY_ALL).to_numpy() & ~held):
        claim = claims.iloc[number]
        base = Measure(claim["measure"].window, base_text(claim["cell"]))
        table = tables.get(base)
        follows = meanings.facts(claim["measure"]) <= meanings.closure(base)
        if follows or table is None or not table.tells(claim["age"], claim["sex"]):
            continue
        found.append(number)
        bases.append(table.select(members[claim["geography"]][claim["area_code"]], claim["age"], claim["sex"]))
    chosen = np.array(found, dtype=np.int64)
    return _Complements(chosen, sparse.csr_array(incidence(bases, cells.shape[1]) - cells[chosen]))


def _targets(
    claims: pd.DataFrame, cells: sparse.csr_array, rest: _Complements
) -> tuple[pd.DataFrame, sparse.csr_array]:
    """Return what must stay unknown: small counts, small remainders, and the volumes of small or few people."""
    side = claims["side"].to_numpy(dtype=object)
    small = np.flatnonzero((side == SMALL) | (side == NOT_TOLD))
    hidden = np.isinf(claims["high"].to_numpy()) & (side == VOLUME) & ~claims["held"].to_numpy(dtype=bool)
    behind = dict(zip(claims["row"][side != VOLUME], side[side != VOLUME], strict=True))
    of_small = np.array([behind[row] in (SMALL, NOT_TOLD) for row in claims["row"]], dtype=bool)
    volumes = np.flatnonzero(hidden & of_small)
    parts = [(small, LEAST_WIDTH, True), (rest.claims, LEAST_WIDTH, True), (volumes, 0, True)]
    targets = pd.concat(
        [
            pd.DataFrame({"claim": chosen, "width": float(width), "zero": zero, "base": False})
            for chosen, width, zero in parts
        ],
        ignore_index=True,
    )
    told = side[targets["claim"].to_numpy()] != NOT_TOLD
    targets["large"] = np.where(told, np.inf, LARGE)
    return targets, sparse.csr_array(sparse.vstack([cells[small], rest.matrix, cells[volumes]]))
