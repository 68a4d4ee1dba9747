"""What is searched for: a connected set of areas, its people within a range, that gains the most."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prioritisation.patch.graph import Flags, Neighbours, Whole, is_connected

Floats = NDArray[np.float64]
IN_COMMON_AT_MOST = 2 / 3  # share of a patch's people that another may hold as well, to count as an alternative
SAME_GAIN = 1e-6  # relative: gains nearer than this are one


@dataclass(frozen=True, eq=False)
class Problem:
    """Areas 0 to n - 1. gain: (n,), what each adds; people: (n,); usable: (n,), areas that a patch may hold.

    neighbours: of each area; must: areas that every patch holds; low, high: the fewest and most people of a patch;
    apart_from: patches with which at most two thirds of the people of either may be shared.
    """

    gain: Floats
    people: Whole
    neighbours: Neighbours
    usable: Flags
    must: tuple[int, ...]
    low: int
    high: int
    apart_from: tuple[tuple[int, ...], ...] = ()

    @property
    def n(self) -> int:
        return len(self.people)

    def differing_from(self, patches: Iterable[Collection[int]]) -> Problem:
        """Return this problem for an alternative to other patches."""
        return replace(self, apart_from=tuple(tuple(sorted(patch)) for patch in patches))

    def gained(self, members: Collection[int]) -> float:
        return float(self.gain[sorted(members)].sum())

    def population(self, members: Collection[int]) -> int:
        return int(self.people[sorted(members)].sum()) if members else 0

    def in_common(self, members: Collection[int], other: Collection[int]) -> float:
        """Return the people that two patches share, as a share of the smaller one's."""
        smaller = min(self.population(members), self.population(other))
        return self.population(set(members) & set(other)) / max(1, smaller)

    def allows(self, members: Collection[int]) -> bool:
        """Return whether a set of areas is a patch as wanted: connected, in range, with what it must hold."""
        return (
            is_connected(members, self.neighbours)
            and self.low <= self.population(members) <= self.high
            and set(self.must) <= set(members)
            and bool(self.usable[sorted(members)].all())
            and all(self.in_common(members, other) <= IN_COMMON_AT_MOST + 1e-9 for other in self.apart_from)
        )

    def to_record(self) -> dict[str, Any]:
        """Return plain values that `from_record` reads back exactly."""
        return {
            "gain": self.gain.tolist(),
            "people": self.people.tolist(),
            "neighbours": [list(each) for each in self.neighbours],
            "usable": self.usable.tolist(),
            "must": list(self.must),
            "low": self.low,
            "high": self.high,
        }

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Problem:
        return cls(
            gain=np.array(record["gain"], dtype=np.float64),
            people=np.array(record["people"], dtype=np.int64),
            neighbours=tuple(tuple(each) for each in record["neighbours"]),
            usable=np.array(record["usable"], dtype=bool),
            must=tuple(record["must"]),
            low=int(record["low"]),
            high=int(record["high"]),
        )

    @property
    def fingerprint(self) -> str:
        """A name made from all of it: equal problems have equal names."""
        return hashlib.sha256(json.dumps(self.to_record()).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Patch:
    """A connected set of areas. members: rising; gain: what they add up to; people: in them."""

    members: tuple[int, ...]
    gain: float
    people: int


def patch_of(problem: Problem, members: Collection[int]) -> Patch:
    """Return a set of areas as a patch."""
    return Patch(tuple(sorted(members)), problem.gained(members), problem.population(members))
